//! The seal of a closing: the SHA-256 of all that stands above it in its file.
//!
//! What was signed off is kept as it is. A number that is mended by hand there, a record or an earlier closing that is taken
//! out, breaks the seal. It keeps nobody out who seals again: that shows in git, as every commit does.

use sha2::{Digest, Sha256};

use crate::model::{ClosedQuarter, Field};
use crate::source::{SourceSet, Span};

/// The seal of a text. It is the same wherever lines end in CRLF.
pub fn seal(above: &str) -> String {
    let text = above.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Where a closed quarter is not as it was sealed: at the first seal that is another's, or at what stands below the last.
pub(super) fn broken(sources: &SourceSet, closed: &ClosedQuarter) -> Option<Span> {
    let text = sources.file(closed.file?).text();
    let mut last = 0;
    for closing in closed.closings.items() {
        let Field::Given(found, span) = &closing.seal else { return Some(closing.span) };
        let above = &text[..text[..span.start as usize].rfind('\n').map_or(0, |end| end + 1)];
        if found.as_str() != seal(above) {
            return Some(*span);
        }
        last = span.end as usize;
    }
    let below = &text[last..];
    let said = below.lines().skip(1).find(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))?;
    let at = text.len() - below.len() + below.find(said).unwrap_or(0);
    Some(Span::new(at, at + said.len()))
}
