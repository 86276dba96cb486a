//! The spreadsheet in another's hands: LibreOffice opens it, and what are days, numbers and words here are that there.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use quick_xml::events::Event;
use quick_xml::{Reader, XmlVersion};

/// A cell as LibreOffice has it: of what type, its value where that is not its text, its text, and whether it is a formula.
#[derive(Debug, Clone, Default, PartialEq)]
struct Cell {
    kind: String,
    value: String,
    text: String,
    formula: bool,
}

/// The tables of a spreadsheet by name, row by row, as LibreOffice read them.
fn opened(file: &Path) -> BTreeMap<String, Vec<Vec<Cell>>> {
    let folder = tempfile::tempdir().expect("a folder");
    let ran = Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}/profile", folder.path().display()))
        .args(["--headless", "--norestore", "--convert-to", "fods", "--outdir"])
        .args([folder.path(), file])
        .output()
        .expect("LibreOffice is there; `./test` installs it");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let made = folder.path().join(file.with_extension("fods").file_name().expect("a name"));
    tables(&fs::read_to_string(made).expect("LibreOffice wrote what it read"))
}

fn tables(xml: &str) -> BTreeMap<String, Vec<Vec<Cell>>> {
    let mut reader = Reader::from_str(xml);
    let (mut tables, mut name) = (BTreeMap::<String, Vec<Vec<Cell>>>::new(), String::new());
    let mut open: Option<(Cell, usize)> = None;
    loop {
        let event = reader.read_event().expect("XML");
        let (Event::Start(tag) | Event::Empty(tag)) = &event else {
            match event {
                Event::Eof => return tables,
                Event::Text(text) => {
                    if let Some((cell, _)) = &mut open {
                        // What only lays the file out is no text.
                        let text = text.decode().expect("text");
                        cell.text += if text.contains('\n') { text.trim() } else { &text };
                    }
                }
                Event::GeneralRef(reference) => {
                    let (cell, _) = open.as_mut().expect("only cells hold text that needs it");
                    let name = reference.decode().expect("text");
                    cell.text += match &*name {
                        "apos" => "'",
                        "amp" => "&",
                        "lt" => "<",
                        "gt" => ">",
                        "quot" => "\"",
                        other => panic!("&{other};"),
                    };
                }
                Event::End(tag) if tag.name().as_ref() == b"table:table-cell" => {
                    let (cell, times) = open.take().expect("a cell is open");
                    let row = tables.get_mut(&name).and_then(|t| t.last_mut()).expect("a row is open");
                    row.extend(std::iter::repeat_n(cell, times));
                }
                _ => {}
            }
            continue;
        };
        let of = |key: &str| {
            let found = tag.try_get_attribute(key).expect("an attribute");
            found.map(|a| a.normalized_value(XmlVersion::Explicit1_0).expect("text").into_owned())
        };
        let empty = matches!(event, Event::Empty(_));
        match tag.name().as_ref() {
            b"table:table" => {
                name = of("table:name").expect("a name");
                tables.entry(name.clone()).or_default();
            }
            b"table:table-row" => tables.get_mut(&name).expect("a table is open").push(Vec::new()),
            b"table:table-cell" => {
                let kind = of("office:value-type").unwrap_or_default();
                let value = of("office:date-value").or_else(|| of("office:value")).unwrap_or_default();
                let cell = Cell { kind, value, text: String::new(), formula: of("table:formula").is_some() };
                let times = of("table:number-columns-repeated").map_or(1, |n| n.parse().expect("a number"));
                if !empty {
                    open = Some((cell, times));
                } else if times < 1000 {
                    tables.get_mut(&name).and_then(|t| t.last_mut()).expect("a row").extend(vec![cell; times]);
                }
            }
            _ => {}
        }
    }
}

fn report(site: &Path, quarter: &str, out: &Path) {
    let ran = Command::new(env!("CARGO_BIN_EXE_tickmark"))
        .arg("-C")
        .arg(site)
        .args(["report", quarter, "--as-of", "2026-11-21", "--quiet", "-o"])
        .arg(out)
        .output()
        .expect("the program runs");
    assert_eq!(ran.status.code(), Some(0), "{}", String::from_utf8_lossy(&ran.stderr));
}

/// On the demonstration: every time is a date, every count a number, and the same changes stand there as in the CSV.
#[test]
fn libreoffice_finds_dates_numbers_and_words_as_such() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let out = tempfile::tempdir().expect("a folder");
    let (xlsx, csv) = (out.path().join("q.xlsx"), out.path().join("q.csv"));
    report(root, "2026-Q3", &xlsx);
    report(root, "2026-Q3", &csv);
    let tables = opened(&xlsx);
    assert_eq!(tables.keys().map(String::as_str).collect::<Vec<_>>(), ["Changes", "Controls", "Numbers"]);
    let (head, rows) = tables["Changes"].split_first().expect("a first row");
    let csv = fs::read_to_string(csv).expect("the CSV");
    let ids: Vec<&str> =
        csv.lines().skip(1).filter_map(|l| l.split(',').next()).filter(|id| id.contains("-20")).collect();
    let rows: Vec<_> = rows.iter().filter(|row| row.first().is_some_and(|cell| !cell.text.is_empty())).collect();
    assert_eq!(rows.iter().map(|row| row[0].text.as_str()).collect::<Vec<_>>(), ids);
    let mut dates = 0;
    for row in &rows {
        for (cell, head) in row.iter().zip(head) {
            let time = ["Requested", "Approved", "Deployed"].iter().any(|word| head.text.starts_with(word));
            let number = head.text.contains("(hours)") || head.text.starts_with("Production deployments");
            match cell.kind.as_str() {
                "" => {}
                "date" => {
                    assert!(time, "{}: {cell:?}", head.text);
                    assert!(cell.value.starts_with("20") && cell.value.contains('T'), "{cell:?}");
                    dates += 1;
                }
                "float" => assert!(number, "{}: {cell:?}", head.text),
                _ => assert!(!time && !number, "{}: {cell:?}", head.text),
            }
        }
    }
    assert!(dates > rows.len(), "{dates} dates in {} rows", rows.len());
    let counts = &tables["Numbers"][1];
    assert_eq!((counts[0].text.as_str(), counts[2].kind.as_str()), ("changes", "float"));
    assert_eq!(counts[2].value, rows.len().to_string());
}

/// What a record says stays words, whatever it looks like.
#[test]
fn libreoffice_finds_no_formula_in_what_a_record_says() {
    for title in ["=1+1", "+1", "-2+3", "@SUM(A1)", "=HYPERLINK(\"http://x.example\")", "<b>bold</b> & 'more'"] {
        let site = super::command::site(&title.replace('\'', "''"));
        let xlsx = site.path().join("q.xlsx");
        report(site.path(), "2026-Q3", &xlsx);
        let tables = opened(&xlsx);
        assert!(tables.values().flatten().flatten().all(|cell| !cell.formula), "{title}");
        let cell = &tables["Changes"][1][1];
        assert_eq!(cell.kind, "string", "{title}: {cell:?}");
        // Where it looks like a formula an apostrophe stands before it, so that it stays words when it is copied on.
        let quoted = if title.starts_with('<') { title.to_owned() } else { format!("'{title}") };
        assert_eq!(cell.text, quoted, "{cell:?}");
    }
}
