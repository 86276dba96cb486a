//! How the numbers of a quarter are worded: value, base, what they were before, targets.

use jiff::Timestamp;

use crate::model::{Ledger, Quarter};
use crate::report::numbers::{Definition, Good, Kind, Tallied, may_have_target, meets};
use crate::report::pages::{Delta, Link, Target};
use crate::report::wording::{counted, grouped, per_mille, share, span_of};

/// The number itself: `96.2 %`, `1 day 21 hours`, `2.3 a week`.
pub(super) fn value(definition: &Definition, tallied: Tallied) -> String {
    let Tallied { n, of, median, .. } = tallied;
    match definition.kind() {
        _ if definition.id == "changes" => grouped(n),
        Kind::Share => share(n, of),
        Kind::Span => median.map_or_else(|| "–".to_owned(), length),
        Kind::Often if of == 0 => "–".to_owned(),
        Kind::Often => {
            let tenths = (n * 140 + of) / (2 * of);
            format!("{}.{} a week", tenths / 10, tenths % 10)
        }
    }
}

/// What it is a number of: `204 of 212 changes`.
pub(super) fn base(definition: &Definition, tallied: Tallied) -> String {
    let Tallied { n, of, unknown, ninetieth, .. } = tallied;
    match (definition.kind(), definition.id) {
        (_, "changes") => counted(n, "change", "changes"),
        (Kind::Often, _) => format!("{} in {}", counted(n, "deployment", "deployments"), counted(of, "day", "days")),
        (Kind::Share, "unrecorded-deployments") if of == 0 => "nothing to compare with".to_owned(),
        _ if of == 0 => format!("no {} asked", unit(definition).1),
        (Kind::Share, _) => format!("{} of {}", grouped(n), counted(of, unit(definition).0, unit(definition).1)),
        (Kind::Span, _) if of == unknown => format!("none of {} says", counted(of, "change", "changes")),
        (Kind::Span, _) => {
            let of = counted(of, "change", "changes");
            let most = ninetieth.map(|s| format!("; nine of ten within {}", length(s))).unwrap_or_default();
            format!("median of {} of {of}{most}", grouped(n))
        }
    }
}

fn unit(definition: &Definition) -> (&'static str, &'static str) {
    match definition.id {
        "unrecorded-deployments" => ("deployment", "deployments"),
        _ if definition.of_changes() => ("change", "changes"),
        _ => ("waiver", "waivers"),
    }
}

/// Value and base in one: `3.8 % (8 of 212)`.
pub(super) fn brief(definition: &Definition, tallied: Tallied) -> String {
    let Tallied { n, of, .. } = tallied;
    match definition.kind() {
        _ if definition.id == "changes" => grouped(n),
        _ if of == 0 => "–".to_owned(),
        Kind::Share => format!("{} ({} of {})", share(n, of), grouped(n), grouped(of)),
        Kind::Span => format!("{} ({} of {})", value(definition, tallied), grouped(n), grouped(of)),
        Kind::Often => format!("{} ({} in {of} days)", value(definition, tallied), grouped(n)),
    }
}

/// A length of time in its two largest units.
pub(super) fn length(seconds: i64) -> String {
    span_of(Timestamp::UNIX_EPOCH, Timestamp::from_second(seconds.max(0)).unwrap_or(Timestamp::UNIX_EPOCH))
}

/// What differs from an earlier quarter. Without a wish behind it: only a target makes a number good or bad.
pub(super) fn delta(definition: &Definition, now: Tallied, was: Tallied, than: Quarter) -> Option<Delta> {
    let text = match definition.kind() {
        Kind::Share if definition.id != "changes" => {
            let (is, was) = (per_mille(now.n, now.of)?, per_mille(was.n, was.of)?);
            let tenths = is.abs_diff(was);
            (tenths > 0).then(|| format!("{}{}.{} points on {than}", sign(is > was), tenths / 10, tenths % 10))
        }
        Kind::Span => {
            let (is, was) = (now.median?, was.median?);
            let word = if is > was { "longer" } else { "shorter" };
            (is.abs_diff(was) >= 60).then(|| format!("{} {word} than {than}", length((is - was).abs())))
        }
        _ => (now.n != was.n).then(|| format!("{}{} on {than}", sign(now.n > was.n), grouped(now.n.abs_diff(was.n)))),
    };
    Some(Delta { text: text.unwrap_or_else(|| format!("no change on {than}")), tone: "neutral" })
}

fn sign(up: bool) -> char {
    if up { '+' } else { '−' }
}

/// The target of a number, if it has one and there is anything to hold against it.
pub(super) fn target(ledger: &Ledger, definition: &Definition, tallied: Tallied) -> Option<Target> {
    let asked = ledger.configuration.targets.get(definition.id).filter(|_| may_have_target(definition))?;
    aim(*asked, tallied, definition.good)
}

/// A target in hundredths of a per cent against a number.
pub(super) fn aim(asked: u32, tallied: Tallied, good: Good) -> Option<Target> {
    let met = meets(tallied, good, asked)?;
    let bound = if good == Good::Down { "at most " } else { "" };
    Some(Target { text: format!("target {bound}{}", per_cent(asked)), met })
}

/// A share in hundredths of a per cent: `95 %`, `99.5 %`.
pub(super) fn per_cent(hundredths: u32) -> String {
    let rest = match hundredths % 100 {
        0 => String::new(),
        rest => format!(".{rest:02}").trim_end_matches('0').to_owned(),
    };
    format!("{}{rest}\u{a0}%", hundredths / 100)
}

/// Words that lead nowhere.
pub(super) fn plain(text: impl Into<String>) -> Link {
    Link { text: text.into(), href: None }
}
