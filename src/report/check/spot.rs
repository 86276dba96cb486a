//! Places as other programs count them: paths from the repository's root, lines, columns in characters or in UTF-16 units,
//! and paths as parts of addresses.

use super::Ground;
use super::stream::place_path;
use crate::diag::Diagnostic;
use crate::source::{Location, SourceFile};

/// From where to where in a text, both from 1; the end is one past the last column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) line: u32,
    pub(super) column: u32,
    pub(super) end_line: u32,
    pub(super) end_column: u32,
}

/// What a column is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Columns {
    /// A character.
    Characters,
    /// A unit of UTF-16, as editors and SARIF count.
    Utf16,
}

/// The region of a place.
pub(super) fn region(ground: Ground<'_>, at: Location, columns: Columns) -> Region {
    let file = ground.sources.file(at.file);
    let (line, column) = position(file, at.span.start as usize, columns);
    let (end_line, end_column) = position(file, at.span.end as usize, columns);
    Region { line, column, end_line, end_column }
}

fn position(file: &SourceFile, offset: usize, columns: Columns) -> (u32, u32) {
    let (line, column) = file.line_column(offset);
    let offset = offset.min(file.text().len());
    if columns == Columns::Characters {
        return (line, column);
    }
    let start = file.text()[..offset].rfind('\n').map_or(0, |i| i + 1);
    (line, file.text()[start..offset].encode_utf16().count() as u32 + 1)
}

/// The path of a finding, from the repository's root.
pub(super) fn path(ground: Ground<'_>, finding: &Diagnostic) -> String {
    format!("{}{}", ground.asked.prefix, place_path(ground.sources, finding))
}

/// The path of a place, from the repository's root.
pub(super) fn path_of(ground: Ground<'_>, at: Location) -> String {
    format!("{}{}", ground.asked.prefix, ground.sources.file(at.file).path())
}

/// A path as part of an address: everything but letters, digits, `-._~` and `/` is written as `%XX`.
pub(super) fn percent_encoded(path: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~/".contains(&b);
    path.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{SourceFile, SourceSet, Span};

    #[test]
    fn columns_are_counted_in_what_was_asked_for() {
        let sources = SourceSet::new(vec![SourceFile::from_text("a", "é\n𝄞b: \n")]);
        let (_, file) = sources.by_path("a").expect("it is there");
        let b = Span::new(7, 8).start as usize;
        assert_eq!(position(file, b, Columns::Characters), (2, 2));
        assert_eq!(position(file, b, Columns::Utf16), (2, 3));
    }

    #[test]
    fn a_path_is_no_other_address() {
        assert_eq!(percent_encoded("a b/ü#1?.yaml"), "a%20b/%C3%BC%231%3F.yaml");
        assert_eq!(percent_encoded("c:%0A"), "c%3A%250A");
    }
}
