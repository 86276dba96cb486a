//! Tables as CSV and spreadsheets: injected formulas, kinds of cells, the same bytes.

use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::TimeZone;

use super::{Cell, Column, Sheet, harmless, to_csv, to_xlsx};

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

fn sheet(cells: Vec<Cell>) -> Sheet {
    let columns = (0..cells.len()).map(|_| Column::new("Column", 10)).collect();
    Sheet { name: "Changes".to_owned(), columns, rows: vec![cells] }
}

fn brisbane() -> TimeZone {
    TimeZone::get("Australia/Brisbane").expect("a zone")
}

fn line(cell: Cell) -> String {
    let text = String::from_utf8(to_csv(&sheet(vec![cell, Cell::Word("end")]), &brisbane())).expect("text");
    text.strip_prefix("Column,Column\r\n").expect("a heading").trim_end_matches(",end\r\n").to_owned()
}

#[test]
fn what_could_be_a_formula_is_a_text() {
    for (written, shown) in [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@sum", "'@sum"),
        ("\tx", "'\tx"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),
        ("'=1", "''=1"),
        ("a=1", "a=1"),
        ("CHG-1", "CHG-1"),
        ("", ""),
    ] {
        assert_eq!(harmless(written), shown, "{written}");
    }
    assert_eq!(line(Cell::text("=cmd|/C calc!A0")), "'=cmd|/C calc!A0");
    assert_eq!(line(Cell::text("\rx")), "\"'\rx\"");
    assert_eq!(line(Cell::text("a,\"b\"\nc")), "\"a,\"\"b\"\"\nc\"");
}

#[test]
fn kinds_of_cells_in_csv() {
    assert_eq!(line(Cell::Instant(at("2026-09-29T06:10:00Z"))), "2026-09-29T16:10:00+10:00");
    assert_eq!(line(Cell::Day(date(2026, 9, 29))), "2026-09-29");
    assert_eq!(line(Cell::hours(Some(5400))), "1.50");
    assert_eq!(line(Cell::hours(Some(-1800))), "-0.50");
    assert_eq!(line(Cell::Number(-3)), "-3");
    assert_eq!(line(Cell::Empty), "");
}

#[test]
fn the_same_tables_make_the_same_bytes() {
    let cells = || {
        vec![
            Cell::text("=1+1"),
            Cell::Number(7),
            Cell::Instant(at("2026-09-29T06:10:00Z")),
            Cell::Instant(at("1066-10-14T09:00:00Z")),
            Cell::Day(date(2026, 9, 29)),
            Cell::text("x".repeat(40_000)),
        ]
    };
    let made = || to_xlsx(&[sheet(cells())], &brisbane(), "Report", at("2026-11-21T00:00:00Z")).expect("a spreadsheet");
    let first = made();
    assert!(first.starts_with(b"PK") && first == made());
    let other = to_xlsx(&[sheet(cells())], &brisbane(), "Report", at("2026-11-22T00:00:00Z")).expect("a spreadsheet");
    assert_ne!(first, other, "the file says when it was made");
}

#[test]
fn what_no_spreadsheet_holds_is_said() {
    let long = Sheet { name: "x".repeat(40), ..sheet(vec![]) };
    assert!(to_xlsx(&[long], &TimeZone::UTC, "Report", Timestamp::UNIX_EPOCH).is_err());
}
