//! Versions of policies as readers meet them: `tickmark diff`, the pages of versions and of what changed between them, and
//! what of it the public may know.

use std::fs;
use std::path::Path;

use super::repository::{CONFIGURATION, Repo};

/// A policy of a version: its class, from when on, and its text.
fn policy(version: &str, class: &str, effective: &str, text: &str) -> String {
    format!(
        "---\nversion: \"{version}\"\neffective: {effective}\nclassification: {class}\nowner: lead\n\
         review: {{every: 12 months, last: 2026-01-01}}\napproved: {{by: ciso, at: 2026-01-02}}\nchanges:\n  \
         types: {{normal: {{}}}}\n  rules:\n    - {{id: asked, clause: says, fields: [purpose]}}\n---\n# The policy\n\n{text}\n"
    )
}

const ONE: &str = "## Rolling back\n\nWrite the purpose. <!-- clause: says -->\n\nReviewed within 24 hours.\n\nThanks go to everyone.\n";
const TWO: &str = "## How to roll back\n\nWrite the purpose. <!-- clause: says -->\n\nReviewed within\n48 hours.\n\nThanks to everyone.\n";

fn site() -> Repo {
    let repo = Repo::empty();
    repo.write("tickmark.yaml", &format!("{CONFIGURATION}changes: {{default_policy: p, history_from: 2026-01-01}}\n"));
    repo.write("people.yaml", "- {id: a.ng, name: Alex Ng, roles: [{role: lead, from: 2020-01-01}]}\n- {id: c.iso, name: Cato Iso, roles: [{role: ciso, from: 2020-01-01}]}\n");
    repo
}

/// A site with two versions of a public policy, the second in force since February.
fn two() -> Repo {
    let repo = site();
    repo.write("policies/p.md", &policy("1.0", "public", "2026-01-10", ONE));
    repo.commit("2026-01-05T09:00:00Z", "First");
    repo.write("policies/p.md", &policy("1.1", "public", "2026-02-01", TWO));
    repo.commit("2026-01-25T09:00:00Z", "Second");
    repo
}

fn run(repo: &Repo, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = repo.tickmark(&repo.root(), arguments);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

fn build(repo: &Repo, as_of: &str) {
    let (status, out, err) = run(repo, &["build", "--as-of", as_of]);
    assert_eq!(status, Some(0), "{out}{err}");
}

fn page(repo: &Repo, path: &str) -> String {
    fs::read_to_string(repo.root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// Folders below a folder, by name.
fn folders(repo: &Repo, path: &str) -> Vec<String> {
    let Ok(list) = fs::read_dir(repo.root().join(path)) else { return Vec::new() };
    let mut names: Vec<String> =
        list.map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Whether any file below a folder holds a text.
fn holds(folder: &Path, text: &str) -> bool {
    fs::read_dir(folder).expect("a folder").any(|entry| {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            path.to_string_lossy().contains(text) || holds(&path, text)
        } else {
            String::from_utf8_lossy(&fs::read(&path).expect("a file")).contains(text)
        }
    })
}

#[test]
fn diff_says_what_changed_and_what_of_it_matters() {
    let repo = two();
    let (status, out, err) = run(&repo, &["diff", "p"]);
    assert_eq!((status, err.as_str()), (Some(0), ""), "{out}");
    assert_eq!(
        out,
        "p  1.0, from 10 January 2026 → 1.1, from 1 February 2026\n\
         1 material change, 2 editorial\n\
         \n\
         How to roll back\n  \
           editorial · heading edited · policies/p.md:15\n    \
             [-Rolling-]{+How to roll+} back\n  \
           material: number · paragraph edited · policies/p.md:19\n    \
             Reviewed within [-24-]{+48+} hours.\n  \
           editorial · paragraph edited · policies/p.md:22\n    \
             Thanks [-go -]to everyone.\n"
    );
    let coloured = run(&repo, &["diff", "p", "--color", "always"]).1;
    assert!(coloured.contains("\u{1b}[") && !coloured.contains("[-24-]"), "{coloured}");
    let json: serde_json::Value =
        serde_json::from_str(&run(&repo, &["diff", "p", "1.0..1.1", "--format", "json"]).1).expect("JSON");
    assert_eq!(json["schema"], "tickmark.diff/1");
    assert_eq!(json["summary"]["material"], 1);
    let change = &json["sections"][0]["changes"][1];
    assert_eq!(
        (&change["old"], &change["new"]),
        (&"Reviewed within 24 hours.".into(), &"Reviewed within 48 hours.".into())
    );
    let markdown = run(&repo, &["diff", "p", "--format", "markdown"]).1;
    assert!(
        markdown.contains("- **material** (number), `policies/p.md:19`: Reviewed within ~~24~~**48** hours."),
        "{markdown}"
    );
}

/// Policies quote people, and some texts want to deceive: nothing reaches the terminal, or a host that reads markdown, as
/// anything but text.
#[test]
fn words_are_only_words() {
    let repo = two();
    let odd = "Ask @ang about <b>it</b>: left\u{202e}right.";
    repo.write("policies/p.md", &policy("1.2", "public", "2026-03-01", &TWO.replace("Thanks to everyone.", odd)));
    let text = run(&repo, &["diff", "p", "--color", "always"]).1;
    assert!(text.contains("left\\u{202e}right") && !text.contains('\u{202e}'), "{text:?}");
    let markdown = run(&repo, &["diff", "p", "--format", "markdown"]).1;
    assert!(markdown.contains("@&#8203;ang") && !markdown.contains("<b>"), "{markdown}");
    build(&repo, "2026-11-21");
    let page = page(&repo, "public/policies/p/changes/1.1..1.2/index.html");
    assert!(page.contains("&lt;b&gt;it&lt;/b&gt;"), "{page}");
}

#[test]
fn an_end_may_be_a_version_a_commit_or_what_is_not_committed() {
    let repo = two();
    let first = repo.git(&["rev-parse", "HEAD~1"]);
    let backwards = run(&repo, &["diff", "p", "1.1..1.0"]).1;
    assert!(backwards.contains("[-48-]{+24+}"), "{backwards}");
    assert!(run(&repo, &["diff", "p", "HEAD.."]).1.contains("nothing material"));
    repo.write("policies/p.md", &policy("1.1", "public", "2026-02-01", &TWO.replace("48", "72")));
    let edited = run(&repo, &["diff", "p", "HEAD.."]).1;
    assert!(edited.contains("1.1 at ") && edited.contains("[-48-]{+72+}"), "{edited}");
    let from = run(&repo, &["diff", "p", &format!("{}..", &first[..9])]).1;
    assert!(from.contains(&format!("1.0 at {}", &first[..7])) && from.contains("[-24-]{+72+}"), "{from}");
    for (asked, message) in
        [("9.9..", "no version `9.9`"), ("1.0", "names one version"), ("..ffff", "no version `ffff`")]
    {
        let (status, out, err) = run(&repo, &["diff", "p", asked]);
        assert_eq!((status, out.as_str()), (Some(2), ""), "{asked}");
        assert!(err.contains(message), "{asked}: {err}");
    }
    let unknown = run(&repo, &["diff", "p", "9.9.."]).2;
    assert!(unknown.contains("its versions are `1.0` and `1.1`") && unknown.contains(&first[..7]), "{unknown}");
    let nobody = run(&repo, &["diff", "pp"]);
    assert!(nobody.0 == Some(2) && nobody.2.contains("did you mean `p`?"), "{nobody:?}");
    let alone = site();
    alone.write("policies/p.md", &policy("1.0", "public", "2026-01-10", ONE));
    let (status, out, err) = run(&alone, &["diff", "p"]);
    assert_eq!((status, out.as_str()), (Some(0), ""), "{err}");
    assert_eq!(
        err,
        "policy `p` has one version, 1.0, and none before it to compare with; `HEAD..` shows what is not committed yet\n"
    );
    let (status, out, _) = run(&alone, &["diff", "p", "--format", "json"]);
    let same: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((status, &same["summary"]["material"]), (Some(0), &serde_json::json!(0)), "{out}");
}

#[test]
fn every_public_version_has_a_page_that_stays_and_a_redline() {
    let repo = two();
    build(&repo, "2026-11-21");
    let folder = "public/policies/p";
    assert_eq!(folders(&repo, &format!("{folder}/versions")), ["1.0", "1.1"]);
    assert_eq!(folders(&repo, &format!("{folder}/changes")), ["1.0..1.1"]);
    let old = page(&repo, "public/policies/p/versions/1.0/index.html");
    assert!(old.contains("Reviewed within 24 hours") && old.contains("was in force until"), "{old}");
    let current = page(&repo, "public/policies/p/index.html");
    assert!(
        current.contains("48 hours") && current.contains("href=\"../../policies/p/changes/1.0..1.1/\""),
        "{current}"
    );
    assert!(current.contains("<h2 id=\"how-to-roll-back\"><span id=\"rolling-back\"></span>"), "{current}");
    for tree in ["public", "internal"] {
        let redline = page(&repo, &format!("{tree}/policies/p/changes/1.0..1.1/index.html"));
        assert!(redline.contains("within <del>24</del><ins>48</ins> hours."), "{redline}");
        assert!(redline.contains("<b>material</b> number") && redline.contains("1 material change"), "{redline}");
    }
    // Commits are insiders' business.
    let commit = repo.git(&["rev-parse", "--short=7", "HEAD"]);
    assert!(page(&repo, "internal/policies/p/index.html").contains(&commit));
    assert!(!page(&repo, "public/policies/p/index.html").contains(&commit));
}

#[test]
fn what_was_internal_once_stays_so() {
    let repo = site();
    for (day, version, class, text) in [
        ("01", "1.0", "public", ONE),
        (
            "02",
            "7.7.7",
            "internal",
            "## Zanzibar\n\nWrite the purpose. <!-- clause: says -->\n\nThe xylograph is kept.\n",
        ),
        ("03", "1.2", "public", TWO),
    ] {
        repo.write("policies/p.md", &policy(version, class, &format!("2026-02-{day}"), text));
        repo.commit(&format!("2026-01-{day}T09:00:00Z"), "Nautilus");
    }
    build(&repo, "2026-11-21");
    assert_eq!(folders(&repo, "public/policies/p/versions"), ["1.0", "1.2"]);
    assert_eq!(folders(&repo, "public/policies/p/changes"), Vec::<String>::new());
    assert_eq!(folders(&repo, "internal/policies/p/versions"), ["1.0", "1.2", "7.7.7"]);
    assert_eq!(folders(&repo, "internal/policies/p/changes"), ["1.0..7.7.7", "7.7.7..1.2"]);
    for token in ["anzibar", "xylograph", "7.7.7", "Nautilus", "2026-02-02", "2 February 2026"] {
        assert!(!holds(&repo.root().join("public"), token), "{token}");
    }
    assert!(holds(&repo.root().join("internal"), "xylograph"));
    // When the newest is internal, no version is public any more.
    repo.write("policies/p.md", &policy("1.3", "internal", "2026-02-04", TWO));
    repo.commit("2026-01-04T09:00:00Z", "Closed");
    build(&repo, "2026-11-21");
    assert!(!repo.root().join("public/policies/p").exists());
}

/// What stands in history cannot be renamed, and must not keep the site back.
#[test]
fn of_versions_that_differ_in_capitals_the_newest_has_the_page() {
    let repo = site();
    for (day, version) in [("01", "1.0-RC"), ("02", "1.0-rc"), ("03", "aux"), ("04", "2.0")] {
        repo.write("policies/p.md", &policy(version, "public", &format!("2026-02-{day}"), ONE));
        repo.commit(&format!("2026-01-{day}T09:00:00Z"), "One more");
    }
    build(&repo, "2026-11-21");
    assert_eq!(folders(&repo, "public/policies/p/versions"), ["1.0-rc", "2.0"]);
    assert_eq!(folders(&repo, "internal/policies/p/versions"), ["1.0-rc", "2.0"]);
}

#[test]
fn a_version_to_come_is_announced_and_not_in_force() {
    let repo = two();
    repo.write("policies/p.md", &policy("2.0", "public", "2027-01-01", &TWO.replace("48", "96")));
    repo.commit("2026-10-01T09:00:00Z", "To come");
    build(&repo, "2026-11-21");
    let current = page(&repo, "public/policies/p/index.html");
    assert!(current.contains("48 hours") && !current.contains("96 hours"), "{current}");
    let banner = "<a href=\"../../policies/p/versions/2.0/\">Version 2.0</a> takes effect on <time datetime=\"2027-01-01\">1 January 2027</time>. <a href=\"../../policies/p/changes/1.1..2.0/\">What changes</a>.";
    assert!(current.contains(banner), "{current}");
    let own = page(&repo, "public/policies/p/versions/2.0/index.html");
    assert!(own.contains("This version takes effect on") && own.contains(">version 1.1</a> is in force"), "{own}");
    let internal = page(&repo, "internal/policies/p/index.html");
    assert!(
        internal.contains("Version 2.0 takes effect on 1 January 2027.")
            && internal.contains("Version 1.1 is in force since 1 February 2026."),
        "{internal}"
    );
    build(&repo, "2027-01-01");
    let current = page(&repo, "public/policies/p/index.html");
    assert!(current.contains("96 hours") && !current.contains("takes effect on"), "{current}");
}

#[test]
fn updates_and_reviews_are_dated_by_what_git_saw() {
    let repo = two();
    let updated = "<dt>Last updated</dt><dd><time datetime=\"2026-01-25\">";
    let reviewed = |day: &str| format!("<dt>Last reviewed</dt><dd><time datetime=\"{day}\">");
    let overdue = |repo: &Repo| {
        run(repo, &["check", "--as-of", "2027-03-01", "--format", "concise"]).1.contains("policy/review-overdue")
    };
    build(&repo, "2026-11-21");
    let current = page(&repo, "public/policies/p/index.html");
    assert!(current.contains(updated) && current.contains(&reviewed("2026-01-01")), "{current}");
    assert!(overdue(&repo));
    repo.write("policies/p.md", &policy("1.1", "public", "2026-02-01", &TWO.replace("Thanks", "And thanks")));
    build(&repo, "2026-11-21");
    assert!(!page(&repo, "public/policies/p/index.html").contains("Last updated"), "nobody knows when it was written");
    repo.commit("2026-06-01T09:00:00Z", "Words\n\nReviewed-by: Cato Iso <c.iso@pier.example>\n");
    build(&repo, "2026-11-21");
    let current = page(&repo, "public/policies/p/index.html");
    assert!(current.contains("<dt>Last updated</dt><dd><time datetime=\"2026-06-01\">"), "{current}");
    assert!(current.contains(&reviewed("2026-06-01")) && current.contains("amended"), "{current}");
    assert!(!holds(&repo.root().join("public"), "Cato"));
    assert!(!overdue(&repo), "the commit says that it was reviewed");
    // Where history is cut short, no date is stated that git cannot see.
    let shallow = repo.beside("shallow");
    let from = format!("file://{}", repo.root().display());
    repo.git(&["clone", "--quiet", "--depth", "1", &from, &shallow.to_string_lossy()]);
    let output = repo.tickmark(&shallow, &["build", "--as-of", "2026-11-21"]);
    assert_eq!(output.status.code(), Some(0));
    let current = fs::read_to_string(shallow.join("public/policies/p/index.html")).expect("a page");
    assert!(!current.contains("Last updated"), "{current}");
}

#[test]
fn a_change_leads_to_the_text_it_was_judged_by() {
    let repo = two();
    repo.write("changes/1.yaml", "id: CHG-1\ntype: normal\ntitle: T\nstatus: closed\nauthor: a.ng\nrequested_at: 2026-01-15T09:00:00Z\nclosed_at: 2026-01-15T11:00:00Z\n");
    repo.write("changes/2.yaml", "id: CHG-2\ntype: normal\ntitle: T\nstatus: closed\nauthor: a.ng\nrequested_at: 2026-03-15T09:00:00Z\nclosed_at: 2026-03-15T11:00:00Z\n");
    build(&repo, "2026-11-21");
    assert!(page(&repo, "internal/changes/CHG-1/index.html").contains("policies/p/versions/1.0/index.html#says"));
    assert!(page(&repo, "internal/changes/CHG-2/index.html").contains("policies/p/index.html#says"));
    assert!(page(&repo, "internal/policies/p/versions/1.0/index.html").contains("id=\"rule-asked\""));
}

/// Links to what headings and clauses were called in any version lead to them still, on the page that is in force.
#[test]
fn every_name_that_a_place_had_is_an_anchor_still() {
    let repo = site();
    let texts = [
        "## Rolling back\n\nWrite the purpose. <!-- clause: says -->\n\n| Who | When |\n|---|---|\n| Lead | Always | <!-- clause: who -->\n",
        "## Rolling a change back\n\nWrite the purpose. <!-- clause: says -->\n\n| Who | When |\n|---|---|\n| Lead | Always | <!-- clause: who-leads -->\n",
        "## Undoing\n\nWrite the purpose. <!-- clause: says -->\n\n| Who | When |\n|---|---|\n| Lead | Always | <!-- clause: who-decides -->\n",
    ];
    for (n, text) in texts.iter().enumerate() {
        let month = n + 1;
        repo.write("policies/p.md", &policy(&format!("1.{n}"), "public", &format!("2026-0{month}-10"), text));
        repo.commit(&format!("2026-0{month}-05T09:00:00Z"), "Another version");
    }
    build(&repo, "2026-11-21");
    for path in ["public/policies/p/index.html", "internal/policies/p/index.html"] {
        let html = page(&repo, path);
        for name in ["undoing", "rolling-a-change-back", "rolling-back", "who-decides", "who-leads", "who"] {
            assert_eq!(html.matches(&format!("id=\"{name}\"")).count(), 1, "{path}: {name}\n{html}");
        }
    }
    let first = page(&repo, "public/policies/p/versions/1.0/index.html");
    assert!(first.contains("id=\"rolling-back\"") && !first.contains("undoing"), "{first}");
}
