//! PDFs as independent readers see them: poppler (`pdfinfo`, `pdffonts`, `pdftotext`) and qpdf. Built by the real program.

mod disclosed;
mod reader;
mod report;
mod site;
mod standards;

pub(crate) use reader::words as text_of;
