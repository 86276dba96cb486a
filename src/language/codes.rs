//! What can be wrong with a language file, and with what a template asks of it.

use crate::diag::Code;

/// A phrase that cannot be shown as it is written.
pub static WRONG_PHRASE: Code = Code::error(
    "theme/wrong-phrase",
    "A phrase of a language file has a placeholder that nothing fills, forms that nothing counts, or is no text.",
);
/// A phrase that leaves out what the one it replaces says.
pub static LOST_PLACEHOLDER: Code = Code::warning(
    "theme/lost-placeholder",
    "A phrase of a language file leaves a placeholder out, so that a page no longer says what stood there.",
);
/// A phrase that a template asks for and no language file has.
pub static UNKNOWN_PHRASE: Code =
    Code::error("theme/unknown-phrase", "A template asks for a phrase that no language file has.");
/// A phrase that nothing shows.
pub static UNUSED: Code = Code::warning(
    "theme/unused-phrase",
    "A phrase of the site's own takes the place of none that is built in, and no template asks for it.",
);
/// Phrases that are English for want of others.
pub static MISSING: Code = Code::warning(
    "theme/missing-phrases",
    "Phrases of the interface are not there in the site's language; English ones stand in their place.",
);

/// All codes of this layer.
pub static CODES: &[&Code] = &[&WRONG_PHRASE, &LOST_PLACEHOLDER, &UNKNOWN_PHRASE, &UNUSED, &MISSING];
