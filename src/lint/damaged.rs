//! Characters that were damaged on their way: UTF-8 that something took for another encoding.
//!
//! A sign is damaged when it stands as what its bytes are in Windows-1252, Latin-1 or Thai (TIS-620). Several signs become
//! the same, so that the likely originals are listed and nothing is mended. Real text in any language says nothing here:
//! Thai letters are signs of damage only in a text without a single Thai word, accents only beside what no word has.

use std::ops::Range;
use std::sync::LazyLock;

use super::codes;
use super::text::Text;
use crate::diag::{Diagnostic, Sink};
use crate::source::Span;

/// Signs that policies use and that get damaged.
const SIGNS: &str =
    "→—–’“”•…≥≤←↔⇒↑↓≠≈×÷±−°€£§©®™·‘„«»✓✔☐☑■●éèêëáàâäãåçíìîïñóòôöõøúùûüýÿßÉÈÊÁÀÂÄÅÇÍÓÖÜÚØÑæÆœŒšŠžŽ½¼¾²³¹ºªµ¿¡\u{a0}";

/// How bytes were taken for characters.
type Encoding = fn(u8) -> Option<char>;

const ENCODINGS: [Encoding; 3] = [windows_1252, latin_1, thai];

/// Windows-1252; its five bytes without a character were dropped.
fn windows_1252(byte: u8) -> Option<char> {
    const HIGH: [char; 32] = [
        '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘', '’', '“', '”',
        '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => Some(HIGH[usize::from(byte - 0x80)]).filter(|c| *c != '\0'),
        _ => Some(char::from(byte)),
    }
}

/// Latin-1; its control characters were dropped.
fn latin_1(byte: u8) -> Option<char> {
    (!(0x80..=0x9f).contains(&byte)).then(|| char::from(byte))
}

/// TIS-620; its control characters were dropped.
fn thai(byte: u8) -> Option<char> {
    match byte {
        0x80..=0xa0 => None,
        0xa1..=0xda | 0xdf..=0xfb => char::from_u32(0x0e00 + u32::from(byte) - 0xa0),
        0xdb..=0xff => None,
        _ => Some(char::from(byte)),
    }
}

/// What a sign becomes.
fn damage(sign: char, encoding: Encoding) -> String {
    sign.encode_utf8(&mut [0; 4]).bytes().filter_map(encoding).collect()
}

/// What signs become, and which ones.
struct Table(Vec<(String, char)>);

impl Table {
    fn get() -> &'static Self {
        static TABLE: LazyLock<Table> = LazyLock::new(Table::new);
        &TABLE
    }

    fn new() -> Self {
        let mut list: Vec<(String, char)> =
            SIGNS.chars().flat_map(|sign| ENCODINGS.map(|encoding| (damage(sign, encoding), sign))).collect();
        list.sort_by_key(|(damaged, _)| std::cmp::Reverse(damaged.len()));
        list.dedup();
        Self(list)
    }

    /// The signs that become this, in the order in which people use them.
    fn originals(&self, damaged: &str) -> Vec<char> {
        let mut list: Vec<char> = Vec::new();
        for sign in self.0.iter().filter(|(d, _)| d == damaged).map(|(_, sign)| *sign) {
            if !list.contains(&sign) {
                list.push(sign);
            }
        }
        list
    }
}

pub(super) fn check(text: &Text<'_>, sink: &mut Sink) {
    if text.source.is_ascii() && !text.source.contains('?') {
        return;
    }
    for place in found(text.source) {
        let shown = &text.source[place.range.clone()];
        sink.push(
            Diagnostic::new(
                &codes::DAMAGED,
                text.version.file,
                Span::new(place.range.start, place.range.end),
                format!("`{shown}` is a damaged character"),
            )
            .label(place.what)
            .help(help(&place.originals)),
        );
    }
}

fn help(originals: &[char]) -> String {
    let known: Vec<String> = originals
        .iter()
        .take(6)
        .map(|c| if *c == '\u{a0}' { "a space that does not break".to_owned() } else { format!("`{c}`") })
        .collect();
    match known.as_slice() {
        [] => "look it up in the document this text was copied from, and write it again".to_owned(),
        [only] => format!("it probably was {only}; compare the document this text was copied from"),
        [rest @ .., last] => format!(
            "it may have been {} or {last}; nothing is mended by itself, so compare the document this text was copied from",
            rest.join(", ")
        ),
    }
}

/// A damaged place.
struct Place {
    range: Range<usize>,
    what: &'static str,
    originals: Vec<char>,
}

fn found(text: &str) -> Vec<Place> {
    // In UTF-8 Thai letters begin with this byte.
    let real_thai = text.as_bytes().contains(&0xe0) && text.split(|c| !is_thai(c)).any(|run| run.chars().count() >= 4);
    let mut places: Vec<Place> = Vec::new();
    let mut at = 0;
    while let Some(next) = text.as_bytes()[at..].iter().position(|b| !b.is_ascii() || *b == b'?').map(|n| at + n) {
        let c = text[next..].chars().next().unwrap_or(' ');
        match place_at(text, next, c, real_thai) {
            Some(place) => {
                at = place.range.end;
                match places.last_mut().filter(|last| last.range.end == place.range.start) {
                    // Damaged twice: one place, whose original the first step back does not tell.
                    Some(last) => {
                        last.range.end = place.range.end;
                        last.originals.clear();
                    }
                    None => places.push(place),
                }
            }
            None => at = next + c.len_utf8(),
        }
    }
    places
}

fn place_at(text: &str, at: usize, c: char, real_thai: bool) -> Option<Place> {
    let rest = &text[at..];
    let place =
        |length: usize, what: &'static str, originals: Vec<char>| Place { range: at..at + length, what, originals };
    match c {
        '\u{fffd}' => {
            let length = rest.len() - rest.trim_start_matches('\u{fffd}').len();
            Some(place(length, "a character that could not be read when this text was converted", Vec::new()))
        }
        _ if is_thai(c) => {
            let length = rest.find(|c| !is_thai(c)).unwrap_or(rest.len());
            (!real_thai).then(|| {
                let originals = between(text, at, length, Table::get().originals(&rest[..length]));
                place(length, "a lone Thai letter in a text that is not Thai", originals)
            })
        }
        'â' | 'Ã' | 'Â' | 'Å' | 'Ä' => latin(text, at, c).map(|(length, originals)| {
            place(length, "what an accent or sign becomes when UTF-8 is taken for Latin text", originals)
        }),
        'в' | '‚' | '鈥' | 'β' if ["вЂ", "‚Ä", "鈥", "β€"].iter().any(|sign| rest.starts_with(sign)) => {
            let length = rest.chars().take(3).take_while(|c| !c.is_ascii()).map(char::len_utf8).sum();
            Some(place(
                length,
                "what a dash or quotation mark becomes in another alphabet",
                vec!['—', '–', '’', '“', '”'],
            ))
        }
        '?' => lost_apostrophe(text, at).then(|| place(1, "a sign within a word was lost", vec!['’'])),
        _ => None,
    }
}

/// Thai letters and marks; neither digits nor the sign of the currency, which other texts use, too.
fn is_thai(c: char) -> bool {
    matches!(c, '\u{0e01}'..='\u{0e3a}' | '\u{0e40}'..='\u{0e4e}')
}

/// Of signs that become the same, those that fit the place: within a word an apostrophe, elsewhere none.
fn between(text: &str, at: usize, length: usize, mut originals: Vec<char>) -> Vec<char> {
    let before = text[..at].chars().next_back();
    let after = text[at + length..].chars().next();
    let inside = before.is_some_and(char::is_alphabetic) && after.is_some_and(char::is_alphabetic);
    let fits: Vec<char> = originals.iter().copied().filter(|c| matches!(c, '’' | '‘') == inside).collect();
    if !fits.is_empty() {
        originals = fits;
    }
    originals
}

/// What may stand after the last letter of a word.
const CLOSING: &str = "“”‘’»«…–—›‹\u{a0}„‚·•";

/// How long a damaged sign is that begins with one of the letters that UTF-8 begins with in Latin text.
fn latin(text: &str, at: usize, first: char) -> Option<(usize, Vec<char>)> {
    let rest = &text[at..];
    let before = text[..at].chars().next_back().unwrap_or(' ');
    let second = rest.chars().nth(1).unwrap_or(' ');
    // `IRMÃ»` ends a quotation in Portuguese; `Ã»` inside a word is a damaged û.
    let closing = CLOSING.contains(second) && !rest.chars().nth(2).is_some_and(char::is_alphabetic);
    let may_end_a_word = match first {
        'Â' => before.is_uppercase() || !(before.is_lowercase() || "\u{a0}·«»".contains(second)),
        'â' => false,
        _ => !before.is_lowercase(),
    };
    if closing && may_end_a_word {
        return None;
    }
    let table = Table::get();
    let longest = table.0.iter().find(|(damaged, _)| damaged.chars().count() > 1 && rest.starts_with(damaged.as_str()));
    if let Some((damaged, _)) = longest {
        return Some((damaged.len(), table.originals(damaged)));
    }
    if rest.starts_with("â€") {
        return Some(("â€".len(), vec!['”', '—', '’']));
    }
    // A capital right after a small letter, and no letter after it: half of what became of a sign.
    if matches!(first, 'Ã' | 'Â')
        && !second.is_alphabetic()
        && (before.is_lowercase() || before.is_ascii_digit() || before == '.')
    {
        let original = if first == 'Ã' { 'à' } else { '\u{a0}' };
        return Some((first.len_utf8(), vec![original]));
    }
    // An arrow or a dash of which only the first byte is left; `â` alone is no word in any language that has it.
    let alone =
        first == 'â' && before == ' ' && second == ' ' && text[..at - 1].ends_with(|c: char| c.is_ascii_alphanumeric());
    alone.then(|| (first.len_utf8(), between(text, at, first.len_utf8(), table.originals("â"))))
}

/// `don?t`: an apostrophe became a question mark.
fn lost_apostrophe(text: &str, at: usize) -> bool {
    let word: &str = text[..at].rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    let outside = text[..at - word.len()].chars().next_back().is_none_or(|c| matches!(c, ' ' | '\n' | '(' | '*' | '"'));
    let rest = &text[at + 1..];
    let tail = &rest[..rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len())];
    let ends = !rest[tail.len()..].starts_with(['=', '/', '_', '-', '.']) || rest[tail.len()..].starts_with(". ");
    outside
        && ends
        && word.ends_with(|c: char| c.is_ascii_lowercase())
        && matches!(tail, "s" | "t" | "re" | "ve" | "ll" | "d")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(text: &str) -> Vec<(&str, String)> {
        found(text).into_iter().map(|p| (&text[p.range], p.originals.into_iter().collect())).collect()
    }

    fn only(text: &str) -> Vec<&str> {
        places(text).into_iter().map(|(shown, _)| shown).collect()
    }

    #[test]
    fn thai_letters_in_an_english_text_are_damage() {
        let found = places("Submit โ the engineer asks at least โฅ24 hours before; the companyโs log.");
        assert_eq!(found[0].0, "โ");
        assert!(found[0].1.starts_with("→") && found[0].1.contains('—') && !found[0].1.contains('’'), "{}", found[0].1);
        assert_eq!(found[1], ("โฅ", "≥".to_owned()));
        assert!(found[2].1.contains('’') && !found[2].1.contains('→'), "{}", found[2].1);
    }

    #[test]
    fn utf_8_taken_for_latin_text_is_damage() {
        assert_eq!(places("the companyâ€™s log"), [("â€™", "’".to_owned())]);
        for (text, sign) in [
            ("a cafÃ© here", "Ã©"),
            ("Ã¼ber", "Ã¼"),
            ("10Â years", "Â"),
            ("5Â\u{a0}km", "Â\u{a0}"),
            ("Â© us", "Â©"),
            ("Â§ 4", "Â§"),
            ("a â†’ b", "â†’"),
            ("â‰¥ 2", "â‰¥"),
            ("done â€” now", "â€”"),
            ("â€œquoted", "â€œ"),
            ("endâ€", "â€"),
            ("next â step", "â"),
            ("voilÃ , there", "Ã"),
            ("thatâ€¦", "â€¦"),
            ("co\u{fffd}\u{fffd}te", "\u{fffd}\u{fffd}"),
            ("we don?t know", "?"),
            ("the company?s log", "?"),
            ("РїСЂ вЂ” x", "вЂ”"),
            ("a ‚Äì b", "‚Äì"),
            ("itÃ¢â‚¬â„¢s", "Ã¢â‚¬â„¢"),
        ] {
            assert_eq!(only(text), [sign], "{text}");
        }
    }

    #[test]
    fn each_place_is_one() {
        assert_eq!(only("naÃ¯vetÃ© â†’ x"), ["Ã¯", "Ã©", "â†’"]);
    }

    #[test]
    fn real_languages_say_nothing() {
        for text in [
            "การเปลี่ยนแปลงทุกครั้งต้องได้รับอนุมัติก่อน และบันทึกไว้ ต่าง ๆ ก. ข. ค.",
            "Chaque changement est approuvé avant sa mise en œuvre : « déjà », à l’âge où l’on était prêt… où ça ?",
            "Jede Änderung wird vor der Auslieferung geprüft – größere Änderungen übernimmt die Leitung. „Straße“, 5 € § 4.",
            "Mọi thay đổi phải được phê duyệt trước; Âu và Ấn, NHÃ NHẶN, â và ê là chữ cái.",
            "A IRMÃ, a «IRMû, AMANHÃ – a maçã não está lá; “MANHÔ.",
            "Zmiany są zatwierdzane; łódź, źdźbło. Změny jsou schváleny. Schimbările în România: ÎN CÂMP, rău.",
            "Ändringar godkänns på Åland; “Å” är en bokstav. Ærlig øl på åen.",
            "Каждое изменение утверждается; Љубљана, Ђорђе в Ђаково.",
            "Κάθε αλλαγή εγκρίνεται.",
            "変更は承認されます。所有变更都需要批准。모든 변경은 승인됩니다.",
            "Mỗi ฿500 fee; ๒๕๖๙. Why? See https://x.example/a?s=1 and page?d=2. Really? So?",
            "Jusqu’à 5 °C, 3 × 4 ± 1 → 2 ≥ 1 — “quoted” • item ™ © ®",
        ] {
            assert_eq!(only(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn every_sign_is_found_in_every_disguise() {
        let table = Table::get();
        for sign in "→≥—“éüñß".chars() {
            let damaged = damage(sign, windows_1252);
            assert_eq!(table.originals(&damaged).first(), Some(&sign), "{damaged}");
        }
    }
}
