//! What a document says in one place: nothing, something blank, something broken, or a value, and where.

use std::borrow::Borrow;
use std::fmt;

use compact_str::CompactString;

use crate::source::Span;

/// One field of a document as its author left it.
#[derive(Clone, Debug, Default)]
pub enum Field<T> {
    /// The key is not there.
    #[default]
    Absent,
    /// The key is there and says nothing: blank text, an empty list, or `none` where that is no answer.
    Blank(Span),
    /// What is there is a mistake, already reported; whoever asks gets `unknown`, never a pass.
    Broken(Span),
    /// A value.
    Given(T, Span),
}

impl<T> Field<T> {
    /// The value, if there is one.
    pub fn get(&self) -> Option<&T> {
        match self {
            Self::Given(value, _) => Some(value),
            _ => None,
        }
    }

    /// Where it stands, if the key is there.
    pub fn span(&self) -> Option<Span> {
        match self {
            Self::Absent => None,
            Self::Blank(span) | Self::Broken(span) | Self::Given(_, span) => Some(*span),
        }
    }

    /// Whether a value is there.
    pub fn is_given(&self) -> bool {
        matches!(self, Self::Given(..))
    }

    /// Whether what is there is a mistake.
    pub fn is_broken(&self) -> bool {
        matches!(self, Self::Broken(_))
    }

    /// Marks a value as a mistake, as when a word turns out not to be one of the policy's.
    pub fn break_it(&mut self) {
        if let Some(span) = self.span() {
            *self = Self::Broken(span);
        }
    }
}

impl<T> Field<Vec<T>> {
    /// The items; none where the list is absent, blank or broken.
    pub fn items(&self) -> &[T] {
        self.get().map_or(&[], Vec::as_slice)
    }
}

/// A value of a list and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident, $inner:ty) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name($inner);

        impl $name {
            /// From its text.
            pub fn new(text: &str) -> Self {
                Self(text.into())
            }

            /// Its text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

text_type! {
    /// An id by the grammar `[A-Za-z0-9][A-Za-z0-9._-]{0,63}`, without `..` and not ending in a dot. Ids become file
    /// names, so that nothing else ever is one.
    Id, CompactString
}
text_type! {
    /// The id of somebody in people.yaml, or of somebody missing there.
    Person, CompactString
}
text_type! {
    /// A role, as in `engineering-lead`; a free word that people hold for a time.
    Role, CompactString
}
text_type! {
    /// A short word of the site's or the policy's own: a system, a gate, an environment.
    Word, CompactString
}
text_type! {
    /// Words written for people. Never read as a template.
    Prose, Box<str>
}
text_type! {
    /// An address on the web.
    Link, Box<str>
}

impl Id {
    /// Why `text` is no id, if it is none.
    pub fn fault(text: &str) -> Option<&'static str> {
        let first = text.bytes().next()?;
        if !first.is_ascii_alphanumeric() {
            Some("an id starts with a letter or a digit")
        } else if text.len() > 64 {
            Some("an id has at most 64 characters")
        } else if !text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-')) {
            Some("an id holds only letters A to Z, digits, `.`, `_` and `-`")
        } else if text.contains("..") {
            Some("an id does not hold `..`")
        } else if text.ends_with('.') {
            Some("an id does not end in a dot")
        } else {
            is_device(text).then_some("this name is a device on Windows, so that no file can have it")
        }
    }
}

/// Names that Windows keeps for devices, with any ending.
fn is_device(text: &str) -> bool {
    let stem = text.split('.').next().unwrap_or_default();
    let numbered =
        |prefix: &str| stem.len() == 4 && stem[..3].eq_ignore_ascii_case(prefix) && stem.as_bytes()[3].is_ascii_digit();
    ["con", "prn", "aux", "nul"].iter().any(|d| stem.eq_ignore_ascii_case(d)) || numbered("com") || numbered("lpt")
}
