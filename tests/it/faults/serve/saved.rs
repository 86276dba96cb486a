//! Fault 36: storms of saves, atomic saves, renames, folders that go, a checkout of a thousand files, output beside it. Each
//! comes to the site as it then stands, in few steps, and none starts another.

use std::fs;
use std::time::Duration;

use super::super::place::{Place, larger};
use super::super::program::Program;
use super::running::Running;

const POLICY: &str = "policies/main.md";
const PAGE: &str = "/policies/main/";

fn policy(place: &Place) -> String {
    fs::read_to_string(place.site().join(POLICY)).expect("a policy")
}

/// A text without what stands from one mark to the next other one.
fn without(text: &str, from: &str, to: &str) -> String {
    let mut parts = text.split(from);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |kept, part| kept + part.split_once(to).expect("an end").1)
}

/// Every page of both sites is the one that `build` made, but for what the preview adds; how many there are.
pub(super) fn same_as_built(preview: &Running, place: &Place) -> usize {
    let output = place.output();
    let mut compared = 0;
    for (base, tree) in [("/", output.public), ("/_internal/", output.internal)] {
        for (path, bytes) in tree.expect("a tree") {
            if path == "manifest.json" || path.starts_with('.') && !path.starts_with(".well-known") {
                continue;
            }
            let answer = preview.get(&format!("{base}{path}"));
            let built = String::from_utf8_lossy(&bytes).into_owned();
            assert_eq!(answer.status, 200, "{base}{path}: {}", answer.body);
            if !path.ends_with(".html") {
                assert!(answer.body == built, "{path} differs");
                continue;
            }
            let added = answer.body.lines().filter(|line| line.contains("/_preview/")).count();
            assert_eq!(added, 1, "{path}");
            // What is added is a line of its own, two directives of the policy, mistakes, and what an edit would change.
            let body = without(&answer.body, "<aside class=\"tickmark-preview\"", "</aside>\n");
            let body = without(&body, "<section class=\"what-if\"", "</section>\n");
            let body = without(&body, " <span class=\"what-if\"", "</span>");
            let plain: Vec<&str> = body.lines().filter(|line| !line.contains("/_preview/")).collect();
            let strict = |line: &&str| !line.contains("Content-Security-Policy");
            let served: Vec<&str> = plain.iter().copied().filter(strict).collect();
            let was: Vec<&str> = built.lines().filter(strict).collect();
            assert_eq!(served, was, "{path}");
            compared += 1;
        }
    }
    compared
}

#[test]
fn pages_are_those_of_build() {
    let place = Place::good();
    let preview = Running::start(&place.site(), &[]);
    let compared = same_as_built(&preview, &place);
    assert!(compared > 20, "{compared} pages");
    let public = place.output().public.expect("a tree");
    assert!(!public.values().any(|bytes| String::from_utf8_lossy(bytes).contains("_preview")));
}

/// Saves one edit after another; after each, every page is the one that a build makes which reads all anew.
fn edits_come_to_what_a_build_makes(place: &Place) {
    const RECORD: &str = "changes/more/CHG-103.yaml";
    const INNER: &str = "policies/inner.md";
    const WORKS: &str = "\nSee section 9 of the Harbour Works Policy.\n";
    let read = |path: &str| fs::read_to_string(place.site().join(path)).expect("a file");
    let (text, home, record) = (policy(place), read("content/index.md"), read(RECORD));
    let preview = Running::start(&place.site(), &[]);
    let policies = "/_internal/policies/main/";
    let later = |words: &str, more: &str| format!("{text}\n## {words}\n\nWords of {words}. {more}\n");
    let inner = read(INNER);
    let titled = |title: &str| text.replace("title: Change policy", &format!("title: {title}"));
    let edits: [(&str, String, &str, &str); 22] = [
        // Words before the clauses: findings point where these stand now.
        (POLICY, text.replace("# Change policy\n", "# Change policy\n\nOnly words.\n"), policies, "Only words"),
        // What a rule asks.
        (POLICY, text.replace("at_least: 1", "at_least: 2") + "\nA rule.\n", policies, "A rule."),
        (POLICY, text.replace("summary: How", "summary: More, how"), policies, "More, how"),
        (POLICY, text.replace("- Every", "- New. <!-- clause: fresh -->\n- Every"), policies, "New."),
        (POLICY, text.clone() + "\nA [way](/policies/gone/).\n", policies, "way</a>"),
        (RECORD, record.replace("title: ", "title: Better "), "/_internal/changes/CHG-103/", "Better"),
        (RECORD, record.replace("title: ", "title: As it was "), "/_internal/changes/CHG-103/", "As it was"),
        (RECORD, record.replace("id: CHG-103", "id: CHG-203"), "/_internal/changes/CHG-203/", "CHG-203"),
        ("content/index.md", home.clone() + "\nAnother [way](/gone/).\n", "/", "Another <a"),
        ("content/index.md", home.clone() + "\n## A heading\n", "/", "A heading"),
        // Names that come and go, first where nobody asks for them, then where a page does, and then another policy.
        (POLICY, later("Later", ""), policies, "Words of Later"),
        (POLICY, later("Before", "").replace("- Every", "- New.\n- Every"), policies, "Words of Before"),
        ("content/index.md", home.clone() + "\nThe [way](/policies/main/#soon).\n", "/", "The <a"),
        (POLICY, later("Soon", ""), policies, "Words of Soon"),
        (POLICY, later("Sooner", ""), policies, "Words of Sooner"),
        ("content/index.md", home + "\nThe [one](/policies/main/#9-of-it).\n", "/", "The <a"),
        (POLICY, later("9 of it", ""), policies, "Words of 9 of it"),
        (POLICY, later("10 of it", "See section 9."), policies, "Words of 10 of it"),
        // Titles: by one of them another text asks for a section.
        (POLICY, titled("Rules of the quay"), policies, "Rules of the quay"),
        (INNER, inner + WORKS, "/_internal/policies/inner-rules/", "Harbour Works"),
        (POLICY, titled("Harbour Works Policy"), policies, "Harbour Works Policy"),
        (POLICY, titled("Rules of the pier"), policies, "Rules of the pier"),
    ];
    for (path, text, page, words) in edits {
        place.write(path, text);
        preview.until(page, words, |answer| answer.status == 200 && answer.body.contains(words));
        let ran = Program::new(&place.site(), &["build"]).run();
        assert_eq!(ran.status, Some(0), "{words}: {}", ran.said);
        same_as_built(&preview, place);
    }
}

/// Saves one text of the rules after another, where some records keep all, some break one, one is an emergency and one has a
/// waiver; after each, every page is the one that a build makes which reads all anew.
fn edits_of_rules_come_to_what_a_build_makes(place: &Place) {
    let record = fs::read_to_string(place.site().join("changes/CHG-1.yaml")).expect("a record");
    let of = |id: &str, more: &[(&str, &str)]| {
        let text = record.replace("CHG-1\n", &format!("{id}\n"));
        place.write(format!("changes/{id}.yaml"), more.iter().fold(text, |text, (from, to)| text.replace(from, to)));
    };
    of("CHG-60", &[("type: normal", "type: emergency")]);
    of("CHG-61", &[("description: The queue takes twice as many messages.\n", "")]);
    of("CHG-62", &[("description: The queue takes twice as many messages.\n", "")]);
    of("CHG-63", &[("2026-08-03", "2025-08-04")]);
    let second = "  - {by: d.kaur, role: ciso, medium: recorded, at: 2026-08-03T10:45:00+10:00}\ndeployments:";
    of("CHG-64", &[("deployments:", second)]);
    let waiver = "id: W-1\nrule: described\nchanges: [CHG-62]\nreason: It says so in the title.\nrequested_by: a.ng\n\
        approved_by: d.kaur\napproved_at: 2026-08-02T09:00:00+10:00\nexpires: 2026-12-31\n";
    place.write("waivers/W-1.yaml", waiver);
    let preview = Running::start(&place.site(), &[]);
    let before = preview.edition();
    let text = policy(place);
    let (described, approval) = ("      fields: [description]\n", "at_least: 1, any_of");
    let order = "      deadline: {of: requested, within: 2 hours, after: approved}\n";
    let ordered = text.replace(
        "    - id: reviewed-after",
        &format!("    - id: later\n      clause: described\n{order}    - id: reviewed-after"),
    );
    let soon = ordered
        .replace("of: requested, within: 2 hours", "of: deployed, within: 30 minutes")
        .replace("[engineering-lead]", "[engineering-lead, ciso]");
    let edits = [
        // Another rule comes first: then the numbers of the others are others.
        ordered.clone(),
        ordered.replace("within: 2 hours", "within: 30 minutes"),
        ordered.replace("within: 2 hours", "within: 3 hours"),
        ordered.replace(
            "of: requested, within: 2 hours, after: approved",
            "of: deployed, within: 2 hours, after: approved",
        ),
        ordered.replace(order, &format!("{order}      for: [emergency]\n")),
        ordered.replace(order, &format!("{order}      level: note\n")),
        // What counts as approved is asked by the other one.
        soon.clone(),
        soon.replace(approval, "at_least: 2, any_of"),
        ordered.replace(approval, "at_least: 2, any_of"),
        ordered.replace("not_by: [author], ", ""),
        ordered.replace(described, "      fields: [description, risk]\n"),
        ordered.replace(described, "      when: \"change.type == 'normal'\"\n      fields: [description]\n"),
        // Other rules and types than before, and then the same again.
        text.replace("id: described", "id: said"),
        ordered.replace(
            "    normal: {",
            "    standard: {title: Standard, risk: low, summary: Done before}\n    normal: {",
        ),
        ordered.replace("clause: approved-first\n", "clause: described\n"),
        ordered.clone(),
        // Not only rules, and none.
        ordered.replace("risk: moderate", "risk: low").replace("within: 2 hours", "within: 1 hour"),
        format!("{ordered}\nMore words.\n"),
        ordered.replace("    - id: later", "    # What follows is asked, too.\n    - id: later"),
        text.clone(),
    ];
    for (number, text) in edits.into_iter().enumerate() {
        let words = format!("Edit {number}.");
        place.write(POLICY, format!("{text}\n{words}\n"));
        preview.until(PAGE, &words, |answer| answer.status == 200 && answer.body.contains(&words));
        let ran = Program::new(&place.site(), &["build"]).run();
        assert_eq!(ran.status, Some(0), "{words}: {}", ran.said);
        same_as_built(&preview, place);
    }
    assert!(preview.edition() > before);
}

#[test]
fn after_every_edit_of_rules_pages_are_those_of_build() {
    edits_of_rules_come_to_what_a_build_makes(&larger(4));
}

#[test]
fn after_every_edit_of_rules_in_a_repository_pages_are_those_of_build() {
    let mut place = larger(4);
    place.set_up("git init --quiet");
    place.set_up("commit one");
    edits_of_rules_come_to_what_a_build_makes(&place);
}

/// A site with some records, one of which says what none may.
fn edited() -> Place {
    let place = larger(12);
    let broken = fs::read_to_string(place.site().join("changes/CHG-1.yaml")).expect("a record");
    place.write("changes/late.yaml", broken.replace("CHG-1\n", "CHG-50\n").replace("T10:00", "T19:00"));
    place
}

#[test]
fn after_every_edit_pages_are_those_of_build() {
    edits_come_to_what_a_build_makes(&edited());
}

#[test]
fn after_every_edit_in_a_repository_pages_are_those_of_build() {
    let mut place = edited();
    // From what stands in the commit, and from an edit of it that was there before.
    place.set_up("git init --quiet");
    place.set_up("commit one");
    let record = "changes/more/CHG-104.yaml";
    let text = fs::read_to_string(place.site().join(record)).expect("a record");
    place.write(record, text.replace("title: ", "title: Edited "));
    edits_come_to_what_a_build_makes(&place);
}

#[test]
fn what_an_edit_would_change_stands_beside_the_text() {
    const INTERNAL: &str = "/_internal/policies/main/";
    let mut place = larger(3);
    for line in ["git init --quiet", "commit one"] {
        place.set_up(line);
    }
    let preview = Running::start(&place.site(), &[]);
    let text = policy(&place);
    assert!(!preview.get(INTERNAL).body.contains("what-if"), "nothing is edited");
    place.write(POLICY, text.replace("at_least: 1", "at_least: 2"));
    let page = preview.until(INTERNAL, "compared", |answer| answer.body.contains("what-if")).body;
    assert!(
        page.contains("Not committed yet: 4 of 4 changes would come to another verdict</b>: 4 pass → fail"),
        "{page}"
    );
    assert!(page.contains("As edited: 4 pass → fail: <a href=\"../../changes/CHG-1/index.html\">CHG-1</a>"), "{page}");
    // What the committed text makes of the others is known; of a record that is another one now, it is not.
    place.write(POLICY, text.replace("at_least: 1", "at_least: 3") + "\nThree agree.\n");
    preview.until(INTERNAL, "compared", |answer| answer.body.contains("Three agree."));
    let record = fs::read_to_string(place.site().join("changes/more/CHG-101.yaml")).expect("a record");
    place.write("changes/more/CHG-101.yaml", record.replace("engineering-lead, medium", "ciso, medium"));
    let words = "3 of 4 changes would come to another verdict</b>: 3 pass → fail";
    preview.until(INTERNAL, "compared again", |answer| answer.body.contains(words));
    place.write("changes/more/CHG-103.yaml", record.replace("CHG-101", "CHG-103"));
    let words = "4 of 5 changes would come to another verdict</b>: 4 pass → fail";
    preview.until(INTERNAL, "compared with one more", |answer| answer.body.contains(words));
    place.write("changes/more/CHG-101.yaml", record);
    fs::remove_file(place.site().join("changes/more/CHG-103.yaml")).expect("no file");
    place.write(POLICY, text.clone() + "\nMore words.\n");
    let page = preview.until(INTERNAL, "compared", |answer| answer.body.contains("More words.")).body;
    assert!(page.contains("Not committed yet; it changes nothing for 4 changes"), "{page}");
    place.set_up("commit two");
    preview.until(INTERNAL, "committed", |answer| !answer.body.contains("Not committed yet"));
    assert_eq!(preview.get("/policies/main/").body.matches("what-if").count(), 0);
}

#[test]
fn every_way_to_save_is_seen() {
    let place = Place::good();
    let preview = Running::start(&place.site(), &[]);
    let path = place.site().join(POLICY);
    let text = policy(&place);
    let with = |n: u32| format!("{text}\nSeen {n}.\n");
    let seen = |n: u32| {
        let words = format!("Seen {n}.");
        preview.until(PAGE, &words, |answer| answer.status == 200 && answer.body.contains(&words));
    };
    // Over the file; as editors do it, beside it and then in its place; by way of a backup.
    fs::write(&path, with(1)).expect("a file");
    seen(1);
    let beside = path.with_file_name(".main.md.swp");
    fs::write(&beside, with(2)).expect("a file");
    fs::rename(&beside, &path).expect("a rename");
    seen(2);
    fs::rename(&path, path.with_file_name("main.md~")).expect("a rename");
    fs::write(&path, with(3)).expect("a file");
    seen(3);
    // Renamed, it is the same policy by its id, or another by its name; taken away, there is none.
    let other = path.with_file_name("other.md");
    fs::rename(&path, &other).expect("a rename");
    fs::remove_file(&other).expect("no file");
    preview.until(PAGE, "gone", |answer| answer.status == 404);
    fs::write(&path, with(4)).expect("a file");
    seen(4);
    // The whole folder, and back.
    let folder = place.site().join("policies");
    let away = place.site().join("elsewhere");
    fs::rename(&folder, &away).expect("a rename");
    preview.until(PAGE, "gone", |answer| answer.status == 404);
    fs::rename(&away, &folder).expect("a rename");
    seen(4);
    fs::write(&path, with(5)).expect("a file");
    seen(5);
    // A folder of records that comes, and goes.
    let record = fs::read_to_string(place.site().join("changes/CHG-1.yaml")).expect("a record");
    place.write("changes/new/deep/CHG-77.yaml", record.replace("CHG-1\n", "CHG-77\n"));
    preview.until("/_internal/changes/CHG-77/", "there", |answer| answer.status == 200);
    fs::remove_dir_all(place.site().join("changes/new")).expect("no folder");
    preview.until("/_internal/changes/CHG-77/", "gone", |answer| answer.status == 404);
    assert!(!preview.said().contains("panicked"), "{}", preview.said());
}

#[test]
fn what_is_looked_at_again_and_again_is_seen_too() {
    let place = Place::good();
    let preview = Running::start(&place.site(), &["--poll"]);
    // Files whose times do not differ look the same to whoever only looks.
    std::thread::sleep(Duration::from_millis(1100));
    place.write(POLICY, policy(&place) + "\nSeen by looking.\n");
    preview.until(PAGE, "seen", |answer| answer.body.contains("Seen by looking."));
}

#[test]
fn a_storm_is_few_steps() {
    let place = Place::good();
    let preview = Running::start(&place.site(), &[]);
    let before = preview.settled();
    let text = policy(&place);
    for n in 0..10_000 {
        fs::write(place.site().join(POLICY), format!("{text}\nSeen {n}.\n")).expect("a file");
    }
    preview.until(PAGE, "the last", |answer| answer.body.contains("Seen 9999."));
    let steps = preview.settled() - before;
    assert!((1..200).contains(&steps), "{steps} steps");
    // Touched, and the same: nothing is made again.
    let before = preview.settled();
    for _ in 0..100 {
        fs::write(place.site().join(POLICY), format!("{text}\nSeen 9999.\n")).expect("a file");
    }
    let words = "made again";
    assert!(preview.settled() - before <= 2, "{words}");
}

#[test]
fn a_checkout_of_a_thousand_files_is_few_steps() {
    let mut place = larger(1_000);
    for line in ["git init --quiet", "commit one", "git checkout --quiet -b other"] {
        place.set_up(line);
    }
    for n in 0..1_000 {
        let path = place.site().join(format!("changes/more/CHG-{}.yaml", n + 100));
        let text = fs::read_to_string(&path).expect("a record");
        fs::write(&path, text.replace("title: ", "title: Other ")).expect("a record");
    }
    place.set_up("commit two");
    place.set_up("git checkout --quiet main");
    let preview = Running::start(&place.site(), &[]);
    let before = preview.settled();
    assert!(!preview.get("/_internal/register/").body.contains(">Other "));
    place.set_up("git checkout --quiet other");
    preview.until("/_internal/changes/CHG-1099/", "other", |answer| answer.body.contains("Other "));
    let steps = preview.settled() - before;
    assert!((1..=5).contains(&steps), "{steps} steps: {}", preview.said());
    let register = preview.get("/_internal/register/").body;
    assert!(register.matches("Other ").count() >= 499, "{}", register.matches("Other ").count());
}

#[test]
fn what_a_build_writes_starts_nothing() {
    let place = Place::good();
    let preview = Running::start(&place.site(), &[]);
    let before = preview.settled();
    let ran = Program::new(&place.site(), &["build"]).run();
    assert_eq!(ran.status, Some(0), "{}", ran.said);
    place.write("public/page.html", "by hand");
    place.write("target/debug/x", "another's output");
    assert_eq!(preview.settled(), before, "{}", preview.said());
    // And it is heard all the same.
    place.write(POLICY, policy(&place) + "\nSeen.\n");
    preview.until(PAGE, "seen", |answer| answer.body.contains("Seen."));
}

#[test]
fn what_is_broken_leaves_the_last_good_site() {
    let place = Place::good();
    let preview = Running::start(&place.site(), &[]);
    let text = policy(&place);
    let good = preview.get(PAGE).body;
    assert!(!good.contains("class=\"tickmark-preview\""), "nothing is wrong yet");
    // The document of a page, another of the same site, and the configuration.
    place.write(POLICY, text.replacen("---\n", "---\nowner: [engineering\n", 1) + "\nNew words.\n");
    let page = preview.until(PAGE, "quoted", |answer| answer.body.contains("owner: [engineering"));
    assert_eq!(page.status, 200);
    assert!(
        page.body.contains("class=\"tickmark-preview\"") && page.body.contains("as it was before"),
        "{}",
        page.body
    );
    assert!(!page.body.contains("New words."), "the last good page");
    let home = preview.get("/").body;
    assert!(home.contains("owner: [engineering"), "{home}");
    place.write(POLICY, text.clone() + "\nNew words.\n");
    let page = preview.until(PAGE, "mended", |answer| answer.body.contains("New words."));
    assert!(!page.body.contains("class=\"tickmark-preview\""), "{}", page.body);
    let configuration = fs::read_to_string(place.site().join("tickmark.yaml")).expect("a configuration");
    place.write("tickmark.yaml", "site: [\n");
    let page = preview.until(PAGE, "quoted", |answer| answer.body.contains("cannot be read"));
    assert!(page.body.contains("New words.") && page.body.contains("tickmark.yaml"), "{}", page.body);
    fs::remove_file(place.site().join("tickmark.yaml")).expect("no file");
    let page = preview.until("/_internal/", "quoted", |answer| answer.body.contains("no tickmark.yaml"));
    assert_eq!(page.status, 200);
    place.write("tickmark.yaml", configuration);
    preview.until(PAGE, "mended", |answer| !answer.body.contains("class=\"tickmark-preview\""));
}

#[test]
fn what_leaks_is_not_shown() {
    let place = Place::good();
    let preview = Running::start(&place.site(), &[]);
    assert_eq!(preview.get(PAGE).status, 200);
    place.write(POLICY, policy(&place) + "\nAs in CHG-1, which broke.\n");
    let page = preview.until(PAGE, "kept back", |answer| answer.body.contains("leak/internal"));
    assert!(!page.body.contains("which broke"), "{}", page.body);
    assert!(page.body.contains("must stay inside"), "{}", page.body);
}

#[test]
fn a_broken_theme_is_quoted_where_it_stands() {
    let place = Place::good();
    let preview = Running::start(&place.site(), &[]);
    place.write("themes/ledger/templates/public/policy.html", "{% if %}\n");
    let page = preview.until(PAGE, "quoted", |answer| answer.body.contains("theme/broken"));
    assert!(page.status == 200 && page.body.contains("themes/ledger/templates/public/policy.html"), "{}", page.body);
    fs::remove_dir_all(place.site().join("themes")).expect("no folder");
    preview.until(PAGE, "mended", |answer| !answer.body.contains("theme/broken"));
}

#[test]
fn a_theme_that_fails_on_a_page_is_quoted_and_the_last_good_site_stays() {
    const TEMPLATE: &str = "themes/ledger/templates/public/policy.html";
    let place = Place::good();
    let preview = Running::start(&place.site(), &[]);
    let good = preview.get(PAGE).body;
    // Quoted wherever one looks, though only pages of policies fail.
    place.write(TEMPLATE, "<p>{{ page.titel }}\n{% if page.sumary %}x{% endif %}</p>\n");
    let home = preview.until("/", "quoted", |answer| answer.body.contains("theme/broken"));
    assert!(home.status == 200 && home.body.contains("as it was before"), "{}", home.body);
    let page = preview.get(PAGE);
    assert!(page.body.contains(&format!("{TEMPLATE}:1:12")) && page.body.contains(&format!("{TEMPLATE}:2:7")));
    let text = |page: &str| page.split("<main").nth(1).map(str::to_owned).expect("a text");
    assert!(page.status == 200 && text(&page.body).starts_with(&text(&good)[..200]), "{}", page.body);
    assert!(preview.get("/_internal/").body.contains("the public site stays as it was"));
    place.write(TEMPLATE, "<p>mended: {{ page.title }}</p>\n");
    let page = preview.until(PAGE, "mended", |answer| answer.body.contains("mended: Change policy"));
    assert!(!page.body.contains("theme/broken"), "{}", page.body);
    // What only some text brings to light: the page stays as it was.
    place
        .write(TEMPLATE, "<p>mended: {{ page.title }}</p>{% if page.title == \"Late\" %}{{ page.titel }}{% endif %}\n");
    preview.settled();
    assert!(preview.get(PAGE).body.contains("mended: Change policy"));
    place.write(POLICY, policy(&place).replace("title: Change policy", "title: Late"));
    let page = preview.until(PAGE, "quoted", |answer| answer.body.contains("theme/broken"));
    assert!(page.status == 200 && page.body.contains("mended: Change policy"), "{}", page.body);
    fs::remove_dir_all(place.site().join("themes")).expect("no folder");
    preview.until(PAGE, "mended", |answer| !answer.body.contains("theme/broken"));
}
