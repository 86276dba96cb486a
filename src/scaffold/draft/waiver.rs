//! A new waiver: all of it a comment until somebody has approved it, so that it lifts nothing before.

use jiff::Timestamp;

use super::{explained, instant};
use crate::model::{Calendar, PolicyVersion, Rule};
use crate::source::SourceSet;

/// What a new waiver is made from.
#[derive(Clone, Copy)]
pub struct NewWaiver<'n> {
    /// Its id.
    pub id: &'n str,
    /// The policy's newest version.
    pub version: &'n PolicyVersion,
    /// The rule it lifts.
    pub rule: &'n Rule,
    /// The changes it covers, if they are known.
    pub changes: &'n [String],
    /// Who asks for it, if that is known.
    pub author: Option<&'n str>,
    /// Now.
    pub now: Timestamp,
    /// The site's calendar, in whose zone times are written.
    pub calendar: &'n Calendar,
    /// Where clauses stand.
    pub sources: &'n SourceSet,
}

/// The waiver's text, without the line for editors.
pub fn waiver(new: NewWaiver<'_>) -> String {
    let (version, rule) = (new.version, new.rule);
    let clause = version.clause_of(rule);
    let (line, _) = new.sources.position(version.at(clause.map_or(rule.span, |c| c.span)));
    let path = new.sources.file(version.file).path();
    let promise = clause.map_or_else(|| crate::judge::in_plain_words(rule), |c| c.text.clone());
    let mut text = explained("## ", &format!("An exception to “{promise}” ({path}:{line})."));
    text += &explained(
        "## ",
        "It counts for nothing while its lines are comments. Once somebody has approved it who neither asks for it nor wrote the change, take the # and the blank after it away from every line and say who and when.",
    );
    let changes = if new.changes.is_empty() {
        "# changes: [CHANGE-ID]          # or where: {type: emergency, systems: [gateway]}".to_owned()
    } else {
        format!("# changes: [{}]", new.changes.join(", "))
    };
    text += &format!(
        "
# id: {id}
# rule: {rule}
# policy: {policy}
{changes}
# reason:                       # why the rule cannot be kept
# requested_by: {author}
# approved_by:                  # neither who asks nor an author of the change
# approved_at:                  # when, as in {now}
# compensating_control:         # what is done instead
# expires:                      # the last day on which it covers what falls due, as in {day}
",
        id = new.id,
        rule = rule.id,
        policy = version.id,
        author = new.author.unwrap_or("              # who asks for it"),
        now = instant(new.calendar, new.now),
        day = new.calendar.day(new.now),
    );
    text
}
