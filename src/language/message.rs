//! A phrase: text with placeholders in braces, in one form or in one for each kind of number. Knows no language.

use super::Form;

/// A piece of a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// As it stands.
    Text(String),
    /// What is put in, by its name: `{count}`.
    Slot(String),
}

/// A phrase in one form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// Its pieces, in their order.
    pub parts: Vec<Part>,
}

/// A phrase in all its forms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wording {
    /// The same for every number, or for none.
    One(Message),
    /// By the number at `{count}`; [`Form::Other`] is always there, and comes last.
    Forms(Vec<(Form, Message)>),
}

/// What is wrong with the text of a phrase, and at which of its bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) at: usize,
    pub(super) what: &'static str,
}

impl Message {
    /// From its text: `{name}` is a placeholder, every run of white space one space.
    pub(super) fn parse(text: &str) -> Result<Self, Fault> {
        let mut parts = Vec::new();
        let mut rest = text;
        let at = |rest: &str| text.len() - rest.len();
        while let Some(brace) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at(brace);
            put(&mut parts, before);
            if from.starts_with('}') {
                return Err(Fault { at: at(from), what: "this brace closes nothing" });
            }
            let Some(end) = from.find('}') else {
                return Err(Fault { at: at(from), what: "this placeholder has no end" });
            };
            let name = &from[1..end];
            let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            if name.is_empty() || !name.chars().all(is_name) {
                return Err(Fault { at: at(from), what: "a placeholder is a name in braces, as in `{count}`" });
            }
            parts.push(Part::Slot(name.to_owned()));
            rest = &from[end + 1..];
        }
        put(&mut parts, rest);
        Ok(Self { parts })
    }

    /// The names of its placeholders.
    pub fn slots(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| if let Part::Slot(name) = part { Some(name.as_str()) } else { None })
    }

    fn say(&self, slots: &[(&str, &str)]) -> String {
        let filled = |name: &str| slots.iter().find(|(slot, _)| *slot == name).map_or("", |(_, value)| value);
        self.parts.iter().map(|part| if let Part::Slot(name) = part { filled(name) } else { part.text() }).collect()
    }
}

impl Part {
    fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Slot(text) => text,
        }
    }
}

fn put(parts: &mut Vec<Part>, text: &str) {
    if !text.is_empty() {
        // Spaces that do not break are meant as they are.
        let mut folded = String::with_capacity(text.len());
        for c in text.chars() {
            let space = matches!(c, ' ' | '\n' | '\t');
            if !space {
                folded.push(c);
            } else if !folded.ends_with(' ') {
                folded.push(' ');
            }
        }
        parts.push(Part::Text(folded));
    }
}

impl Wording {
    /// Whether it has forms.
    pub fn is_counted(&self) -> bool {
        matches!(self, Self::Forms(_))
    }

    /// Its placeholders, each once.
    pub fn slots(&self) -> Vec<&str> {
        let messages: Vec<&Message> = match self {
            Self::One(message) => vec![message],
            Self::Forms(forms) => forms.iter().map(|(_, message)| message).collect(),
        };
        let mut names: Vec<&str> = messages.into_iter().flat_map(Message::slots).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The one for a form.
    pub fn in_form(&self, form: Form) -> &Message {
        match self {
            Self::One(message) => message,
            Self::Forms(forms) => {
                let own = forms.iter().find(|(own, _)| *own == form).or(forms.last());
                &own.expect("a phrase with forms has the last one").1
            }
        }
    }

    pub(super) fn say(&self, form: Form, slots: &[(&str, &str)]) -> String {
        self.in_form(form).say(slots)
    }
}
