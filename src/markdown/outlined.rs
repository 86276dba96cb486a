//! An outline that is made when somebody first asks for it: of the thousands of texts that policies once had, hardly any
//! is ever looked into.
//!
//! Its mistakes are nobody's findings, since nobody can mend a text of the past; that there are any is all that is kept.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use super::{Outline, outline};
use crate::diag::{Level, Sink};
use crate::source::{FileId, Span};

/// An outline, made or still to be made.
#[derive(Debug)]
pub struct Outlined {
    made: OnceLock<Made>,
    of: Option<Unmade>,
}

#[derive(Debug)]
struct Made {
    outline: Outline,
    faulty: bool,
}

#[derive(Debug)]
struct Unmade {
    text: Arc<str>,
    body: Span,
    file: FileId,
}

impl Outlined {
    /// The outline of a text of the past, once it is wanted.
    pub fn later(text: Arc<str>, body: Span, file: FileId) -> Self {
        Self { made: OnceLock::new(), of: Some(Unmade { text, body, file }) }
    }

    /// Whether making it found mistakes at error level that nobody was told of.
    pub fn is_faulty(&self) -> bool {
        self.made().faulty
    }

    fn made(&self) -> &Made {
        self.made.get_or_init(|| {
            let Unmade { text, body, file } = self.of.as_ref().expect("what is not made says what it is to be made of");
            let mut mistakes = Sink::new();
            let outline = outline(text, *body, *file, &mut mistakes);
            Made { outline, faulty: mistakes.iter().any(|d| d.level == Level::Error) }
        })
    }
}

impl From<Outline> for Outlined {
    fn from(outline: Outline) -> Self {
        Self { made: OnceLock::from(Made { outline, faulty: false }), of: None }
    }
}

impl Deref for Outlined {
    type Target = Outline;

    fn deref(&self) -> &Outline {
        &self.made().outline
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_outline_that_is_made_at_once() {
        for (text, faulty) in [("# A\n\n- x <!-- clause: c -->\n", false), ("# A\n\nb <!-- never ends\n", true)] {
            let body = Span::new(0, text.len());
            let mut sink = Sink::new();
            let made = outline(text, body, FileId(1), &mut sink);
            let later = Outlined::later(text.into(), body, FileId(1));
            assert_eq!(format!("{:?}", *later), format!("{made:?}"));
            assert_eq!(later.is_faulty(), faulty);
            assert!(!Outlined::from(made).is_faulty());
        }
    }
}
