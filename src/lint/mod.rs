//! What reading a policy's text finds: places nobody filled in, damaged characters, dates, references, deadlines and
//! numbers that contradict what the front matter and the rules say.
//!
//! Pure functions over a decoded policy and the ledger, one small file per family, all of them warnings or notes unless
//! the site's `levels` say otherwise. Precise before complete: what is not sure is not said. English is the only language
//! whose words are known; what does not depend on words holds for any. Nothing here judges a record or mends a text.

mod amounts;
pub mod codes;
mod damaged;
mod dates;
mod deadlines;
mod numbers;
mod placeholder;
mod promises;
mod references;
mod sections;
mod text;
mod types;

pub use codes::CODES;
pub use promises::{Promise, promises, rules_without_clause};
pub use references::called_by;
pub use sections::number_of as section_number;
pub use text::{Text, passages};

use jiff::civil::Date;

use crate::diag::Sink;
use crate::model::{Ledger, PolicyVersion};
use crate::source::SourceSet;

/// All findings about one policy's text, as of a day.
pub fn check(ledger: &Ledger, sources: &SourceSet, version: &PolicyVersion, today: Date) -> Sink {
    let source = sources.file(version.file).text();
    let passages = passages(version, source);
    let text = Text::of(version, source, &passages);
    let mut sink = Sink::new();
    dates::metadata(&text, &mut sink);
    dates::incident_review(&text, &mut sink);
    dates::check(&text, today, &mut sink);
    placeholder::check(&text, &mut sink);
    damaged::check(&text, &mut sink);
    references::check(ledger, sources, &text, &mut sink);
    deadlines::check(&text, &mut sink);
    numbers::check(&text, &mut sink);
    types::check(&text, &mut sink);
    sink
}
