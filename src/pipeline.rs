//! The one pipeline: texts in, a ledger judged, findings out. `check`, `build`, `explain` and previews differ only in what
//! they do with the outcome.
//!
//! Pure: no files, no clock, no environment. Records are read, judged and handed on as a stream in the order of their
//! files, so that whoever needs only findings holds only findings.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use rayon::prelude::*;

use crate::decode::{self, PolicyInput, RecordContext};
use crate::diag::{Code, Diagnostic, Level, Sink};
use crate::judge::{self, Case, Claims, Detail, IncidentsSince, Judge, Judged, WaiverUse};
use crate::model::{
    ChangeRecord, Configuration, ContentPage, DataList, History, Id, Ledger, LevelSetting, People, Trust, TrustKind,
};
use crate::source::{FileId, Location, SourceSet};
use crate::{lint, markdown, yaml};

mod elsewhere;
mod resident;
mod turned;
mod versions;
mod what_if;

pub use resident::{Edit, Resident, Saved};
pub use turned::{Before, Turned};
pub use what_if::{Pair, judged};

pub use versions::text_at;

/// Until when things are judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsOf {
    /// An instant.
    Instant(Timestamp),
    /// The end of a day in the site's zone.
    EndOf(Date),
}

/// What comes into the pipeline.
#[derive(Clone, Copy)]
pub struct Inputs<'s> {
    /// All texts.
    pub sources: &'s SourceSet,
    /// What git says of their past; [`crate::model::NO_HISTORY`] outside git.
    pub history: &'s History,
    /// Until when things are judged.
    pub as_of: AsOf,
    /// Codes of the layers to the right of this one, so that `levels` may name them.
    pub more_codes: &'s [&'static [&'static Code]],
}

/// All codes of the layers to the left.
pub const CODES: &[&[&Code]] = &[yaml::CODES, markdown::codes::CODES, decode::CODES, lint::CODES, judge::CODES];

/// A site read, all but its records.
pub struct Site<'s> {
    /// The texts.
    pub sources: &'s SourceSet,
    /// Configuration, people, policies, waivers.
    pub ledger: Ledger,
    /// Pages of `content/`, by place.
    pub pages: Vec<ContentPage>,
    /// Lists of `content/data` that are the site's own, by name.
    pub lists: Vec<DataList>,
    /// Those that tickmark knows.
    pub trust: Trust,
    /// Until when things are judged.
    pub as_of: Timestamp,
    record_files: Vec<FileId>,
    /// Findings so far.
    pub sink: Sink,
}

/// All of a [`Site`] but its texts, which its owner keeps beside it.
pub struct Loaded {
    /// Configuration, people, policies, waivers.
    pub ledger: Ledger,
    /// Until when things are judged.
    pub as_of: Timestamp,
    pages: Vec<ContentPage>,
    lists: Vec<DataList>,
    trust: Trust,
    record_files: Vec<FileId>,
    sink: Sink,
}

impl Loaded {
    /// The site that these texts are; they are those it was read from.
    pub fn of(self, sources: &SourceSet) -> Site<'_> {
        let Self { ledger, as_of, pages, lists, trust, record_files, sink } = self;
        Site { sources, ledger, pages, lists, trust, as_of, record_files, sink }
    }
}

/// One record, read and judged.
#[derive(Debug)]
pub struct Entry<'r> {
    /// The record, as its policy reads it.
    pub record: Cow<'r, ChangeRecord>,
    /// What it came to.
    pub judged: Judged,
}

impl Entry<'_> {
    /// The same, for one who goes on holding it.
    pub fn into_owned(self) -> Entry<'static> {
        Entry { record: Cow::Owned(self.record.into_owned()), judged: self.judged }
    }
}

/// Every code there is, `more` included.
pub fn all_codes(more: &[&'static [&'static Code]]) -> Vec<&'static Code> {
    let mut codes: Vec<&'static Code> = CODES.iter().chain(more).flat_map(|list| list.iter().copied()).collect();
    codes.sort_by_key(|code| code.name);
    codes
}

/// Reads everything but records. The configuration's mistakes are in the sink of the error.
pub fn load(inputs: Inputs<'_>) -> Result<Site<'_>, Sink> {
    let mut sink = Sink::new();
    let sources = inputs.sources;
    check_secrets(sources, &mut sink);
    let codes = all_codes(inputs.more_codes);
    let configuration = ["tickmark.yaml", "tickmark.yml"]
        .iter()
        .find_map(|path| sources.by_path(path))
        .and_then(|(file, text)| decode::decode_site(file, text.text(), &codes, &mut sink));
    let Some(configuration) = configuration else { return Err(sink) };
    let people = ["people.yaml", "people.yml"]
        .iter()
        .find_map(|path| sources.by_path(path))
        .map_or_else(People::default, |(file, text)| decode::decode_people(file, text.text(), &mut sink));
    let as_of = match inputs.as_of {
        AsOf::Instant(at) => at,
        AsOf::EndOf(day) => configuration.calendar.end_of(day),
    };
    let today = configuration.calendar.day(as_of);
    let policies = read_policies(sources, &configuration, &mut sink);
    let policies = versions::with_history(policies, inputs.history, sources, &configuration, &mut sink);
    let mut waivers = Vec::new();
    for (file, text) in within(sources, "waivers/") {
        waivers.extend(decode::decode_waivers(file, text, &mut sink));
    }
    let (mut closed, mut unread_closings) = (Vec::new(), Vec::new());
    for (file, text) in within(sources, "closed/") {
        let path = sources.file(file).path();
        match decode::decode_closed(file, path, text, &mut sink) {
            Some(quarter) => closed.push(quarter),
            None => unread_closings.extend(decode::closed_name(path)),
        }
    }
    let pages: Vec<ContentPage> = within(sources, "content/")
        .filter(|(file, _)| sources.file(*file).path().ends_with(".md"))
        .filter_map(|(file, text)| {
            decode::decode_page(file, sources.file(file).path(), text, &configuration.ignored_keys, &mut sink)
        })
        .collect();
    let (lists, trust) = read_lists(sources, &pages, &mut sink);
    let record_files = within(sources, "changes/").map(|(file, _)| file).collect();
    let mut ledger = Ledger::new(configuration, people, policies, waivers);
    decode::check_closed(&closed, &ledger, &mut sink);
    (ledger.closed, ledger.unread_closings) = (closed, unread_closings);
    judge::prepare_expressions(&mut ledger, sources, as_of, &mut sink);
    check_default_policy(&ledger, sources, &mut sink);
    let file = ["tickmark.yaml", "tickmark.yml"].iter().find_map(|p| sources.by_path(p));
    if let Some((file, source)) = file {
        decode::check_targets(&ledger, file, source.text(), &mut sink);
        decode::check_security_txt(&ledger, (file, source.text()), today, &mut sink);
    }
    decode::check_trust(&ledger, &trust, today, &mut sink);
    decode::check_policy_dates(&ledger, today, &mut sink);
    read_prose(&ledger, sources, today, &mut sink);
    let policy_ids = ledger
        .policies
        .iter()
        .map(|p| (&p.id, Location { file: p.newest().file, span: p.newest().front.unwrap_or_default() }));
    decode::check_ids(policy_ids.map(|(id, at)| (id, Location { span: first_line(sources, at), ..at })), &mut sink);
    let waiver_ids =
        ledger.waivers.iter().filter_map(|w| w.id.get().map(|id| (id, w.at(w.id.span().unwrap_or(w.span)))));
    decode::check_ids(waiver_ids, &mut sink);
    Ok(Site { sources, ledger, pages, lists, trust, as_of, record_files, sink })
}

fn first_line(sources: &SourceSet, at: Location) -> crate::source::Span {
    let text = sources.file(at.file).text();
    let start = at.span.start as usize;
    let end = text[start..].find('\n').map_or(text.len(), |n| start + n);
    crate::source::Span::new(start, end)
}

/// The texts below a folder.
fn within<'s>(sources: &'s SourceSet, folder: &'s str) -> impl Iterator<Item = (FileId, &'s str)> {
    sources.iter().filter(move |(_, f)| f.path().starts_with(folder)).map(|(id, f)| (id, f.text()))
}

/// The lists of `content/data`: the site's own, each for the page of its name, and those that tickmark knows.
fn read_lists(sources: &SourceSet, pages: &[ContentPage], sink: &mut Sink) -> (Vec<DataList>, Trust) {
    let (mut lists, mut trust) = (Vec::new(), Trust::default());
    for (file, text) in within(sources, "content/data/") {
        let path = sources.file(file).path();
        let Some((name, "yaml" | "yml")) = path.rsplit('/').next().and_then(|name| name.rsplit_once('.')) else {
            continue;
        };
        match TrustKind::named(name) {
            Some(kind) => decode::decode_trust(kind, file, text, &mut trust, sink),
            None => lists.push(decode::decode_list(file, path, text, sink)),
        }
    }
    decode::check_lists(&lists, &last_places(pages), sink);
    (lists, trust)
}

/// The last part of the place of each page: a list of that name stands there.
fn last_places(pages: &[ContentPage]) -> Vec<&str> {
    pages.iter().map(|p| p.place.rsplit('/').next().unwrap_or_default()).collect()
}

fn read_policies(sources: &SourceSet, configuration: &Configuration, sink: &mut Sink) -> Vec<crate::model::Policy> {
    // The policies folder's own index is no policy.
    let own_index = |path: &str| matches!(path, "policies/index.md" | "policies/_index.md");
    let files: Vec<(FileId, &str)> =
        within(sources, "policies/").filter(|(f, _)| !own_index(sources.file(*f).path())).collect();
    let read: Vec<_> = files
        .par_iter()
        .map(|(file, text)| {
            let mut own = Sink::new();
            let input = PolicyInput { file: *file, path: sources.file(*file).path(), text, past: None };
            (decode::decode_policy(input, configuration, &mut own), own)
        })
        .collect();
    let mut policies = Vec::with_capacity(read.len());
    for (policy, own) in read {
        policies.extend(policy);
        sink.append(own);
    }
    policies.sort_by(|a, b| a.id.cmp(&b.id));
    policies
}

/// What looks like a secret, in any document. The texts themselves hold a mask in its place.
fn check_secrets(sources: &SourceSet, sink: &mut Sink) {
    for (file, source) in sources.iter() {
        for secret in source.secrets() {
            let at = crate::source::Span::new(secret.at, secret.at + secret.length);
            let what = format!("this looks like {}", secret.kind);
            sink.push(
                Diagnostic::new(&decode::codes::SECRET, file, at, what)
                    .label(format!("{} characters, shown as `x` wherever this text is", secret.length))
                    .note("nothing is published while it stands here")
                    .help("withdraw it where it was issued, because it counts as known; take it out of the file and of the repository's history, and name the place where it is kept instead"),
            );
        }
    }
}

/// What stands in the policies' own words.
fn read_prose(ledger: &Ledger, sources: &SourceSet, today: Date, sink: &mut Sink) {
    let check = |policy: &crate::model::Policy| {
        let version = policy.newest();
        lint::check(ledger, sources, version, today)
    };
    let found: Vec<Sink> = ledger.policies.par_iter().map(check).collect();
    found.into_iter().for_each(|own| sink.append(own));
}

fn check_default_policy(ledger: &Ledger, sources: &SourceSet, sink: &mut Sink) {
    let Some(id) = &ledger.configuration.default_policy else { return };
    if ledger.policy(id.as_str()).is_some() {
        return;
    }
    let file = ["tickmark.yaml", "tickmark.yml"].iter().find_map(|p| sources.by_path(p));
    if let Some((file, text)) = file {
        let start = text.text().find("default_policy").unwrap_or(0);
        let end = text.text()[start..].find('\n').map_or(text.text().len(), |n| start + n);
        sink.push(
            Diagnostic::new(
                &decode::codes::UNKNOWN_POLICY,
                file,
                crate::source::Span::new(start, end),
                format!("the site has no policy `{id}`"),
            )
            .help(crate::diag::suggest::help(id.as_str(), ledger.policy_ids())),
        );
    }
}

/// What one file of records came to.
struct FileOutcome<T> {
    items: Vec<T>,
    ids: Vec<(Id, Location)>,
    used: Vec<WaiverUse>,
    incidents: IncidentsSince,
    claims: Claims,
    sink: Sink,
}

/// What all files of records came to together.
struct Totals {
    ids: Vec<(Id, Location)>,
    used: Vec<WaiverUse>,
    incidents: IncidentsSince,
    claims: Claims,
}

impl Totals {
    fn new(ledger: &Ledger) -> Self {
        let used = vec![WaiverUse::default(); ledger.waivers.len()];
        Self { ids: Vec::new(), used, incidents: IncidentsSince::default(), claims: Claims::default() }
    }

    /// Takes a file in; files come in their order.
    fn add<T>(&mut self, outcome: &FileOutcome<T>) {
        self.ids.extend(outcome.ids.iter().cloned());
        self.used.iter_mut().zip(&outcome.used).for_each(|(all, one)| all.add(one));
        self.incidents.add(outcome.incidents.clone());
        self.claims.add(outcome.claims.clone());
    }
}

/// How many files are judged before their results are handed on: few where each leaves pages behind, which are held until
/// then.
fn chunk(detail: Detail) -> usize {
    match detail {
        Detail::All => 512,
        Detail::Findings => 4096,
    }
}

impl Site<'_> {
    /// Lets go of the texts.
    pub fn into_loaded(self) -> Loaded {
        let Self { sources: _, ledger, pages, lists, trust, as_of, record_files, sink } = self;
        Loaded { ledger, as_of, pages, lists, trust, record_files, sink }
    }

    /// Reads and judges the records of one file, and hands each on as [`Site::judge`] does.
    pub fn judge_one<T>(
        &self,
        file: FileId,
        detail: Detail,
        map: impl Fn(&Ledger, Entry<'_>, &mut Sink) -> T,
    ) -> Vec<T> {
        self.judge_file(file, detail, &map).items
    }

    /// Whether there is any file of records.
    pub fn has_records(&self) -> bool {
        !self.record_files.is_empty()
    }

    /// Reads and judges every record. `map` runs in parallel on each; `each` gets what it made, in the order of the files.
    /// Stops with the error of `each`.
    pub fn judge<T: Send, E>(
        &mut self,
        detail: Detail,
        map: impl Fn(&Ledger, Entry<'_>, &mut Sink) -> T + Sync,
        mut each: impl FnMut(T) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut totals = Totals::new(&self.ledger);
        for chunk in self.record_files.chunks(chunk(detail)) {
            let outcomes: Vec<FileOutcome<T>> =
                chunk.par_iter().map(|file| self.judge_file(*file, detail, &map)).collect();
            for outcome in outcomes {
                totals.add(&outcome);
                self.sink.append(outcome.sink);
                outcome.items.into_iter().try_for_each(&mut each)?;
            }
        }
        self.conclude(&totals);
        Ok(())
    }

    /// What can be said once every record is judged.
    fn conclude(&mut self, totals: &Totals) {
        if self.ledger.deployed.is_some() {
            self.ledger.reconciliation = Some(judge::reconcile(&self.ledger, &totals.claims, self.as_of));
        }
        for policy in &self.ledger.policies {
            let judged = judge::judge_policy(&self.ledger, policy, self.as_of);
            judged.iter().filter_map(|j| judge::policy_finding(policy.newest(), j)).for_each(|f| self.sink.push(f));
        }
        decode::check_ids(totals.ids.iter().map(|(id, at)| (id, *at)), &mut self.sink);
        let by_id: BTreeMap<&str, Location> = totals.ids.iter().map(|(id, at)| (id.as_str(), *at)).collect();
        decode::check_waivers(&self.ledger, &by_id, &mut self.sink);
        judge::check_waiver_use(&self.ledger, &totals.used, self.as_of, &mut self.sink);
        judge::check_policy_reviews(&self.ledger, &totals.incidents, &mut self.sink);
    }

    fn judge_file<T>(
        &self,
        file: FileId,
        detail: Detail,
        map: &impl Fn(&Ledger, Entry<'_>, &mut Sink) -> T,
    ) -> FileOutcome<T> {
        let mut read = Sink::new();
        let records = decode::decode_records(file, self.sources.file(file).text(), &mut read);
        records.iter().for_each(|record| decode::check_people(record, &self.ledger.people, &mut read));
        self.judge_read(file, &records, read, detail, map)
    }

    /// Judges the records of a file as they were read; `read` is what that found.
    fn judge_read<T>(
        &self,
        file: FileId,
        records: &[ChangeRecord],
        read: Sink,
        detail: Detail,
        map: &impl Fn(&Ledger, Entry<'_>, &mut Sink) -> T,
    ) -> FileOutcome<T> {
        let ledger = &self.ledger;
        let mut outcome = FileOutcome {
            items: Vec::new(),
            ids: Vec::new(),
            used: vec![WaiverUse::default(); ledger.waivers.len()],
            incidents: IncidentsSince::default(),
            claims: Claims::default(),
            sink: Sink::new(),
        };
        let mut read = read.into_iter_by_place().peekable();
        for record in records {
            // Each record has its own findings, so that whoever wants them does not go through those of all the file.
            let mut own = Sink::new();
            while let Some(found) = read.next_if(|found| found.starts_before(record.span.end)) {
                own.push(found);
            }
            let judge = Judge::new(ledger, self.as_of, detail);
            let in_force = judge.version_for(record).map(|(_, found)| found);
            let context = RecordContext { ledger, version: in_force.map(|f| f.version) };
            let record = decode::check_references(record, context, &mut own);
            if let Some(found) = in_force {
                judge::check_record(
                    &Case::new(ledger, &record, found.version, self.as_of),
                    found.before_first && !found.cut,
                    &mut own,
                );
            }
            let judged = judge.judge(&record);
            judge::observe_waivers(ledger, &record, &judged.judgements, &mut outcome.used, &mut own);
            judge::observe_incidents(ledger, file, &record, self.as_of, &mut outcome.incidents);
            judge::observe_claims(ledger, &record, &mut outcome.claims);
            if let (Some(id), Some(span)) = (record.id.get(), record.id.span()) {
                outcome.ids.push((id.clone(), Location { file, span }));
            }
            outcome.items.push(map(ledger, Entry { record, judged }, &mut own));
            outcome.sink.append(own);
        }
        read.for_each(|found| outcome.sink.push(found));
        outcome
    }

    /// All findings so far, sorted, at the levels the site sets.
    pub fn take_findings(&mut self) -> Vec<Diagnostic> {
        apply_levels(&self.ledger.configuration, std::mem::take(&mut self.sink).into_sorted())
    }
}

/// Gives findings the levels the site sets, and leaves out those it turns off.
fn apply_levels(configuration: &Configuration, findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    if configuration.levels.is_empty() {
        return findings;
    }
    findings.into_iter().filter_map(|finding| at_level(configuration, finding)).collect()
}

/// A finding at the level the site sets for its code; nothing where the site turns it off.
pub fn at_level(configuration: &Configuration, mut finding: Diagnostic) -> Option<Diagnostic> {
    match configuration.levels.get(finding.code.name) {
        Some(LevelSetting::Off) => return None,
        Some(LevelSetting::At(level)) => finding.level = *level,
        None => {}
    }
    Some(finding)
}

/// Whether any finding is at error level.
pub fn any_error(findings: &[Diagnostic]) -> bool {
    findings.iter().any(|f| f.level == Level::Error)
}
