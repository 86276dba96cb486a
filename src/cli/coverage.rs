//! `tickmark coverage [POLICY]`: promises without a rule, rules without a clause.

use super::Status;
use super::arguments::{Common, Coverage, CoverageFormat};
use super::check::counted;
use super::session::Session;
use super::terminal::{Results, Terminal, Tone};
use crate::diag::suggest;
use crate::error::{Error, Result};
use crate::report::{self, PolicyCoverage};

pub(super) fn run(common: &Common, options: &Coverage, terminal: &Terminal) -> Result<Status> {
    let mut session = Session::open_at(common, &options.reading, false)?;
    let site = session.load(terminal)?;
    if let Some(id) = options.policy.as_deref().filter(|id| site.ledger.policy(id).is_none()) {
        let help = suggest::help(id, site.ledger.policy_ids());
        return Err(Error::refused(format!("the site has no policy `{id}`"), help));
    }
    let coverage = report::coverage(site.sources, &site.ledger, options.policy.as_deref());
    let mut out = terminal.results();
    if options.format == CoverageFormat::Json {
        out.put(&report::coverage_json(&coverage))?;
        out.finish()?;
        return Ok(Status::Clean);
    }
    for policy in &coverage.policies {
        put(policy, terminal, &mut out)?;
    }
    if coverage.policies.len() > 1 {
        let (tested, promises) =
            coverage.policies.iter().fold((0, 0), |(t, p), one| (t + one.tested, p + one.promises));
        let policies = counted(coverage.policies.len(), "policy", "policies");
        out.put(&format!("{policies}: {}\n", report::coverage_in_words(tested, promises)))?;
    }
    if coverage.policies.is_empty() {
        out.put("the site has no policy\n")?;
    }
    out.finish()?;
    Ok(Status::Clean)
}

fn put(policy: &PolicyCoverage, terminal: &Terminal, out: &mut Results) -> Result<()> {
    let words = report::coverage_in_words(policy.tested, policy.promises);
    out.put(&format!("{}  {}: {words}\n", terminal.paint(Tone::Strong, &policy.id), policy.path))?;
    if !policy.english {
        out.put(
            "  its words do not look English, and only English ones are known: promises in others are not counted\n",
        )?;
    }
    if !policy.untested.is_empty() {
        out.put("  promises without a rule\n")?;
    }
    for promise in &policy.untested {
        out.put(&format!("  {:>5}  {}\n", promise.line, promise.text))?;
    }
    if !policy.rules_without_clause.is_empty() {
        out.put("  rules without a clause\n")?;
    }
    for rule in &policy.rules_without_clause {
        out.put(&format!("  {:>5}  {}\n", rule.line, rule.rule))?;
    }
    out.put("\n")
}
