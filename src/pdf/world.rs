//! All that typst sees: one template, one document as values, our fonts. No files, no packages, no clock.

use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Dict, Duration, Smart, Str, Value};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use super::document::Document;
use super::fonts::fonts;
use super::values::Values;

/// A finished paper.
pub struct Paper {
    /// The PDF.
    pub bytes: Vec<u8>,
    /// How many characters no font has: a box stands for each.
    pub missing: usize,
}

/// Why a document could not be typeset.
#[derive(Debug)]
pub struct Refused(pub String);

/// After how many papers typst forgets what it did not need again: at once where a paper is this long, since what is
/// remembered of one weighs a hundred times its bytes and more.
const REMEMBERED: usize = 4;
const LONG: usize = 1 << 19;

static TEMPLATE: LazyLock<Source> =
    LazyLock::new(|| Source::new(file("/paper.typ"), include_str!("paper.typ").to_owned()));

fn file(path: &str) -> FileId {
    let path = VirtualPath::new(path).expect("a path of ours is one");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

struct Desk {
    library: LazyHash<Library>,
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &fonts().book
    }

    fn main(&self) -> FileId {
        TEMPLATE.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == TEMPLATE.id() { Ok(TEMPLATE.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        fonts().fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

impl Document {
    /// The document as PDF.
    pub fn typeset(&self) -> Result<Paper, Refused> {
        let mut values = Values::default();
        let mut inputs = Dict::new();
        inputs.insert(Str::from("document"), values.document(self));
        let desk = Desk { library: LazyHash::new(Library::builder().with_inputs(inputs).build()) };
        let laid_out = typst::compile::<PagedDocument>(&desk).output;
        let pages = laid_out.map_err(|errors| refused(errors.into_iter().map(|e| e.message.to_string())))?;
        let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1]);
        let options = PdfOptions {
            ident: Smart::Custom(self.ident.clone()),
            creator: Smart::Custom(Some(format!("Tickmark {}", env!("CARGO_PKG_VERSION")))),
            timestamp: self.timestamp(),
            standards: standards.map_err(|e| refused(std::iter::once(e.message().to_string())))?,
            ..PdfOptions::default()
        };
        let bytes = typst_pdf::pdf(&pages, &options);
        let long = bytes.as_ref().is_ok_and(|bytes| bytes.len() > LONG);
        typst::comemo::evict(if long { 0 } else { REMEMBERED });
        let bytes = bytes.map_err(|errors| refused(errors.into_iter().map(|e| e.message.to_string())))?;
        Ok(Paper { bytes, missing: values.missing })
    }

    fn timestamp(&self) -> Option<Timestamp> {
        let (year, month, day) = (self.date.year(), self.date.month(), self.date.day());
        let day = Datetime::from_ymd_hms(i32::from(year), month.unsigned_abs(), day.unsigned_abs(), 0, 0, 0)?;
        Some(Timestamp::new_utc(day))
    }
}

fn refused(messages: impl Iterator<Item = String>) -> Refused {
    let mut messages: Vec<String> = messages.collect();
    messages.dedup();
    messages.truncate(3);
    Refused(messages.join("; "))
}

/// A list, as typst has it.
pub(super) fn list(values: impl IntoIterator<Item = Value>) -> Value {
    Value::Array(values.into_iter().collect())
}
