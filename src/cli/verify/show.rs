//! What `verify` says.

use super::super::check::counted;
use super::super::terminal::{Results, Terminal, Tone};
use super::rebuild::Outcome;
use super::{Differs, Finished};
use crate::diag::human::seen;
use crate::error::Result;
use crate::site::{Kind, Spot};

/// How many differences are shown with what stands there; the others are named with their places.
const QUOTED: usize = 20;

/// What was seen so far.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) differences: usize,
    pub(super) rehashed_only: usize,
    quoted: usize,
}

/// A finished folder: what was compared with what, and every difference.
pub(super) fn tree(
    tree: &Finished,
    listed: &[Differs],
    again: &Outcome,
    terminal: &Terminal,
    out: &mut Results,
    seen: &mut Seen,
) -> Result<()> {
    let files = counted(tree.found.len(), "file", "files");
    out.put(&format!("{}  {files}\n", terminal.paint(Tone::Strong, &tree.shown)))?;
    out.put(&format!("  manifest  {}\n", verdict(listed, "every file is as manifest.json lists it", terminal)))?;
    match again {
        Outcome::Not(why) => {
            seen.rehashed_only += 1;
            out.put(&format!("  rebuild   {}: {why}\n", terminal.paint(Tone::Care, "not made")))?;
            all(tree, listed, terminal, out, seen)
        }
        Outcome::Nothing(why) => {
            out.put(&format!("  rebuild   {}\n", terminal.paint(Tone::Bad, why)))?;
            seen.differences += 1;
            all(tree, listed, terminal, out, seen)
        }
        Outcome::Made { of, differs, note } => {
            out.put(&format!("  rebuild   {of}: {}\n", verdict(differs, "the same, byte for byte", terminal)))?;
            if let Some(note) = note.filter(|_| !differs.is_empty()) {
                out.put(&format!("  note      {note}\n"))?;
            }
            all(tree, differs, terminal, out, seen)
        }
    }
}

/// How many files differ, by kind.
fn verdict(all: &[Differs], none: &str, terminal: &Terminal) -> String {
    if all.is_empty() {
        return terminal.paint(Tone::Good, none);
    }
    let of = |kind: Kind| all.iter().filter(|d| d.difference.kind == kind).count();
    let kinds = [Kind::Changed, Kind::Missing, Kind::Extra];
    let counts = kinds.into_iter().filter(|k| of(*k) > 0).map(|k| format!("{} {}", of(k), k.word()));
    terminal.paint(Tone::Bad, &counts.collect::<Vec<_>>().join(", "))
}

fn all(tree: &Finished, all: &[Differs], terminal: &Terminal, out: &mut Results, seen: &mut Seen) -> Result<()> {
    seen.differences += all.len();
    all.iter().try_for_each(|differs| one(tree, differs, terminal, out, seen))
}

fn one(tree: &Finished, differs: &Differs, terminal: &Terminal, out: &mut Results, so_far: &mut Seen) -> Result<()> {
    let Differs { difference, spot } = differs;
    let word = terminal.paint(Tone::Bad, &format!("{:7}", difference.kind.word()));
    let file = seen(&format!("{}/{}", tree.shown, difference.path)).to_string();
    let odd = tree.odd.get(&difference.path).map(|what| format!(": it is {what}")).unwrap_or_default();
    match spot {
        None => out.put(&format!("    {word}  {file}{odd}\n")),
        Some(Spot::Byte(at)) => out.put(&format!("    {word}  {file}: from byte {at} on, counted from 0\n")),
        Some(Spot::Text { line, column, one, other }) => {
            out.put(&format!("    {word}  {file}:{line}:{column}\n"))?;
            so_far.quoted += 1;
            if so_far.quoted > QUOTED {
                return Ok(());
            }
            out.put(&format!("             here     {}\n             rebuilt  {}\n", seen(one), seen(other)))
        }
    }
}

/// What it comes to.
pub(super) fn end(seen: &Seen, terminal: &Terminal, out: &mut Results) -> Result<()> {
    let text = match seen.differences {
        0 => terminal.paint(Tone::Good, "no difference"),
        n => terminal.paint(Tone::Bad, &counted(n, "difference", "differences")),
    };
    let only =
        if seen.rehashed_only > 0 { "; what was not made again is compared with its manifest alone" } else { "" };
    out.put(&format!("{text}{only}\n"))
}
