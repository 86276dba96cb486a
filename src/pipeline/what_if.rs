//! Every record judged twice: by the policies of one state of a site and by those of another. Neither judgement knows of the
//! other, and what differs is for others to say.

use std::borrow::Cow;

use rayon::prelude::*;

use jiff::Timestamp;

use super::{Site, chunk};
use crate::decode;
use crate::diag::Sink;
use crate::judge::{Detail, Judge, Judged};
use crate::model::{ChangeRecord, Ledger};

/// One record and what it comes to by either state.
#[derive(Debug)]
pub struct Pair<'r> {
    /// The record, as this site's policies read it.
    pub record: Cow<'r, ChangeRecord>,
    /// By the other's policies.
    pub old: Judged,
    /// By this site's.
    pub new: Judged,
}

impl Site<'_> {
    /// Judges every record by the policies of another ledger and by its own. `map` runs in parallel on each; `each` gets what
    /// it made, in the order of the files. Findings about the records themselves are left to `check`.
    pub fn compare<T: Send, E>(
        &self,
        other: &Ledger,
        map: impl Fn(Pair<'_>) -> T + Sync,
        mut each: impl FnMut(T) -> Result<(), E>,
    ) -> Result<(), E> {
        for files in self.record_files.chunks(chunk(Detail::Findings)) {
            let compared: Vec<Vec<T>> = files
                .par_iter()
                .map(|file| {
                    let records = decode::decode_records(*file, self.sources.file(*file).text(), &mut Sink::new());
                    let pair = |record: &ChangeRecord| {
                        let (_, old) = judged(other, record, self.as_of);
                        let (record, new) = judged(&self.ledger, record, self.as_of);
                        map(Pair { record, old, new })
                    };
                    records.iter().map(pair).collect()
                })
                .collect();
            compared.into_iter().flatten().try_for_each(&mut each)?;
        }
        Ok(())
    }
}

/// A record as the version that judges it reads it, and what it comes to.
pub fn judged<'r>(ledger: &Ledger, record: &'r ChangeRecord, as_of: Timestamp) -> (Cow<'r, ChangeRecord>, Judged) {
    let judge = Judge::new(ledger, as_of, Detail::Findings);
    let record = match judge.version_for(record) {
        Some((_, found)) => decode::check_words(record, found.version, &mut Sink::new()),
        None => Cow::Borrowed(record),
    };
    let judged = judge.judge(&record);
    (record, judged)
}
