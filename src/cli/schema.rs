//! `tickmark schema`: what editors complete and explain from, printed or written into the site.

use super::Status;
use super::arguments::{Common, Schema, SchemaKind};
use super::session::Session;
use super::terminal::Terminal;
use crate::error::Result;
use crate::model::TrustKind;
use crate::schema::{self, Of};
use crate::{repo, write};

pub(super) fn run(common: &Common, options: &Schema, terminal: &Terminal) -> Result<Status> {
    let of: Vec<Of> = match options.kind {
        Some(SchemaKind::Change) => vec![Of::Change],
        Some(SchemaKind::Policy) => vec![Of::Policy],
        Some(SchemaKind::Site) => vec![Of::Site],
        Some(SchemaKind::People) => vec![Of::People],
        Some(SchemaKind::Waiver) => vec![Of::Waiver],
        Some(SchemaKind::Commitments) => vec![Of::Data(TrustKind::Commitments)],
        Some(SchemaKind::Certifications) => vec![Of::Data(TrustKind::Certifications)],
        Some(SchemaKind::Subprocessors) => vec![Of::Data(TrustKind::Subprocessors)],
        Some(SchemaKind::Notice) => vec![Of::Data(TrustKind::Notice)],
        Some(SchemaKind::Faq) => vec![Of::Data(TrustKind::Faq)],
        Some(SchemaKind::Updates) => vec![Of::Data(TrustKind::Updates)],
        Some(SchemaKind::Contact) => vec![Of::Data(TrustKind::Contact)],
        Some(SchemaKind::Disclosure) => vec![Of::Data(TrustKind::Disclosure)],
        Some(SchemaKind::Controls) => vec![Of::Data(TrustKind::Controls)],
        None => Of::ALL.to_vec(),
    };
    let texts: Vec<String> = if options.site {
        let mut session = Session::open(common, false)?;
        let site = session.load(terminal)?;
        of.iter().map(|of| schema::schema(*of, Some(&site.ledger))).collect()
    } else {
        of.iter().map(|of| schema::schema(*of, None)).collect()
    };
    let mut out = if options.write { terminal.account() } else { terminal.results() };
    if options.write {
        let root = repo::find_site(&common.directory)?;
        for (of, text) in of.iter().zip(&texts) {
            write::own_file(&root, &of.path(), text, schema::MARK)?;
            out.put(&format!("wrote {}\n", of.path()))?;
        }
        out.put(&format!("\nfirst line of a change record: {}", schema::line(Of::Change, 2)))?;
    } else {
        for text in &texts {
            out.put(text)?;
        }
    }
    out.finish()?;
    Ok(Status::Clean)
}
