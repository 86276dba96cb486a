//! What commits did to files, and which texts are one policy's: those at one path, and on through renames.
//!
//! A text that appears where none was goes on with the policy whose `id` it states, if that has just gone or went before;
//! else with what git takes it for the renamed text of; else with what stood at its path before; else it begins anew.

use std::collections::{BTreeSet, HashMap};

/// A text that a path got in a commit; none where it went away.
#[derive(Clone)]
pub(super) struct Touch {
    /// The number of the commit in the walk.
    pub(super) node: u32,
    pub(super) path: String,
    pub(super) blob: Option<git2::Oid>,
    /// What each parent has there, in their order; nothing for those that have it so.
    pub(super) olds: Vec<Option<git2::Oid>>,
    /// No parent had it so.
    pub(super) written: bool,
    /// The commit is on the line of first parents, and the one before had it otherwise.
    pub(super) stood: bool,
    /// No parent had anything there.
    pub(super) added: bool,
}

/// One policy: its last path, and the numbers of its touches.
pub(super) struct Line {
    pub(super) path: String,
    pub(super) touches: Vec<usize>,
}

/// The policies so far.
#[derive(Default)]
pub(super) struct Lineages {
    pub(super) lines: Vec<Line>,
    by_path: HashMap<String, usize>,
    by_id: HashMap<String, usize>,
    gone: BTreeSet<usize>,
}

impl Lineages {
    /// Takes the touches of one commit, numbered from `first`. `id` reads the id that a text states, `renamed` gives the
    /// old path of what git takes for a renamed text.
    pub(super) fn take<E>(
        &mut self,
        touches: &[Touch],
        first: usize,
        mut id: impl FnMut(git2::Oid) -> Result<Option<String>, E>,
        mut renamed: impl FnMut(&str) -> Result<Option<String>, E>,
    ) -> Result<(), E> {
        for touch in touches.iter().filter(|t| t.blob.is_none()) {
            if let Some(line) = self.at(&touch.path) {
                self.gone.insert(line);
            }
        }
        for (number, touch) in touches.iter().enumerate() {
            let Some(blob) = touch.blob else { continue };
            let line = match self.by_path.get(&touch.path).copied().filter(|_| !touch.added) {
                Some(line) => line,
                None => self.begin(touch, id(blob)?, &mut renamed)?,
            };
            self.gone.remove(&line);
            self.lines[line].touches.push(first + number);
        }
        Ok(())
    }

    /// The line that stands at a path now.
    fn at(&self, path: &str) -> Option<usize> {
        self.by_path.get(path).copied().filter(|line| self.lines[*line].path == path)
    }

    fn begin<E>(
        &mut self,
        touch: &Touch,
        id: Option<String>,
        renamed: &mut impl FnMut(&str) -> Result<Option<String>, E>,
    ) -> Result<usize, E> {
        let free = |line: &usize| self.gone.contains(line);
        let same_id = id.as_ref().and_then(|id| self.by_id.get(id).copied()).filter(free);
        let line = match same_id {
            Some(line) => Some(line),
            None => match renamed(&touch.path)? {
                Some(old) => self.at(&old),
                None => self.at(&touch.path),
            },
        };
        let line = line.unwrap_or_else(|| {
            self.lines.push(Line { path: String::new(), touches: Vec::new() });
            self.lines.len() - 1
        });
        self.lines[line].path.clone_from(&touch.path);
        self.by_path.insert(touch.path.clone(), line);
        if let Some(id) = id {
            self.by_id.insert(id, line);
        }
        Ok(line)
    }
}
