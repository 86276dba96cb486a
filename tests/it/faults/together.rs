//! Several builds at once, and inputs that change while they are read.

use std::fs;
use std::os::unix::fs::symlink;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use super::data::published;
use super::place::{Output, Place, build, larger};
use super::program::{Program, finish};

#[test]
fn of_twenty_builds_at_once_one_wins() {
    let place = larger(60);
    let days = ["2026-09-01", "2026-10-01", "2026-11-01", "2026-12-01"];
    let possible: Vec<Output> = days
        .iter()
        .map(|day| {
            let ran = Program::new(&place.site(), &["build", "--as-of", day]).run();
            assert_eq!(ran.status, Some(0), "{}", ran.said);
            place.output()
        })
        .collect();
    assert!((1..days.len()).all(|n| possible[n] != possible[0]), "the days do not differ");
    let start = |n: usize| Program::new(&place.site(), &["build", "--as-of", days[n % days.len()]]).command().spawn();
    let children: Vec<_> = (0..20).map(|n| start(n).expect("a build")).collect();
    let (mut won, mut lost) = (Vec::new(), 0);
    for (n, child) in children.into_iter().enumerate() {
        let ran = finish(child, Duration::from_mins(1));
        match ran.status {
            Some(0) => won.push(n % days.len()),
            Some(2) if ran.said.contains("another tickmark") => lost += 1,
            _ => panic!("{:?}: {}", ran.status, ran.said),
        }
    }
    assert_eq!(won.len() + lost, 20);
    assert!(lost > 0, "no two builds met");
    let now = place.output();
    assert!(won.iter().any(|day| possible[*day] == now), "the output is no winner's");
    assert_eq!(place.leftovers(), [""; 0]);
}

/// Ends the threads that edit, whatever comes of the test.
struct Stops<'s>(&'s AtomicBool);

impl Drop for Stops<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[test]
fn a_build_sees_each_file_as_it_once_was() {
    let place = larger(20);
    let path = place.site().join("changes/CHG-1.yaml");
    let first = fs::read_to_string(&path).expect("a record");
    let second = first.replace("limit", "bound").replace("twice", "three times");
    let one = build(&place.site());
    fs::write(&path, &second).expect("a record");
    let other = build(&place.site());
    assert_ne!(one, other);
    let stop = AtomicBool::new(false);
    let seen: Vec<Output> = thread::scope(|scope| {
        scope.spawn(|| {
            let next = place.around().join("next.yaml");
            while !stop.load(Ordering::SeqCst) {
                for text in [&first, &second] {
                    fs::write(&next, text).expect("a file");
                    fs::rename(&next, &path).expect("an edit");
                    thread::sleep(Duration::from_millis(1));
                }
            }
        });
        let _stops = Stops(&stop);
        (0..8).map(|_| build(&place.site())).collect()
    });
    for output in &seen {
        assert!(*output == one || *output == other, "a mixture of two states");
    }
}

#[test]
fn what_comes_and_goes_while_it_is_read_ends_no_build() {
    let place = Place::good();
    let folder = place.site().join("changes/coming");
    let text = fs::read_to_string(place.site().join("changes/CHG-1.yaml")).expect("a record");
    // A file that turns into a link to one outside of the site, and back.
    let outside = place.around().join("outside.yaml");
    fs::write(&outside, text.replace("CHG-1\n", "CHG-9\n").replace("limit", "word from outside")).expect("a file");
    let (turning, next) = (place.site().join("changes/turning.yaml"), place.around().join("next"));
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::SeqCst) {
                for link in [true, false] {
                    if link {
                        symlink(&outside, &next).expect("a link");
                    } else {
                        fs::write(&next, text.replace("CHG-1\n", "CHG-9\n")).expect("a file");
                    }
                    fs::rename(&next, &turning).expect("another file");
                    thread::sleep(Duration::from_micros(300));
                }
            }
        });
        scope.spawn(|| {
            while !stop.load(Ordering::SeqCst) {
                fs::create_dir_all(&folder).expect("a folder");
                for n in 0..20 {
                    fs::write(folder.join(format!("{n}.yaml")), text.replace("CHG-1\n", &format!("CHG-{n}0\n")))
                        .expect("a file");
                }
                fs::remove_dir_all(&folder).expect("no folder");
            }
        });
        let _stops = Stops(&stop);
        for _ in 0..12 {
            let ran = Program::new(&place.site(), &["build"]).run();
            assert_eq!(ran.status, Some(0), "{}", ran.said);
            let lacks = ["word from outside".to_owned()];
            assert_eq!(published(&place.output().internal.expect("a tree"), &lacks), [""; 0]);
        }
    });
}
