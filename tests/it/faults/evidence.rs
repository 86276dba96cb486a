//! One character of every file of a finished folder changed, one file after the other: each is named, and nothing else is.

use std::fs;

use super::place::{Files, Place, files};
use super::program::Program;

/// Verifies a folder of the place: status and all that is said.
fn verify(place: &Place, folder: &str) -> (Option<i32>, String) {
    let ran = Program::new(&place.site(), &["verify", folder]).run();
    (ran.status, ran.said)
}

/// The good site with the folder of an auditor.
fn audited() -> Place {
    let place = Place::good();
    let made = Program::new(&place.site(), &["audit", "2026-Q3"]).run();
    assert_eq!(made.status, Some(0), "{}", made.said);
    place
}

/// Files of a folder, every so many of them, each with a byte changed: the first, the last, or one in the middle, in turn.
fn each_is_named(place: &Place, folder: &str, every: usize) {
    let whole: Files = files(&place.site().join(folder)).expect("a folder");
    let mut tried = 0;
    // What a manifest says of itself nobody can check without a repository: tests/it/history/verify.rs has one.
    let files = whole.iter().filter(|(path, bytes)| *path != "manifest.json" && !bytes.is_empty());
    for (turn, (path, bytes)) in files.step_by(every).enumerate() {
        let at = [0, bytes.len() / 2, bytes.len() - 1][turn % 3];
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        let full = place.site().join(folder).join(path);
        fs::write(&full, &changed).expect("written");
        let (status, said) = verify(place, folder);
        assert_eq!(status, Some(1), "{folder}/{path}, byte {at}: {said}");
        for part in [&format!("changed  {folder}/{path}"), "1 changed", "1 difference"] {
            assert!(said.contains(part), "{folder}/{path}, byte {at}: no `{part}` in {said}");
        }
        fs::write(&full, bytes).expect("written");
        tried += 1;
    }
    assert!(tried > 12, "{folder}: {tried}");
    let (status, said) = verify(place, folder);
    assert_eq!(status, Some(0), "{said}");
}

#[test]
fn a_changed_byte_of_any_file_is_named() {
    let place = audited();
    each_is_named(&place, "audit-2026-Q3", 1);
    each_is_named(&place, "public", 1);
    each_is_named(&place, "internal", 5);
}

#[test]
fn a_file_that_is_taken_away_or_added_anywhere_is_named() {
    let place = audited();
    for folder in ["audit-2026-Q3", "public"] {
        let whole: Files = files(&place.site().join(folder)).expect("a folder");
        // The marker may stay behind: hosts that serve no hidden files leave it out.
        for (path, bytes) in whole.iter().filter(|(p, _)| *p != "manifest.json" && !p.starts_with('.')).step_by(3) {
            let full = place.site().join(folder).join(path);
            fs::remove_file(&full).expect("removed");
            let extra = format!("{path}.extra");
            fs::write(place.site().join(folder).join(&extra), "x").expect("written");
            let (status, said) = verify(&place, folder);
            assert_eq!(status, Some(1), "{folder}/{path}: {said}");
            let (missing, more) = (format!("missing  {folder}/{path}"), format!("extra    {folder}/{extra}"));
            for part in ["1 missing, 1 extra", &missing, &more] {
                assert!(said.contains(part), "{folder}/{path}: no `{part}` in {said}");
            }
            fs::remove_file(place.site().join(folder).join(&extra)).expect("removed");
            fs::write(&full, bytes).expect("written");
        }
    }
}
