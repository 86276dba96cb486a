//! Where front matter ends and the text begins. Finds two lines; does not read what stands between them.

use crate::source::Span;

/// The two parts of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// The YAML between the two marks, if there is any.
    pub front: Option<Span>,
    /// All after it; the whole text where there is none.
    pub body: Span,
    /// The opening mark, if nothing closes it; the whole text is body then.
    pub unclosed: Option<Span>,
}

/// Parts front matter, between a first line `---` and a line `---` or `...`, from the text after it.
pub fn split(text: &str) -> Parts {
    let whole = Parts { front: None, body: Span::new(0, text.len()), unclosed: None };
    let Some(first) = text.split_inclusive('\n').next().filter(|line| line.trim_end() == "---") else {
        return whole;
    };
    let mut at = first.len();
    for line in text[first.len()..].split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") {
            let body = Span::new(at + line.len(), text.len());
            return Parts { front: Some(Span::new(first.len(), at)), body, unclosed: None };
        }
        at += line.len();
    }
    Parts { unclosed: Some(Span::new(0, 3)), ..whole }
}
