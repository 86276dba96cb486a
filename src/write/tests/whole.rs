//! Fail the Nth mutation for every N: each tree is the old or the new one, whole.

use std::fs;
use std::path::Path;

use super::faults::{Faults, Mode};
use super::{Disk, INPUTS, Publisher, Tree, files, leftovers, publish, publish_on, published, scratch, snapshot};

const BOTH: [Tree; 2] = [Tree::Public, Tree::Internal];

/// Which build each tree is of, internal and public: "old", "new" or "absent"; anything else is a mixture.
fn state(site: &Path) -> (&'static str, &'static str) {
    let of = |tree: Tree| {
        let found = snapshot(&site.join(tree.name()));
        if found.is_none() {
            "absent"
        } else if found.as_ref() == Some(&published("old", tree)) {
            "old"
        } else if found.as_ref() == Some(&published("new", tree)) {
            "new"
        } else {
            panic!("{} is neither old nor new: {:?}", tree.name(), found.map(|f| f.into_keys().collect::<Vec<_>>()))
        }
    };
    (of(Tree::Internal), of(Tree::Public))
}

/// Runs a build whose Nth mutation goes wrong, for N = 1, 2, 3 … until one succeeds, and checks the site after each.
fn fail_each(mode: Mode, no_exchange: bool, rebuild: bool) {
    let before = if rebuild { "old" } else { "absent" };
    for at in 1..1_000 {
        let folder = scratch();
        let site = folder.path();
        if rebuild {
            publish(site, "old").expect("a good build");
        }
        let faults = Faults::at(mode, at, no_exchange);
        let outcome = publish_on(Disk { faults: faults.clone() }, site, "new", &BOTH);
        let case = format!("{mode:?} at {at}, exchange {}, rebuild {rebuild}: {outcome:?}", !no_exchange);
        let state_now = state(site);
        match (&outcome, mode) {
            (Ok(()), _) => assert_eq!(state_now, ("new", "new"), "{case}"),
            // Both or neither; new only if nothing but the removal of the old trees failed.
            (Err(e), Mode::Fail) => {
                let removal = e.to_string().starts_with("could not remove") && state_now == ("new", "new");
                assert!(removal || state_now == (before, before), "{case}: {state_now:?}");
                assert_eq!(leftovers(site), [""; 0], "{case}");
                assert!(e.to_string().contains('`'), "{case}: no path in the message");
            }
            (Err(_), Mode::Kill) => {
                let allowed = [(before, before), ("new", before), ("new", "new")];
                let aside = no_exchange && rebuild && [("absent", "old"), ("new", "absent")].contains(&state_now);
                assert!(allowed.contains(&state_now) || aside, "{case}: {state_now:?}");
            }
        }
        // The next run repairs what was left, even if it publishes nothing …
        drop(Publisher::open(site, site, INPUTS).expect("the next run"));
        let (internal, public) = state(site);
        assert!([before, "new"].contains(&internal) && [before, "new"].contains(&public), "{case}");
        assert_eq!(leftovers(site), [""; 0], "{case}");
        // … and one that does publish makes the pair whole.
        publish(site, "new").expect("the next build");
        assert_eq!(state(site), ("new", "new"), "{case}");
        assert_eq!(leftovers(site), [""; 0], "{case}");
        if outcome.is_ok() {
            assert!(at > faults.count(), "the run succeeded although mutation {at} failed");
            assert!(at > 20, "only {at} mutations were tried");
            return;
        }
    }
    panic!("no run succeeded");
}

#[test]
fn first_build_fails_whole() {
    fail_each(Mode::Fail, false, false);
}

#[test]
fn rebuild_fails_whole() {
    fail_each(Mode::Fail, false, true);
}

#[test]
fn first_build_is_killed_whole() {
    fail_each(Mode::Kill, false, false);
}

#[test]
fn rebuild_is_killed_whole() {
    fail_each(Mode::Kill, false, true);
}

#[test]
fn rebuild_fails_whole_without_exchange() {
    fail_each(Mode::Fail, true, true);
}

#[test]
fn rebuild_is_killed_whole_without_exchange() {
    fail_each(Mode::Kill, true, true);
}

/// A site whose build was killed between the two renames of the slow path, and at which mutation, looked for upward.
fn killed_between_renames(from: usize) -> (tempfile::TempDir, usize) {
    for at in from..1_000 {
        let folder = scratch();
        publish(folder.path(), "old").expect("a good build");
        let _ = publish_on(Disk { faults: Faults::at(Mode::Kill, at, true) }, folder.path(), "new", &BOTH);
        if state(folder.path()).0 == "absent" {
            return (folder, at);
        }
    }
    panic!("the slow path was not taken");
}

#[test]
fn a_killed_recovery_is_repaired() {
    let mut build = 1;
    for at in 1..1_000 {
        let folder;
        (folder, build) = killed_between_renames(build);
        let site = folder.path();
        let faults = Faults::at(Mode::Kill, at, true);
        let outcome = Publisher::open_on(Disk { faults: faults.clone() }, site, site, INPUTS).map(drop);
        drop(Publisher::open(site, site, INPUTS).expect("the next run"));
        assert_eq!(state(site), ("old", "old"), "recovery killed at {at}");
        assert_eq!(leftovers(site), [""; 0]);
        if outcome.is_ok() && faults.count() < at {
            return;
        }
    }
    panic!("recovery never succeeded");
}

#[test]
fn a_half_removed_tree_is_never_put_back() {
    for at in 1..1_000 {
        let folder = scratch();
        let site = folder.path();
        publish(site, "old").expect("a good build");
        let outcome = publish_on(Disk { faults: Faults::at(Mode::Kill, at, true) }, site, "new", &BOTH);
        if state(site) == ("new", "new") {
            // Killed while the old trees were removed; then somebody removes the new ones.
            for tree in BOTH {
                fs::remove_dir_all(site.join(tree.name())).expect("no tree");
            }
            drop(Publisher::open(site, site, INPUTS).expect("the next run"));
            state(site);
        }
        if outcome.is_ok() {
            return;
        }
    }
    panic!("no run succeeded");
}

#[test]
fn what_is_dropped_unpublished_leaves_nothing() {
    let folder = scratch();
    let site = folder.path();
    publish(site, "old").expect("a good build");
    let publisher = Publisher::open(site, site, INPUTS).expect("a run");
    let stage = publisher.stage(Tree::Public).expect("a stage");
    stage.write("index.html", b"half").expect("a file");
    drop(publisher);
    stage.write("b/index.html", b"the stage outlives its publisher").expect("a file");
    drop(stage);
    assert_eq!(state(site), ("old", "old"));
    assert_eq!(leftovers(site), [""; 0]);
}

#[test]
fn a_tree_that_is_not_staged_stays() {
    let folder = scratch();
    let site = folder.path();
    publish(site, "old").expect("a good build");
    publish_on(Disk::default(), site, "new", &[Tree::Internal]).expect("a build of one tree");
    assert_eq!(state(site), ("new", "old"));
}

#[test]
fn a_stage_can_be_given_up_and_begun_again() {
    let folder = scratch();
    let site = folder.path();
    let publisher = Publisher::open(site, site, INPUTS).expect("a run");
    let given_up = publisher.stage(Tree::Public).expect("a stage");
    assert!(publisher.stage(Tree::Public).is_err(), "one stage of a tree at a time");
    given_up.write("secret.html", b"not to be published").expect("a file");
    drop(given_up);
    let stage = publisher.stage(Tree::Public).expect("a stage");
    for (path, bytes) in files("new", Tree::Public) {
        stage.write(&path, &bytes).expect("a file");
    }
    publisher.publish(vec![stage]).expect("a build");
    assert_eq!(state(site), ("absent", "new"));
}

#[test]
fn an_empty_folder_is_taken() {
    let folder = scratch();
    let site = folder.path();
    fs::create_dir(site.join("public")).expect("a folder");
    publish(site, "new").expect("a build");
    assert_eq!(state(site), ("new", "new"));
}
