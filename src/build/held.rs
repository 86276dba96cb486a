//! What a preview holds of the records between two saves, and what of it an edit changes. Nothing is written here.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::internal::{Gist, InternalBuild, gist};
use super::{MORE_CODES, StaticFile};
use crate::diag::Sink;
use crate::model::{ChangeRecord, History, Ledger, NO_HISTORY, Policy};
use crate::pipeline::{self, AsOf, Edit, Entry, Inputs, Pair, Resident, Saved, Site};
use crate::report::Row;
use crate::report::due::Due;
use crate::report::what_if::{Piece, WhatIf};
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
}

impl Held {
    /// Reads and judges every record, and makes no page.
    pub fn of(site: &mut Site<'_>, statics: &[StaticFile<'_>]) -> Self {
        let as_of = site.as_of;
        let sources = site.sources;
        let mut resident = site.judge_resident(|ledger, entry, sink| gist(sources, ledger, entry, as_of, sink));
        let mut built = InternalBuild::default();
        let mut starts = Vec::with_capacity(resident.len());
        let mut due = Vec::new();
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for file in 0..resident.len() {
            starts.push(built.rows.len());
            for mut made in resident.items_mut(file).drain(..) {
                made.row.page &= seen.insert(made.row.id.to_ascii_lowercase());
                due.push((std::mem::take(&mut made.due), made.undated));
                built.take(made);
            }
        }
        let statics: Vec<String> = statics.iter().map(|(path, _)| (*path).to_owned()).collect();
        let mut held = Self { resident, starts, due, places: Places::of(site, &statics), built };
        held.conclude(site);
        held
    }

    /// Takes in another text of one document; `old` is the one before, `committed` what git has of a file of records. Where
    /// that may touch more than the document itself, nothing changes, and the site has to be read anew.
    pub fn edit(
        &mut self,
        site: &mut Site<'_>,
        history: &History,
        (file, old): (FileId, &SourceFile),
        committed: Option<&str>,
    ) -> bool {
        let as_of = site.as_of;
        let sources = site.sources;
        let map = |ledger: &Ledger, entry: Entry, sink: &mut Sink| gist(sources, ledger, entry, as_of, sink);
        let places = &self.places;
        let also = |site: &Site<'_>, file: FileId| links_of(site, places, file);
        let saved = Saved { file, before: old, committed, history, also: &also };
        let Edit::Taken(files) = site.edit(&mut self.resident, &saved, map) else { return false };
        for file in files {
            for (number, made) in self.resident.items_mut(file).drain(..).enumerate() {
                let number = self.starts[file] + number;
                self.due[number] = (made.due, made.undated);
                let row = &mut self.built.rows[number];
                let page = row.page;
                *row = Row { page, ..made.row };
            }
        }
        self.conclude(site);
        true
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
    pub fn what_if(&self, site: &mut Site<'_>, history: &History, policy: usize) -> Option<WhatIf> {
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
        let (mut was, mut is) = (alone(site, path, was)?, alone(site, path, now)?);
        let records: Vec<&ChangeRecord> = self.resident.records().filter(|r| is.policy_of(r).is_some()).collect();
        was.past = std::mem::take(&mut site.ledger.past);
        let by = |ledger: &Ledger, record: &mut ChangeRecord| pipeline::judged(ledger, record, site.as_of);
        let old: Vec<_> = records.par_iter().map(|record| by(&was, &mut (*record).clone())).collect();
        is.past = std::mem::take(&mut was.past);
        let sources = site.sources;
        let compared = records.par_iter().zip(old).map(|(record, old)| {
            let mut record = (*record).clone();
            let new = by(&is, &mut record);
            Piece::of(sources, &was, &is, &Pair { record, old, new })
        });
        let pieces: Vec<Piece> = compared.collect();
        site.ledger.past = std::mem::take(&mut is.past);
        let mut found = WhatIf::default();
        pieces.into_iter().for_each(|piece| found.add(piece));
        Some(found)
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
