//! The words for what cannot be made on every machine.

use super::*;

#[test]
fn the_line_that_makes_git_trust_a_folder_is_exact() {
    for (said, line) in [
        ("repository path '/srv/site/' is not owned by current user", "safe.directory /srv/site`"),
        ("repository path '/srv/my site/.git/' is not owned by current user", "safe.directory '/srv/my site'`"),
        ("owned by somebody else", "safe.directory /here`"),
    ] {
        let error = git2::Error::new(git2::ErrorCode::Owner, git2::ErrorClass::Config, said);
        let Ok(Standing::Unreadable(found)) = fault::not_opened(Path::new("/here"), &error) else {
            panic!("another user's repository is no damage")
        };
        assert!(found.help.ends_with(&format!("`git config --global --add {line}")), "{found:?}");
        assert_eq!(found.diagnostic().code.name, "history/unreadable");
    }
}

#[test]
fn a_thread_that_moves_is_waited_for_and_one_that_does_not_is_left() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let git = git2::Repository::init(folder.path()).expect("a repository");
    let patience = Duration::from_millis(200);
    let (worker, ()) = Worker::start(patience, move |_| Ok((git, ()))).expect("in time").expect("open");
    let slow = worker.ask(1, |_, pulse| {
        for _ in 0..6 {
            std::thread::sleep(Duration::from_millis(100));
            pulse.reading("commit", git2::Oid::ZERO_SHA1);
        }
        7
    });
    assert_eq!(slow.ok(), Some(7), "slow, but it moves");
    let (release, held) = std::sync::mpsc::channel::<()>();
    let stuck = worker.ask(1, move |_, _| held.recv().is_ok()).expect_err("nothing moves");
    assert_eq!(stuck.reading.as_deref(), Some("commit 0000000000000000000000000000000000000000"));
    assert!(worker.ask(1, |_, _| ()).is_err(), "it was given up");
    drop(release);
}
