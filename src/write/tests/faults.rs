//! A disk that fails its Nth mutation, or is dead from then on, as after a kill.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::write) enum Mode {
    /// That one mutation fails; later ones work.
    Fail,
    /// That mutation and all later ones do nothing, clean-up included.
    Kill,
}

/// Which mutation goes wrong, and how; by default none.
#[derive(Clone, Debug, Default)]
pub(in crate::write) struct Faults {
    pub(in crate::write) no_exchange: bool,
    plan: Option<Arc<Plan>>,
}

#[derive(Debug)]
struct Plan {
    mode: Mode,
    at: usize,
    done: AtomicUsize,
}

impl Faults {
    pub(in crate::write) fn at(mode: Mode, at: usize, no_exchange: bool) -> Self {
        Self { no_exchange, plan: Some(Arc::new(Plan { mode, at, done: AtomicUsize::new(0) })) }
    }

    /// How many mutations were asked for.
    pub(in crate::write) fn count(&self) -> usize {
        self.plan.as_ref().map_or(0, |plan| plan.done.load(Ordering::SeqCst))
    }

    pub(in crate::write) fn step(&self) -> io::Result<()> {
        let Some(plan) = &self.plan else { return Ok(()) };
        let n = plan.done.fetch_add(1, Ordering::SeqCst) + 1;
        match plan.mode {
            Mode::Fail if n == plan.at => Err(io::ErrorKind::StorageFull.into()),
            Mode::Kill if n >= plan.at => Err(io::Error::other("the process is dead")),
            _ => Ok(()),
        }
    }
}
