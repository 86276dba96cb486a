//! The ways a finished file can be read: as written, with its escapes decoded, without its tags.
//!
//! Invariant: a reading has as many line breaks before each of its places as the file has there, so that a place in a
//! reading tells its line in the file. Readings are folded: small letters without accents, no invisible characters,
//! one kind of hyphen, apostrophe and space. They are searched and thrown away, never shown.

use std::borrow::Cow;

/// Stands where a block of a page ends: words on its two sides are in different sentences.
pub(super) const BARRIER: char = '\u{1}';

/// A file as text, and whether it is one.
pub(super) struct Contents<'b> {
    /// The text; of a file that is none, what in it could be text.
    pub(super) text: Cow<'b, str>,
    /// The file is not text: what looks like a short word may be chance.
    pub(super) binary: bool,
}

impl<'b> Contents<'b> {
    /// From the bytes of a file.
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) if !text.contains('\0') => Self { text: unfolded(text), binary: false },
            _ => {
                // UTF-16 becomes readable without its zero bytes; other zero bytes part words.
                let wide = bytes
                    .windows(4)
                    .any(|w| w[1] == 0 && w[3] == 0 && w[0].is_ascii_alphanumeric() && w[2].is_ascii_alphanumeric());
                let mut text = String::from_utf8_lossy(bytes).into_owned();
                if wide {
                    let narrow: String = text.chars().filter(|c| *c != '\0').collect();
                    text.push('\0');
                    text.push_str(&narrow);
                }
                Self { text: Cow::Owned(text), binary: true }
            }
        }
    }
}

/// A calendar with its long lines whole (RFC 5545, 3.1), for a line is broken inside a word as well. The breaks follow
/// the line, so that later lines keep their numbers.
fn unfolded(text: &str) -> Cow<'_, str> {
    if !text.starts_with("BEGIN:VCALENDAR") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut breaks = 0;
    for line in text.split('\n') {
        let line = line.strip_suffix('\r').unwrap_or(line);
        if let Some(more) = line.strip_prefix([' ', '\t']) {
            out.push_str(more);
            breaks += 1;
        } else {
            out.extend(std::iter::repeat_n('\n', breaks));
            out.push_str(line);
            breaks = 1;
        }
    }
    Cow::Owned(out)
}

/// Gives every reading of a text to `search`.
pub(super) fn each(text: &str, mut search: impl FnMut(&str)) {
    let decoded = entities(text);
    search(&fold(&decoded));
    if memchr::memchr(b'%', decoded.as_bytes()).is_some() {
        percent_encoded(&decoded, &mut search);
    }
    let unescaped = backslashes(text);
    if let Cow::Owned(text) = &unescaped {
        search(&fold(&entities(text)));
    }
    // Markup may itself be carried by markup, as in a feed.
    let mut inner = unescaped.into_owned();
    for _ in 0..4 {
        match without_tags(&inner) {
            Some(text) => {
                inner = entities(&text).into_owned();
                search(&fold(&inner));
            }
            None if inner.contains('&') => inner = entities(&inner).into_owned(),
            None => break,
        }
    }
}

/// A text in small letters, without accents and invisible characters.
pub(super) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    loop {
        let at = plain(rest.as_bytes());
        if at == rest.len() {
            break;
        }
        out.push_str(&rest[..at]);
        let c = rest[at..].chars().next().expect("a byte was found here, and what is not ASCII starts a character");
        fold_char(c, &mut out);
        rest = &rest[at + c.len_utf8()..];
    }
    out.push_str(rest);
    out.make_ascii_lowercase();
    out
}

/// How many bytes at the start are ASCII: looked for in long steps, for nearly all of most texts is.
fn plain(bytes: &[u8]) -> usize {
    const STEP: usize = 64;
    let start = bytes.chunks_exact(STEP).take_while(|chunk| chunk.is_ascii()).count() * STEP;
    start + bytes[start..].iter().take_while(|b| b.is_ascii()).count()
}

/// The letters behind U+00C0 to U+017F.
const LATIN: &[u8; 192] = b"aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty\
aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooooooorrrrrrsssssssstttttt\
uuuuuuuuuuuuwwyyyzzzzzzs";

fn fold_char(c: char, out: &mut String) {
    match c {
        '\u{ad}'
        | '\u{300}'..='\u{36f}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{2069}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' => {}
        '\u{c0}'..='\u{17f}' => out.push(char::from(LATIN[c as usize - 0xc0])),
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' => out.push('-'),
        '\u{2018}' | '\u{2019}' | '\u{2bc}' => out.push('\''),
        '\u{ff01}'..='\u{ff5e}' => out.push(char::from((c as u32 - 0xff01 + 0x21) as u8)),
        c if c.is_whitespace() => out.push(' '),
        c => out.extend(c.to_lowercase()),
    }
}

/// Character references as the characters they stand for.
fn entities(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some((c, length)) = reference(rest) {
            out.push(if c == '\n' { ' ' } else { c });
            rest = &rest[length..];
        } else {
            out.push('&');
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The character a reference stands for, and how long it is without its `&`.
fn reference(text: &str) -> Option<(char, usize)> {
    if let Some(number) = text.strip_prefix('#') {
        let (digits, radix, before) = match number.strip_prefix(['x', 'X']) {
            Some(hex) => (hex, 16, 2),
            None => (number, 10, 1),
        };
        let length = digits.bytes().take_while(|b| char::from(*b).is_digit(radix)).count();
        let c = char::from_u32(u32::from_str_radix(&digits[..length], radix).ok()?)?;
        let end = before + length;
        return Some((c, end + usize::from(text[end..].starts_with(';'))));
    }
    let end = text.bytes().take(24).position(|b| !b.is_ascii_alphanumeric())?;
    let c = named(&text[..end])?;
    text[end..].starts_with(';').then_some((c, end + 1))
}

/// The character behind a name: those that part or join words, and letters with an accent.
fn named(name: &str) -> Option<char> {
    Some(match name {
        "amp" | "AMP" => '&',
        "lt" | "LT" => '<',
        "gt" | "GT" => '>',
        "quot" | "QUOT" => '"',
        "apos" | "rsquo" | "lsquo" => '\'',
        "nbsp" | "NonBreakingSpace" | "Tab" | "NewLine" | "ensp" | "emsp" | "thinsp" => ' ',
        "shy" | "zwj" | "zwnj" | "lrm" | "rlm" | "ZeroWidthSpace" | "NoBreak" => '\u{ad}',
        "hyphen" | "dash" | "ndash" | "mdash" | "minus" => '-',
        "period" => '.',
        "comma" => ',',
        "colon" => ':',
        "commat" => '@',
        "lowbar" | "UnderBar" => '_',
        "sol" => '/',
        "plus" => '+',
        "num" => '#',
        "szlig" => 's',
        "oslash" | "Oslash" | "oelig" | "OElig" => 'o',
        "aelig" | "AElig" => 'a',
        _ => {
            const ACCENTS: [&str; 11] =
                ["acute", "grave", "circ", "uml", "tilde", "ring", "cedil", "caron", "macr", "breve", "strok"];
            let mut chars = name.chars();
            let letter = chars.next().filter(char::is_ascii_alphabetic)?;
            return ACCENTS.contains(&chars.as_str()).then_some(letter);
        }
    })
}

/// Escapes with a backslash as JSON, scripts and style sheets have them; borrowed where there are none.
fn backslashes(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'\\', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let (c, length) = escape(rest);
        out.extend(c);
        rest = &rest[length..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// What stands after a backslash, and how long that is. A real line break is left where it is.
fn escape(rest: &str) -> (Option<char>, usize) {
    let hex = |from: usize, most: usize| {
        let length = rest.bytes().skip(from).take(most).take_while(u8::is_ascii_hexdigit).count();
        let c = u32::from_str_radix(&rest[from..from + length], 16).ok().and_then(char::from_u32);
        c.map(|c| (Some(if c == '\n' { ' ' } else { c }), from + length))
    };
    match rest.as_bytes().first() {
        Some(b'u') if rest.as_bytes().get(1) == Some(&b'{') => {
            hex(2, 6).map_or((None, 0), |(c, length)| (c, length + usize::from(rest[length..].starts_with('}'))))
        }
        Some(b'u') => hex(1, 4).unwrap_or((None, 0)),
        Some(b'x') => hex(1, 2).unwrap_or((None, 0)),
        Some(b'n' | b't' | b'r' | b'f' | b'v') => (Some(' '), 1),
        // A style sheet's escape: up to six digits and one space.
        Some(b) if b.is_ascii_hexdigit() => {
            hex(0, 6).map_or((None, 0), |(c, length)| (c, length + usize::from(rest[length..].starts_with(' '))))
        }
        _ => (None, 0),
    }
}

/// Searches words that are percent-encoded, one by one: most of a page is not.
fn percent_encoded(text: &str, search: &mut impl FnMut(&str)) {
    let outside = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>');
    let mut lines = String::new();
    let mut from = 0;
    while let Some(at) = text[from..].find('%').map(|at| at + from) {
        let start = text[..at].rfind(outside).map_or(0, |i| i + 1).max(from);
        let end = text[at..].find(outside).map_or(text.len(), |i| at + i);
        let start = (start..=at).find(|i| text.is_char_boundary(*i)).unwrap_or(at);
        let word = &text[start..end];
        if let Some(decoded) = percent(word) {
            let breaks = text[..start].bytes().filter(|b| *b == b'\n').count();
            lines.clear();
            lines.extend(std::iter::repeat_n('\n', breaks));
            lines.push_str(&fold(&decoded));
            search(&lines);
        }
        from = end;
    }
}

/// A word with its percent-encoded bytes decoded, if it has any.
fn percent(word: &str) -> Option<String> {
    let bytes = word.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut found = false;
    let mut at = 0;
    while at < bytes.len() {
        let digits = bytes.get(at + 1..at + 3).filter(|d| bytes[at] == b'%' && d.iter().all(u8::is_ascii_hexdigit));
        if let Some(digits) = digits {
            let value = digits.iter().fold(0, |v, d| v * 16 + char::from(*d).to_digit(16).unwrap_or(0)) as u8;
            out.push(if value == b'\n' { b' ' } else { value });
            found = true;
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    found.then(|| String::from_utf8_lossy(&out).into_owned())
}

/// Elements that stand inside a sentence, and even inside a word.
const INLINE: [&str; 33] = [
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark", "q",
    "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tspan", "tt", "u", "var", "wbr", "time", "label",
    "text",
];

/// A text without its tags; nothing where it has none. Tags inside a sentence go without trace, others leave a barrier.
fn without_tags(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    let mut found = false;
    while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let Some(length) = tag_length(after) else {
            out.push('<');
            rest = after;
            continue;
        };
        found = true;
        let name = after.trim_start_matches('/');
        let name = &name[..name.bytes().take_while(u8::is_ascii_alphanumeric).count()];
        let comment = after.starts_with('!');
        if !comment && !INLINE.iter().any(|i| i.eq_ignore_ascii_case(name)) {
            out.push(if name.eq_ignore_ascii_case("br") { ' ' } else { BARRIER });
        }
        out.extend(after[..length].bytes().filter(|b| *b == b'\n').map(char::from));
        rest = &after[length..];
    }
    out.push_str(rest);
    found.then_some(out)
}

/// How long a tag or comment is without its `<`, if one begins here.
fn tag_length(after: &str) -> Option<usize> {
    if after.starts_with("!--") {
        return Some(after.find("-->").map_or(after.len(), |at| at + 3));
    }
    let bytes = after.as_bytes();
    let first = bytes.first()?;
    if !(first.is_ascii_alphabetic() || matches!(first, b'/' | b'!' | b'?')) {
        return None;
    }
    let mut quote = None;
    for (at, b) in bytes.iter().enumerate() {
        match (quote, b) {
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') if bytes[..at].last() == Some(&b'=') => quote = Some(*b),
            (Some(q), b) if q == *b => quote = None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<String> {
        let mut list = Vec::new();
        each(text, |reading| list.push(reading.to_owned()));
        list
    }

    fn some(text: &str, wanted: &str) -> bool {
        all(text).iter().any(|r| r.contains(wanted))
    }

    #[test]
    fn letters_lose_case_and_accents() {
        assert_eq!(fold("José ÅNGSTRÖM ŁÓDŹ Ÿ ž ÿ"), "jose angstrom lodz y z y");
        assert_eq!(fold("Jose\u{301} a\u{ad}b\u{200b}c \u{ff21} x\u{2011}y z’s"), "jose abc a x-y z's");
    }

    #[test]
    fn every_way_of_writing_a_name_is_read() {
        for text in [
            "Hanna Lindqvist",
            "Hanna&nbsp;Lindqvist",
            "&#72;anna &#x4C;indqvist",
            "&#72anna Lindqvist",
            "Hanna <b>Lindqvist</b>",
            "Han<wbr>na <span title=\"a > b\">Lind<!-- x -->qvist</span>",
            "{\"by\": \"\\u0048anna Lindqvist\"}",
            "{\"t\": \"x\\nHanna Lindqvist\"}",
            "content: \"\\48 anna Lindqvist\"",
            "\\x48anna Lindqvist",
            "href=\"/?q=Hanna%20Lindqvist\"",
            "&lt;p&gt;Hanna &lt;b&gt;Lindqvist&lt;/b&gt;",
            "{\"html\": \"\\u003cb\\u003eHanna\\u003c/b\\u003e Lindqvist\"}",
            "H&auml;nna L&iacute;ndqvist",
        ] {
            assert!(some(text, "hanna lindqvist"), "{text}: {:?}", all(text));
        }
    }

    #[test]
    fn readings_keep_the_lines_of_the_file() {
        let text = "a\n<p\nclass=\"x\">b&#10;c\n\"%0Ad%20e\"\n\\n needle";
        for reading in all(text) {
            let Some(at) = reading.find("needle") else { continue };
            assert_eq!(reading[..at].matches('\n').count(), 4, "{reading:?}");
        }
    }

    #[test]
    fn a_calendar_is_read_by_whole_lines() {
        let folded = b"BEGIN:VCALENDAR\r\nSUMMARY:CHG-2026-0\r\n 142 of team 2\r\n\t5\r\nEND:VCALENDAR\r\n";
        let text = Contents::new(folded).text;
        assert_eq!(text, "BEGIN:VCALENDAR\nSUMMARY:CHG-2026-0142 of team 25\n\n\nEND:VCALENDAR\n");
        assert_eq!(Contents::new(b"a\n b").text, "a\n b", "elsewhere a space is a space");
    }

    #[test]
    fn blocks_part_and_signs_are_no_tags() {
        assert!(some("<td>access</td><td>control</td>", "access\u{1}\u{1}control"));
        assert!(some("a < b, hanna <b>lindqvist</b>", "hanna lindqvist"));
        assert!(some("<unclosed hanna lindqvist", "hanna lindqvist"));
        assert!(some("x &lt;y hanna <b>lindqvist</b>", "hanna lindqvist"));
    }

    #[test]
    fn wide_text_in_binary_files_is_read() {
        let wide: Vec<u8> = "Hanna Lindqvist".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let contents = Contents::new(&wide);
        assert!(contents.binary);
        assert!(contents.text.contains("Hanna Lindqvist"));
    }
}
