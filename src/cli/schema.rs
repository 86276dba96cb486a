//! `tickmark schema`: what editors complete and explain from, printed or written into the site.

use super::Status;
use super::arguments::{Common, Schema, SchemaKind};
use super::session::Session;
use super::terminal::Terminal;
use crate::error::{Error, Result};
use crate::model::TrustKind;
use crate::schema::{self, Of};
use crate::{repo, write};

/// The schema of what tickmark writes and others read.
fn outward(kind: Option<SchemaKind>) -> Option<String> {
    match kind? {
        SchemaKind::Closed => Some(schema::schema(Of::Closed, None)),
        SchemaKind::Report => Some(schema::REPORT.to_owned()),
        SchemaKind::Manifest => Some(schema::MANIFEST.to_owned()),
        _ => None,
    }
}

pub(super) fn run(common: &Common, options: &Schema, terminal: &Terminal) -> Result<Status> {
    if let Some(text) = outward(options.kind) {
        if options.write || options.site {
            return Err(Error::refused(
                "this is the schema of what tickmark writes, which is the same for every site",
                "leave `--site` and `--write` out",
            ));
        }
        let mut out = terminal.results();
        out.put(&text)?;
        out.finish()?;
        return Ok(Status::Clean);
    }
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
        None | Some(SchemaKind::Closed | SchemaKind::Report | SchemaKind::Manifest) => Of::ALL.to_vec(),
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
