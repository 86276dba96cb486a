//! Tables as a spreadsheet (Office Open XML): a tab each, the heading fixed and filterable, dates as dates.
//!
//! No cell is a formula. The file says that it was made at the instant until which things were judged, so that the same
//! tables make the same bytes.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::{Cell, Sheet, harmless};
use crate::error::{Error, Result};

/// The longest text that a cell holds, in UTF-16 units.
const LONGEST: usize = 32_767;

/// How cells look.
struct Formats {
    heading: Format,
    day: Format,
    instant: Format,
    hundredths: Format,
}

/// The bytes of the file. Instants are shown as local times of `zone`, which the heading of their column names.
pub fn to_xlsx(sheets: &[Sheet], zone: &TimeZone, title: &str, made: Timestamp) -> Result<Vec<u8>> {
    write(sheets, zone, title, made).map_err(|fault| {
        Error::refused(
            format!("the spreadsheet of `{title}` cannot be made: {fault}"),
            "use CSV or JSON, which have no such limit",
        )
    })
}

fn write(sheets: &[Sheet], zone: &TimeZone, title: &str, made: Timestamp) -> std::result::Result<Vec<u8>, XlsxError> {
    let formats = Formats {
        heading: Format::new().set_bold(),
        day: Format::new().set_num_format("yyyy-mm-dd"),
        instant: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
        hundredths: Format::new().set_num_format("0.00"),
    };
    let mut book = Workbook::new();
    let made = excel(TimeZone::UTC.to_datetime(made))?;
    let title = title.chars().take(200).collect::<String>();
    book.set_properties(&DocProperties::new().set_title(title).set_creation_datetime(&made));
    for sheet in sheets {
        fill(book.add_worksheet(), sheet, zone, &formats)?;
    }
    book.save_to_buffer()
}

fn fill(page: &mut Worksheet, sheet: &Sheet, zone: &TimeZone, formats: &Formats) -> std::result::Result<(), XlsxError> {
    page.set_name(&sheet.name)?.set_freeze_panes(1, 0)?;
    for (column, at) in sheet.columns.iter().zip(0_u16..) {
        page.write_string_with_format(0, at, fitting(&column.title), &formats.heading)?;
        page.set_column_width(at, column.width)?;
    }
    for (row, at) in sheet.rows.iter().zip(1_u32..) {
        for (cell, column) in row.iter().zip(0_u16..) {
            put(page, (at, column), cell, zone, formats)?;
        }
    }
    if let (Some(last_row), Some(last_column)) =
        (u32::try_from(sheet.rows.len()).ok(), sheet.columns.len().checked_sub(1))
    {
        page.autofilter(0, 0, last_row, last_column as u16)?;
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "counts and hours are far below 2^52")]
fn put(
    page: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    zone: &TimeZone,
    formats: &Formats,
) -> std::result::Result<(), XlsxError> {
    match cell {
        Cell::Empty => return Ok(()),
        Cell::Text(text) => page.write_string(row, column, fitting(text))?,
        Cell::Word(word) => page.write_string(row, column, *word)?,
        Cell::Number(number) => page.write_number(row, column, *number as f64)?,
        Cell::Hundredths(n) => page.write_number_with_format(row, column, *n as f64 / 100.0, &formats.hundredths)?,
        // What no spreadsheet has a date for stays readable.
        Cell::Day(day) => match excel(day.at(0, 0, 0, 0)) {
            Ok(date) => page.write_datetime_with_format(row, column, &date, &formats.day)?,
            Err(_) => page.write_string(row, column, day.to_string())?,
        },
        Cell::Instant(at) => match excel(zone.to_datetime(*at)) {
            Ok(date) => page.write_datetime_with_format(row, column, &date, &formats.instant)?,
            Err(_) => page.write_string(row, column, at.to_string())?,
        },
    };
    Ok(())
}

/// A local time as spreadsheets know it, to the second: from the year 1900 on.
fn excel(local: DateTime) -> std::result::Result<ExcelDateTime, XlsxError> {
    let date = ExcelDateTime::from_ymd(local.year().unsigned_abs(), local.month() as u8, local.day() as u8)?;
    date.and_hms(local.hour() as u16, local.minute() as u8, local.second() as u8)
}

/// A harmless text that fits into a cell; where it was longer it ends in `…`.
fn fitting(text: &str) -> String {
    let text = harmless(text);
    if text.len() <= LONGEST || text.encode_utf16().count() <= LONGEST {
        return text.into_owned();
    }
    let mut units = 0;
    let kept = text.chars().take_while(|c| {
        units += c.len_utf16();
        units < LONGEST
    });
    kept.chain(std::iter::once('…')).collect()
}
