//! A table as CSV: RFC 4180, UTF-8, a heading, lines that end in CR LF. Instants are RFC 3339 with their offset.

use jiff::tz::TimeZone;

use super::{Cell, Sheet, harmless};

/// The bytes of the file. Instants are shown in `zone`.
pub fn to_csv(sheet: &Sheet, zone: &TimeZone) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let heading = sheet.columns.iter().map(|c| harmless(&c.title).into_owned().into_bytes());
    let rows = sheet.rows.iter().map(|row| row.iter().map(|cell| bytes(cell, zone)).collect::<Vec<_>>());
    for record in std::iter::once(heading.collect::<Vec<_>>()).chain(rows) {
        writer.write_record(&record).expect("rows are as long as the heading, and memory takes what is written");
    }
    writer.into_inner().expect("memory takes what is written")
}

fn bytes(cell: &Cell, zone: &TimeZone) -> Vec<u8> {
    let text = match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => harmless(text).into_owned(),
        Cell::Word(word) => (*word).to_owned(),
        Cell::Number(number) => number.to_string(),
        Cell::Hundredths(n) => {
            let sign = if *n < 0 { "-" } else { "" };
            format!("{sign}{}.{:02}", n.abs() / 100, n.abs() % 100)
        }
        Cell::Day(day) => day.to_string(),
        Cell::Instant(at) => at.display_with_offset(zone.to_offset(*at)).to_string(),
    };
    text.into_bytes()
}
