//! Times as other systems write them, as instants with the offset they were written with.
//!
//! A time without a zone is an instant only in a zone somebody named. One that the clock showed twice, or never, is none.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::model::{TimeFault, parse_day, parse_time};

/// Why a text is no instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoInstant {
    /// It has no zone, and none was named.
    NoZone,
    /// It is a day.
    Day,
    /// In that zone the clock showed it twice, or never.
    Unclear,
    /// It is written in no form that is read.
    Form,
}

impl NoInstant {
    /// What to say of it.
    pub(super) fn why(self) -> &'static str {
        match self {
            Self::NoZone => "has no zone",
            Self::Day => "is a day, not an instant",
            Self::Unclear => "is a time that the clock showed twice or never when it was set",
            Self::Form => "is not written as `2026-08-03 09:12:00` or with an offset as `2026-08-03T09:12:00+10:00`",
        }
    }
}

/// An instant as records write it.
pub(super) fn instant(text: &str, zone: Option<&TimeZone>) -> Result<String, NoInstant> {
    let text = text.trim();
    if parse_day(text).is_ok() {
        return Err(NoInstant::Day);
    }
    let whole = completed(text).ok_or(NoInstant::Form)?;
    match parse_time(&whole) {
        Ok(_) => Ok(tidy(&whole)),
        Err(TimeFault::NoZone) => {
            let civil: DateTime = whole.replace(' ', "T").parse().map_err(|_| NoInstant::Form)?;
            let zone = zone.ok_or(NoInstant::NoZone)?;
            let at = zone.to_ambiguous_timestamp(civil).unambiguous().map_err(|_| NoInstant::Unclear)?;
            let offset = zone.to_offset(at);
            if offset.seconds() % 60 != 0 || offset.seconds() == 0 {
                return Ok(at.to_string());
            }
            Ok(at.display_with_offset(offset).to_string())
        }
        Err(_) => Err(NoInstant::Form),
    }
}

/// The same text with seconds, and with a colon in its offset.
fn completed(text: &str) -> Option<String> {
    if !text.is_ascii() || text.len() < 16 || !matches!(text.as_bytes()[10], b'T' | b't' | b' ') {
        return None;
    }
    let mut whole = text.to_owned();
    let seconds = text.as_bytes().get(16) == Some(&b':');
    if !seconds {
        whole.insert_str(16, ":00");
    }
    // Some put a blank before the offset.
    if whole.as_bytes().get(19) == Some(&b' ') {
        whole.remove(19);
    }
    let sign = whole[19..].rfind(['+', '-']).map(|at| at + 19);
    if let Some(sign) = sign
        && whole.len() == sign + 5
        && whole[sign + 1..].bytes().all(|b| b.is_ascii_digit())
    {
        whole.insert(sign + 3, ':');
    }
    Some(whole)
}

/// With a `T`, without a fraction that says nothing, and `Z` for UTC.
fn tidy(whole: &str) -> String {
    let (clock, rest) = whole.split_at(19);
    let zone = rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len());
    let (fraction, zone) = rest.split_at(zone);
    let fraction = fraction.trim_end_matches('0').trim_end_matches('.');
    let zone = if matches!(zone, "z" | "+00:00" | "-00:00") { "Z" } else { zone };
    format!("{}T{}{fraction}{zone}", &clock[..10], &clock[11..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_keep_their_offset() {
        for (text, expected) in [
            ("2026-05-04T09:12:13.000+1000", "2026-05-04T09:12:13+10:00"),
            ("2026-05-04T09:12:13.250-0330", "2026-05-04T09:12:13.25-03:30"),
            ("2019-05-15T15:20:33Z", "2019-05-15T15:20:33Z"),
            ("2026-05-04 09:12:13 +0000", "2026-05-04T09:12:13Z"),
            ("2026-05-04 09:12 +10:00", "2026-05-04T09:12:00+10:00"),
        ] {
            assert_eq!(instant(text, None).as_deref(), Ok(expected), "{text}");
            assert!(parse_time(expected).is_ok());
        }
    }

    #[test]
    fn what_is_no_instant_is_never_made_one() {
        let sydney = TimeZone::get("Australia/Sydney").expect("a zone");
        let zone = Some(&sydney);
        assert_eq!(instant("2026-07-06 18:17:21", zone).as_deref(), Ok("2026-07-06T18:17:21+10:00"));
        assert_eq!(instant("2026-07-06 18:17:21", Some(&TimeZone::UTC)).as_deref(), Ok("2026-07-06T18:17:21Z"));
        for (text, zone, fault) in [
            ("2026-07-06 18:17:21", None, NoInstant::NoZone),
            ("2026-08-05", zone, NoInstant::Day),
            // Clocks went back on 5 April 2026 and forward on 4 October.
            ("2026-04-05 02:30:00", zone, NoInstant::Unclear),
            ("2026-10-04 02:30:00", zone, NoInstant::Unclear),
            ("06/07/2026 18:17:21", zone, NoInstant::Form),
            ("2026-02-30 18:17:21", zone, NoInstant::Form),
            ("yesterday", zone, NoInstant::Form),
            ("2026-07-06T18:17:21é", zone, NoInstant::Form),
            ("", zone, NoInstant::Form),
        ] {
            assert_eq!(instant(text, zone), Err(fault), "{text}");
        }
    }
}
