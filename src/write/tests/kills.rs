//! Real processes, really killed, and several at once.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::{INPUTS, Publisher, Tree, leftovers, publish, published, scratch, snapshot};
use crate::error::Error;

const SITE: &str = "TICKMARK_TEST_KILLED_SITE";

/// Builds without end, as a process of its own that is killed.
fn build_until_killed(site: &Path) {
    loop {
        for build in ["old", "new"] {
            publish(site, build).expect("a build of the child");
        }
    }
}

fn is_whole(site: &Path, tree: Tree) -> bool {
    let found = snapshot(&site.join(tree.name()));
    ["old", "new"].iter().any(|build| found.as_ref() == Some(&published(build, tree)))
}

#[test]
fn killed_processes_leave_whole_trees() {
    // The child is this test again.
    if let Some(site) = std::env::var_os(SITE) {
        return build_until_killed(Path::new(&site));
    }
    let folder = scratch();
    let site = folder.path();
    publish(site, "old").expect("a good build");
    let mut left = 0;
    for round in 0..25_u64 {
        let mut child = Command::new(std::env::current_exe().expect("this program"))
            .args(["--exact", "write::tests::kills::killed_processes_leave_whole_trees", "--test-threads=1"])
            .env(SITE, site)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a child");
        std::thread::sleep(Duration::from_micros(15_000 + round * 1_733 % 7_000));
        assert!(child.try_wait().expect("a child's status").is_none(), "the child stopped by itself");
        child.kill().expect("a kill");
        child.wait().expect("a dead child");
        assert!(is_whole(site, Tree::Internal) && is_whole(site, Tree::Public), "round {round}");
        left += usize::from(!leftovers(site).is_empty());
        drop(Publisher::open(site, site, INPUTS).expect("the next run"));
        assert_eq!(leftovers(site), [""; 0], "round {round}");
        assert!(is_whole(site, Tree::Internal) && is_whole(site, Tree::Public), "round {round}");
    }
    assert!(left > 0, "no child was killed in the middle of its work");
}

#[test]
fn one_build_at_a_time() {
    let folder = scratch();
    let site = folder.path();
    let (built, refused) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| match publish(site, "new") {
                Ok(()) => built.fetch_add(1, Ordering::SeqCst),
                Err(Error::Refused { what, .. }) if what.starts_with("another tickmark") => {
                    refused.fetch_add(1, Ordering::SeqCst)
                }
                Err(e) => panic!("{e}"),
            });
        }
    });
    assert!(built.load(Ordering::SeqCst) >= 1);
    assert_eq!(built.load(Ordering::SeqCst) + refused.load(Ordering::SeqCst), 20);
    assert_eq!(snapshot(&site.join("public")), Some(published("new", Tree::Public)));
    assert_eq!(leftovers(site), [""; 0]);
}

#[test]
fn a_child_being_started_does_not_keep_the_lock() {
    let folder = scratch();
    let site = folder.path();
    std::thread::scope(|scope| {
        let children = scope.spawn(|| {
            for _ in 0..200 {
                Command::new("true").status().expect("a child");
            }
        });
        while !children.is_finished() {
            publish(site, "new").expect("nobody else builds here");
        }
    });
}

#[test]
fn the_other_build_is_named() {
    let folder = scratch();
    let site = folder.path();
    let _first = Publisher::open(site, site, INPUTS).expect("a run");
    let message = Publisher::open(site, site, INPUTS).expect_err("a second run").to_string();
    assert!(message.contains(&format!("(process {})", std::process::id())), "{message}");
}
