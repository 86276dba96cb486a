//! A machine that refuses: full and read-only disks, missing rights, few open files.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use super::place::{Place, files, leftovers};
use super::program::{Program, Ran, tickmark};
use super::streams::writeln_skip;

/// A small file system in memory, taken away at the end.
struct Mount(std::path::PathBuf);

impl Mount {
    /// Nothing where this process may not mount.
    fn of(folder: &Path, size: &str) -> Option<Self> {
        fs::create_dir(folder).expect("a folder");
        let ran =
            Command::new("mount").args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"]).arg(folder).output();
        match ran {
            Ok(ran) if ran.status.success() => Some(Self(folder.to_path_buf())),
            Ok(ran) => {
                writeln_skip("a full disk", &String::from_utf8_lossy(&ran.stderr));
                None
            }
            Err(e) => {
                writeln_skip("a full disk", &e.to_string());
                None
            }
        }
    }

    fn remount(&self, how: &str) {
        let ran = Command::new("mount").args(["-o", &format!("remount,{how}")]).arg(&self.0).status();
        assert!(ran.expect("mount").success());
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        // Nothing can be done about it here; the test has said what it had to.
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

fn refused(ran: &Ran, says: &[&str]) {
    assert_eq!(ran.status, Some(2), "{}", ran.said);
    for text in says {
        assert!(ran.said.contains(text), "no `{text}` in: {}", ran.said);
    }
    assert!(!ran.said.contains("panicked"), "{}", ran.said);
}

#[test]
fn a_full_disk_leaves_the_old_site() {
    let place = Place::good();
    let folder = place.around().join("small");
    let Some(mount) = Mount::of(&folder, "4m") else { return };
    let output = folder.join("out");
    let program = Program::new(&place.site(), &["build", "--output", output.to_str().expect("UTF-8")]);
    // Nothing fits at first; then a build; then a second one beside it.
    let filler = |kilobytes: usize| fs::write(folder.join("filler"), vec![b'x'; kilobytes * 1024]).expect("room");
    let free = |path: &Path| {
        let ran = Command::new("df").args(["-k", "--output=avail"]).arg(path).output().expect("df");
        let text = String::from_utf8(ran.stdout).expect("numbers");
        text.lines().last().and_then(|l| l.trim().parse::<usize>().ok()).expect("a number")
    };
    filler(free(&folder) - 300);
    refused(&program.run(), &["No space left", "small/out", "free some space"]);
    assert!(!output.join("public").exists() && !output.join("internal").exists());
    assert_eq!(leftovers(&output), [""; 0]);
    fs::remove_file(folder.join("filler")).expect("no filler");
    let ran = program.run();
    assert_eq!(ran.status, Some(0), "{}", ran.said);
    let old = files(&output);
    for room in [0, 40, 200, 500, 700] {
        filler(free(&folder) - room);
        refused(&program.run(), &["No space left", "small/out"]);
        assert_eq!(files(&output.join("public")), old.as_ref().map(|o| below(o, "public/")), "{room}");
        assert_eq!(files(&output.join("internal")), old.as_ref().map(|o| below(o, "internal/")), "{room}");
        assert_eq!(leftovers(&output), [""; 0], "{room}");
        fs::remove_file(folder.join("filler")).expect("no filler");
    }
    mount.remount("ro");
    refused(&program.run(), &["Read-only file system", "small/out"]);
    mount.remount("rw");
    assert_eq!(program.run().status, Some(0));
    assert_eq!(leftovers(&output), [""; 0]);
}

fn below(files: &super::place::Files, folder: &str) -> super::place::Files {
    files.iter().filter_map(|(p, b)| Some((p.strip_prefix(folder)?.to_owned(), b.clone()))).collect()
}

/// The program as somebody whom modes bind: `nobody`, where we are root.
fn as_nobody(place: &Place, arguments: &[&str]) -> Ran {
    let program = Program::new(&place.site(), arguments);
    let root = Command::new("id").arg("-u").output().is_ok_and(|o| o.stdout == b"0\n");
    if !root {
        return program.run();
    }
    let binary = place.around().join("tickmark");
    if !binary.exists() {
        fs::copy(tickmark(), &binary).expect("a copy of the program");
    }
    let script = "chown -R 65534:65534 \"$1\"; shift; exec setpriv --reuid=65534 --regid=65534 --clear-groups \"$@\"";
    let mut command = Command::new("sh");
    command.args(["-c", script, "sh"]).arg(place.around()).arg(&binary).args(arguments);
    command.current_dir(place.site()).env("SOURCE_DATE_EPOCH", "1795219200").env("HOME", "/nonexistent");
    command
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped());
    super::program::finish(command.spawn().expect("a shell"), std::time::Duration::from_secs(60))
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
}

#[test]
fn what_may_not_be_read_is_named() {
    let place = Place::good();
    let before = place.output();
    assert_eq!(as_nobody(&place, &["check"]).status, Some(0));
    for path in
        ["changes/CHG-1.yaml", "policies", "content/index.md", "tickmark.yaml", "static/note.txt", "people.yaml"]
    {
        let full = place.site().join(path);
        let old = fs::metadata(&full).expect("a file").permissions().mode();
        mode(&full, 0o000);
        for command in ["check", "build"] {
            refused(
                &as_nobody(&place, &[command]),
                &["could not read", path, "Permission denied", "run as a user who may"],
            );
        }
        mode(&full, old);
        assert!(place.output() == before && place.leftovers().is_empty(), "{path}");
    }
}

#[test]
fn what_may_not_be_written_stays() {
    let place = Place::good();
    assert_eq!(as_nobody(&place, &["build"]).status, Some(0));
    let before = place.output();
    // The site, its work folder, the lock, and a former stage.
    for (path, closed) in [("", 0o555), (".tickmark", 0o555), (".tickmark/lock", 0o444)] {
        let full = place.site().join(path);
        let old = fs::metadata(&full).expect("a folder").permissions().mode();
        mode(&full, closed);
        let ran = as_nobody(&place, &["build"]);
        mode(&full, old);
        refused(&ran, &["Permission denied", "run as a user who may"]);
        assert!(place.output() == before && place.leftovers().is_empty(), "{path}");
    }
    let ran = as_nobody(&place, &["build", "--output", "/proc/here"]);
    refused(&ran, &["/proc/here"]);
    assert_eq!(as_nobody(&place, &["build"]).status, Some(0));
    assert_eq!(place.output(), before);
}

#[test]
fn few_open_files_are_enough() {
    let place = Place::good();
    for n in 0..200 {
        place.write(format!("changes/d{n}/x.yaml"), format!("id: X-{n}\n"));
    }
    for command in ["check", "build"] {
        let ran = Program::new(&place.site(), &[command]).after("ulimit -n 32").run();
        assert_eq!(ran.status, Some(i32::from(command == "check")), "{}", ran.said);
    }
    let before = place.output();
    // With fewer than the program itself needs.
    for limit in [4, 6, 8, 10] {
        let ran = Program::new(&place.site(), &["build"]).after(&format!("ulimit -n {limit}")).run();
        assert!(!ran.said.contains("panicked"), "{limit}: {}", ran.said);
        assert!(matches!(ran.status, Some(0 | 2 | 127)), "{limit}: {:?} {}", ran.status, ran.said);
        assert!(place.output() == before, "{limit}");
    }
    assert_eq!(Program::new(&place.site(), &["build"]).run().status, Some(0));
    assert_eq!(place.leftovers(), [""; 0]);
}
