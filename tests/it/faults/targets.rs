//! Output folders that are not ours to write to.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use super::place::{Place, files};
use super::program::Program;

/// Builds into a folder, which must be refused, and says why.
fn refusal(place: &Place, output: &Path) -> String {
    let (before, around) = (place.output(), files(place.around()));
    let home = place.around().join("home");
    fs::create_dir_all(home.join("below")).expect("folders");
    let ran = Program::new(&place.site(), &["build", "--output", output.to_str().expect("UTF-8")])
        .env("HOME", home.to_str().expect("UTF-8"))
        .run();
    assert_eq!(ran.status, Some(2), "{}: {}", output.display(), ran.said);
    assert!(place.output() == before && files(place.around()) == around, "{}: something changed", output.display());
    ran.said
}

#[test]
fn output_never_goes_where_other_things_are() {
    let place = Place::good();
    let (site, around) = (place.site(), place.around().to_path_buf());
    fs::create_dir_all(around.join("home/below")).expect("folders");
    symlink(site.join("content"), around.join("link")).expect("a link");
    symlink("nowhere", around.join("dangling")).expect("a link");
    fs::write(around.join("file"), "x").expect("a file");
    for (output, why) in [
        (Path::new("/").to_path_buf(), "is the root of the file system"),
        (around.join("home"), "is your home folder"),
        (site.join("content"), "among the inputs of the site"),
        (site.join("content/deep/er"), "among the inputs of the site"),
        (site.join("changes"), "among the inputs of the site"),
        (site.join("policies/../static"), "among the inputs of the site"),
        (site.join("public"), "is itself output"),
        (site.join("internal/changes"), "is itself output"),
        (around.join("link"), "among the inputs of the site"),
        (around.join("dangling"), "is a link to nothing"),
        (around.join("file"), "file"),
        (around.join("file/below"), "file"),
        (Path::new("/dev/null").to_path_buf(), "/dev/null"),
    ] {
        let said = refusal(&place, &output);
        assert!(said.contains(why), "{}: no `{why}` in {said}", output.display());
    }
    assert!(!Path::new("/public").exists() && !Path::new("/internal").exists() && !Path::new("/.tickmark").exists());
}

#[test]
fn what_tickmark_did_not_make_stays() {
    let place = Place::good();
    let output = place.around().join("www");
    fs::create_dir_all(output.join("public")).expect("a folder");
    fs::write(output.join("public/thesis.txt"), "years of work").expect("a file");
    assert!(refusal(&place, &output).contains("did not make it"));
    // With a marker that is not ours, and with ours beside a repository.
    fs::write(output.join("public/.tickmark-output"), "something else").expect("a file");
    assert!(refusal(&place, &output).contains("did not make it"));
    fs::remove_dir_all(output.join("public")).expect("no folder");
    symlink(place.site().join("public"), output.join("public")).expect("a link");
    assert!(refusal(&place, &output).contains("is a symbolic link"));
    fs::remove_file(output.join("public")).expect("no link");
    fs::write(output.join("internal"), "x").expect("a file");
    assert!(refusal(&place, &output).contains("is not a folder"));
    fs::remove_file(output.join("internal")).expect("no file");
    symlink("/", output.join(".tickmark")).expect("a link");
    assert!(refusal(&place, &output).contains(".tickmark` is not a folder"));
}

#[test]
fn a_site_without_its_inputs_folder_names_is_no_excuse() {
    // The site itself stands in a folder called `public`.
    let place = Place::good();
    let inner = place.around().join("public");
    super::place::copy(&place.site(), &inner);
    let ran = Program::new(&inner, &["build", "--output", ".."]).run();
    assert_eq!(ran.status, Some(2), "{}", ran.said);
    assert!(ran.said.contains("holds the site itself"), "{}", ran.said);
    assert_eq!(Program::new(&inner, &["build"]).run().status, Some(0));
}
