//! Quarterly reports: counted again by other code, every change in one quarter, the same in every form.

mod command;
mod generated;
mod quarters;
mod recount;
mod spreadsheet;
