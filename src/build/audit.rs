//! The files of an audit folder, made in memory from a site that was read.

use std::collections::BTreeSet;

use super::template_failed;
use crate::error::{Error, Result};
use crate::judge::Detail;
use crate::model::{Ledger, PolicyVersion, Quarter};
use crate::pipeline::Site;
use crate::redline::{Redline, Side};
use crate::render::Theme;
use crate::report::audit::{
    Audit, Held, attributes_sheet, draw, matrix_sheet, people_sheet, policies_sheet, population_sheet, readme,
    sample_sheet, source_sheet, verdicts_sheet, waivers_sheet, workpaper, workpaper_sheet,
};
use crate::report::reconcile::Compared;
use crate::report::sheet::{Sheet, to_csv, to_xlsx};
use crate::report::{self, redline_markdown};
use crate::site::{AuditAsked, Digest, Manifest, digest};

/// What an audit folder is made from, beside the site.
#[derive(Clone, Copy)]
pub struct AuditInput<'i> {
    /// The quarter.
    pub quarter: Quarter,
    /// What was asked for.
    pub asked: &'i AuditAsked,
    /// The commit, where there is one.
    pub commit: Option<&'i str>,
    /// Whether an input differs from it.
    pub dirty: Option<bool>,
    /// What the site was made from.
    pub inputs: &'i [(String, Digest)],
}

/// An audit folder.
pub struct AuditFolder {
    /// Its files, by path, the manifest last.
    pub files: Vec<(String, Vec<u8>)>,
    /// How many changes lie in the quarter.
    pub population: usize,
    /// How many were drawn.
    pub drawn: usize,
    /// Strata: name, of how many, how many drawn.
    pub strata: Vec<(String, usize, usize)>,
    /// Whether deployments were compared with records.
    pub compared: bool,
}

/// Judges the site and makes the folder.
pub fn build_audit(site: &mut Site<'_>, theme: &Theme, input: AuditInput<'_>) -> Result<AuditFolder> {
    let held = population(site, input.quarter)?;
    let site = &*site;
    let strata: Vec<(String, String)> = held.iter().map(|h| (h.key.clone(), h.stratum(&site.ledger))).collect();
    let sample = draw(&strata, input.asked.sample, &input.asked.seed);
    let audit = Audit {
        sources: site.sources,
        ledger: &site.ledger,
        quarter: input.quarter,
        as_of: site.as_of,
        commit: input.commit,
        dirty: input.dirty == Some(true),
        held: &held,
        seed: &input.asked.seed,
        asked: input.asked.sample,
        sample: &sample,
    };
    let mut files = Files { audit, list: Vec::new() };
    files.tables()?;
    files.policies();
    let compared = files.reconciliation();
    files.text("README.md", readme(&audit, compared));
    let page =
        theme.page("workpaper.html", |theme| theme.render_workpaper(&super::internal::frame(site), &workpaper(&audit)));
    files.text("workpaper.html", page.map_err(|e| template_failed(&e))?);
    files.list.extend(theme.public_assets().map(|a| (a.path.clone(), a.bytes.to_vec())));
    for (drawn, number) in sample.drawn.iter().zip(1..) {
        let one = &held[drawn.number];
        let path = report::audit::record_file(number, one);
        files.text(&path, format!("{}\n", one.text(site.sources)));
    }
    let outputs = files.list.iter().map(|(path, bytes)| (path.clone(), digest(bytes))).collect();
    let mut manifest = Manifest {
        tree: "audit",
        as_of: Some(site.as_of.to_string()),
        commit: input.commit,
        dirty: input.dirty,
        history: None,
        audit: Some(input.asked.clone()),
        inputs: input.inputs.iter().map(|(path, digest)| (path.as_str(), *digest)).collect(),
        outputs,
    };
    files.text("manifest.json", manifest.to_json());
    let strata = sample.strata.iter().map(|s| (s.name.clone(), s.of, s.n)).collect();
    Ok(AuditFolder { files: files.list, population: held.len(), drawn: sample.drawn.len(), strata, compared })
}

/// The quarter's records, by the instant that places them in it.
fn population(site: &mut Site<'_>, quarter: Quarter) -> Result<Vec<Held>> {
    let sources = site.sources;
    let mut held: Vec<Held> = Vec::new();
    site.judge(
        Detail::All,
        |ledger: &Ledger, entry, _| {
            let own = crate::judge::quarter(ledger, &entry.record) == Some(quarter);
            let id = entry.record.name().to_ascii_lowercase();
            (id, own.then(|| Held::of(sources, ledger, entry)))
        },
        {
            let mut seen = BTreeSet::new();
            let held = &mut held;
            move |(id, one): (String, Option<Held>)| {
                let first = seen.insert(id);
                if let Some(mut one) = one {
                    if !first || !one.row.page {
                        one.name_by_place(sources);
                    }
                    held.push(one);
                }
                Ok::<(), Error>(())
            }
        },
    )?;
    held.sort_by(|a, b| (a.row.at, &a.key).cmp(&(b.row.at, &b.key)));
    Ok(held)
}

/// Files on their way.
struct Files<'a> {
    audit: Audit<'a>,
    list: Vec<(String, Vec<u8>)>,
}

impl Files<'_> {
    fn text(&mut self, path: &str, text: String) {
        self.list.push((path.to_owned(), text.into_bytes()));
    }

    fn csv(&mut self, path: &str, sheet: &Sheet) -> Vec<u8> {
        let bytes = to_csv(sheet, &self.audit.ledger.configuration.calendar.zone);
        self.list.push((path.to_owned(), bytes.clone()));
        bytes
    }

    fn xlsx(&mut self, path: &str, sheets: &[Sheet]) -> Result<()> {
        let title = format!("{} {}", self.audit.ledger.configuration.organisation, self.audit.quarter);
        let bytes = to_xlsx(sheets, &self.audit.ledger.configuration.calendar.zone, &title, self.audit.as_of)?;
        self.list.push((path.to_owned(), bytes));
        Ok(())
    }

    fn tables(&mut self) -> Result<()> {
        let audit = self.audit;
        let population = population_sheet(&audit);
        let bytes = self.csv("population.csv", &population);
        let source = source_sheet(&audit, &bytes);
        self.csv("population-source.csv", &source);
        self.xlsx("population.xlsx", &[population, source])?;
        let (matrix, verdicts) = (matrix_sheet(&audit), verdicts_sheet(&audit));
        self.csv("matrix.csv", &matrix);
        self.csv("verdicts.csv", &verdicts);
        self.xlsx("matrix.xlsx", &[matrix, verdicts])?;
        self.csv("sample.csv", &sample_sheet(&audit));
        self.csv("workpaper.csv", &workpaper_sheet(&audit));
        self.csv("attributes.csv", &attributes_sheet(&audit));
        self.csv("policies.csv", &policies_sheet(&audit));
        self.csv("people.csv", &people_sheet(&audit));
        self.csv("waivers.csv", &waivers_sheet(&audit));
        Ok(())
    }

    /// The texts that judged, and what differs from the version before each.
    fn policies(&mut self) {
        let audit = self.audit;
        for (p, v) in report::audit::used(&audit) {
            let policy = &audit.ledger.policies[p];
            let version = &policy.versions[v];
            let text = audit.sources.file(version.file).text().to_owned();
            self.text(&report::audit::policy_file(version, v), text);
            let Some(before) = v.checked_sub(1).map(|before| &policy.versions[before]) else { continue };
            if !before.has_page() || !version.has_page() {
                continue;
            }
            let text = |version: &PolicyVersion| audit.sources.file(version.file).text();
            let old = Side { version: before, text: text(before) };
            let redline = Redline::of(old, Side { version, text: text(version) });
            let compared = report::Compared {
                policy: policy.id.as_str(),
                old: (&before.version, before),
                new: (&version.version, version),
                redline: &redline,
                sources: audit.sources,
            };
            let path = format!("policies/{}/{}..{}.md", version.id, before.version, version.version);
            self.text(&path, redline_markdown(&compared));
        }
    }

    /// What was deployed against what is recorded; whether anybody compared it.
    fn reconciliation(&mut self) -> bool {
        let audit = self.audit;
        let found = audit.ledger.reconciliation.as_ref();
        let Some(found) = found.filter(|_| !audit.ledger.configuration.repositories.is_empty()) else {
            self.text(
                "reconciliation.md",
                "## Deployed and recorded\n\nNobody compared them: tickmark.yaml names no repositories.\n".to_owned(),
            );
            return false;
        };
        let compared = Compared { sources: audit.sources, ledger: audit.ledger, found, as_of: audit.as_of };
        self.text("reconciliation.md", compared.markdown());
        self.text("reconciliation.json", compared.json());
        true
    }
}
