//! What git says of one record, for insiders: who first committed it, who edited what of it since.

use crate::decode::record_shape;
use crate::diag::suggest;
use crate::judge;
use crate::model::{Calendar, ChangeRecord, Ledger, RecordText};

/// One text that a record had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryRow {
    /// When, for people; empty where it is not committed yet.
    pub when: String,
    /// Who wrote it, and who committed it where that is somebody else.
    pub who: String,
    /// What it did: `first committed`, or which fields it edited.
    pub what: String,
    /// The commit, in short.
    pub commit: String,
    /// Whether the commit carries a signature; that it is good nobody has looked.
    pub signature: &'static str,
}

/// The texts of a record, oldest first; none where git does not date it.
pub fn record_history(ledger: &Ledger, record: &ChangeRecord, calendar: &Calendar) -> Vec<HistoryRow> {
    let texts = judge::record_history(ledger, record);
    texts.iter().enumerate().map(|(number, text)| row(ledger, calendar, number == 0, text)).collect()
}

fn row(ledger: &Ledger, calendar: &Calendar, first: bool, text: &RecordText) -> HistoryRow {
    let shape = record_shape();
    let names: Vec<&str> = text.changed.numbers().filter_map(|n| shape.fields.get(n).map(|f| f.name)).collect();
    let edited = if first { "first committed".to_owned() } else { format!("edited {}", suggest::list(&names)) };
    let Some(by) = ledger.past.commit(text) else {
        let what = format!("{edited}, not committed yet");
        return HistoryRow { when: String::new(), who: String::new(), what, commit: String::new(), signature: "" };
    };
    let author = ledger.people.name_of(&by.author);
    let committer = ledger.people.name_of(&by.committer);
    let who = if author == committer { author } else { format!("{author}, committed by {committer}") };
    HistoryRow {
        when: super::wording::shown(calendar, by.commit.at),
        who,
        what: edited,
        commit: by.commit.short().to_owned(),
        signature: if by.signed { "present, not verified" } else { "none" },
    }
}
