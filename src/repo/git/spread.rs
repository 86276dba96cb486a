//! Much reading of one kind, spread over as many threads as there is work for.
//!
//! Invariant: what comes back is in the order of what was asked, whoever read it. Each thread has the repository open for
//! itself; a repository that cannot be opened once more is read by those that have it open.

use std::sync::atomic::{AtomicUsize, Ordering};

use git2::Repository as Git;

use super::Answer;
use super::listing::Listings;
use super::watch::Pulse;

/// What comes of all numbers below `count`. A thread takes `batch` of them at a time: what follows each other lies side by
/// side, and is told by each other.
pub(super) fn spread<T: Send>(
    git: &Git,
    (count, batch): (usize, usize),
    pulse: &Pulse,
    read: impl Fn(&mut Listings<'_>, usize) -> Answer<T> + Sync,
) -> Answer<Vec<T>> {
    let batches = count.div_ceil(batch);
    let next = AtomicUsize::new(0);
    let work = |git: &Git| -> Answer<Vec<(usize, Vec<T>)>> {
        let mut listings = Listings::new(git, pulse);
        let mut done = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= batches {
                return Ok(done);
            }
            let all = number * batch..count.min((number + 1) * batch);
            done.push((number, all.map(|number| read(&mut listings, number)).collect::<Answer<_>>()?));
        }
    };
    let others = rayon::current_num_threads().min(batches).saturating_sub(1);
    let place = git.path();
    let mut all = std::thread::scope(|scope| {
        let read_too = || {
            let read = Git::open(place).map_or_else(|_| Ok(Vec::new()), |git| work(&git));
            pulse.done();
            read
        };
        let others: Vec<_> = (0..others).map(|_| scope.spawn(read_too)).collect();
        let mut read = work(git);
        pulse.done();
        for other in others {
            let other = other.join().expect("a thread that reads does not panic");
            read = read.and_then(|mut all| {
                all.extend(other?);
                Ok(all)
            });
        }
        read
    })?;
    all.sort_unstable_by_key(|(number, _)| *number);
    Ok(all.into_iter().flat_map(|(_, read)| read).collect())
}
