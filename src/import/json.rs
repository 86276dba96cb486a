//! JSON into the trees that documents are read from, with a place for every key and value.
//!
//! Several values may follow one another, as tools print them that fetch page after page. Bounded in depth and number;
//! the first mistake ends it, because an export is whole or worth nothing. Numbers stay text.

use std::borrow::Cow;

use super::codes;
use crate::diag::{Diagnostic, Sink};
use crate::source::{FileId, Span};
use crate::yaml::{Entry, Key, Node, Scalar, Style, Value};

/// How deep lists and objects may be nested.
const DEPTH: usize = 64;
/// How many values an export may hold.
const VALUES: usize = 4_000_000;

/// All values of a text; nothing where it is not JSON, which is reported.
pub(super) fn parse<'s>(text: &'s str, file: FileId, sink: &mut Sink) -> Option<Vec<Node<'s>>> {
    let mut reader = Reader { text, bytes: text.as_bytes(), at: 0, values: 0 };
    let mut values = Vec::new();
    reader.blanks();
    while reader.at < text.len() {
        match reader.value(0) {
            Ok(node) => values.push(node),
            Err(fault) => {
                let end = text[fault.at..].chars().next().map_or(fault.at, |c| fault.at + c.len_utf8());
                let span = Span::new(fault.at, end);
                sink.push(
                    Diagnostic::new(&codes::SYNTAX, file, span, "this is not JSON")
                        .label(fault.what)
                        .help("export it again; nothing was imported"),
                );
                return None;
            }
        }
        reader.blanks();
    }
    Some(values)
}

/// What is wrong, and where.
struct Fault {
    at: usize,
    what: String,
}

struct Reader<'s> {
    text: &'s str,
    bytes: &'s [u8],
    at: usize,
    values: usize,
}

impl<'s> Reader<'s> {
    fn byte(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or(0)
    }

    fn blanks(&mut self) {
        while matches!(self.byte(), b' ' | b'\t' | b'\n') {
            self.at += 1;
        }
    }

    fn fault<T>(&self, at: usize, what: impl Into<String>) -> Result<T, Fault> {
        let what = if at >= self.text.len() { "the text ends here".to_owned() } else { what.into() };
        Err(Fault { at: at.min(self.text.len()), what })
    }

    fn value(&mut self, depth: usize) -> Result<Node<'s>, Fault> {
        let start = self.at;
        self.values += 1;
        if self.values > VALUES {
            return self.fault(start, format!("value {}; an export holds at most {VALUES}", self.values));
        }
        if depth > DEPTH {
            return self.fault(start, format!("nested more than {DEPTH} levels deep"));
        }
        let value = match self.byte() {
            b'{' => self.object(depth)?,
            b'[' => self.list(depth)?,
            b'"' => Value::Scalar(Scalar { text: self.string()?, style: Style::DoubleQuoted }),
            _ => self.word()?,
        };
        Ok(Node { span: Span::new(start, self.at), value })
    }

    /// A number, `true`, `false` or `null`.
    fn word(&mut self) -> Result<Value<'s>, Fault> {
        let start = self.at;
        while matches!(self.byte(), b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'+' | b'-' | b'.') {
            self.at += 1;
        }
        let text = &self.text[start..self.at];
        match text {
            "null" => Ok(Value::Null),
            "true" | "false" => Ok(Value::Scalar(Scalar { text: text.into(), style: Style::Plain })),
            _ if is_number(text) => Ok(Value::Scalar(Scalar { text: text.into(), style: Style::Plain })),
            _ => self.fault(start, "neither a text, a number, a list nor an object begins here"),
        }
    }

    fn list(&mut self, depth: usize) -> Result<Value<'s>, Fault> {
        let mut items = Vec::new();
        self.at += 1;
        self.blanks();
        if self.byte() == b']' {
            self.at += 1;
            return Ok(Value::List(items));
        }
        loop {
            self.blanks();
            items.push(self.value(depth + 1)?);
            self.blanks();
            match self.byte() {
                b',' => self.at += 1,
                b']' => {
                    self.at += 1;
                    return Ok(Value::List(items));
                }
                _ => return self.fault(self.at, "a comma or `]` is expected here"),
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value<'s>, Fault> {
        let mut entries: Vec<Entry<'s>> = Vec::new();
        self.at += 1;
        self.blanks();
        if self.byte() == b'}' {
            self.at += 1;
            return Ok(Value::Map(entries));
        }
        loop {
            self.blanks();
            let start = self.at;
            if self.byte() != b'"' {
                return self.fault(start, "a key in quotes is expected here");
            }
            let text = self.string()?;
            let key = Key { text, span: Span::new(start, self.at) };
            self.blanks();
            if self.byte() != b':' {
                return self.fault(self.at, "a colon is expected here");
            }
            self.at += 1;
            self.blanks();
            let value = self.value(depth + 1)?;
            entries.push(Entry { key, value });
            self.blanks();
            match self.byte() {
                b',' => self.at += 1,
                b'}' => {
                    self.at += 1;
                    return self.once(entries);
                }
                _ => return self.fault(self.at, "a comma or `}` is expected here"),
            }
        }
    }

    /// An object of which every key stands once: of two, nobody knows which is meant.
    fn once(&self, entries: Vec<Entry<'s>>) -> Result<Value<'s>, Fault> {
        let mut keys: Vec<&Key<'s>> = entries.iter().map(|e| &e.key).collect();
        keys.sort_by(|a, b| (&a.text, a.span).cmp(&(&b.text, b.span)));
        let twice = keys.windows(2).find(|two| two[0].text == two[1].text).map(|two| two[1].span.start as usize);
        match twice {
            Some(at) => self.fault(at, "this key stands twice in one object"),
            None => Ok(Value::Map(entries)),
        }
    }

    fn string(&mut self) -> Result<Cow<'s, str>, Fault> {
        let start = self.at + 1;
        self.at = start;
        let mut owned: Option<String> = None;
        let mut from = start;
        loop {
            match self.byte() {
                b'"' => {
                    let rest = &self.text[from..self.at];
                    self.at += 1;
                    return Ok(match owned {
                        None => Cow::Borrowed(rest),
                        Some(text) => Cow::Owned(text + rest),
                    });
                }
                b'\\' => {
                    let text = owned.get_or_insert_default();
                    text.push_str(&self.text[from..self.at]);
                    let c = self.escape()?;
                    owned.get_or_insert_default().push(c);
                    from = self.at;
                }
                b'\n' => return self.fault(self.at, "the line ends inside a text"),
                _ if self.at >= self.bytes.len() => return self.fault(self.at, ""),
                _ => self.at += 1,
            }
        }
    }

    fn escape(&mut self) -> Result<char, Fault> {
        let slash = self.at;
        self.at += 2;
        Ok(match self.bytes.get(slash + 1).copied().unwrap_or(0) {
            c @ (b'"' | b'\\' | b'/') => char::from(c),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let mut code = self.hex(slash)?;
                if (0xd800..0xdc00).contains(&code) && self.bytes[self.at..].starts_with(b"\\u") {
                    let second = self.at;
                    self.at += 2;
                    let low = self.hex(second)?;
                    if !(0xdc00..0xe000).contains(&low) {
                        return self.fault(slash, "half of a pair of surrogates");
                    }
                    code = 0x1_0000 + ((code - 0xd800) << 10) + (low - 0xdc00);
                }
                match char::from_u32(code) {
                    Some(c) => c,
                    None => return self.fault(slash, "half of a pair of surrogates"),
                }
            }
            _ => return self.fault(slash, "a backslash begins no escape here"),
        })
    }

    fn hex(&mut self, slash: usize) -> Result<u32, Fault> {
        let digits = self.bytes.get(self.at..self.at + 4).unwrap_or_default();
        let code = digits.iter().try_fold(0_u32, |code, b| Some((code << 4) | char::from(*b).to_digit(16)?));
        match code.filter(|_| digits.len() == 4) {
            Some(code) => {
                self.at += 4;
                Ok(code)
            }
            None => self.fault(slash, "four hexadecimal digits are expected after `\\u`"),
        }
    }
}

/// Whether a word is a number as JSON writes it.
fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = text.split_once(['e', 'E']).map_or((text, None), |(m, e)| (m, Some(e)));
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(w, f)| (w, Some(f)));
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|e| digits(e.strip_prefix(['+', '-']).unwrap_or(e)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceFile;

    fn fault(text: &str) -> String {
        let mut sink = Sink::new();
        assert!(parse(text, FileId(0), &mut sink).is_none(), "{text}");
        let finding = sink.into_sorted().remove(0);
        let crate::diag::Place::Text(at) = finding.place else { return String::new() };
        let (line, column) = SourceFile::from_text("x", text).line_column(at.span.start as usize);
        format!("{line}:{column} {}", finding.label)
    }

    #[test]
    fn values_are_read_with_their_places() {
        let text = "{\"a\": [1, -2.5e3, true, null], \"b\": \"x\\u00e9\\ud83d\\ude00\\n\"}\n[]";
        let mut sink = Sink::new();
        let values = parse(text, FileId(0), &mut sink).expect("JSON");
        assert_eq!(values.len(), 2);
        let list = values[0].get("a").and_then(Node::as_list).expect("a list");
        assert_eq!(list[1].as_scalar().map(|s| &*s.text), Some("-2.5e3"));
        assert_eq!(list[1].span.of(text), "-2.5e3");
        assert_eq!(list[3].value, Value::Null);
        assert_eq!(values[0].get("b").and_then(Node::as_scalar).map(|s| &*s.text), Some("xé😀\n"));
    }

    #[test]
    fn mistakes_are_named_where_they_stand() {
        for (text, expected) in [
            ("{\"a\": 1,\n \"a\": 2}", "2:2 this key stands twice"),
            ("[1 2]", "1:4 a comma or `]`"),
            ("{\"a\" 1}", "1:6 a colon"),
            ("{a: 1}", "1:2 a key in quotes"),
            ("[1,", "1:4 the text ends here"),
            ("\"abc", "1:5 the text ends here"),
            ("\"a\nb\"", "1:3 the line ends inside a text"),
            ("\"\\x\"", "1:2 a backslash begins no escape"),
            ("\"\\ud800\"", "1:2 half of a pair"),
            ("\"\\u12\"", "1:2 four hexadecimal digits"),
            ("01", "1:1 neither a text"),
            ("nul", "1:1 neither a text"),
            ("<html>", "1:1 neither a text"),
        ] {
            let said = fault(text);
            assert!(said.starts_with(expected), "{text}: {said}");
        }
        assert!(fault(&"[".repeat(100_000)).starts_with("1:66 nested more than 64 levels deep"));
    }
}
