//! The codes of everything that keeps an export from being imported.

use crate::diag::Code;

macro_rules! codes {
    ($($name:ident = $level:ident($code:literal, $meaning:literal);)+) => {
        $(pub(super) static $name: Code = Code::$level($code, $meaning).unlowerable();)+
        /// All codes of this layer.
        pub static CODES: &[&Code] = &[$(&$name),+];
    };
}

codes! {
    SYNTAX = error("import/syntax", "An export is not well-formed JSON or CSV. Nothing of it is imported, because what is missing from it is not known.");
    NOTHING_KNOWN = error("import/nothing-known", "An export holds something that is not what its system writes about changes.");
    NO_ID = error("import/no-id", "A change of an export states no number or key from which its record could have an id.");
    NO_TYPE = error("import/no-type", "An export does not say of which type a change is, and the policy has several.");
    TOO_LARGE = error("import/too-large", "The record of a change would be longer than records are read.");
    NO_ZONE = error("import/no-zone", "A time of an export has no zone, so that nobody knows which instant it is.");
}
