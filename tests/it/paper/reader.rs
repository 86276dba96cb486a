//! What other programs read in a PDF.

use std::path::Path;
use std::process::Command;

/// What a program says of a file.
#[track_caller]
fn run(program: &str, arguments: &[&str], file: &Path, after: &[&str]) -> String {
    let output = Command::new(program).args(arguments).arg(file).args(after).output();
    let output = output.unwrap_or_else(|error| panic!("{program}, of Debian's poppler-utils or qpdf: {error}"));
    let errors = String::from_utf8_lossy(&output.stderr);
    // Poppler 22 takes for errors what PDF/UA asks for (the key `Suspects`) and what PDF 1.7 allows (one colour for all
    // borders of a cell, table 344).
    let known = ["Suspects object is wrong type", "Attribute BorderColor value is of wrong type"];
    let others = errors.lines().filter(|line| !known.iter().any(|known| line.contains(known)));
    assert!(output.status.success() && others.count() == 0, "{program} {}: {errors}", file.display());
    String::from_utf8(output.stdout).expect("it speaks UTF-8")
}

/// The text of all pages, in the order in which it is drawn; a form feed ends each page.
#[track_caller]
pub(crate) fn text(file: &Path) -> String {
    run("pdftotext", &["-raw", "-enc", "UTF-8"], file, &["-"])
}

/// The words of all pages, in one line.
#[track_caller]
pub(crate) fn words(file: &Path) -> String {
    text(file).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Title, producer, pages, page size, tags.
#[track_caller]
pub(super) fn information(file: &Path) -> String {
    run("pdfinfo", &[], file, &[])
}

/// The XML in which a PDF says what standards it keeps.
#[track_caller]
pub(super) fn metadata(file: &Path) -> String {
    run("pdfinfo", &["-meta"], file, &[])
}

/// The elements of its structure, as a tree.
#[track_caller]
pub(super) fn structure(file: &Path) -> String {
    run("pdfinfo", &["-struct-text"], file, &[])
}

/// Its fonts, one a line.
#[track_caller]
pub(super) fn fonts(file: &Path) -> Vec<String> {
    run("pdffonts", &[], file, &[]).lines().skip(2).map(str::to_owned).collect()
}

/// Everything in it, as qpdf tells it; fails where qpdf finds anything wrong.
#[track_caller]
pub(super) fn objects(file: &Path) -> String {
    let said = run("qpdf", &["--check"], file, &[]);
    assert!(said.contains("No syntax or stream encoding errors"), "{said}");
    run("qpdf", &["--json"], file, &[])
}
