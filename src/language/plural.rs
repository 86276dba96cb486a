//! Which form of a phrase goes with a whole number, as Unicode's CLDR has it, for the languages people are likely to
//! bring; any other tells one from the rest, as English does. A language that needs more forms than its file has falls
//! back to `other`.

/// A form that a number takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// None at all, where a language has a form for it.
    Zero,
    /// One, and in some languages 21, 31.
    One,
    /// Two.
    Two,
    /// A few.
    Few,
    /// Many.
    Many,
    /// All the rest.
    Other,
}

impl Form {
    /// All of them, in the order in which a file lists them.
    pub const EVERY: [Self; 6] = [Self::Zero, Self::One, Self::Two, Self::Few, Self::Many, Self::Other];

    /// As a language file writes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Zero => "zero",
            Self::One => "one",
            Self::Two => "two",
            Self::Few => "few",
            Self::Many => "many",
            Self::Other => "other",
        }
    }
}

/// The form that goes with a number in a language.
pub(super) fn form(tag: &str, n: u64) -> Form {
    let primary = tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    let (tens, ones) = (n % 100, n % 10);
    let teens = (11..=14).contains(&tens);
    match (primary.as_str(), n) {
        ("ja" | "zh" | "ko" | "vi" | "th" | "id" | "ms" | "lo" | "my" | "yue", _) => Form::Other,
        ("fr" | "pt" | "hy" | "hi" | "bn" | "fa" | "am" | "gu" | "kn" | "zu", 0 | 1) => Form::One,
        ("ar", 0) => Form::Zero,
        ("ar" | "he" | "ga" | "gd" | "sl" | "cy", 2) if primary != "sl" => Form::Two,
        ("ar", _) if (3..=10).contains(&tens) => Form::Few,
        ("ar", n) if n > 2 && tens > 10 => Form::Many,
        ("ru" | "uk" | "be" | "sr" | "hr" | "bs", _) if ones == 1 && tens != 11 => Form::One,
        ("ru" | "uk" | "be" | "sr" | "hr" | "bs", _) if (2..=4).contains(&ones) && !teens => Form::Few,
        ("ru" | "uk" | "be", _) => Form::Many,
        ("sr" | "hr" | "bs", _) => Form::Other,
        ("cs" | "sk", 2..=4) => Form::Few,
        ("pl", n) if n != 1 && (2..=4).contains(&ones) && !teens => Form::Few,
        ("pl", n) if n != 1 => Form::Many,
        ("lt", _) if ones == 1 && tens != 11 => Form::One,
        ("lt", _) if ones >= 2 && !(11..=19).contains(&tens) => Form::Few,
        ("lt", _) => Form::Other,
        ("ro", n) if n == 0 || n != 1 && (1..=19).contains(&tens) => Form::Few,
        ("sl", _) if tens == 1 => Form::One,
        ("sl", _) if tens == 2 => Form::Two,
        ("sl", _) if tens == 3 || tens == 4 => Form::Few,
        ("sl", _) => Form::Other,
        (_, 1) => Form::One,
        _ => Form::Other,
    }
}
