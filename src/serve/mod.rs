//! The preview: both sites on loopback, made again when a file is saved.
//!
//! Role: a person edits in one window and reads in another. Pages are those `build` writes, made by the same functions, one
//! at a time when they are asked for, and held nowhere but in memory. Invariants: nothing is written, so that nothing it does
//! can start it again; no path of a request is ever a path on the disk; whoever names this machine otherwise than by its
//! address is refused; what cannot be read leaves the last good site standing, with what is wrong quoted above it. What the
//! preview adds to a page (a script that reloads it, what is wrong) is in no page of `build`.
//!
//! It deliberately does not read the site itself: whoever starts it says how that is done.

mod address;
mod decorate;
mod http;
mod path;
mod preview;
mod state;
mod watch;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use crate::error::{Error, Result};

pub use address::{Door, PORT};
pub use preview::{Preview, Reader, Told};
pub use state::Read;
use watch::Watching;
pub use watch::{Changes, Places};

/// How often a request to stop is looked for.
const STOP: Duration = Duration::from_millis(50);

/// What the one thread that holds the site is asked to do.
pub(crate) enum Ask {
    /// Answer a request.
    Page(http::Wanted),
    /// Look at what was saved.
    Changed(Changes),
    /// The watcher has to tell something.
    Say(String),
}

/// Serves what `reader` reads until `stop` is set. `ready` is told once pages are answered, `say` what people should see
/// from then on.
pub fn serve(
    places: Places,
    reader: Box<dyn Reader>,
    (door, poll): (Door, bool),
    stop: &AtomicBool,
    ready: &dyn Fn(&Preview) -> Result<()>,
    say: &dyn Fn(Told<'_>),
) -> Result<()> {
    let (asks, asked) = mpsc::channel();
    // Watched before it is read, so that nothing is saved in between.
    let root = places.root.clone();
    let watching = Watching::start(places, poll, asks.clone())?;
    let mut preview = match Preview::new(reader, root)? {
        Ok(preview) => preview,
        Err(drawn) => {
            say(Told::Wrong(&drawn));
            return Err(Error::Configuration);
        }
    };
    let server = http::Server::start(door, asks)?;
    ready(&preview)?;
    while !stop.load(Ordering::Relaxed) {
        match asked.recv_timeout(STOP) {
            Ok(Ask::Page(wanted)) => answer(&mut preview, wanted),
            Ok(Ask::Changed(mut changes)) => {
                // What was saved meanwhile comes with it; whoever asks for a page waits for all of it.
                let mut waiting = Vec::new();
                while let Ok(next) = asked.try_recv() {
                    match next {
                        Ask::Changed(more) => changes.add(more),
                        Ask::Page(wanted) => waiting.push(wanted),
                        Ask::Say(text) => say(Told::Message(&text)),
                    }
                }
                if preview.change(&changes, say) {
                    server.changed(preview.edition());
                }
                waiting.into_iter().for_each(|wanted| answer(&mut preview, wanted));
            }
            Ok(Ask::Say(text)) => say(Told::Message(&text)),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    drop(watching);
    server.stop();
    Ok(())
}

fn answer(preview: &mut Preview, wanted: http::Wanted) {
    let answer = preview.answer(wanted.request());
    wanted.answer(answer);
}
