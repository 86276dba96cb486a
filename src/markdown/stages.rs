//! Numbered sections that are steps of one process: "Stage 1: Request", "Stage 2: Review", … or "1. Propose", "2. …".
//!
//! A run is three or more headings of level 3 in one section, numbered 1, 2, 3 in the same manner. Does not render.

use super::Heading;

/// One heading of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stage {
    /// Index of its heading.
    pub(super) heading: usize,
    /// How many bytes of its text say the number; 0 where nothing else would be left.
    pub(super) prefix: usize,
    /// It opens the list.
    pub(super) first: bool,
}

pub(super) const LEVEL: u8 = 3;
const SHORTEST: usize = 3;

/// All runs of a text, one after the other.
pub(super) fn find(headings: &[Heading]) -> Vec<Stage> {
    let mut stages: Vec<Stage> = Vec::new();
    let mut run: Vec<Stage> = Vec::new();
    let mut manner = "";
    for (index, heading) in headings.iter().enumerate().filter(|(_, h)| h.top && h.level <= LEVEL) {
        let number = if heading.level == LEVEL { read(&heading.text) } else { None };
        let next = run.len() as u32 + 1;
        match number {
            Some(found) if found.number == next && (run.is_empty() || found.manner == manner) => {
                manner = found.manner;
                run.push(Stage { heading: index, prefix: found.prefix, first: run.is_empty() });
            }
            other => {
                finish(&mut stages, &mut run);
                if let Some(found) = other.filter(|found| found.number == 1) {
                    manner = found.manner;
                    run.push(Stage { heading: index, prefix: found.prefix, first: true });
                }
            }
        }
    }
    finish(&mut stages, &mut run);
    stages
}

fn finish(stages: &mut Vec<Stage>, run: &mut Vec<Stage>) {
    if run.len() >= SHORTEST {
        stages.append(run);
    }
    run.clear();
}

struct Numbered {
    manner: &'static str,
    number: u32,
    prefix: usize,
}

/// The number at a title's start: `Stage 01: `, `Step 2 – `, `3. `, `4) `.
fn read(title: &str) -> Option<Numbered> {
    let word = ["stage", "step", "phase"]
        .into_iter()
        .find(|word| title.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word)));
    let rest = &title[word.map_or(0, str::len)..];
    let digits_at = rest.trim_start();
    if word.is_some() && digits_at.len() == rest.len() {
        return None;
    }
    let digits = digits_at.bytes().take_while(u8::is_ascii_digit).count();
    let number: u32 = digits_at[..digits].parse().ok().filter(|_| digits <= 3)?;
    let after = &digits_at[digits..];
    let name = after.trim_start_matches([':', '.', ')']).trim_start().trim_start_matches(['–', '—', '-']).trim_start();
    let marked = after.starts_with([':', '.', ')']);
    let parted = after.starts_with(char::is_whitespace);
    let is_step = if word.is_some() {
        after.is_empty() || marked || parted
    } else {
        marked && !name.starts_with(|c: char| c.is_ascii_digit())
    };
    is_step.then(|| Numbered {
        manner: word.unwrap_or("number"),
        number,
        prefix: if name.is_empty() { 0 } else { title.len() - name.len() },
    })
}
