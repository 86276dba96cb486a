//! Records that come, go and are called otherwise while a preview shows them: after each step every page is the one that a
//! build makes which reads all anew.

use std::fs;

use super::super::place::{Place, larger};
use super::super::program::Program;
use super::running::Running;
use super::saved::same_as_built;

const HOME: &str = "content/index.md";

fn page_of(id: &str) -> String {
    format!("/_internal/changes/{id}/")
}

/// A record that keeps and breaks what CHG-1 does.
fn record(place: &Place, id: &str) -> String {
    let text = fs::read_to_string(place.site().join("changes/CHG-1.yaml")).expect("a record");
    text.replace("CHG-1\n", &format!("{id}\n"))
}

/// Something that is done, a page on which it shows, and how.
type Step = (&'static str, fn(&Place), &'static str, fn(u16, &str) -> bool);

const STEPS: [Step; 13] = [
    // Before all others, after them, and between.
    ("a first one", |p| p.write("changes/A.yaml", record(p, "CHG-900")), "CHG-900", |status, _| status == 200),
    ("a last one", |p| p.write("changes/z.yaml", record(p, "CHG-902")), "CHG-902", |status, _| status == 200),
    (
        "one that breaks a rule",
        |p| p.write("changes/more/CHG-103a.yaml", record(p, "CHG-901").replace("T10:00", "T19:00")),
        "CHG-901",
        |status, _| status == 200,
    ),
    (
        "an incident",
        |p| {
            let incident = "incidents: [{id: INC-77, relation: caused}]\n";
            p.write("changes/z.yaml", record(p, "CHG-902") + incident);
        },
        "CHG-902",
        |_, body| body.contains("INC-77"),
    ),
    // Two in a file, under names of which one is new, and one of another file.
    (
        "a second one",
        |p| p.write("changes/z.yaml", record(p, "CHG-902") + "---\n" + &record(p, "CHG-903")),
        "CHG-903",
        |status, _| status == 200,
    ),
    ("twice", |p| p.write("changes/twice.yaml", record(p, "chg-903")), "", |_, body| body.contains("chg-903")),
    ("its namesake alone", |p| remove(p, "changes/z.yaml"), "CHG-902", |status, _| status == 404),
    ("nothing twice", |p| remove(p, "changes/twice.yaml"), "chg-903", |status, _| status == 404),
    ("one less", |p| remove(p, "changes/more/CHG-103a.yaml"), "CHG-901", |status, _| status == 404),
    // Moved behind all others, and in front of them again.
    ("moved", |p| rename(p, "changes/A.yaml", "changes/zz.yaml"), "CHG-900", |_, body| body.contains("zz.yaml")),
    ("moved back", |p| rename(p, "changes/zz.yaml", "changes/A.yaml"), "CHG-900", |_, body| body.contains("A.yaml")),
    (
        "saved beside itself",
        |p| {
            p.write("changes/A.yaml.tmp", record(p, "CHG-900").replace("title: ", "title: Beside "));
            rename(p, "changes/A.yaml.tmp", "changes/A.yaml");
        },
        "CHG-900",
        |_, body| body.contains("Beside "),
    ),
    ("one less at the front", |p| remove(p, "changes/A.yaml"), "CHG-900", |status, _| status == 404),
];

fn remove(place: &Place, path: &str) {
    fs::remove_file(place.site().join(path)).expect("no file");
}

fn rename(place: &Place, from: &str, to: &str) {
    fs::rename(place.site().join(from), place.site().join(to)).expect("a rename");
}

fn every_step_comes_to_what_a_build_makes(place: &Place) {
    let preview = Running::start(&place.site(), &[]);
    for (what, step, id, is) in STEPS {
        step(place);
        let page = if id.is_empty() { "/_internal/".to_owned() } else { page_of(id) };
        preview.until(&page, what, |answer| is(answer.status, &answer.body));
        let ran = Program::new(&place.site(), &["build"]).run();
        assert!(matches!(ran.status, Some(0 | 1)), "{what}: {}", ran.said);
        same_as_built(&preview, place);
    }
}

#[test]
fn records_come_and_go() {
    every_step_comes_to_what_a_build_makes(&larger(12));
}

#[test]
fn records_come_and_go_in_a_repository() {
    let mut place = larger(12);
    place.set_up("git init --quiet");
    place.set_up("commit one");
    every_step_comes_to_what_a_build_makes(&place);
}

/// Where a rule asks how long records are kept, git is asked for each that goes.
#[test]
fn a_record_that_has_to_be_kept_is_missed() {
    let mut place = larger(3);
    let policy = fs::read_to_string(place.site().join("policies/main.md")).expect("a policy");
    let rule = "    - id: kept\n      clause: described\n      retained: 3 years\n";
    let at = policy.find("    - id: described").expect("a rule");
    place.write("policies/main.md", format!("{}{rule}{}", &policy[..at], &policy[at..]));
    place.set_up("git init --quiet");
    place.set_up("commit one");
    let preview = Running::start(&place.site(), &[]);
    let text = record(&place, "CHG-100");
    for (path, id) in [("changes/new.yaml", "CHG-800"), ("changes/more/CHG-100.yaml", "CHG-801")] {
        place.write(path, record(&place, id));
        preview.until(&page_of(id), "there", |answer| answer.status == 200);
        let ran = Program::new(&place.site(), &["build"]).run();
        assert!(matches!(ran.status, Some(0 | 1)), "{id}: {}", ran.said);
        same_as_built(&preview, &place);
    }
    place.write("changes/more/CHG-100.yaml", text);
    preview.until(&page_of("CHG-801"), "gone", |answer| answer.status == 404);
    remove(&place, "changes/new.yaml");
    preview.until(&page_of("CHG-800"), "gone", |answer| answer.status == 404);
    remove(&place, "changes/more/CHG-100.yaml");
    preview.until("/_internal/policies/main/", "missed", |answer| answer.body.contains("a record was deleted"));
}

/// A name that was harmless names a record now, and is harmless again.
#[test]
fn what_a_new_record_is_called_is_not_published() {
    let place = larger(3);
    let home = fs::read_to_string(place.site().join(HOME)).expect("a page");
    place.write(HOME, home + "\nAs in CHG-555 or INC-78.\n");
    let preview = Running::start(&place.site(), &[]);
    assert!(preview.get("/").body.contains("As in CHG-555"));
    let text = record(&place, "CHG-555");
    place.write("changes/new.yaml", text.clone());
    preview.until("/", "kept back", |answer| answer.body.contains("must stay inside"));
    place.write("changes/new.yaml", text.replace("CHG-555", "CHG-556"));
    preview.until("/", "harmless", |answer| !answer.body.contains("must stay inside"));
    let incident = "incidents: [{id: INC-78, relation: caused}]\n";
    place.write("changes/new.yaml", text.replace("CHG-555", "CHG-556") + incident);
    preview.until("/", "kept back again", |answer| answer.body.contains("must stay inside"));
    remove(&place, "changes/new.yaml");
    preview.until("/", "harmless again", |answer| !answer.body.contains("must stay inside"));
}

/// A record that says when it was documented has git asked, which nobody asked before.
#[test]
fn a_record_that_asks_for_its_history_gets_it() {
    const RECORD: &str = "changes/more/CHG-100.yaml";
    const SAYS: &str = "git counts: `documented_at` is for records that git does not date";
    let mut place = larger(3);
    let configuration = fs::read_to_string(place.site().join("tickmark.yaml")).expect("a configuration");
    let dated = "changes:\n  history_from: 2026-08-01\n";
    place.write("tickmark.yaml", configuration.replace("changes:\n", dated));
    place.set_up("git init --quiet");
    place.set_up("commit one");
    let preview = Running::start(&place.site(), &[]);
    let text = record(&place, "CHG-100");
    place.write(RECORD, text.clone() + "documented_at: 2026-08-03T12:00:00+10:00\n");
    preview.until(&page_of("CHG-100"), "dated", |answer| answer.body.contains(SAYS));
    place.write(RECORD, text);
    preview.until(&page_of("CHG-100"), "not dated", |answer| !answer.body.contains(SAYS));
}

/// So it is with what an internal policy is called.
#[test]
fn the_new_title_of_an_internal_policy_is_not_published() {
    const INNER: &str = "policies/inner.md";
    let place = larger(3);
    let home = fs::read_to_string(place.site().join(HOME)).expect("a page");
    place.write(HOME, home + "\nRead the Keel and Anchor Handbook.\n");
    let preview = Running::start(&place.site(), &[]);
    assert!(preview.get("/").body.contains("Keel and Anchor"));
    let inner = fs::read_to_string(place.site().join(INNER)).expect("a policy");
    place.write(INNER, inner.replace("title: Inner rules of the harbour", "title: Keel and Anchor Handbook"));
    preview.until("/", "kept back", |answer| answer.body.contains("must stay inside"));
    place.write(INNER, inner);
    preview.until("/", "harmless again", |answer| !answer.body.contains("must stay inside"));
}
