//! One file, opened so that nothing but a regular file of bounded length is ever read.

use std::fs::{File, FileType, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

/// What a path turned out to hold.
#[derive(Debug)]
pub(super) enum Content {
    /// A regular file's bytes.
    Bytes(Vec<u8>),
    /// Nothing: it was removed after the walk.
    Gone,
    /// A symbolic link.
    Link,
    /// Something else, in words.
    Special(&'static str),
    /// More than is read.
    TooLarge {
        /// How much there is at least.
        size: u64,
    },
}

/// Reads the file at `path` if it is a regular one of at most `limit` bytes.
///
/// The file is opened without following a link and without waiting for a pipe's writer. The limit holds while reading,
/// too, so that a file that grows, or claims to be empty and is not, ends there.
pub(super) fn read_capped(path: &Path, limit: u64) -> io::Result<Content> {
    let file = match open(path) {
        Ok(file) => file,
        Err(e) if is_absent(&e) => return Ok(Content::Gone),
        Err(e) => return not_opened(path, e),
    };
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Ok(if metadata.file_type().is_symlink() {
            Content::Link
        } else {
            Content::Special(kind_of(metadata.file_type()))
        });
    }
    if metadata.len() > limit {
        return Ok(Content::TooLarge { size: metadata.len() });
    }
    let mut bytes = Vec::with_capacity(metadata.len() as usize);
    file.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Ok(Content::TooLarge { size: bytes.len() as u64 });
    }
    Ok(Content::Bytes(bytes))
}

/// The regular file at `path`, opened to be read from its beginning to its end.
pub(super) fn regular(path: &Path) -> io::Result<File> {
    let file = open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::Error::other("it is no regular file any more")) }
}

/// What a thing that is no regular file is, with its article.
pub(super) fn kind_of(kind: FileType) -> &'static str {
    if kind.is_symlink() {
        return "a symbolic link";
    }
    if kind.is_dir() {
        return "a folder";
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if kind.is_fifo() {
            return "a named pipe";
        }
        if kind.is_socket() {
            return "a socket";
        }
        if kind.is_block_device() || kind.is_char_device() {
            return "a device";
        }
    }
    "no regular file"
}

/// Whether the system says that there is nothing at a path.
pub(super) fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt;
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
    OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    if std::fs::symlink_metadata(path)?.file_type().is_symlink() {
        return Err(io::Error::other("a symbolic link"));
    }
    OpenOptions::new().read(true).open(path)
}

/// A path that could not be opened: because it is no file (a link, a socket), or because the system refuses.
fn not_opened(path: &Path, error: io::Error) -> io::Result<Content> {
    match std::fs::symlink_metadata(path) {
        Ok(metadata) if metadata.file_type().is_symlink() => Ok(Content::Link),
        Ok(metadata) if !metadata.is_file() && !metadata.is_dir() => {
            Ok(Content::Special(kind_of(metadata.file_type())))
        }
        _ => Err(error),
    }
}
