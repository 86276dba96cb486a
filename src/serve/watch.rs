//! Which files were saved: what the system says, gathered until it is quiet for a moment.
//!
//! Only the folders of inputs are watched, and of the site's own folder what stands directly in it, so that neither what a
//! build writes nor what a tool keeps beside the site is ever looked at. Where the system has no more watches to give,
//! files are looked at twice a second instead. What a save means is not decided here.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use notify::event::{AccessKind, AccessMode, CreateKind, ModifyKind, RemoveKind};
use notify::{Config, ErrorKind, Event, EventKind, PollWatcher, RecursiveMode, Watcher};

use super::Ask;
use crate::error::{Error, Result};
use crate::repo::{self, INPUT_FOLDERS};

/// How long nothing may be said before it counts as all.
const QUIET: Duration = Duration::from_millis(4);
/// For how many such times more is waited for at most.
const ROUNDS: usize = 50;
/// And where git is at work: a checkout is one change.
const GIT_ROUNDS: usize = 500;
/// How often files are looked at where the system does not say.
const POLL: Duration = Duration::from_millis(500);

/// What may have changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Inputs that were written, made, renamed or removed, by their paths in the site.
    pub paths: BTreeSet<String>,
    /// Anything else may have changed, too: folders came or went, or nobody knows.
    pub all: bool,
    /// What is checked out or committed may be another.
    pub git: bool,
}

impl Changes {
    /// Takes others in.
    pub fn add(&mut self, more: Self) {
        self.paths.extend(more.paths);
        self.all |= more.all;
        self.git |= more.git;
    }

    fn is_empty(&self) -> bool {
        self.paths.is_empty() && !self.all && !self.git
    }
}

/// What is watched.
#[derive(Clone, Debug)]
pub struct Places {
    /// The site's folder.
    pub root: PathBuf,
    /// Where the repository around it keeps what is checked out.
    pub git: Option<PathBuf>,
}

type Heard = Option<notify::Result<Event>>;
type Eyes = Box<dyn Watcher + Send>;

/// A watch that ends when it is let go of.
pub(super) struct Watching {
    heard: Sender<Heard>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.heard.send(None);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Watching {
    /// Begins to watch; by looking again and again where `poll` says so, or where the system has no more watches.
    pub(crate) fn start(places: Places, poll: bool, asks: Sender<Ask>) -> Result<Self> {
        let (heard, hears) = mpsc::channel();
        let (eyes, why) = begin(&places, poll, &heard, &native)?;
        if let Some(why) = why {
            let _ = asks.send(Ask::Say(why));
        }
        let sender = heard.clone();
        let work = move || Loop { places, eyes, heard: sender, hears, asks }.run();
        let thread = thread::Builder::new().name("watch".to_owned()).spawn(work);
        let thread = thread.map_err(|e| Error::io("could not start a thread of", "this process", e))?;
        Ok(Self { heard, thread: Some(thread) })
    }
}

fn native(heard: &Sender<Heard>) -> notify::Result<Eyes> {
    let heard = heard.clone();
    Ok(Box::new(notify::recommended_watcher(move |event| drop(heard.send(Some(event))))?))
}

fn polling(heard: &Sender<Heard>) -> notify::Result<Eyes> {
    let heard = heard.clone();
    let config = Config::default().with_poll_interval(POLL);
    Ok(Box::new(PollWatcher::new(move |event| drop(heard.send(Some(event))), config)?))
}

/// Watches all places; and why it polls, where nobody asked for that.
fn begin(
    places: &Places,
    poll: bool,
    heard: &Sender<Heard>,
    native: &dyn Fn(&Sender<Heard>) -> notify::Result<Eyes>,
) -> Result<(Eyes, Option<String>)> {
    let mut why = None;
    if !poll {
        match native(heard).and_then(|eyes| watch_all(eyes, places)) {
            Ok(eyes) => return Ok((eyes, None)),
            Err(error) => why = Some(instead(&error)),
        }
    }
    let eyes = polling(heard).and_then(|eyes| watch_all(eyes, places));
    eyes.map(|eyes| (eyes, why)).map_err(|e| Error::refused(format!("could not watch the site: {e}"), ""))
}

/// Why files are looked at again and again, and what would spare that.
fn instead(error: &notify::Error) -> String {
    let exhausted = match &error.kind {
        ErrorKind::MaxFilesWatch => true,
        ErrorKind::Io(e) => e.kind() == std::io::ErrorKind::StorageFull || e.raw_os_error() == Some(24),
        _ => false,
    };
    let (why, help) = if exhausted {
        let help = "; as root, `sysctl fs.inotify.max_user_watches=524288` gives more (or `max_user_instances`)";
        ("the system has no more file watches to give".to_owned(), help)
    } else {
        (format!("the system cannot watch the site ({error})"), "")
    };
    format!("{why}: files are looked at twice a second instead{help}")
}

fn watch_all(mut eyes: Eyes, places: &Places) -> notify::Result<Eyes> {
    eyes.watch(&places.root, RecursiveMode::NonRecursive)?;
    watch_folders(eyes.as_mut(), &places.root)?;
    if let Some(git) = &places.git {
        eyes.watch(git, RecursiveMode::NonRecursive)?;
    }
    Ok(eyes)
}

/// Watches the folders of inputs there are. One that was made anew has to be watched anew.
fn watch_folders(eyes: &mut dyn Watcher, root: &Path) -> notify::Result<()> {
    for folder in INPUT_FOLDERS {
        let path = root.join(folder);
        let _ = eyes.unwatch(&path);
        match eyes.watch(&path, RecursiveMode::Recursive) {
            Err(e) if is_absent(&e) => {}
            other => other?,
        }
    }
    Ok(())
}

fn is_absent(error: &notify::Error) -> bool {
    match &error.kind {
        ErrorKind::PathNotFound => true,
        ErrorKind::Io(e) => matches!(e.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory),
        _ => false,
    }
}

/// The thread that listens.
struct Loop {
    places: Places,
    eyes: Eyes,
    heard: Sender<Heard>,
    hears: Receiver<Heard>,
    asks: Sender<Ask>,
}

/// What was gathered in one go.
#[derive(Default)]
struct Gathered {
    changes: Changes,
    /// A folder of inputs itself came or went.
    folders: bool,
    /// Of what is no input, what is known to be a file: an editor may write one beside a document and rename it.
    beside: BTreeSet<PathBuf>,
    /// The system gives up.
    lost: Option<notify::Error>,
    over: bool,
}

impl Loop {
    fn run(mut self) {
        while let Ok(first) = self.hears.recv() {
            let mut all = Gathered::default();
            all.take(first, &self.places);
            if !all.over && all.changes.is_empty() && !all.folders && all.lost.is_none() {
                continue;
            }
            for round in 0..GIT_ROUNDS {
                thread::sleep(QUIET);
                let mut quiet = true;
                while let Ok(next) = self.hears.try_recv() {
                    quiet &= !all.take(next, &self.places);
                }
                if all.over || ((quiet || round >= ROUNDS) && !self.git_is_at_work()) {
                    break;
                }
            }
            if all.over {
                return;
            }
            self.tend(&mut all);
            if !all.changes.is_empty() && self.asks.send(Ask::Changed(all.changes)).is_err() {
                return;
            }
        }
    }

    /// Whether git is writing files right now.
    fn git_is_at_work(&self) -> bool {
        self.places.git.as_ref().is_some_and(|git| repo::open_named(&git.join("index.lock")).is_ok())
    }

    /// Sees to it that what is watched is still watched.
    fn tend(&mut self, all: &mut Gathered) {
        if all.folders {
            all.changes.all = true;
            if let Err(error) = watch_folders(self.eyes.as_mut(), &self.places.root) {
                all.lost = Some(error);
            }
        }
        let Some(error) = all.lost.take() else { return };
        all.changes.all = true;
        if let Ok((eyes, _)) = begin(&self.places, true, &self.heard, &native) {
            self.eyes = eyes;
            let _ = self.asks.send(Ask::Say(instead(&error)));
        }
    }
}

impl Gathered {
    /// Takes what was heard; whether it is of any concern.
    fn take(&mut self, heard: Heard, places: &Places) -> bool {
        match heard {
            None => self.over = true,
            Some(Err(error)) if is_absent(&error) => self.changes.all = true,
            Some(Err(error)) => self.lost = Some(error),
            Some(Ok(event)) => return self.event(&event, places),
        }
        true
    }

    fn event(&mut self, event: &Event, places: &Places) -> bool {
        if event.need_rescan() {
            self.changes.all = true;
            return true;
        }
        // Reading is none of ours, and what we do ourselves all the time.
        if matches!(event.kind, EventKind::Access(access) if access != AccessKind::Close(AccessMode::Write)) {
            return false;
        }
        let mut concerns = false;
        for path in &event.paths {
            concerns |= self.path(path, event.kind, places);
        }
        concerns
    }

    fn path(&mut self, path: &Path, kind: EventKind, places: &Places) -> bool {
        if let Some(inside) = places.git.as_ref().and_then(|git| path.strip_prefix(git).ok()) {
            let told = ["HEAD", "index", "packed-refs", "ORIG_HEAD", "shallow"].iter().any(|n| inside == Path::new(n));
            self.changes.git |= told;
            return told;
        }
        let Ok(inside) = path.strip_prefix(&places.root) else { return false };
        let inside = crate::source::site_path(inside);
        if repo::role(&inside).is_some() {
            self.changes.paths.insert(inside.into_owned());
            return true;
        }
        if INPUT_FOLDERS.contains(&&*inside) {
            let moved = !matches!(kind, EventKind::Modify(ModifyKind::Metadata(_) | ModifyKind::Data(_)));
            self.folders |= moved;
            return moved;
        }
        let below = inside.split('/').next().is_some_and(|top| INPUT_FOLDERS.contains(&top)) && inside.contains('/');
        let hidden = inside.rsplit('/').next().is_none_or(|name| name.starts_with('.') || name.ends_with('~'));
        let of_file = matches!(
            kind,
            EventKind::Create(CreateKind::File) | EventKind::Modify(ModifyKind::Data(_)) | EventKind::Access(_)
        );
        if of_file && below {
            self.beside.insert(path.to_owned());
        }
        let folder = matches!(
            kind,
            EventKind::Create(CreateKind::Folder | CreateKind::Any)
                | EventKind::Remove(RemoveKind::Folder | RemoveKind::Any)
                | EventKind::Modify(ModifyKind::Name(_))
        );
        let concerns = below && !hidden && folder && !self.beside.contains(path);
        self.changes.all |= concerns;
        concerns
    }
}

#[cfg(test)]
mod tests;
