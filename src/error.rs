//! The machine is at fault: files that cannot be read or written, a site that is not there.
//!
//! What the *user's documents* get wrong is never an [`Error`]; it is a `Diagnostic`, collected and shown with all
//! others. What *we* get wrong is a panic. The three are never mixed (ARCHITECTURE.md, invariant 1).

use std::fmt;
use std::path::{Path, PathBuf};

/// Why a job could not be done; the command line exits with status 2 on every one of these.
#[derive(Debug)]
pub enum Error {
    /// The operating system refused something about a path.
    Io {
        /// What was being done, as in "could not read".
        doing: &'static str,
        /// The path it was done to.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// Anything else that stops the job, with what to do about it.
    Refused {
        /// One line: what is wrong, and where.
        what: String,
        /// What to do.
        help: String,
    },
    /// The site's configuration has mistakes; they were reported as diagnostics.
    Configuration,
    /// A signal asked the process to stop; nothing was published.
    Interrupted,
    /// Whoever read our output has closed it; there is nobody to tell.
    OutputClosed,
}

/// The result of work that touches the machine.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An operating-system refusal about `path`.
    pub fn io(doing: &'static str, path: impl AsRef<Path>, source: std::io::Error) -> Self {
        Self::Io { doing, path: path.as_ref().to_path_buf(), source }
    }

    /// A refusal in our own words.
    pub fn refused(what: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Refused { what: what.into(), help: help.into() }
    }

    /// What to do about it, where that is not obvious from the message.
    pub fn help(&self) -> Option<&str> {
        match self {
            Self::Refused { help, .. } if !help.is_empty() => Some(help),
            Self::Io { source, .. } if source.kind() == std::io::ErrorKind::StorageFull => {
                Some("free some space and run the same command again; what stood before is untouched")
            }
            Self::Io { source, .. } if source.kind() == std::io::ErrorKind::PermissionDenied => {
                Some("run as a user who may do this, or change the folder's permissions")
            }
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { doing, path, source } => write!(f, "{doing} `{}`: {source}", path.display()),
            Self::Refused { what, .. } => f.write_str(what),
            Self::Configuration => f.write_str("the site's configuration has mistakes"),
            Self::Interrupted => f.write_str("interrupted; nothing was published"),
            Self::OutputClosed => f.write_str("the output was closed"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
