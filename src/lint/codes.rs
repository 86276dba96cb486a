//! The codes of everything that reading a policy's text can find.

use crate::diag::Code;

macro_rules! codes {
    ($($name:ident = $level:ident($code:literal, $meaning:literal);)+) => {
        $(pub(crate) static $name: Code = Code::$level($code, $meaning);)+
        /// All codes of this layer.
        pub static CODES: &[&Code] = &[$(&$name),+];
    };
}

codes! {
    DAMAGED = warning("text/damaged", "Characters of a text were damaged when it was copied or converted: an arrow became a Thai letter, an accent two strange signs. It is never mended by itself, because several signs become the same, and a lost `≥` may turn a rule around.");
    VERSION_TABLE = warning("text/version-table", "The table of versions in a policy's text contradicts its front matter, or one of its rows lacks its author or its date.");
    DATE_DIFFERS = warning("text/date-differs", "A date or a version that a policy's text states is another than its front matter says.");
    UNKNOWN_DOCUMENT = warning("text/unknown-document", "A text refers to a policy that the site does not have.");
    UNKNOWN_SECTION = warning("text/unknown-section", "A text refers to a section, clause or anchor that the document it names does not have.");
    NO_START = warning("text/deadline-without-start", "A deadline does not say what it counts from, so that nobody can say when it has passed.");
    NO_NUMBER = note("text/deadline-without-number", "Something is promised promptly, or afterwards, but nothing says by when. No rule can check it.");
    NUMBER_DIFFERS = warning("text/number-differs", "A clause states another number than the rule that checks it: readers are promised one thing and records are held to another.");
    UNKNOWN_TYPE = warning("text/unknown-type", "A policy's text names a type of change that its front matter does not define, so that no record can have it.");
    UNNAMED_TYPE = warning("text/unnamed-type", "A policy defines a type of change that its text never names, so that its readers do not know of it.");
    REVIEW_DUE = note("policy/review-due", "A policy's next review falls due within thirty days.");
    NO_INCIDENT_REVIEW = warning("policy/no-incident-review", "A policy promises a review after an incident, but its front matter does not say after which: `review.after_incident` is missing.");
}
