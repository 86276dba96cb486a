//! Whole-or-nothing publishing: a tree of output is staged beside the one it replaces and takes its place in one step.
//!
//! Invariant: at every moment each published tree is the old one or the new one, whole; a killed build changes neither,
//! and the next run removes what it left. Nothing is replaced or removed that does not carry our [`MARKER`].
//!
//! It deliberately does not know what is in a page, nor which pages exist, and it never merges into a tree: a file that
//! is not staged is not in the new tree.
//!
//! On disk, in the output folder:
//! ```text
//! public/  internal/         published; each holds .tickmark-output, the marker
//! .tickmark/.gitignore       `*`
//! .tickmark/lock             held while a build runs; holds its process id; never removed
//! .tickmark/stage/NAME       a tree being written; after the exchange, the old one
//! .tickmark/stage/NAME.old   the old tree, where the system cannot exchange two folders in one step
//! .tickmark/trash            a former stage, being removed
//! .tickmark/import           files of the user's own, before they take their places
//! ```

mod batch;
mod disk;
mod file;
mod folder;
mod guard;
mod lock;
mod path;
mod publisher;
mod rewrite;
mod scratch;
mod stage;
mod swap;

pub use batch::{Piece, write_all};
pub use file::{named_file, new_file, own_file};
pub use folder::new_folder;
pub use path::problem as path_problem;
pub use publisher::Publisher;
pub use rewrite::Original;
pub use scratch::Scratch;
pub use stage::Stage;

/// The file in every published tree that says that we made it and may replace it. It is no output: manifests leave it
/// out. It may be served: it holds nothing but the fixed text [`MARKER_TEXT`].
pub const MARKER: &str = ".tickmark-output";

/// What the marker holds. Its first line names the format.
pub const MARKER_TEXT: &str =
    "tickmark output 1\nEach build replaces this folder as a whole; what is added here by hand is removed.\n";

/// The folder, beside the trees, that holds the lock and what is not published yet.
pub const WORK_FOLDER: &str = ".tickmark";

/// One of the trees a site consists of, in the order in which they are published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tree {
    /// Reports, the register, a page per change.
    Internal,
    /// The trust centre.
    Public,
}

impl Tree {
    /// Both, in the order in which they are published.
    pub const ALL: [Self; 2] = [Self::Internal, Self::Public];

    /// The name of its folder.
    pub fn name(self) -> &'static str {
        match self {
            Self::Internal => "internal",
            Self::Public => "public",
        }
    }
}

#[cfg(test)]
mod tests;
