//! The kinds of mistakes a YAML text can have. Wording of single findings is `mend`'s.

use crate::diag::Code;

macro_rules! codes {
    ($($name:ident = $make:ident($word:literal, $meaning:literal);)*) => {
        $(#[doc = $meaning] pub static $name: Code = Code::$make(concat!("yaml/", $word), $meaning);)*

        /// All codes of the family `yaml/…`.
        pub static CODES: &[&Code] = &[$(&$name),*];
    };
}

codes! {
    ALIAS = error("alias", "An alias (`*name`) is refused: every value is written where it is meant, so that a line can be read by itself.");
    ANCHOR = error("anchor", "An anchor (`&name`) is refused: every value is written where it is meant, so that a line can be read by itself.");
    COLON_IN_VALUE = error("colon-in-value", "Text without quotes holds a colon followed by a space, which would begin another value. Quote the text.");
    COMMENT_IN_VALUE = warning("comment-in-value", "Text without quotes holds ` #`: the rest of the line is read as a comment and silently lost. Quote the text if it belongs to it.");
    COMPLEX_KEY = error("complex-key", "A key that is a list, a map or introduced by `?` is refused: keys are words.");
    CONTROL_CHARACTER = error("control-character", "An escape in double quotes stands for a control character, which no page or report can show.");
    DIRECTIVE = error("directive", "A line that begins with `%` is a directive; only `%YAML`, followed by `---`, is read.");
    DUPLICATE_KEY = error("duplicate-key", "A key stands twice in one map. Which value is meant cannot be known; the first is kept.");
    ESCAPE = error("escape", "A backslash in double quotes is followed by something that is no escape.");
    HIDDEN_CHARACTER = warning("hidden-character", "A text holds a character that is not seen or that turns the text around it, so that people read something else than what stands there.");
    INDENTATION = error("indentation", "A line is indented so that it belongs to nothing above it.");
    LINE_SEPARATOR = warning("line-separator", "A text holds one of the characters U+0085, U+2028 and U+2029, which some programs show as a line end and others not at all.");
    LIST_PLACEMENT = error("list-placement", "A list item stands where a key or a value is expected.");
    MERGE_KEY = error("merge-key", "The merge key `<<` is refused: every value is written where it is meant.");
    MISSING_COLON = error("missing-colon", "A line in a map has no colon after its key.");
    MISSING_COMMA = error("missing-comma", "Two entries of a list or map in brackets are not separated by one comma.");
    MISSING_KEY = error("missing-key", "A value has a colon but no key before it.");
    MISSING_SPACE = error("missing-space", "A colon or a dash is not followed by a space, so that it does not count as one.");
    RESERVED = error("reserved", "Text without quotes begins with a character that has a meaning of its own in YAML. Quote the text.");
    BLOCK_HEADER = error("block-header", "After `|` or `>` only `+`, `-`, a digit from 1 to 9 and a comment may stand; the text begins on the next line.");
    STRAY_TEXT = error("stray-text", "Something stands where the value before it has already ended.");
    TAB = error("tab", "A line is indented with a tab. YAML counts spaces only.");
    TAG = error("tag", "A tag (`!name`) is refused: each field says what it wants.");
    TOO_DEEP = error("too-deep", "Maps and lists are nested deeper than any document of a site needs.");
    TOO_LARGE = error("too-large", "A document holds more values than any document of a site needs; the rest of the file is not read.");
    UNCLOSED_BRACKET = error("unclosed-bracket", "A list or map in brackets is not closed.");
    UNCLOSED_QUOTE = error("unclosed-quote", "A text in quotes is not closed.");
}
