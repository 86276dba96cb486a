//! Limits on what a site's own theme may use: files, depth, length of a page, turns of a loop.
//!
//! The built-in theme stays far below each. Turns of loops are counted in the site's own templates alone.

use std::cell::Cell;
use std::io::{Error, Write};
use std::thread;

use super::TemplateError;

/// The longest page.
const PAGE: usize = 64 << 20;
/// The most templates a site may bring; with [`STACK`], what keeps the deepest nesting from ending the process.
const FILES: usize = 64;
/// How many numbers `range` may hand out while one page is made.
const TURNS: i64 = 1_000_000;
/// Room for the deepest nesting that the engine allows: twenty components, each through a chain of every template. It
/// takes 16 MB, and several times that where nothing is optimised.
const STACK: usize = if cfg!(debug_assertions) { 192 << 20 } else { 32 << 20 };

/// What is said of a page that does not end.
pub(super) const TOO_LARGE: &str = "the page grows past 64 MB";

/// What is said of components that call each other in a ring.
pub(super) const ENDLESS: &str = "a component calls itself without end";

/// How many turns the loops of a page may make together, in the site's own templates.
const LOOPS: u32 = 2_000_000;

thread_local! {
    static LEFT: Cell<i64> = const { Cell::new(TURNS) };
    static LOOPS_LEFT: Cell<u32> = const { Cell::new(LOOPS) };
}

/// Refuses a theme of more files than any has.
pub(super) fn refuse(overrides: &[(String, Vec<u8>)]) -> Result<(), Vec<TemplateError>> {
    let templates = overrides.iter().filter(|(path, _)| path.starts_with("templates/")).count();
    if templates <= FILES {
        return Ok(());
    }
    let message = format!("a theme may have {FILES} templates, and this one has {templates}");
    Err(vec![TemplateError::of("", &message)])
}

/// A page's turns start anew.
pub(super) fn start_page() {
    LEFT.set(TURNS);
    LOOPS_LEFT.set(LOOPS);
}

/// Whether this is said of a page that never ends: making it again takes as long again.
pub(super) fn is_limit(message: &str) -> bool {
    [TOO_LARGE, ENDLESS].contains(&message)
        || ["turns together", "per page at most"].iter().any(|e| message.ends_with(e))
}

/// Takes a turn of a loop from what the page has left.
pub(super) fn turn() -> Result<(), String> {
    match LOOPS_LEFT.get().checked_sub(1) {
        Some(left) => {
            LOOPS_LEFT.set(left);
            Ok(())
        }
        None => Err(format!("the loops of a page may make {LOOPS} turns together")),
    }
}

/// Takes the turns from `start` to `end` from what the page has left.
pub(super) fn spend(start: i64, end: i64) -> Result<(), String> {
    let left = LEFT.get().saturating_sub(end.saturating_sub(start).max(0));
    LEFT.set(left);
    if left < 0 { Err(format!("range hands out {TURNS} numbers per page at most")) } else { Ok(()) }
}

/// Runs `work` where deep nesting has room.
pub(super) fn on_roomy_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| {
        let worker = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        let worker = worker.expect("a thread can be started: the program runs on several");
        worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// A page while it is written; refuses to grow past the limit.
pub(super) struct Page {
    bytes: Vec<u8>,
    full: bool,
}

impl Page {
    pub(super) fn new() -> Self {
        Self { bytes: Vec::with_capacity(16 << 10), full: false }
    }

    pub(super) fn full(&self) -> bool {
        self.full
    }

    pub(super) fn into_text(self) -> Option<String> {
        String::from_utf8(self.bytes).ok()
    }
}

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        if self.bytes.len() + bytes.len() > PAGE {
            self.full = true;
            return Err(Error::other(TOO_LARGE));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
