//! The codes of everything a document can get wrong when it is read.

use crate::diag::Code;

macro_rules! codes {
    ($($name:ident = $level:ident($code:literal, $meaning:literal);)+) => {
        $(pub(crate) static $name: Code = Code::$level($code, $meaning);)+
        /// All codes of this layer.
        pub static CODES: &[&Code] = &[$(&$name),+];
    };
}

codes! {
    UNKNOWN_KEY = error("record/unknown-key", "A document has a key that its kind of document does not know. A misspelt key would otherwise be a fact that nobody reads.");
    MISSING_KEY = error("record/missing-key", "A document lacks a key that it cannot do without.");
    WRONG_TYPE = error("record/wrong-type", "A value has another shape than its key wants: a list where a word belongs, a word where a map belongs.");
    SECRET = error("record/secret", "A document holds what looks like a key, a token or a password. Its value is shown nowhere, and nothing is published while it stands there.");
    BAD_ID = error("record/bad-id", "An id is not one by the grammar. Ids become file names and addresses, so that they hold only letters, digits, dots, underscores and hyphens.");
    BAD_WORD = error("record/bad-word", "A short word is too long, runs over several lines, or holds characters that are not seen.");
    BAD_LINK = error("record/bad-link", "An address is not one that a reader could follow: it begins with neither https:// nor http://.");
    BAD_TIME = error("record/bad-time", "A time is not an instant. It is written as RFC 3339 with an offset or Z, because a time without a zone is a different instant for every reader.");
    BAD_DATE = error("record/bad-date", "A date is not a day of the calendar, or not written as YYYY-MM-DD.");
    BAD_DURATION = error("record/bad-duration", "A duration is not a number and a unit in words.");
    UNKNOWN_WORD = error("record/unknown-word", "A word is none of the words that may stand there. The vocabularies are closed so that a misspelling never makes a rule vanish.");
    BLANK_ITEM = error("record/blank-item", "An item of a list says nothing.");
    UNKNOWN_POLICY = error("record/unknown-policy", "A record or waiver names a policy that the site does not have, or names none where the site has no default.");
    UNKNOWN_TYPE = error("record/unknown-type", "The type that a record or waiver names is none of the types its policy defines.");
    UNKNOWN_PERSON = error("record/unknown-person", "Somebody in a record is not in people.yaml. Nobody knows who that is, so that what they did does not count.");
    UNKNOWN_RULE = error("record/unknown-rule", "A record gives a reason for a rule that its policy does not have.");
    DUPLICATE_ID = error("record/duplicate-id", "Two documents have the same id, or ids that differ only in case, so that one would take the other's place.");
    LOG = error("deployments/not-read", "A deployment log is not CSV with a header, or a line of it does not fit the header, so that nobody knows what was deployed.");
    EMPTY_FILE = warning("record/empty-file", "A file that should hold documents holds none.");
    UNKNOWN_WAIVED_RULE = error("waiver/unknown-rule", "A waiver names a rule that its policy does not have.");
    UNKNOWN_WAIVED_CHANGE = error("waiver/unknown-change", "A waiver names a change that has no record.");
    NO_SCOPE = error("waiver/no-scope", "A waiver says neither which changes it covers nor where it holds.");
    CLOSED = error("quarter/bad-closing", "A file of closed/ does not hold what `tickmark close` writes: another quarter than its name says, two documents, a digest that is none. What was signed off cannot be held against what is found today.");
    NO_TITLE = warning("policy/no-title", "A policy has neither a title in its front matter nor a heading.");
    UNCLOSED_FRONT = error("policy/unclosed-front-matter", "Front matter begins with a line of three hyphens and never ends with another.");
    PLACEHOLDER = warning("text/placeholder", "A policy has a place that was never filled in: `[Date]`, `[X years]`, TBD, `{{ name }}`. What stands there is not known; in the front matter it counts as missing, and a rule that needs it is unknown.");
    MISSING_METADATA = warning("policy/missing-metadata", "A policy does not say its version, from when it holds, who may read it, who owns it, who approved it or when it is reviewed.");
    NOT_YET = note("policy/not-yet-in-force", "A policy takes effect on a later day.");
    BACKDATED = warning("policy/backdated", "A version of a policy was committed after the day on which it says to take effect, so that nobody could know what was asked.");
    UNREADABLE_VERSION = note("policy/unreadable-version", "A past version of a policy cannot be read as policies are written today. What it would judge is unknown.");
    REVIEW_OVERDUE = warning("policy/review-overdue", "A policy was not reviewed in the time that it sets itself.");
    DATES = warning("policy/dates-out-of-order", "A policy's dates contradict each other: approved after it took effect, or reviewed in the future.");
    UNHELD_ROLE = warning("policy/unheld-role", "A rule asks for a role that nobody in people.yaml ever held, so that no record can keep it.");
    UNKNOWN_CLAUSE = error("policy/unknown-clause", "A rule, or a control that the policy implements, points at a clause that its text does not have.");
    UNKNOWN_FIELD = error("policy/unknown-field", "A rule asks for a field that records do not have.");
    UNKNOWN_REFERENCE = error("policy/unknown-reference", "A rule names a type or window that the policy does not define.");
    CHECKS = error("policy/one-check", "A rule has no check, or more than one. Each rule asks one thing.");
    CHECK_PARTS = error("policy/incomplete-check", "A check lacks a part that it cannot do without, or has parts that contradict each other.");
    DUPLICATE_RULE = error("policy/duplicate-rule", "Two rules of a policy have the same id.");
    ALIAS = error("policy/bad-alias", "An alias is not a path on the site.");
    LIST_POLICY = warning("content/unknown-policy", "A list of content/data names a policy that is not public, or a clause that the policy does not have. The site shows the entry without the link.");
    LIST_ID = error("content/duplicate-id", "Two entries of a list have the same id, so that links and feeds would take one for the other.");
    LIST_DATES = warning("content/dates-out-of-order", "The dates of an entry contradict each other: it ends before it begins.");
    LIST_EXPIRED = warning("content/expired", "A certificate that the site lists has expired. The site says so beside it.");
    LIST_NOTICE = warning("content/short-notice", "A sub-processor receives data sooner after it was announced than the site promises its customers.");
    LIST_UNUSED = warning("content/unused-list", "A list of content/data is shown on no page: it is none that tickmark knows, and no page has its name.");
    SITE_KEY = error("site/bad-value", "tickmark.yaml says something that cannot be.");
    SECURITY_TXT = warning("site/security-txt", "security.txt is out of date, so that those who find a weakness must not trust it, or it is not made because no day is named on which it ends.");
    UNKNOWN_TARGET = warning("site/unknown-target", "tickmark.yaml sets a target for something that is neither a rule of any policy nor a figure, so that no report shows it.");
    UNKNOWN_CODE = error("site/unknown-code", "tickmark.yaml sets the level of a code that tickmark does not have, or of one that may not be lowered.");
}
