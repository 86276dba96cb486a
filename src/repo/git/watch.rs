//! A thread that speaks to git, and the patience of whoever waits for it.
//!
//! libgit2 goes round for ever on an object that was cut short, and nothing can stop it from inside. So nobody calls it on
//! his own thread: a question goes to the worker, which says at each step what it reads; when nothing moves for a while
//! the question is given up, and the thread is left behind until the process ends. No clock is read: waiting is counted
//! in whole patiences.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::ThreadId;
use std::time::Duration;

/// What the worker last said, and each of those who read for it.
#[derive(Default)]
pub(super) struct Pulse {
    beats: AtomicU64,
    reading: Mutex<Vec<(ThreadId, &'static str, git2::Oid)>>,
    given_up: AtomicBool,
}

impl Pulse {
    /// Something moves: this object is read next.
    pub(super) fn reading(&self, kind: &'static str, object: git2::Oid) {
        let thread = std::thread::current().id();
        let mut all = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        match all.iter_mut().find(|(other, ..)| *other == thread) {
            Some(own) => *own = (thread, kind, object),
            None => all.push((thread, kind, object)),
        }
        drop(all);
        self.beats.fetch_add(1, Ordering::Relaxed);
    }

    /// This thread has read what it was to read.
    pub(super) fn done(&self) {
        let thread = std::thread::current().id();
        self.reading.lock().unwrap_or_else(PoisonError::into_inner).retain(|(other, ..)| *other != thread);
        self.beats.fetch_add(1, Ordering::Relaxed);
    }

    /// What is being read, as in `commit 1f2e…`. Where several read, those who got on are done, and this is what is left.
    fn object(&self) -> Option<String> {
        let all = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        all.last().map(|(_, kind, object)| format!("{kind} {object}"))
    }
}

/// A question that was given up.
#[derive(Debug)]
pub(super) struct Stuck {
    /// What was being read, as in `commit 1f2e…`.
    pub(super) reading: Option<String>,
    /// How long nothing moved.
    pub(super) waited: Duration,
}

type Job = Box<dyn FnOnce(&git2::Repository) + Send>;

/// The thread and how to reach it.
pub(super) struct Worker {
    jobs: Sender<Job>,
    pulse: Arc<Pulse>,
    patience: Duration,
}

impl Worker {
    /// Starts the thread, which opens the repository first and tells what it found.
    pub(super) fn start<T: Send + 'static>(
        patience: Duration,
        open: impl FnOnce(&Pulse) -> Result<(git2::Repository, T), git2::Error> + Send + 'static,
    ) -> Result<Result<(Self, T), git2::Error>, Stuck> {
        let pulse = Arc::new(Pulse::default());
        let (jobs, waiting) = channel::<Job>();
        let (tell, opened) = channel();
        let own = Arc::clone(&pulse);
        std::thread::spawn(move || match open(&own) {
            Err(error) => drop(tell.send(Err(error))),
            Ok((repository, found)) => {
                drop(tell.send(Ok(found)));
                waiting.into_iter().for_each(|job| job(&repository));
            }
        });
        let found = wait(&opened, &pulse, patience)?;
        Ok(found.map(|found| (Self { jobs, pulse, patience }, found)))
    }

    /// Asks, and waits as long as something moves in each `patiences` of the worker's patience.
    pub(super) fn ask<T: Send + 'static>(
        &self,
        patiences: u32,
        question: impl FnOnce(&git2::Repository, &Pulse) -> T + Send + 'static,
    ) -> Result<T, Stuck> {
        self.wait(patiences, &self.begin(question))
    }

    /// Asks, and leaves the answer for later.
    pub(super) fn begin<T: Send + 'static>(
        &self,
        question: impl FnOnce(&git2::Repository, &Pulse) -> T + Send + 'static,
    ) -> Receiver<T> {
        let (tell, answer) = channel();
        let pulse = Arc::clone(&self.pulse);
        // A thread that was given up takes nothing any more.
        if !self.pulse.given_up.load(Ordering::Relaxed) {
            let job: Job = Box::new(move |repository| drop(tell.send(question(repository, &pulse))));
            self.jobs.send(job).expect("the thread lives as long as the worker");
        }
        answer
    }

    /// Waits for what was asked before.
    pub(super) fn wait<T>(&self, patiences: u32, answer: &Receiver<T>) -> Result<T, Stuck> {
        wait(answer, &self.pulse, self.patience * patiences)
    }
}

fn wait<T>(answer: &Receiver<T>, pulse: &Pulse, patience: Duration) -> Result<T, Stuck> {
    loop {
        let before = pulse.beats.load(Ordering::Relaxed);
        let given_up = pulse.given_up.load(Ordering::Relaxed);
        match answer.recv_timeout(if given_up { Duration::ZERO } else { patience }) {
            Ok(answer) => return Ok(answer),
            Err(RecvTimeoutError::Timeout) if pulse.beats.load(Ordering::Relaxed) != before => {}
            Err(RecvTimeoutError::Disconnected) if !given_up => panic!("the thread that speaks to git has died"),
            Err(_) => {
                pulse.given_up.store(true, Ordering::Relaxed);
                return Err(Stuck { reading: pulse.object(), waited: patience });
            }
        }
    }
}
