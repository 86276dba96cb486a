//! Every record judged twice: by the policies of one state of a site and by those of another. Neither judgement knows of the
//! other, and what differs is for others to say.

use rayon::prelude::*;

use jiff::Timestamp;

use super::{Site, chunk};
use crate::decode::{self, RecordContext};
use crate::diag::Sink;
use crate::judge::{Detail, Judge, Judged};
use crate::model::{ChangeRecord, Ledger};

/// One record and what it comes to by either state.
#[derive(Debug)]
pub struct Pair {
    /// The record, as this site's policies read it.
    pub record: ChangeRecord,
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
        map: impl Fn(Pair) -> T + Sync,
        mut each: impl FnMut(T) -> Result<(), E>,
    ) -> Result<(), E> {
        for files in self.record_files.chunks(chunk(Detail::Findings)) {
            let compared: Vec<Vec<T>> = files
                .par_iter()
                .map(|file| {
                    let records = decode::decode_records(*file, self.sources.file(*file).text(), &mut Sink::new());
                    let pair = |mut record: ChangeRecord| {
                        let old = judged(other, &mut record.clone(), self.as_of);
                        let new = judged(&self.ledger, &mut record, self.as_of);
                        map(Pair { record, old, new })
                    };
                    records.into_iter().map(pair).collect()
                })
                .collect();
            compared.into_iter().flatten().try_for_each(&mut each)?;
        }
        Ok(())
    }
}

/// What a record comes to, read by the words of the version that judges it.
pub fn judged(ledger: &Ledger, record: &mut ChangeRecord, as_of: Timestamp) -> Judged {
    let judge = Judge::new(ledger, as_of, Detail::Findings);
    let version = judge.version_for(record).map(|(_, found)| found.version);
    decode::check_references(record, RecordContext { ledger, version }, &mut Sink::new());
    judge.judge(record)
}
