//! The fonts that papers are set in: built in, so that a paper looks the same wherever it is made.
//!
//! Ledger Serif (Source Serif 4 by another name, as its licence asks of changed files), Inter and `JetBrains` Mono are under
//! the SIL Open Font License, `DejaVu` Sans under its own free one (`fonts/`). They cover Latin, Greek, Cyrillic, Hebrew,
//! Arabic and symbols. Does not look for fonts of the machine's.

use std::sync::LazyLock;

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

const FILES: [&[u8]; 7] = [
    include_bytes!("fonts/LedgerSerif-400-normal.ttf"),
    include_bytes!("fonts/LedgerSerif-400-italic.ttf"),
    include_bytes!("fonts/LedgerSerif-600-normal.ttf"),
    include_bytes!("fonts/Inter-400-normal.ttf"),
    include_bytes!("fonts/Inter-600-normal.ttf"),
    include_bytes!("fonts/JetBrainsMono-400-normal.ttf"),
    include_bytes!("fonts/DejaVuSans-symbols.ttf"),
];

/// What stands for a character that no font has.
pub(super) const MISSING: char = '\u{25a1}';

/// The fonts, read once.
pub(super) struct Fonts {
    pub(super) book: LazyHash<FontBook>,
    pub(super) fonts: Vec<Font>,
    /// Which characters of the first planes a font has.
    covered: Vec<bool>,
}

static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
    let fonts: Vec<Font> = FILES.iter().filter_map(|file| Font::new(Bytes::new(*file), 0)).collect();
    let mut covered = vec![false; 0x2_0000];
    for font in &fonts {
        for character in font.info().coverage.iter() {
            if let Some(place) = covered.get_mut(character as usize) {
                *place = true;
            }
        }
    }
    Fonts { book: LazyHash::new(FontBook::from_fonts(&fonts)), fonts, covered }
});

/// The fonts.
pub(super) fn fonts() -> &'static Fonts {
    &FONTS
}

/// Whether a font has this character, and the archive format allows it.
pub(super) fn is_covered(character: char) -> bool {
    let private = matches!(character, '\u{e000}'..='\u{f8ff}');
    !private && fonts().covered.get(character as usize).copied().unwrap_or(false)
}
