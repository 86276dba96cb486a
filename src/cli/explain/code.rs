//! A code explained: its level here, what it means, what to do, an example, and how often it is found.

use super::super::check::counted;
use super::super::terminal::{Results, Terminal, Tone};
use super::check::{self, Lines};
use crate::build;
use crate::diag::human::Human;
use crate::diag::{Code, Level};
use crate::disclose;
use crate::error::Result;
use crate::import;
use crate::model::LevelSetting;
use crate::pipeline::Site;
use crate::report::reference;

/// How many findings are listed.
const LISTED: usize = 20;

/// Explains a code; in a site, also what it is there.
pub(super) fn explain(
    code: &'static Code,
    site: Option<&mut Site<'_>>,
    terminal: &Terminal,
    out: &mut Results,
) -> Result<()> {
    let tone = match code.level {
        Level::Error => Tone::Bad,
        Level::Warning => Tone::Care,
        Level::Note => Tone::Strong,
    };
    let level = terminal.paint(tone, code.level.word());
    out.put(&format!("{}  {level}\n\n", terminal.paint(Tone::Strong, code.name)))?;
    let mut lines = Lines::new(terminal.width());
    lines.paragraph("means: ", code.meaning);
    lines.paragraph("to do: ", &reference::remedy(code.name));
    lines.paragraph("level: ", &levels(code, site.as_deref()));
    out.put(&lines.text())?;
    if let Some(example) = reference::example(code.name) {
        out.put(&format!("\n{}\n", terminal.paint(Tone::Strong, "an example")))?;
        if let Some(rule) = example.rule {
            out.put(&format!("    {rule}\n\n"))?;
        }
        out.put(&check::block(example.record, terminal))?;
        out.put(&format!("  more of them: tickmark explain check:{}\n", example.page.name))?;
    }
    match site {
        Some(site) => found(code, site, terminal, out),
        None => Ok(()),
    }
}

/// Its level by itself, and what this site makes of it.
fn levels(code: &Code, site: Option<&Site<'_>>) -> String {
    let by_itself = match (code.fixed, reference::family_of_rules(code.name)) {
        (true, _) => format!("{}; no configuration can lower it", code.level.word()),
        (false, true) => "the rule's own; `unknown` is a warning, `waived` a note".to_owned(),
        (false, false) => format!("{}; `levels` in tickmark.yaml may set another", code.level.word()),
    };
    match site.and_then(|s| s.ledger.configuration.levels.get(code.name)) {
        None => by_itself,
        Some(LevelSetting::Off) => format!("{by_itself}; here tickmark.yaml turns it off"),
        Some(LevelSetting::At(level)) => format!("{by_itself}; here tickmark.yaml makes it {}", level.word()),
    }
}

/// How many findings of it there are in this site, and where.
fn found(code: &'static Code, site: &mut Site<'_>, terminal: &Terminal, out: &mut Results) -> Result<()> {
    let of_build = disclose::CODES.iter().chain(build::CODES).any(|c| std::ptr::eq(*c, code));
    if of_build {
        return out.put("\nonly `tickmark build` looks for it\n");
    }
    if import::CODES.iter().any(|c| std::ptr::eq(*c, code)) {
        return out.put("\nonly `tickmark import` looks for it, in exports\n");
    }
    let findings = site.take_findings();
    let of: Vec<_> = findings.iter().filter(|f| std::ptr::eq(f.code, code)).collect();
    out.put(&format!("\nfindings of it in this site: {}\n", of.len()))?;
    let human = Human::new(site.sources, terminal.colour(), terminal.width());
    for finding in of.iter().take(LISTED) {
        out.put(&format!("  {}", human.concise(finding)))?;
    }
    if of.len() > LISTED {
        out.put(&format!("  and {}\n", counted(of.len() - LISTED, "more", "more")))?;
    }
    Ok(())
}
