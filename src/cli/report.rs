//! `tickmark report`: one quarterly report, as a page of its own, JSON, CSV or a spreadsheet.

use std::io::IsTerminal;
use std::path::Path;

use super::Status;
use super::arguments::{Common, Report, ReportFormat};
use super::session::Session;
use super::terminal::Terminal;
use crate::build::{PAPERS, frame, own_files, report_paper, theme, words};
use crate::error::{Error, Result};
use crate::model::Quarter;
use crate::pipeline::Site;
use crate::render::{Theme, standalone};
use crate::report::{self, QuarterPages, Reports, closing_view};

pub(super) fn run(common: &Common, options: &Report, terminal: &Terminal) -> Result<Status> {
    let quarter = Quarter::parse(&options.quarter).ok_or_else(|| {
        Error::refused(format!("`{}` is no quarter", options.quarter), "write a year and a quarter: `2026-Q3`")
    })?;
    let format = format(options)?;
    if format == ReportFormat::Pdf && !PAPERS {
        return Err(Error::refused(
            "this tickmark was built without the feature `pdf`",
            "build it with `--features pdf`, or print what `--format html` makes",
        ));
    }
    let binary = match format {
        ReportFormat::Xlsx => Some(("a spreadsheet", "changes.xlsx")),
        ReportFormat::Pdf => Some(("a PDF", "report.pdf")),
        ReportFormat::Html | ReportFormat::Json | ReportFormat::Csv => None,
    };
    if let Some((what, file)) = binary.filter(|_| options.output.is_none() && std::io::stdout().is_terminal()) {
        return Err(Error::refused(
            format!("{what} is nothing for a terminal"),
            format!("say where to with `-o {file}`"),
        ));
    }
    let mut session = Session::open_at(common, &options.reading, false)?;
    session.show_history();
    session.compare_deployed();
    let assets = std::mem::take(&mut session.tree.assets);
    let mut site = session.load(terminal)?;
    let files = own_files(&site, &assets);
    let theme = theme(&mut site, &files).unwrap_or_else(Theme::built_in);
    let rows = report::judged_rows(&mut site);
    let order = report::register_order(&rows);
    let reports = Reports::new(&site.ledger, &order, site.as_of);
    has(&reports, quarter)?;
    let bytes = match format {
        ReportFormat::Html => page(&site, &theme, &reports, quarter)?.into_bytes(),
        ReportFormat::Pdf => report_paper(&site, &frame(&site), quarter, &pages(&site, &reports, quarter))?,
        ReportFormat::Json => reports.json(quarter, &reports.pages(quarter, None).report).into_bytes(),
        ReportFormat::Csv => reports.changes_csv(&reports.changes_sheet(quarter)),
        ReportFormat::Xlsx => {
            reports.workbook(quarter, reports.changes_sheet(quarter), &reports.pages(quarter, None).report)?
        }
    };
    if let Some(path) = &options.output {
        crate::write::named_file(path, &bytes)?;
        terminal.say(&format!("{}: the report of {quarter}", path.display()));
    } else {
        let mut out = terminal.results();
        out.put_bytes(&bytes)?;
        out.finish()?;
    }
    Ok(Status::Clean)
}

/// As asked, else by the name of the file, else a page.
fn format(options: &Report) -> Result<ReportFormat> {
    let ending = options.output.as_deref().and_then(Path::extension).and_then(|e| e.to_str());
    match (options.format, ending) {
        (Some(format), _) => Ok(format),
        (None, None | Some("html")) => Ok(ReportFormat::Html),
        (None, Some("json")) => Ok(ReportFormat::Json),
        (None, Some("csv")) => Ok(ReportFormat::Csv),
        (None, Some("xlsx")) => Ok(ReportFormat::Xlsx),
        (None, Some("pdf")) => Ok(ReportFormat::Pdf),
        (None, Some(other)) => Err(Error::refused(
            format!("nothing says which format `.{other}` is"),
            "name one: `--format html`, `pdf`, `json`, `csv` or `xlsx`",
        )),
    }
}

fn has(reports: &Reports<'_>, quarter: Quarter) -> Result<()> {
    let all: Vec<Quarter> = reports.quarters().collect();
    if all.contains(&quarter) {
        return Ok(());
    }
    let help = match (all.first(), all.last()) {
        (Some(first), Some(last)) if first == last => format!("the only one with a report is `{first}`"),
        (Some(first), Some(last)) => format!("there are reports from `{first}` to `{last}`"),
        _ => "write a change record first: `tickmark new change`".to_owned(),
    };
    Err(Error::refused(format!("no change lies in {quarter}"), help))
}

/// The report and the records behind it, with what it says of its signing-off.
fn pages(site: &Site<'_>, reports: &Reports<'_>, quarter: Quarter) -> QuarterPages {
    let mut pages = reports.pages(quarter, words(site, quarter));
    pages.report.closing = closing_view(site.sources, &site.ledger, quarter, reports.rows(quarter), site.as_of);
    pages
}

/// The page as one file that stands alone: its style inside, and no links to what is not there.
fn page(site: &Site<'_>, theme: &Theme, reports: &Reports<'_>, quarter: Quarter) -> Result<String> {
    let page = pages(site, reports, quarter).report;
    let html = theme.page("report.html", |theme| theme.render_report(&frame(site), &page));
    let html = html.map_err(|e| crate::build::template_failed(&e))?;
    Ok(standalone(&html, theme.style_sheet()))
}
