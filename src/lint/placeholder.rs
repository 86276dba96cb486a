//! Placeholders in a policy's text. Those in the front matter were found when it was read.

use super::text::Text;
use crate::decode::placeholder;
use crate::diag::Sink;

pub(super) fn check(text: &Text<'_>, sink: &mut Sink) {
    for passage in text.passages {
        for range in placeholder::find(&passage.text) {
            let shown = &passage.text[range.clone()];
            let shown: String = if shown.chars().count() > 60 {
                shown.chars().take(57).chain("…".chars()).collect()
            } else {
                shown.to_owned()
            };
            let found = placeholder::unfilled(text.version.file, passage.source(&range), &shown);
            sink.push(found.label("a placeholder"));
        }
    }
}
