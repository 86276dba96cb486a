//! `tickmark explain CHANGE|RULE|CODE|CHECK`: finds out which of them a word is, and has it explained.
//!
//! One word is looked up in a fixed order: a change's id, then a rule (`POLICY/RULE`, or a rule's id in every policy that
//! has it), then a code, then a kind of check. What it could be besides is said at the end; `change:`, `rule:`, `code:` and
//! `check:` before the word say which is meant.

mod change;
mod check;
mod code;
mod rule;
mod unknown;

use super::Status;
use super::arguments::{Common, Explain};
use super::session::{MORE_CODES, Session};
use super::terminal::{Results, Terminal};
use crate::diag::{Code, Diagnostic};
use crate::error::{Error, Result};
use crate::judge::{self, Detail};
use crate::model::Ledger;
use crate::pipeline::{self, Entry, Site};
use crate::repo;
use crate::report::reference::{self, Page};
use rule::{Asked, Seen};

/// What a word is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Change,
    Rule,
    Code,
    Check,
}

/// In the order in which a word is looked up.
const KINDS: [Kind; 4] = [Kind::Change, Kind::Rule, Kind::Code, Kind::Check];

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Rule => "rule",
            Self::Code => "code",
            Self::Check => "check",
        }
    }
}

/// The word to be explained, and what it is said to be.
struct Wanted<'w> {
    word: &'w str,
    only: Option<Kind>,
}

impl<'w> Wanted<'w> {
    fn of(text: &'w str) -> Self {
        let prefixed = KINDS.into_iter().find_map(|kind| {
            let word = text.strip_prefix(kind.word())?.strip_prefix(':')?;
            Some(Self { word, only: Some(kind) })
        });
        prefixed.unwrap_or(Self { word: text, only: None })
    }

    fn may_be(&self, kind: Kind) -> bool {
        self.only.is_none_or(|only| only == kind)
    }

    fn code(&self) -> Option<&'static Code> {
        let codes = pipeline::all_codes(MORE_CODES);
        codes.into_iter().find(|c| self.may_be(Kind::Code) && c.name == self.word)
    }

    fn page(&self) -> Option<&'static Page> {
        reference::page(self.word).filter(|_| self.may_be(Kind::Check))
    }

    /// The rules it names: by policy and rule, else by rule alone.
    fn rules(&self, ledger: &Ledger) -> Vec<Asked> {
        if !self.may_be(Kind::Rule) {
            return Vec::new();
        }
        let (policy, rule) = match self.word.split_once('/') {
            Some((policy, rule)) => (Some(policy), rule),
            None => (None, self.word),
        };
        let here = ledger.policies.iter().enumerate().filter(|(_, p)| policy.is_none_or(|id| p.id.as_str() == id));
        here.filter(|(_, p)| p.versions.iter().any(|v| v.rule(rule).is_some()))
            .map(|(index, _)| Asked { policy: index as u32, rule: rule.to_owned() })
            .collect()
    }
}

/// What one pass over all records brings together.
#[derive(Default)]
struct Gathered {
    change: Option<(Entry<'static>, Vec<Diagnostic>)>,
    seen: Vec<Seen>,
    ids: Vec<String>,
}

pub(super) fn run(common: &Common, options: &Explain, terminal: &Terminal) -> Result<Status> {
    let wanted = Wanted::of(&options.what);
    // What a code or a check means can be said anywhere; a site adds what it finds of it.
    let nowhere = options.reading.rev.is_none() && repo::find_site(&common.directory).is_err();
    if nowhere && (wanted.code().is_some() || wanted.page().is_some()) {
        let mut out = terminal.results();
        match (wanted.code(), wanted.page()) {
            (Some(found), _) => code::explain(found, None, terminal, &mut out)?,
            (_, Some(page)) => check::explain(page, None, terminal, &mut out)?,
            (None, None) => {}
        }
        out.finish()?;
        return Ok(Status::Clean);
    }
    let mut session = Session::open_at(common, &options.reading, false)?;
    session.show_history();
    let mut site = session.load(terminal)?;
    let asked = wanted.rules(&site.ledger);
    let gathered = gather(&mut site, &wanted, &asked)?;
    let mut out = terminal.results();
    let found = [gathered.change.is_some(), !asked.is_empty(), wanted.code().is_some(), wanted.page().is_some()];
    let mut kinds = KINDS.into_iter().zip(found).filter_map(|(kind, found)| found.then_some(kind));
    let Some(first) = kinds.next() else {
        return Err(unknown::error(&wanted, &site.ledger, &gathered.ids));
    };
    show(first, &wanted, &asked, gathered, &mut site, terminal, &mut out)?;
    for other in kinds {
        let (word, kind) = (wanted.word, other.word());
        out.put(&format!("\n`{word}` is a {kind}, too: tickmark explain {kind}:{word}\n"))?;
    }
    out.finish()?;
    Ok(Status::Clean)
}

fn gather(site: &mut Site<'_>, wanted: &Wanted<'_>, asked: &[Asked]) -> Result<Gathered> {
    let sources = site.sources;
    let mut gathered = Gathered::default();
    let count_findings = wanted.code().is_some();
    site.judge(
        Detail::All,
        |ledger, entry, sink| {
            let id = entry.record.name().to_owned();
            let seen = rule::seen(sources, ledger, &entry, asked);
            let own = (wanted.may_be(Kind::Change) && id == wanted.word).then(|| {
                sink.iter()
                    .filter(|f| matches!(&f.place, crate::diag::Place::Text(at) if at.file == entry.record.file))
                    .cloned()
                    .collect()
            });
            if count_findings {
                judge::findings(ledger, &entry.record, &entry.judged).for_each(|f| sink.push(f));
            }
            (id, seen, own.map(|own: Vec<Diagnostic>| (entry.into_owned(), own)))
        },
        |(id, seen, change)| {
            gathered.ids.push(id);
            gathered.seen.extend(seen);
            if gathered.change.is_none() {
                gathered.change = change;
            }
            Ok::<(), Error>(())
        },
    )?;
    Ok(gathered)
}

fn show(
    kind: Kind,
    wanted: &Wanted<'_>,
    asked: &[Asked],
    gathered: Gathered,
    site: &mut Site<'_>,
    terminal: &Terminal,
    out: &mut Results,
) -> Result<()> {
    match (kind, gathered.change, wanted.code(), wanted.page()) {
        (Kind::Change, Some((entry, own)), ..) => {
            change::explain(site.sources, &site.ledger, &entry, &own, terminal, out)
        }
        (Kind::Code, _, Some(found), _) => code::explain(found, Some(site), terminal, out),
        (Kind::Check, _, _, Some(page)) => check::explain(page, Some(&site.ledger), terminal, out),
        _ => {
            for (number, one) in asked.iter().enumerate() {
                if number > 0 {
                    out.put("\n\n")?;
                }
                rule::explain(site, one, &gathered.seen, terminal, out)?;
            }
            Ok(())
        }
    }
}
