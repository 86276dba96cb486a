//! What judging comes to for readers: the output formats of `check`, and the data of internal pages.
//!
//! Every number carries the ids behind it. Nothing here judges, reads files or renders a page.

mod attention;
pub mod audit;
mod bypassed;
mod calendar;
mod change;
mod chart;
pub mod check;
pub mod closing;
mod coverage;
mod deployed;
pub mod due;
mod emergency;
mod history;
pub mod numbers;
mod overview;
pub mod pages;
mod paper;
mod policies;
mod quarter;
pub mod reconcile;
mod redline;
pub mod reference;
mod register;
mod restated;
mod row;
mod seal;
pub mod sheet;
mod tables;
mod tally;
mod versions;
mod waivers;
pub mod what_if;
mod wording;

pub use calendar::due_page;
pub use change::change_page;
pub use coverage::{
    Coverage, PolicyCoverage, coverage, coverage_in_words, coverage_json, coverage_page, policy_coverage,
};
pub use emergency::{emergencies_page, emergency_row, emergency_summary};
pub use history::{HistoryRow, record_history};
pub use overview::{by_quarter, overview};
pub use paper::{PolicyPaper, policy_paper};
pub use policies::{FindingsByFile, PolicyView, RuleCounts, framework_name, policies_page, policy_page};
pub use quarter::{QuarterPages, Reports, paper_link};
pub use redline::{Compared, redline_json, redline_markdown};
pub use register::{Listing, View, register_order, register_part, register_part_href, register_parts};
pub use restated::closing_view;
pub use row::{Row, change_href, emergency_href, is_emergency, judged_rows, policy_href, report_href, version_href};
pub use seal::seal;
pub use tally::Tally;
pub use versions::{internal_redline, internal_redline_href, internal_redlines, internal_versions};
pub use waivers::waivers_page;
pub use wording::period;
