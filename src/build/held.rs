//! What a preview holds of the records between two saves, and what of it an edit changes. Nothing is written here.

use std::collections::BTreeSet;

use jiff::Timestamp;
use rayon::prelude::*;

use super::internal::{Gist, InternalBuild, gist};
use super::{MORE_CODES, StaticFile};
use crate::diag::{Diagnostic, Sink};
use crate::judge::Judged;
use crate::model::{ChangeRecord, History, Ledger, NO_HISTORY, Policy};
use crate::pipeline::{self, AsOf, Edit, Entry, Inputs, Pair, Resident, Saved, Site, Turned};
use crate::report::due::Due;
use crate::report::what_if::{Paired, Piece, WhatIf};
use crate::site::{Places, links_of};
use crate::source::{FileId, SourceFile, SourceSet};

/// Every record, as it was read and judged last.
pub struct Held {
    resident: Resident<Gist>,
    /// The number of the first row of each file of records.
    starts: Vec<usize>,
    /// What falls due of each row, and how many of its rules wait for something without a date.
    due: Vec<(Vec<Due>, usize)>,
    /// Where links may lead. An edit that is taken in adds and removes no place.
    places: Places,
    /// What all of it came to.
    pub built: InternalBuild,
    /// What records came to by the committed text of the policy that was compared last.
    was: Option<Was>,
}

/// What past records came to by the committed text of a policy, as if it had always been in force.
struct Was {
    /// Its file.
    path: String,
    /// Its id.
    policy: String,
    /// It alone, without what git says of records.
    ledger: Ledger,
    /// The rows of its records.
    rows: Vec<usize>,
    /// What each came to, without words.
    judged: Vec<Judged>,
}

/// What became of something that was saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is taken in.
    In,
    /// It is taken in, and what must not be published may be called otherwise: a record, an incident or a policy.
    Renamed,
    /// It may touch more than the document itself: the site has to be read anew. Nothing has changed.
    Refused,
}

/// What is kept of each record of a site that is judged as of an instant.
fn map(sources: &SourceSet, as_of: Timestamp) -> impl Fn(&Ledger, Entry<'_>, &mut Sink) -> Gist + Sync {
    move |ledger, entry, sink| gist(sources, ledger, entry, as_of, sink)
}

impl Held {
    /// Reads and judges every record, and makes no page.
    pub fn of(site: &mut Site<'_>, statics: &[StaticFile<'_>]) -> Self {
        let map = map(site.sources, site.as_of);
        let mut resident = site.judge_resident(map);
        let mut built = InternalBuild::default();
        let mut starts = Vec::with_capacity(resident.len());
        let mut due = Vec::new();
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for file in 0..resident.len() {
            starts.push(built.rows.len());
            for mut made in resident.take_items(file) {
                made.row.page &= seen.insert(made.row.id.to_ascii_lowercase());
                due.push((std::mem::take(&mut made.due), made.undated));
                built.take(made);
            }
        }
        let statics: Vec<String> = statics.iter().map(|(path, _)| (*path).to_owned()).collect();
        let mut held = Self { resident, starts, due, places: Places::of(site, &statics), built, was: None };
        held.conclude(site);
        held
    }

    /// Takes in another text of one document; `old` is the one before, `committed` what git has of a file of records.
    pub fn edit(
        &mut self,
        site: &mut Site<'_>,
        history: &History,
        (file, old): (FileId, &SourceFile),
        committed: Option<&str>,
    ) -> Taken {
        let map = map(site.sources, site.as_of);
        if site.sources.file(file).path().starts_with("changes/") {
            self.was = None;
        }
        let places = &self.places;
        let also = |site: &Site<'_>, file: FileId| links_of(site, places, file);
        let (rows, starts) = (&self.built.rows, &self.starts);
        let judgements = |file: usize, record: usize| rows[starts[file] + record].judgements.as_slice();
        let saved = Saved { file, before: old, committed, history, judgements: &judgements, also: &also };
        let taken;
        match site.edit(&mut self.resident, &saved, map) {
            Edit::Refused => return Taken::Refused,
            Edit::Renamed(file) => {
                self.put(file, true);
                taken = Taken::Renamed;
            }
            Edit::Taken { again, turned, titled } => {
                again.into_iter().for_each(|file| self.put(file, false));
                for Turned { file, record, judgements, verdict } in turned {
                    let row = &mut self.built.rows[self.starts[file] + record];
                    (row.judgements, row.verdict) = (judgements, verdict);
                }
                taken = if titled { Taken::Renamed } else { Taken::In };
            }
        }
        self.conclude(site);
        taken
    }

    /// Takes in a file of records that was not there; its text stands among the sources already.
    pub fn add(&mut self, site: &mut Site<'_>, file: FileId, committed: Option<&str>) -> Taken {
        let map = map(site.sources, site.as_of);
        self.was = None;
        let Some(number) = site.add_records(&mut self.resident, file, committed, map) else { return Taken::Refused };
        let start = self.starts.get(number).copied().unwrap_or(self.built.rows.len());
        self.starts.insert(number, start);
        self.put(number, true);
        self.conclude(site);
        Taken::Renamed
    }

    /// Lets go of a file of records, whose text still stands among the sources.
    pub fn remove(&mut self, site: &mut Site<'_>, file: FileId) -> Taken {
        self.was = None;
        let Some(number) = site.remove_records(&mut self.resident, file) else { return Taken::Refused };
        self.replace(number, Vec::new(), true);
        self.starts.remove(number);
        self.conclude(site);
        Taken::Renamed
    }

    /// Puts the rows of a file of records in the place of those before.
    fn put(&mut self, file: usize, renamed: bool) {
        let made = self.resident.take_items(file);
        self.replace(file, made, renamed);
    }

    /// Where nothing is called otherwise, each row has its page as before; else every record's name is its own in the site,
    /// but for others in its file.
    fn replace(&mut self, file: usize, made: Vec<Gist>, renamed: bool) {
        let built = &mut self.built;
        let start = self.starts[file];
        let end = self.starts.get(file + 1).copied().unwrap_or(built.rows.len());
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let (mut rows, mut files, mut due) = (Vec::new(), Vec::new(), Vec::new());
        for (number, gist) in made.into_iter().enumerate() {
            let Gist { mut row, due: own, undated, file, .. } = gist;
            row.page = if renamed {
                row.page && seen.insert(row.id.to_ascii_lowercase())
            } else {
                built.rows[start + number].page
            };
            rows.push(row);
            files.push(file);
            due.push((own, undated));
        }
        let now = start + rows.len();
        built.rows.splice(start..end, rows);
        built.files.splice(start..end, files);
        self.due.splice(start..end, due);
        if now != end {
            self.starts[file + 1..].iter_mut().for_each(|start| *start = *start + now - end);
        }
        if renamed {
            let incidents = |record: &ChangeRecord| -> Vec<String> {
                record.incidents.items().iter().filter_map(|i| i.id.get().map(ToString::to_string)).collect()
            };
            built.incidents = self.resident.records().flat_map_iter(incidents).collect();
        }
    }

    /// All that was found and is wanted, as `check` would list it.
    pub fn findings(&self, wanted: impl Fn(&Diagnostic) -> bool) -> Vec<&Diagnostic> {
        let all = self.resident.of_documents().iter().chain(&self.built.findings);
        let mut found: Vec<&Diagnostic> = all.filter(|finding| wanted(finding)).collect();
        // Both are sorted, so that this is to put one into the other.
        found.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
        found
    }

    /// What can be said once every record is judged.
    fn conclude(&mut self, site: &mut Site<'_>) {
        site.conclude_resident(&self.resident);
        self.built.due = self.due.iter().flat_map(|(due, _)| due.iter().cloned()).collect();
        self.built.undated = self.due.iter().map(|(_, undated)| undated).sum();
        self.built.conclude(site);
    }

    /// What the text of a policy that is not committed yet would have made of its past records, against the one that is: as
    /// if either had always been in force. Nothing where there is no such edit. Where the front matter is the same, so are all
    /// verdicts, and only their number is told.
    pub fn what_if(&mut self, site: &mut Site<'_>, history: &History, policy: usize) -> Option<WhatIf> {
        let newest = site.ledger.policies[policy].newest();
        if !newest.uncommitted {
            return None;
        }
        let (path, now) = (site.sources.file(newest.file).path(), site.sources.file(newest.file).text());
        let lineage = history.policies.iter().find(|lineage| lineage.path == path)?;
        let last = lineage.texts.iter().rev().find(|text| text.stood).and_then(|text| text.file)?;
        let was = site.sources.file(last).text();
        let front = newest.body.start as usize;
        if was.get(..front) == now.get(..front) {
            let under = |r: &&ChangeRecord| site.ledger.policy_of(r).is_some_and(|p| p.id == newest.id);
            let mut found = WhatIf::default();
            found.all.records = self.resident.records().filter(under).count();
            return Some(found);
        }
        let id = newest.id.to_string();
        let known = self.was.take().filter(|known| known.path == path && known.policy == id);
        let known = match known {
            Some(known) => known,
            None => self.was_of(site, path, was, id)?,
        };
        let found = self.held_against(site, &known, policy, alone(site, path, now)?);
        self.was = Some(known);
        Some(found)
    }

    /// What past records came to by the committed text of a policy.
    fn was_of(&self, site: &mut Site<'_>, path: &str, text: &str, policy: String) -> Option<Was> {
        let mut ledger = alone(site, path, text)?;
        let all: Vec<&ChangeRecord> = self.resident.records().collect();
        let under = |number: &usize| site.ledger.policy_of(all[*number]).is_some_and(|p| p.id.as_str() == policy);
        let rows: Vec<usize> = (0..all.len()).filter(under).collect();
        ledger.past = std::mem::take(&mut site.ledger.past);
        let judged = rows.par_iter().map(|row| {
            let (_, mut judged) = pipeline::judged(&ledger, all[*row], site.as_of);
            judged.judgements.iter_mut().for_each(|judgement| judgement.why = None);
            judged
        });
        let judged = judged.collect();
        site.ledger.past = std::mem::take(&mut ledger.past);
        Some(Was { path: path.to_owned(), policy, ledger, rows, judged })
    }

    /// Holds it against what they come to by the text that is edited, which is alone in a ledger.
    fn held_against(&self, site: &mut Site<'_>, was: &Was, policy: usize, mut is: Ledger) -> WhatIf {
        let of = &site.ledger.policies[policy];
        let last = Some((policy as u32, of.versions.len() as u32 - 1));
        let paired = was.ledger.policies.first().map(|old| Paired::of(old.newest(), of.newest()));
        // Where history is cut short, nobody knows whether it was in force.
        let paired = paired.filter(|_| !of.cut);
        let all: Vec<&ChangeRecord> = self.resident.records().collect();
        is.past = std::mem::take(&mut site.ledger.past);
        let compared = was.rows.par_iter().zip(&was.judged).map(|(number, old)| {
            let (record, row) = (all[*number], &self.built.rows[*number]);
            let alike = |paired: &Paired| paired.alike((old.verdict, &old.judgements), (row.verdict, &row.judgements));
            // What was judged by this very text already is not judged again, unless there is something to say about it.
            if row.policy == last && paired.as_ref().is_some_and(alike) {
                return Piece::alike(&is, record);
            }
            let (record, new) = pipeline::judged(&is, record, site.as_of);
            Piece::of(site.sources, &was.ledger, &is, &Pair { record, old: old.clone(), new })
        });
        let pieces: Vec<Piece> = compared.collect();
        site.ledger.past = std::mem::take(&mut is.past);
        let mut found = WhatIf::default();
        pieces.into_iter().for_each(|piece| found.add(piece));
        found
    }
}

/// A ledger of one policy by one text, always in force, with all else that records are judged by.
fn alone(site: &Site<'_>, path: &str, text: &str) -> Option<Ledger> {
    let folders = ["policies/", "changes/", "content/", "reports/", "closed/"];
    let other = |file: &&SourceFile| !folders.iter().any(|folder| file.path().starts_with(folder));
    let kept = site.sources.iter().map(|(_, file)| file).filter(other);
    let mut texts: Vec<SourceFile> = kept.map(|file| SourceFile::from_text(file.path(), file.text())).collect();
    texts.push(SourceFile::from_text(path, text));
    let sources = SourceSet::new(texts);
    let as_of = AsOf::Instant(site.as_of);
    let loaded = pipeline::load(Inputs { sources: &sources, history: &NO_HISTORY, as_of, more_codes: MORE_CODES });
    let mut ledger = loaded.ok()?.ledger;
    ledger.policies.iter_mut().for_each(Policy::keep_newest);
    Some(ledger)
}
