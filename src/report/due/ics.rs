//! What falls due as a calendar (iCalendar, RFC 5545): an event for each, at its instant or on its day.
//!
//! Lines end in CRLF and are folded at 75 bytes; an event keeps its `UID` from run to run, so that a calendar that reads
//! the file again moves it instead of adding another.

use jiff::Timestamp;

use super::{Due, When};
use crate::model::Configuration;

/// How long a line may be, its end aside.
const WIDTH: usize = 75;

/// A calendar of these.
pub fn calendar(configuration: &Configuration, list: &[Due], as_of: Timestamp) -> String {
    let mut out = String::new();
    let host = host(&configuration.base_url);
    let stamp = instant(as_of);
    for (name, value) in [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", "-//tickmark//due//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
    ] {
        line(&mut out, name, value);
    }
    line(&mut out, "NAME", &text(&format!("{}: due", configuration.name)));
    for due in list {
        line(&mut out, "BEGIN", "VEVENT");
        line(&mut out, "UID", &text(&format!("{}@{host}", due.key)));
        line(&mut out, "DTSTAMP", &stamp);
        match due.when {
            When::At(at) => line(&mut out, "DTSTART", &instant(at)),
            When::On(day) => line(&mut out, "DTSTART;VALUE=DATE", &day.strftime("%Y%m%d").to_string()),
        }
        let overdue = if due.overdue { "Overdue: " } else { "" };
        line(&mut out, "SUMMARY", &text(&format!("{overdue}{}: {}", due.subject, due.asks)));
        let mut description = format!("Who: {}\nWhere: {}", due.who, due.place);
        if !due.to_do.is_empty() {
            description = format!("{}\n{description}", due.to_do);
        }
        line(&mut out, "DESCRIPTION", &text(&description));
        line(&mut out, "TRANSP", "TRANSPARENT");
        line(&mut out, "END", "VEVENT");
    }
    line(&mut out, "END", "VCALENDAR");
    out
}

/// The host of an address, without its port.
pub fn host(base_url: &str) -> &str {
    let rest = base_url.split_once("://").map_or(base_url, |(_, rest)| rest);
    rest.split(['/', ':']).next().filter(|host| !host.is_empty()).unwrap_or("tickmark.invalid")
}

fn instant(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A text value: backslashes, commas, semicolons and line ends are written out.
pub fn text(value: &str) -> String {
    value.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n")
}

/// A property, folded between characters.
pub fn line(out: &mut String, name: &str, value: &str) {
    let mut width = 0;
    for c in name.chars().chain([':']).chain(value.chars()) {
        if width + c.len_utf8() > WIDTH {
            out.push_str("\r\n ");
            width = 1;
        }
        out.push(c);
        width += c.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_folded_between_characters_and_come_back_whole() {
        let value = "ü, →".repeat(60);
        let mut out = String::new();
        line(&mut out, "SUMMARY", &text(&value));
        assert!(out.split("\r\n").all(|l| l.len() <= WIDTH), "{out}");
        let unfolded = out.replace("\r\n ", "");
        assert_eq!(unfolded, format!("SUMMARY:{}\r\n", value.replace(',', "\\,")));
        assert_eq!(text("a\\b;c,d\ne"), "a\\\\b\\;c\\,d\\ne");
        assert_eq!(host("https://trust.example.com:8443/x/"), "trust.example.com");
    }
}
