//! Builds that are killed, or told to stop: each tree is old or new, whole, and the next build repairs the pair.

use std::fs;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use super::place::{Output, Place, build, larger};
use super::program::{Program, finish};

/// A site that takes a while to build, what it builds now, and what it built before.
struct Two {
    place: Place,
    old: Output,
    new: Output,
    took: Duration,
}

fn two() -> Two {
    let place = larger(300);
    let old = build(&place.site());
    let record = fs::read_to_string(place.site().join("changes/CHG-1.yaml")).expect("a record");
    place.write("changes/CHG-1.yaml", record.replace("limit", "bound"));
    let policy = fs::read_to_string(place.site().join("policies/main.md")).expect("a policy");
    place.write("policies/main.md", policy.replace("says what it does", "says what it is for"));
    let elsewhere = Place::good();
    fs::remove_dir_all(elsewhere.site()).expect("no site");
    super::place::copy(&place.site(), &elsewhere.site());
    let start = Instant::now();
    let new = build(&elsewhere.site());
    let took = start.elapsed();
    assert!(old.public != new.public && old.internal != new.internal);
    Two { place, old, new, took }
}

impl Two {
    fn start(&self) -> Child {
        Program::new(&self.place.site(), &["build"]).command().spawn().expect("a build")
    }

    /// Puts the old output back, so that the next round begins as the first.
    fn rewind(&self) {
        for (tree, files) in [("public", &self.old.public), ("internal", &self.old.internal)] {
            fs::remove_dir_all(self.place.site().join(tree)).expect("no tree");
            files.iter().flatten().for_each(|(path, bytes)| self.place.write(format!("{tree}/{path}"), bytes));
        }
    }

    fn is_whole(&self, now: &Output) -> bool {
        let public = now.public == self.old.public || now.public == self.new.public;
        // internal/ goes first, so that public/ is never the only new one.
        let pair = now.public == self.old.public || now.internal == self.new.internal;
        public && pair && (now.internal == self.old.internal || now.internal == self.new.internal)
    }
}

/// Moments spread over a build's time, most of them near its end, where trees take their places. They go round and
/// round, each round a little earlier, because a build takes as long as the machine is busy.
fn moments(took: Duration, count: u32) -> impl Iterator<Item = Duration> {
    (0..8).flat_map(move |round| {
        let part = move |n: u32| 1.05 - 0.9 * (f64::from(n * 7 % count) / f64::from(count)).powi(2);
        (1..=count).map(move |n| took.mul_f64(part(n) * 0.7_f64.powi(round)))
    })
}

#[test]
fn killed_builds_leave_whole_trees() {
    let two = two();
    let mut killed = 0;
    for (n, moment) in moments(two.took, 12).enumerate() {
        if n >= 12 && killed > 2 {
            break;
        }
        let mut child = two.start();
        std::thread::sleep(moment);
        killed += usize::from(child.try_wait().expect("a status").is_none());
        child.kill().expect("a kill");
        child.wait().expect("a dead child");
        assert!(two.is_whole(&two.place.output()), "killed after {moment:?}");
        assert_eq!(build(&two.place.site()), two.new, "killed after {moment:?}");
        assert_eq!(two.place.leftovers(), [""; 0], "killed after {moment:?}");
        two.rewind();
    }
    assert!(killed > 2, "only {killed} builds were killed before their end");
}

#[test]
fn builds_that_are_told_to_stop_leave_nothing() {
    let two = two();
    let mut stopped = 0;
    for (n, moment) in moments(two.took, 8).enumerate() {
        if n >= 8 && stopped > 1 {
            break;
        }
        let child = two.start();
        std::thread::sleep(moment);
        let signal = if n % 2 == 0 { "-INT" } else { "-TERM" };
        Command::new("kill").args([signal, &child.id().to_string()]).output().expect("kill");
        let ran = finish(child, Duration::from_secs(20));
        let now = two.place.output();
        let case = format!("{signal} after {moment:?}: {:?}: {}", ran.status, ran.said);
        match ran.status {
            // The signal came when all was done, or nearly.
            Some(0) => assert!(now == two.new, "{case}"),
            Some(2) => assert!(now == two.old && ran.said.contains("interrupted; nothing was published"), "{case}"),
            // Before the program listens, or after it is done.
            None => assert!(now == two.old, "{case}"),
            Some(_) => panic!("{case}"),
        }
        stopped += usize::from(ran.status == Some(2));
        assert!(!ran.said.contains("panicked"), "{case}");
        assert_eq!(two.place.leftovers(), [""; 0], "{case}");
        two.rewind();
    }
    assert!(stopped > 1, "only {stopped} builds were stopped before their end");
}
