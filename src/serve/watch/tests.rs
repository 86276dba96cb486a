//! What is heard of, what is passed over, and what happens where the system gives no watches.

use std::io;

use notify::event::{AccessKind, AccessMode, DataChange, RenameMode};

use super::*;

fn places(root: &Path) -> Places {
    Places { root: root.to_path_buf(), git: Some(root.join(".git")) }
}

fn heard(kind: EventKind, path: &str) -> Changes {
    let root = Path::new("/site");
    let mut all = Gathered::default();
    all.take(Some(Ok(Event::new(kind).add_path(root.join(path)))), &places(root));
    Changes { all: all.changes.all || all.folders, ..all.changes }
}

const WRITTEN: EventKind = EventKind::Modify(ModifyKind::Data(DataChange::Any));

#[test]
fn inputs_are_of_concern_and_nothing_else_is() {
    for path in ["policies/a.md", "changes/2026/x.yaml", "tickmark.yaml", "static/a.png", "themes/own/templates/a.html"]
    {
        assert_eq!(heard(WRITTEN, path).paths.into_iter().collect::<Vec<_>>(), [path]);
    }
    let others = [
        "public/index.html",
        "internal/changes/a/index.html",
        "target/x",
        "README.md",
        "policies/.a.md.swp",
        "policies/a.md~",
        "policies/4913",
        ".tickmark/stage/x",
        ".git/index.lock",
        ".git/objects/ab",
    ];
    for path in others {
        assert_eq!(heard(WRITTEN, path), Changes::default(), "{path}");
    }
    let read = EventKind::Access(AccessKind::Open(AccessMode::Any));
    assert_eq!(heard(read, "policies/a.md"), Changes::default(), "reading is no change");
    assert!(heard(WRITTEN, ".git/HEAD").git && heard(EventKind::Create(CreateKind::File), ".git/index").git);
}

#[test]
fn folders_that_come_and_go_may_change_anything() {
    for kind in [
        EventKind::Create(CreateKind::Folder),
        EventKind::Remove(RemoveKind::Folder),
        EventKind::Modify(ModifyKind::Name(RenameMode::From)),
    ] {
        assert!(heard(kind, "changes/2026").all && heard(kind, "changes").all, "{kind:?}");
        assert!(!heard(kind, "public").all && !heard(kind, "changes/.hidden").all, "{kind:?}");
    }
    assert!(!heard(EventKind::Create(CreateKind::File), "policies/4913").all, "an editor's probe");
}

#[test]
fn a_file_written_beside_a_document_is_no_folder_when_it_takes_its_place() {
    let root = Path::new("/site");
    let renamed = |from: &str, kinds: &[EventKind]| {
        let mut all = Gathered::default();
        for kind in kinds {
            all.take(Some(Ok(Event::new(*kind).add_path(root.join(from)))), &places(root));
        }
        let both = Event::new(EventKind::Modify(ModifyKind::Name(RenameMode::Both)));
        all.take(Some(Ok(both.add_path(root.join(from)).add_path(root.join("policies/a.md")))), &places(root));
        all.changes
    };
    let file = EventKind::Create(CreateKind::File);
    for kinds in [&[file, WRITTEN][..], &[file], &[EventKind::Access(AccessKind::Close(AccessMode::Write))]] {
        let changes = renamed("policies/a.md.tmp", kinds);
        assert!(!changes.all && changes.paths.contains("policies/a.md"), "{kinds:?}: {changes:?}");
    }
    assert!(renamed("policies/a.md.tmp", &[]).all, "nobody knows what it is");
    assert!(renamed("policies/old", &[EventKind::Create(CreateKind::Folder)]).all, "a folder");
}

#[test]
fn without_watches_files_are_looked_at() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().canonicalize().expect("a folder");
    let site = Places { root: root.clone(), git: None };
    let (heard, hears) = mpsc::channel();
    for (error, says) in [
        (notify::Error::new(ErrorKind::MaxFilesWatch), "no more file watches"),
        (notify::Error::io(io::Error::from(io::ErrorKind::StorageFull)), "no more file watches"),
        (notify::Error::generic("odd"), "cannot watch the site (odd)"),
    ] {
        let error = std::cell::Cell::new(Some(error));
        let fails = |_: &Sender<Heard>| Err(error.take().expect("it is asked once"));
        let (_eyes, why) = begin(&site, false, &heard, &fails).expect("it polls");
        let why = why.expect("a message");
        assert!(why.contains(says) && why.contains("twice a second"), "{why}");
    }
    let (_eyes, why) = begin(&site, true, &heard, &native).expect("it polls");
    assert_eq!(why, None, "it was asked for");
    std::fs::write(root.join("people.yaml"), "[]").expect("a file");
    let mut quiet = 0;
    let mut all = Vec::new();
    while !all.iter().any(|event: &Event| event.paths.iter().any(|p| p.ends_with("people.yaml"))) {
        match hears.recv_timeout(Duration::from_millis(500)) {
            Ok(Some(Ok(event))) => all.push(event),
            Ok(_) => {}
            Err(_) => quiet += 1,
        }
        assert!(quiet < 20, "nothing was seen of it: {all:?}");
    }
}
