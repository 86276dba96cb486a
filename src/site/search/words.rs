//! Words as they are looked for: small letters without accents. `search.js` reads queries the same way.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Words of English that stand everywhere and tell nothing apart.
const FILLER: [&str; 32] = [
    "the", "of", "and", "to", "in", "a", "is", "for", "or", "by", "be", "are", "as", "on", "it", "that", "this",
    "with", "at", "an", "from", "not", "we", "our", "its", "was", "has", "have", "which", "what", "how", "when",
];

/// Whether a word is not looked for in texts of this language.
pub(super) fn is_filler(word: &str, language: &str) -> bool {
    language.starts_with("en") && FILLER.contains(&word)
}

/// The words of a text, each with whether it is one of a heading.
pub(super) fn of_text(text: &str, heading: bool) -> Vec<(String, bool)> {
    let folded = if text.is_ascii() {
        text.to_ascii_lowercase()
    } else {
        text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
    };
    let mut words = Vec::new();
    let joins = |c: char| matches!(c, '.' | '-' | '\u{2010}' | '\u{2011}' | '\'' | '\u{2019}' | '_');
    for run in folded.split(|c: char| !c.is_alphanumeric() && !joins(c)) {
        let run = run.trim_matches(joins);
        if run.is_empty() {
            continue;
        }
        let joined = run.contains(joins);
        if joined && run.contains(|c: char| c.is_numeric()) {
            words.push(run.replace(['\u{2010}', '\u{2011}'], "-"));
        }
        // `8.1` is no two words, and `a.8.32` is known as `8.32`.
        let dotted = |part: &str| part.contains('.') && part.contains(|c: char| c.is_numeric());
        for part in run.split(|c: char| joins(c) && c != '.') {
            if dotted(part) {
                let tail = part.trim_start_matches(|c: char| c.is_alphabetic()).trim_start_matches('.');
                words.extend([part, tail].into_iter().filter(|w| joined && *w != run).map(str::to_owned));
            } else {
                words.extend(part.split('.').filter(|w| !w.is_empty()).map(str::to_owned));
            }
        }
    }
    words.retain(|word| word.chars().count() > 1 || word.contains(|c: char| c.is_numeric() || c > '\u{2e7f}'));
    words.into_iter().map(|word| (word, heading)).collect()
}

/// Every way of writing a control: `SOC 2` and `CC8.1` are found by `cc 8.1`, `SOC2:CC8.1`, `soc 2 cc8.1`.
pub(super) fn of_control(framework: &str, control: &str) -> Vec<(String, bool)> {
    let mut words = of_text(&format!("{framework} {control}"), true);
    let bare =
        |text: &str| text.to_lowercase().chars().filter(|c| c.is_alphanumeric() || *c == '.').collect::<String>();
    let (whole, lower) = (bare(control), control.to_lowercase());
    let letters: String = whole.chars().take_while(|c| c.is_alphabetic()).collect();
    let number = whole[letters.len()..].trim_start_matches('.').to_owned();
    let framework =
        [bare(framework), framework.to_lowercase().replace(' ', "-"), framework.to_lowercase().replace(' ', "")];
    words.extend([whole, lower, letters, number].into_iter().chain(framework).map(|word| (word, true)));
    words.retain(|(word, _)| !word.is_empty() && !word.contains(' '));
    words
}
