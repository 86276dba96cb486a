//! The only ways text gets into HTML: as text, as an attribute's value, as a link's target. Never decides what is safe.

/// Writes text: `&`, `<` and `>` escaped, characters that HTML forbids replaced.
pub fn text(out: &mut String, text: &str) {
    write(out, text, &TEXT);
}

/// Writes the value of a quoted attribute.
pub(super) fn attribute(out: &mut String, text: &str) {
    write(out, text, &ATTRIBUTE);
}

/// Bytes at which writing must look closer.
const fn table(quotes: bool) -> [bool; 256] {
    let mut table = [false; 256];
    let mut b = 0;
    while b < 0x20 {
        table[b] = true;
        b += 1;
    }
    table[b'\t' as usize] = false;
    table[b'\n' as usize] = false;
    table[b'&' as usize] = true;
    table[b'<' as usize] = true;
    table[b'>' as usize] = true;
    table[b'"' as usize] = quotes;
    table[b'\'' as usize] = quotes;
    table[0x7f] = true;
    table[0xc2] = true; // leads U+0080 to U+00BF: the C1 controls
    table[0xef] = true; // leads U+F000 to U+FFFF: noncharacters
    table
}

static TEXT: [bool; 256] = table(false);
static ATTRIBUTE: [bool; 256] = table(true);

fn write(out: &mut String, text: &str, special: &[bool; 256]) {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|b| special[b as usize]) {
        out.push_str(&rest[..at]);
        let c = rest[at..].chars().next().expect("a byte was found here, and special bytes start characters");
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\r' | '\u{c}' => out.push(' '),
            c if is_forbidden(c) => out.push('\u{fffd}'),
            c => out.push(c),
        }
        rest = &rest[at + c.len_utf8()..];
    }
    out.push_str(rest);
}

/// Characters that HTML forbids.
fn is_forbidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{fdd0}'..='\u{fdef}' | '\u{fffe}' | '\u{ffff}')
}

/// Writes the target of a link inside a quoted attribute: what no URL holds is percent-encoded.
pub(super) fn target(out: &mut String, url: &str) {
    let mut fragment = false;
    for (at, c) in url.char_indices() {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' => out.push(c),
            c if "-_.~!*();:@=+$,/?".contains(c) => out.push(c),
            '&' => out.push_str("&amp;"),
            '#' if !fragment => {
                fragment = true;
                out.push('#');
            }
            '%' if url.as_bytes()[at + 1..].iter().take(2).filter(|b| b.is_ascii_hexdigit()).count() == 2 => {
                out.push('%');
            }
            c if !c.is_ascii() && c.is_alphanumeric() => out.push(c),
            c => percent(out, c),
        }
    }
}

fn percent(out: &mut String, c: char) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for b in c.encode_utf8(&mut [0; 4]).bytes() {
        out.push('%');
        out.push(HEX[usize::from(b >> 4)] as char);
        out.push(HEX[usize::from(b & 15)] as char);
    }
}
