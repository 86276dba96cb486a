//! A site that stays while it is written: records as they were read and what judging them came to, so that an edit reads one
//! file and judges again only what hangs on it.
//!
//! Invariant: after every edit all is as if the whole site had been read anew; where that cannot be had by looking at the
//! edited document alone, the edit is refused, nothing has changed, and whoever asked reads the site anew. The pipeline is
//! pure, so that what was kept stays true as long as what it was made from is the same.

use std::collections::HashSet;

use rayon::prelude::*;

use super::{Before, Entry, FileOutcome, Site, Totals, Turned, apply_levels, turned, versions};
use crate::decode::{self, PolicyInput};
use crate::diag::{Diagnostic, Level, Place, Sink};
use crate::judge::{self, Detail};
use crate::lint;
use crate::model::{ChangeRecord, ContentPage, History, Ledger, Policy, PolicyVersion, RecordText, RecordsPast, Sight};
use crate::source::{FileId, SourceFile, Span};

/// What stays of a site besides its documents. The history of its records and what was deployed are read with it, whether
/// or not a rule asks for them, so that a rule that begins to ask finds them.
pub struct Resident<T> {
    /// What stands in each file of records.
    files: Vec<Records>,
    /// What judging each came to.
    outcomes: Vec<FileOutcome<T>>,
    /// Findings of reading all other documents: sorted, at the levels the site sets.
    documents: Vec<Diagnostic>,
}

/// A file of records as it was read, before anything was asked of it but whether its people are known.
struct Records {
    records: Vec<ChangeRecord>,
    found: Vec<Diagnostic>,
}

/// A document that was saved with another text.
pub struct Saved<'s> {
    /// Which it is.
    pub file: FileId,
    /// Its text before.
    pub before: &'s SourceFile,
    /// Its text in the commit that is checked out, if it is a file of records and there is one.
    pub committed: Option<&'s str>,
    /// What git says of policies.
    pub history: &'s History,
    /// What rules came to so far.
    pub judgements: Before<'s>,
    /// What layers to the right of this one find in it, as soon as it is read.
    pub also: &'s dyn Fn(&Site<'_>, FileId) -> Vec<Diagnostic>,
}

/// What became of an edit.
#[derive(Debug)]
pub enum Edit {
    /// It is taken in, and all files of records hold the same records as before.
    Taken {
        /// Files that were judged again, by their numbers.
        again: Vec<usize>,
        /// Records in others of which rules alone were.
        turned: Vec<Turned>,
        /// A policy has another title.
        titled: bool,
    },
    /// It is taken in; this file holds other records, or names other incidents. Every record's name is its own in the site.
    Renamed(usize),
    /// It may touch more than its own document: the site has to be read anew. Nothing has changed.
    Refused,
}

/// What became of a file of records, because of a policy.
enum Anew<T> {
    /// These records in the file of this number come to something else by some rules.
    Turned(usize, Vec<Turned>),
    /// The file of this number was judged as if nobody had before.
    Judged(usize, Box<FileOutcome<T>>),
}

impl Edit {
    /// It is taken in, and records are as they were.
    const NOTHING: Self = Self::Taken { again: Vec::new(), turned: Vec::new(), titled: false };
}

impl<T> Resident<T> {
    /// What was made of the records of one file, in their order, for one who goes on holding it.
    pub fn take_items(&mut self, file: usize) -> Vec<T> {
        std::mem::take(&mut self.outcomes[file].items)
    }

    /// How many files of records there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// What was found in all documents that hold no records, as [`Site::take_findings`] gives it.
    pub fn of_documents(&self) -> &[Diagnostic] {
        &self.documents
    }

    /// Every record as it was read.
    pub fn records(&self) -> impl ParallelIterator<Item = &ChangeRecord> {
        self.files.par_iter().flat_map_iter(|file| file.records.iter())
    }
}

impl Site<'_> {
    /// Reads and judges every record, and keeps all of it. `map` is as in [`Site::judge`].
    pub fn judge_resident<T: Send>(&mut self, map: impl Fn(&Ledger, Entry<'_>, &mut Sink) -> T + Sync) -> Resident<T> {
        let read = |file: &FileId| self.read_records(*file);
        let files: Vec<Records> = self.record_files.par_iter().map(read).collect();
        let judged = self.record_files.par_iter().zip(&files).map(|(file, read)| self.judge_kept(*file, read, &map));
        let outcomes = judged.collect();
        let documents = self.take_findings();
        Resident { files, outcomes, documents }
    }

    fn read_records(&self, file: FileId) -> Records {
        let mut found = Sink::new();
        let records = decode::decode_records(file, self.sources.file(file).text(), &mut found);
        records.iter().for_each(|record| decode::check_people(record, &self.ledger.people, &mut found));
        Records { records, found: found.iter().cloned().collect() }
    }

    fn judge_kept<T>(
        &self,
        file: FileId,
        read: &Records,
        map: &impl Fn(&Ledger, Entry<'_>, &mut Sink) -> T,
    ) -> FileOutcome<T> {
        let mut found = Sink::new();
        read.found.iter().for_each(|f| found.push(f.clone()));
        self.judge_read(file, &read.records, found, Detail::Findings, map)
    }

    /// Finds again all that was found in records, and once they were judged: what [`Site::take_findings`] gives then is what
    /// it gives after [`Site::judge`], but for [`Resident::of_documents`].
    pub fn conclude_resident<T>(&mut self, resident: &Resident<T>) {
        let mut totals = Totals::new(&self.ledger);
        let mut sink = Sink::new();
        for outcome in &resident.outcomes {
            sink.extend_held(outcome.sink.iter());
            totals.add(outcome);
        }
        self.sink = sink;
        self.conclude(&totals);
    }

    /// Takes in another text of a document, which stands among the sources already.
    pub fn edit<T: Send + Sync>(
        &mut self,
        resident: &mut Resident<T>,
        saved: &Saved<'_>,
        map: impl Fn(&Ledger, Entry<'_>, &mut Sink) -> T + Sync,
    ) -> Edit {
        let file = saved.file;
        let points_there = |found: &Diagnostic| found.others.iter().any(|label| label.at.file == file);
        if resident.documents.iter().any(|found| !stands_in(found, file) && points_there(found))
            || !self.sources.file(file).secrets().is_empty()
        {
            return Edit::Refused;
        }
        match saved.before.path().split('/').next() {
            Some("policies") => self.edit_policy(resident, saved, map),
            Some("changes") => self.edit_records(resident, saved, map),
            Some("content") => self.edit_page(resident, saved),
            _ => Edit::Refused,
        }
    }

    /// A file of records. One that names a record as another file does is refused.
    fn edit_records<T: Send>(
        &mut self,
        resident: &mut Resident<T>,
        saved: &Saved<'_>,
        map: impl Fn(&Ledger, Entry<'_>, &mut Sink) -> T + Sync,
    ) -> Edit {
        let Ok(number) = self.record_files.binary_search(&saved.file) else { return Edit::Refused };
        let read = self.read_records(saved.file);
        let before = &resident.files[number].records;
        let renamed = !same_names(before, &read.records);
        let text = self.sources.file(saved.file).text();
        let gone = || before.iter().filter(|old| read.records.iter().all(|new| new.name() != old.name()));
        if renamed && !(self.may_name(resident, Some(number), &read.records) && self.may_go(gone())) {
            return Edit::Refused;
        }
        if !follow(&mut self.ledger.past, text, saved.committed) {
            return Edit::Refused;
        }
        resident.outcomes[number] = self.judge_kept(saved.file, &read, &map);
        resident.files[number] = read;
        if renamed {
            Edit::Renamed(number)
        } else {
            Edit::Taken { again: vec![number], turned: Vec::new(), titled: false }
        }
    }

    /// Takes in a file of records that was not there; its text stands among the sources already. The number of the file, by
    /// which all that come after it are one up; none where the site has to be read anew: nothing has changed then.
    pub fn add_records<T: Send>(
        &mut self,
        resident: &mut Resident<T>,
        file: FileId,
        committed: Option<&str>,
        map: impl Fn(&Ledger, Entry<'_>, &mut Sink) -> T + Sync,
    ) -> Option<usize> {
        let number = self.record_files.binary_search(&file).err()?;
        let source = self.sources.file(file);
        let read = self.read_records(file);
        let taken = source.secrets().is_empty()
            && all_read(resident)
            && self.may_name(resident, None, &read.records)
            && follow(&mut self.ledger.past, source.text(), committed);
        if !taken {
            return None;
        }
        self.record_files.insert(number, file);
        resident.outcomes.insert(number, self.judge_kept(file, &read, &map));
        resident.files.insert(number, read);
        Some(number)
    }

    /// Lets go of a file of records. The number it had, by which all that come after it are one down; none where the site
    /// has to be read anew: nothing has changed then.
    pub fn remove_records<T>(&mut self, resident: &mut Resident<T>, file: FileId) -> Option<usize> {
        let number = self.record_files.binary_search(&file).ok()?;
        let records = &resident.files[number].records;
        let source = self.sources.file(file);
        let goes = source.secrets().is_empty()
            && all_read(resident)
            && self.may_name(resident, Some(number), records)
            && self.may_go(records.iter());
        if !goes {
            return None;
        }
        self.record_files.remove(number);
        resident.outcomes.remove(number);
        resident.files.remove(number);
        Some(number)
    }

    /// Whether no record of another file is named as one of a file, as it was or is going to be; whatever their case.
    fn may_name<T>(&self, resident: &Resident<T>, number: Option<usize>, records: &[ChangeRecord]) -> bool {
        let lower = |records: &[ChangeRecord]| records.iter().map(|r| r.name().to_lowercase()).collect::<Vec<_>>();
        let mut names: HashSet<String> = lower(records).into_iter().collect();
        names.extend(number.map(|number| lower(&resident.files[number].records)).unwrap_or_default());
        let elsewhere = resident.outcomes.iter().enumerate().filter(|(n, _)| Some(*n) != number);
        !elsewhere.flat_map(|(_, outcome)| &outcome.ids).any(|(id, _)| names.contains(&id.as_str().to_lowercase()))
    }

    /// Whether nobody asks for records that are not there any more: those of which git knows may be kept for years.
    fn may_go<'r>(&self, mut gone: impl Iterator<Item = &'r ChangeRecord>) -> bool {
        self.ledger.past.sight != Sight::Whole || gone.all(|record| self.ledger.past.of(record.name()).is_empty())
    }

    /// A policy. What other documents may refer to has to be the same.
    fn edit_policy<T: Send + Sync>(
        &mut self,
        resident: &mut Resident<T>,
        saved: &Saved<'_>,
        map: impl Fn(&Ledger, Entry<'_>, &mut Sink) -> T + Sync,
    ) -> Edit {
        let file = saved.file;
        let policies = || self.ledger.policies.iter();
        let Some(index) = policies().position(|policy| policy.newest().file == file) else { return Edit::Refused };
        let mut found = Sink::new();
        let Some(policy) = self.read_policy(file, saved.history, &mut found) else { return Edit::Refused };
        let before = &self.ledger.policies[index];
        let twice = policies().filter(|other| other.id.as_str().eq_ignore_ascii_case(policy.id.as_str())).count() > 1;
        let rules = !same_rules(before, saved.before.text(), &policy, self.sources.file(file).text());
        let outlines = (&*before.newest().outline, &*policy.newest().outline);
        if twice
            || !same_face(before, &policy)
            || (self.lists_rules() && !same_list(before, &policy))
            || self.matters_elsewhere(file, outlines, Some(policy.id.as_str()), &resident.documents)
        {
            return Edit::Refused;
        }
        let titles = [before.newest().title.clone(), policy.newest().title.clone()];
        let titled = titles[0] != titles[1];
        let near = if titled { self.may_call_it(file, &titles) } else { Some(Vec::new()) };
        let Some(near) = near else { return Edit::Refused };
        let was = self.prose_of(&near);
        let before = std::mem::replace(&mut self.ledger.policies[index], policy);
        self.read_closely(index, &mut found);
        if self.prose_of(&near) != was || !self.settle(resident, saved, found) {
            self.ledger.policies[index] = before;
            return Edit::Refused;
        }
        let policy = &self.ledger.policies[index];
        if !rules && move_clauses(resident, &before, policy) {
            return Edit::Taken { again: Vec::new(), turned: Vec::new(), titled };
        }
        let id = policy.id.as_str();
        let under = |n: &usize| {
            let records = resident.files[*n].records.iter();
            records.filter_map(|r| self.ledger.policy_of(r)).any(|policy| policy.id.as_str() == id)
        };
        let hang: Vec<usize> = (0..resident.files.len()).into_par_iter().filter(under).collect();
        let both = ((before.newest(), saved.before.text()), (policy.newest(), self.sources.file(file).text()));
        let alone = same_days(&before, policy).then(|| turned::rules(both.0, both.1)).flatten();
        let anew = |n: &usize| {
            let (records, outcome) = (&resident.files[*n], &resident.outcomes[*n]);
            let of_rules = |rules| self.turn(policy, rules, (*n, &records.records), outcome, saved.judgements);
            match alone.as_ref().and_then(of_rules) {
                Some(turned) => Anew::Turned(*n, turned),
                None => Anew::Judged(*n, Box::new(self.judge_kept(self.record_files[*n], records, &map))),
            }
        };
        let judged: Vec<Anew<T>> = hang.par_iter().map(anew).collect();
        let (mut again, mut turned) = (Vec::new(), Vec::new());
        for one in judged {
            match one {
                Anew::Turned(number, mut records) => {
                    alone.iter().for_each(|rules| rules.follow(&mut resident.outcomes[number]));
                    turned.append(&mut records);
                }
                Anew::Judged(number, outcome) => {
                    resident.outcomes[number] = *outcome;
                    again.push(number);
                }
            }
        }
        Edit::Taken { again, turned, titled }
    }

    /// Whether documents besides waivers, which are held against rules whenever something is judged, name rules or types.
    fn lists_rules(&self) -> bool {
        let Ledger { configuration, closed, unread_closings, .. } = &self.ledger;
        !configuration.targets.is_empty() || !closed.is_empty() || !unread_closings.is_empty()
    }

    /// A page or one of the site's own lists. One for another place is refused.
    fn edit_page<T>(&mut self, resident: &mut Resident<T>, saved: &Saved<'_>) -> Edit {
        let file = saved.file;
        let source = self.sources.file(file);
        let mut found = Sink::new();
        if let Some(number) = self.pages.iter().position(|page| page.file == file) {
            let ignored = &self.ledger.configuration.ignored_keys;
            let read = decode::decode_page(file, source.path(), source.text(), ignored, &mut found);
            let Some(page) = read.filter(|page| same_place(page, &self.pages[number])) else { return Edit::Refused };
            if self.matters_elsewhere(file, (&self.pages[number].outline, &page.outline), None, &resident.documents) {
                return Edit::Refused;
            }
            let before = std::mem::replace(&mut self.pages[number], page);
            if self.settle(resident, saved, found) {
                return Edit::NOTHING;
            }
            self.pages[number] = before;
        } else if let Some(number) = self.lists.iter().position(|list| list.file == file) {
            let list = decode::decode_list(file, source.path(), source.text(), &mut found);
            decode::check_lists(std::slice::from_ref(&list), &super::last_places(&self.pages), &mut found);
            let before = std::mem::replace(&mut self.lists[number], list);
            if self.settle(resident, saved, found) {
                return Edit::NOTHING;
            }
            self.lists[number] = before;
        }
        Edit::Refused
    }

    /// Puts what was found in a document in the place of what was found before; not where any of it is an error.
    fn settle<T>(&self, resident: &mut Resident<T>, saved: &Saved<'_>, mut found: Sink) -> bool {
        (saved.also)(self, saved.file).into_iter().for_each(|finding| found.push(finding));
        let found = apply_levels(&self.ledger.configuration, found.into_sorted());
        if found.iter().any(|f| f.level == Level::Error) {
            return false;
        }
        // A policy's past texts are read with it, and have findings of their own.
        let (own, past): (Vec<_>, Vec<_>) = found.into_iter().partition(|finding| stands_in(finding, saved.file));
        let documents = &mut resident.documents;
        let of = |finding: &Diagnostic| if let Place::Text(at) = &finding.place { Some(at.file) } else { None };
        let start = documents.partition_point(|finding| of(finding) < Some(saved.file));
        let end = documents.partition_point(|finding| of(finding) <= Some(saved.file));
        documents.splice(start..end, own);
        for finding in past {
            if let Err(place) = documents.binary_search_by(|other| other.sort_key().cmp(&finding.sort_key())) {
                documents.insert(place, finding);
            }
        }
        true
    }

    /// One policy as [`super::load`] reads it, with its versions.
    fn read_policy(&self, file: FileId, history: &History, found: &mut Sink) -> Option<Policy> {
        let source = self.sources.file(file);
        let site = &self.ledger.configuration;
        let input = PolicyInput { file, path: source.path(), text: source.text(), past: None };
        let policy = decode::decode_policy(input, site, found)?;
        versions::with_history(vec![policy], history, self.sources, site, found).pop()
    }

    /// What is asked of a policy once all others are known: its expressions, dates and words.
    fn read_closely(&mut self, index: usize, found: &mut Sink) {
        judge::prepare_policy(&mut self.ledger, index, self.sources, self.as_of, found);
        let today = self.ledger.configuration.calendar.day(self.as_of);
        let policy = &self.ledger.policies[index];
        decode::check_dates_of(&self.ledger, policy, today, found);
        found.append(lint::check(&self.ledger, self.sources, policy.newest(), today));
    }
}

/// Whether nothing was found that stands in no text: a file that could not be read, or that is named like another one.
fn all_read<T>(resident: &Resident<T>) -> bool {
    resident.documents.iter().all(|finding| matches!(finding.place, Place::Text(_)))
}

/// Whether two readings of a file hold records of the same names, which name the same incidents.
fn same_names(a: &[ChangeRecord], b: &[ChangeRecord]) -> bool {
    let incidents = |r: &ChangeRecord| r.incidents.items().iter().map(|i| i.id.get().cloned()).collect::<Vec<_>>();
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.name() == b.name() && incidents(a) == incidents(b))
}

pub(super) fn stands_in(finding: &Diagnostic, file: FileId) -> bool {
    matches!(&finding.place, Place::Text(at) if at.file == file)
}

/// Whether all that other documents may refer to is the same; but for the names of its parts, rules and types.
fn same_face(a: &Policy, b: &Policy) -> bool {
    let names = |p: &Policy| p.versions.iter().map(|v| v.version.clone()).collect::<Vec<_>>();
    let (x, y) = (a.newest(), b.newest());
    a.id == b.id && names(a) == names(b) && x.classification == y.classification && x.aliases == y.aliases
}

/// Whether two readings of a policy have the same rules, for the same clauses, and the same types, by their names.
fn same_list(a: &Policy, b: &Policy) -> bool {
    let (x, y) = (a.newest(), b.newest());
    let rules = |v: &PolicyVersion| v.rules.iter().map(|r| (r.id.to_string(), r.clause.clone())).collect::<Vec<_>>();
    let types = |v: &PolicyVersion| v.types.iter().map(|t| t.id.to_string()).collect::<Vec<_>>();
    rules(x) == rules(y) && types(x) == types(y)
}

/// Whether two texts of a policy judge alike: the same front matter, and the same versions on the same days.
fn same_rules(a: &Policy, old: &str, b: &Policy, new: &str) -> bool {
    let front = |v: &PolicyVersion, text: &str| v.front.map(|front| (front, front.of(text).to_owned()));
    front(a.newest(), old) == front(b.newest(), new) && same_days(a, b)
}

/// Whether two readings of a policy have versions on the same days, which can be read alike.
fn same_days(a: &Policy, b: &Policy) -> bool {
    let days = |p: &Policy| p.versions.iter().map(|v| (v.from, v.effective, v.broken, v.unread)).collect::<Vec<_>>();
    days(a) == days(b)
}

/// Lets what was found of records point at the clauses where they stand now. Whether every place is known.
fn move_clauses<T>(resident: &mut Resident<T>, before: &Policy, after: &Policy) -> bool {
    let (old, new) = (before.newest(), after.newest());
    let front = new.front.map_or(0, |front| front.end);
    let moved = turned::moved_clauses(old, new);
    let file = new.file;
    let to = |span: Span| if span.end <= front { Some(span) } else { moved.get(&span).copied() };
    let labels = || resident.outcomes.iter().flat_map(|o| o.sink.iter()).flat_map(|found| &found.others);
    if labels().any(|label| label.at.file == file && to(label.at.span).is_none()) {
        return false;
    }
    for finding in resident.outcomes.iter_mut().flat_map(|outcome| outcome.sink.iter_mut()) {
        for label in finding.others.iter_mut().filter(|label| label.at.file == file) {
            label.at.span = to(label.at.span).unwrap_or(label.at.span);
        }
    }
    true
}

/// Whether two texts of a page stand at the same place.
fn same_place(a: &ContentPage, b: &ContentPage) -> bool {
    let aliases = |p: &ContentPage| p.aliases.iter().map(|alias| alias.place.clone()).collect::<Vec<_>>();
    a.place == b.place && aliases(a) == aliases(b)
}

/// Says anew what a file of records has that is not committed: `committed` is what git has of it. False, and nothing is
/// changed, where that is not to be told from these two texts.
fn follow(past: &mut RecordsPast, text: &str, committed: Option<&str>) -> bool {
    if past.sight != Sight::Whole {
        return true;
    }
    let held = committed.map(decode::record_states).unwrap_or_default();
    let now = decode::record_states(text);
    let mut texts: Vec<(Box<str>, Option<RecordText>)> = Vec::new();
    for state in now {
        let Some(last) = held.iter().find(|held| held.id == state.id) else {
            if past.records.contains_key(&state.id) {
                return false;
            }
            continue;
        };
        let changed = last.differing(&state);
        let text = RecordText { commit: None, changed, plan: state.plan, closed: state.closed };
        texts.push((state.id, (!changed.is_empty()).then_some(text)));
    }
    if !texts.iter().all(|(id, _)| past.records.contains_key(id)) {
        return false;
    }
    for (id, text) in texts {
        let all = past.records.entry(id).or_default();
        all.retain(|text| text.commit.is_some());
        all.extend(text);
    }
    true
}
