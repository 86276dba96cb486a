//! What is never replaced, what is never written, and what comes out the same for everybody.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use rayon::prelude::*;

use super::{INPUTS, MARKER, Publisher, Tree, leftovers, publish, published, scratch, snapshot};
use crate::write::{MARKER_TEXT, path_problem};

fn refusal(output: &Path, site: &Path) -> String {
    let error = Publisher::open(output, site, INPUTS).expect_err("a refusal");
    assert!(error.help().is_some(), "no help: {error}");
    error.to_string()
}

#[test]
fn foreign_folders_are_not_replaced() {
    let folder = scratch();
    let site = folder.path();
    let public = site.join("public");
    fs::create_dir(&public).expect("a folder");
    fs::write(public.join("thesis.txt"), "years of work").expect("a file");
    assert!(refusal(site, site).contains("did not make it"));
    fs::write(public.join(MARKER), "something else\n").expect("a file");
    assert!(refusal(site, site).contains("did not make it"));
    fs::write(public.join(MARKER), MARKER_TEXT).expect("a file");
    fs::create_dir(public.join(".git")).expect("a folder");
    assert!(refusal(site, site).contains("git repository"));
    assert!(public.join("thesis.txt").exists());
    fs::remove_dir(public.join(".git")).expect("no folder");
    publish(site, "new").expect("a marked folder is ours");
}

#[test]
fn foreign_folders_that_come_meanwhile_are_not_replaced() {
    let folder = scratch();
    let site = folder.path();
    let publisher = Publisher::open(site, site, INPUTS).expect("a run");
    let stages = Tree::ALL.map(|tree| publisher.stage(tree).expect("a stage")).into();
    fs::create_dir(site.join("public")).expect("a folder");
    fs::write(site.join("public/thesis.txt"), "years of work").expect("a file");
    assert!(publisher.publish(stages).expect_err("a refusal").to_string().contains("did not make it"));
    assert_eq!(fs::read_dir(site.join("public")).expect("a folder").count(), 1);
    assert!(!site.join("internal").exists(), "the other tree gave its place back");
    assert_eq!(leftovers(site), [""; 0]);
}

#[test]
fn links_and_files_are_not_replaced() {
    let folder = scratch();
    let site = folder.path();
    fs::create_dir(site.join("elsewhere")).expect("a folder");
    symlink("elsewhere", site.join("internal")).expect("a link");
    assert!(refusal(site, site).contains("symbolic link"));
    fs::remove_file(site.join("internal")).expect("no link");
    fs::write(site.join("internal"), "").expect("a file");
    assert!(refusal(site, site).contains("not a folder"));
    fs::remove_file(site.join("internal")).expect("no file");
    symlink("elsewhere", site.join(".tickmark")).expect("a link");
    assert!(refusal(site, site).contains(".tickmark` is not a folder"));
}

#[test]
fn places_that_hold_other_things_are_refused() {
    let folder = scratch();
    let site = folder.path().join("public");
    fs::create_dir_all(site.join("content/pages")).expect("folders");
    assert!(refusal(folder.path(), &site).contains("holds the site itself"));
    assert!(refusal(&site.join("content"), &site).contains("among the inputs"));
    assert!(refusal(&site.join("content/new/out"), &site).contains("among the inputs"));
    symlink("content/pages", site.join("out")).expect("a link");
    assert!(refusal(&site.join("out"), &site).contains("among the inputs"));
    assert_eq!(fs::read_dir(site.join("content")).expect("a folder").count(), 1, "nothing was made there");
    publish(&site, "new").expect("a build");
    assert!(refusal(&site.join("public/deeper"), &site).contains("itself output"));
    fs::write(site.join("file"), "").expect("a file");
    Publisher::open(&site.join("file"), &site, INPUTS).expect_err("a file is no folder");
}

#[test]
fn an_output_folder_is_made() {
    let folder = scratch();
    let site = folder.path();
    let output = site.join("a/b");
    drop(Publisher::open(&output, site, INPUTS).expect("a run"));
    assert_eq!(fs::read_to_string(output.join(".tickmark/.gitignore")).expect("a file"), "*\n");
}

#[test]
fn paths_that_lead_astray_are_refused() {
    let long = "x".repeat(256);
    let bad = [
        "",
        "/a",
        "a//b",
        "a/",
        "../a",
        "a/../b",
        "./a",
        "a/.",
        "a\\b",
        "a\0b",
        "a\nb",
        "a./b",
        "a ",
        "a/con",
        "AUX.html",
        "b/Com1.txt",
        "lpt9",
        "nul .x",
        "conin$",
        &long,
        "a\u{85}b",
    ];
    let folder = scratch();
    let site = folder.path();
    let publisher = Publisher::open(site, site, INPUTS).expect("a run");
    let stage = publisher.stage(Tree::Public).expect("a stage");
    for path in bad {
        assert!(path_problem(path).is_some(), "{path:?}");
        stage.write(path, b"").expect_err("a refusal");
    }
    for good in
        ["x", ".well-known/security.txt", "a/1.0..1.1/index.html", "console/common.txt", "com/é.html", "com10", "-x"]
    {
        assert_eq!(path_problem(good), None, "{good:?}");
        stage.write(good, b"").expect("a file");
    }
}

#[test]
fn no_path_is_written_twice() {
    let folder = scratch();
    let site = folder.path();
    let publisher = Publisher::open(site, site, INPUTS).expect("a run");
    let stage = publisher.stage(Tree::Public).expect("a stage");
    stage.write("a/b", b"1").expect("a file");
    for again in ["a/b", "a/b/c", "a", MARKER] {
        let error = stage.write(again, b"2").expect_err("a refusal");
        assert!(error.to_string().contains("two outputs want"), "{error}");
    }
}

#[test]
fn threads_share_a_stage() {
    let folder = scratch();
    let site = folder.path();
    let publisher = Publisher::open(site, site, INPUTS).expect("a run");
    let stage = publisher.stage(Tree::Internal).expect("a stage");
    (0..2_000).into_par_iter().for_each(|i| {
        stage.write(&format!("d{}/e{}/{i}", i % 7, i % 13), b"x").expect("a file");
    });
    publisher.publish(vec![stage]).expect("a build");
    assert_eq!(snapshot(&site.join("internal")).expect("a tree").len(), 2_001);
}

#[test]
fn modes_do_not_depend_on_the_mask() {
    // The mask belongs to the process, so that another one is made.
    const SITE: &str = "TICKMARK_TEST_MASKED_SITE";
    if let Some(site) = std::env::var_os(SITE) {
        publish(Path::new(&site), "new").expect("a build");
        return;
    }
    for mask in ["000", "022", "077", "027", "133", "777"] {
        let folder = scratch();
        let site = folder.path();
        let this = std::env::current_exe().expect("this program");
        let test = "write::tests::places::modes_do_not_depend_on_the_mask";
        let status = std::process::Command::new("sh")
            .args(["-c", &format!("umask {mask}; exec \"$0\" --exact {test} >/dev/null 2>&1")])
            .arg(this)
            .env(SITE, site)
            .status()
            .expect("a shell");
        assert!(status.success(), "mask {mask}");
        assert_eq!(snapshot(&site.join("public")), Some(published("new", Tree::Public)));
        for (path, mode) in [
            ("public", 0o755),
            ("public/changes/a", 0o755),
            ("public/index.html", 0o644),
            ("public/.tickmark-output", 0o644),
        ] {
            let found = fs::metadata(site.join(path)).expect("output").permissions().mode() & 0o7777;
            assert_eq!(found, mode, "mask {mask}: {path} has {found:o}");
        }
    }
}
