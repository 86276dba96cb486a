//! What was deployed against what is recorded: `tickmark reconcile`, and the rule `complete`.

use std::fs;
use std::path::PathBuf;

use super::repository::{CONFIGURATION, Repo};

/// A site with a repository beside it from which it deploys.
pub(super) struct Pair {
    pub(super) site: Repo,
    pub(super) gateway: PathBuf,
}

impl Pair {
    /// A site that names the repository, with these keys beside its path.
    pub(super) fn new(keys: &str) -> Self {
        let site = Repo::bare_folder();
        let pair = Self { gateway: site.beside("gateway"), site };
        fs::create_dir(&pair.gateway).expect("a folder");
        pair.run("2026-01-01T00:00:00Z", &["init", "--quiet", "--initial-branch=main"]);
        pair.commit("2026-01-01T00:00:00Z", "First");
        pair.configure(&format!("repositories: [{{path: ../gateway{keys}}}]\n"));
        pair.site.write("people.yaml", "- {id: a.ng, name: Alex Ng, email: a.ng@pier.example}\n");
        pair.site.write(
            "policies/p.md",
            "---\nversion: \"1\"\nowner: lead\nreview: {every: 12 months, last: 2026-01-01}\nchanges:\n  types: {normal: {}}\n  rules:\n    \
             - {id: all, clause: says, complete: true}\n---\n# P\n\nEvery change is recorded. <!-- clause: says -->\n",
        );
        pair
    }

    pub(super) fn configure(&self, repositories: &str) {
        let more = "changes: {default_policy: p}\n";
        self.site.write("tickmark.yaml", &format!("{CONFIGURATION}{more}{repositories}"));
    }

    /// Runs git in the repository beside.
    pub(super) fn run(&self, time: &str, arguments: &[&str]) -> String {
        self.site.git_at(time, &self.gateway, arguments)
    }

    /// Commits to the repository beside, and gives the commit's id.
    pub(super) fn commit(&self, time: &str, message: &str) -> String {
        self.run(time, &["commit", "--quiet", "--allow-empty", "--message", message]);
        self.run(time, &["rev-parse", "HEAD"])
    }

    /// Merges a branch of these commits.
    pub(super) fn merge(&self, time: &str, message: &str, commits: &[&str]) -> String {
        self.run(time, &["checkout", "--quiet", "-b", "work"]);
        for commit in commits {
            self.commit(time, commit);
        }
        self.run(time, &["checkout", "--quiet", "main"]);
        self.run(time, &["merge", "--quiet", "--no-ff", "-m", message, "work"]);
        self.run(time, &["branch", "--quiet", "-D", "work"]);
        self.run(time, &["rev-parse", "HEAD"])
    }

    /// A record deployed to production, with these lines more.
    pub(super) fn record(&self, id: &str, deployment: &str, more: &str) {
        let text = format!(
            "id: {id}\ntype: normal\ntitle: About {id}\nstatus: closed\nauthor: a.ng\nrequested_at: 2026-02-01T09:00:00Z\n\
             deployments: [{{environment: production, at: 2026-02-10T10:00:00Z{deployment}}}]\n{more}\n"
        );
        self.site.write(&format!("changes/{id}.yaml"), &text);
    }

    /// Exit status, and all that is said.
    pub(super) fn say(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let root = self.site.root();
        let output = self.site.tickmark(&root, &[arguments, &["--as-of", "2026-11-21"]].concat());
        let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        (output.status.code(), text)
    }

    /// The differences, each as its code and message, with the short ids of commits replaced by their subjects.
    fn differences(&self) -> Vec<String> {
        let (_, text) = self.say(&["reconcile", "--format", "json"]);
        let value = |part: &str, key: &str| {
            let rest = part.split(&format!("\"{key}\": \"")).nth(1).unwrap_or_else(|| panic!("{key} in {part}"));
            rest.split('"').next().unwrap_or_default().to_owned()
        };
        let parts = text.split("\"code\": ").skip(1).map(|part| format!("\"code\": {part}"));
        parts.map(|p| format!("{}: {}; {}", value(&p, "code"), value(&p, "message"), value(&p, "subject"))).collect()
    }

    /// What the rule `complete` comes to: verdict, code and message.
    fn complete(&self) -> String {
        let (_, text) = self.say(&["check", "--format", "json"]);
        let line = text.lines().find(|l| l.contains("\"rule\":\"all\"")).unwrap_or_else(|| panic!("{text}"));
        let value = |key: &str| {
            line.split(&format!("\"{key}\":\"")).nth(1).unwrap_or("-").split('"').next().unwrap_or_default()
        };
        let code = if line.contains("\"code\":null") { "-" } else { value("code") };
        format!("{} {code}: {}", value("verdict"), value("message"))
    }
}

#[test]
fn a_record_belongs_to_what_it_or_the_message_names() {
    let pair = Pair::new(", since: 2026-02-01");
    pair.commit("2026-01-20T00:00:00Z", "Before the day (#1)");
    let squashed = pair.commit("2026-02-02T00:00:00Z", "By its id (#2)");
    let merged =
        pair.merge("2026-02-03T00:00:00Z", "Merge pull request #3 from pier/x\n\nBy what it brought", &["One", "Two"]);
    let brought = pair.run("2026-02-03T00:00:00Z", &["rev-parse", &format!("{merged}^2")]);
    pair.commit("2026-02-04T00:00:00Z", "By its request (#4)");
    pair.commit("2026-02-05T00:00:00Z", "By the message of CHG-2026-0004, at last (#5)");
    pair.commit("2026-02-06T00:00:00Z", "By a trailer (#6)\n\nChange: chg-2026-0005");
    pair.merge("2026-02-07T00:00:00Z", "Merge branch 'work'", &["By a trailer below\n\nChange: CHG-2026-0006"]);
    pair.commit("2026-02-08T00:00:00Z", "By its tag (#8)");
    pair.run("2026-02-08T00:00:00Z", &["tag", "v1.0"]);
    let rebased = pair.commit("2026-02-09T00:00:00Z", "Rebased");
    pair.record("CHG-2026-0001", &format!(", commit: {}", &squashed[..7]), "");
    pair.record("CHG-2026-0002", &format!(", commit: {}", brought.to_uppercase()), "");
    pair.record("CHG-2026-0003", "", "pull_requests: [{url: https://git.pier.example/pier/gateway/pull/4}]");
    for number in 4..=6 {
        pair.record(&format!("CHG-2026-000{number}"), "", "");
    }
    pair.record("CHG-2026-0007", ", commit: v1.0", "");
    let request = format!("pull_requests: [{{url: https://git.pier.example/pier/gateway/pull/9, commit: {rebased}}}]");
    pair.record("CHG-2026-0008", "", &request);
    let (status, text) = pair.say(&["reconcile"]);
    assert_eq!(status, Some(0), "{text}");
    assert!(text.contains("../gateway  main, since 1 February 2026\n  8 deployments: all with a record\n"), "{text}");
    assert!(
        text.contains("8 records of production deployments: 8 with a commit or a request that is there\n"),
        "{text}"
    );
    assert!(text.ends_with("no difference\n"), "{text}");
    assert_eq!(pair.complete(), "pass -: 8 deployments in 1 repository, and each has a record");
    // What is not this repository's, and words that happen to be alike, belong to nothing.
    pair.record("CHG-2026-0003", "", "pull_requests: [{url: https://git.pier.example/pier/billing/pull/4}]");
    let found = pair.differences();
    assert!(
        found.len() == 1 && found[0].ends_with("was deployed, and no record speaks of it; By its request (#4)"),
        "{found:#?}"
    );
    assert!(
        pair.complete()
            .starts_with("fail deployed/unrecorded: 1 deployment has no record (8 deployments in 1 repository)")
    );
}

#[test]
fn every_kind_of_difference_is_found() {
    let pair = Pair::new(", since: 2026-02-01");
    pair.merge("2026-02-02T00:00:00Z", "Merge pull request #3 from pier/x\n\nNobody wrote it down", &["One"]);
    let hot = pair.merge("2026-02-03T00:00:00Z", "Merge pull request #4 from pier/hotfix/leak", &["Two"]);
    let good = pair.commit("2026-02-04T00:00:00Z", "Good (#5)");
    pair.commit("2026-02-05T00:00:00Z", "Pushed for CHG-2026-0002");
    pair.commit("2026-02-06T00:00:00Z", &format!("Revert \"Two\"\n\nThis reverts commit {hot}."));
    let lost = "d".repeat(40);
    pair.record("CHG-2026-0001", &format!(", commit: {hot}"), "");
    pair.record("CHG-2026-0002", &format!(", commit: {good}"), "");
    pair.record("CHG-2026-0004", &format!(", commit: {lost}"), "");
    let found = pair.differences();
    let expected = [
        ("deployed/unrecorded: ", "was deployed, and no record speaks of it; Nobody wrote it down (#3)"),
        ("deployed/direct-push: ", "came onto the branch without a pull request; Pushed for CHG-2026-0002"),
        ("deployed/direct-push: ", "without a pull request, and no record speaks of it; Revert"),
        ("deployed/commit-not-there: `CHG-2026-0004` names `ddd", "no production branch holds it; About CHG-2026-0004"),
        ("deployed/no-incident: ", "is a hotfix, and no incident is recorded; Merge pull request #4"),
        ("deployed/id-gap: `CHG-2026-0003` is missing before `CHG-2026-0004`", ""),
    ];
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (found, (start, holds)) in found.iter().zip(expected) {
        assert!(found.starts_with(start) && found.contains(holds), "{found}\n{start}…{holds}");
    }
    let (status, text) = pair.say(&["reconcile"]);
    assert_eq!(status, Some(1), "{text}");
    assert!(text.contains("  5 deployments: 3 with a record, 2 without\n"), "{text}");
    assert!(text.contains("3 records of production deployments: 2 with a commit or a request that is there, 1 names a commit that is not there\n"), "{text}");
    let rule = pair.complete();
    assert!(
        rule.starts_with(
            "fail deployed/unrecorded: 2 deployments have no record, and 1 recorded commit is in no repository"
        ),
        "{rule}"
    );
    let (_, text) = pair.say(&["explain", "all"]);
    assert!(text.contains("level: error; judged once, by all records together\n"), "{text}");
    assert!(
        text.contains("\nfail: 2 deployments have no record")
            && text.contains("no record speaks of it: Nobody wrote it down (#3)\n"),
        "{text}"
    );
    assert!(!text.contains("records it binds"), "{text}");
    // A record that speaks of the revert and of the incident settles it; levels are the site's.
    pair.record(
        "CHG-2026-0003",
        "",
        &format!(
            "pull_requests: [{{url: https://x.example/gateway/pull/6, commit: {}}}]\nincidents: none",
            pair.run("", &["rev-parse", "HEAD"])
        ),
    );
    pair.record("CHG-2026-0001", &format!(", commit: {hot}"), "incidents: [{id: INC-1, relation: triggered-by}]");
    pair.configure("levels: {deployed/direct-push: off, deployed/unrecorded: note}\nrepositories: [{path: ../gateway, since: 2026-02-01}]\n");
    assert_eq!(pair.differences().len(), 2, "{:#?}", pair.differences());
    pair.record("CHG-2026-0004", "", "");
    assert_eq!(pair.say(&["reconcile"]).0, Some(0));
}

#[test]
fn the_records_of_a_commit_are_compared_as_they_were() {
    let pair = Pair::new("");
    let deployed = pair.merge("2026-02-10T10:00:00Z", "Merge branch 'work'", &["Work"]);
    pair.site.git(&["init", "--quiet", "--initial-branch=main"]);
    pair.site.commit("2026-02-11T10:00:00Z", "The site");
    pair.record("CHG-1", &format!(", commit: {deployed}"), "");
    assert!(pair.say(&["reconcile"]).1.contains("with a record"), "what is not committed counts in the work tree");
    let (status, text) = pair.say(&["reconcile", "--rev", "HEAD"]);
    assert!(status == Some(1) && text.contains("0 with a record, "), "{text}");
}

#[test]
fn what_came_later_or_before_the_day_is_not_compared() {
    let pair = Pair::new(", since: 2026-02-01");
    pair.commit("2026-01-20T00:00:00Z", "Before (#1)");
    pair.record("CHG-1", ", commit: eeeeeee", "");
    pair.site.write(
        "changes/CHG-2.yaml",
        &fs::read_to_string(pair.site.root().join("changes/CHG-1.yaml"))
            .unwrap()
            .replace("CHG-1", "CHG-2")
            .replace("2026-02-10", "2026-01-10"),
    );
    pair.commit("2027-02-02T00:00:00Z", "After (#2)");
    let found = pair.differences();
    assert!(found.len() == 1 && found[0].contains("`CHG-1` names `eeeeeee`"), "{found:#?}");
    let (_, text) = pair.say(&["reconcile"]);
    assert!(text.contains("0 deployments\n  1 commit dated later than this is judged, not counted\n"), "{text}");
    pair.configure("repositories: [{path: ../gateway}]\n");
    assert_eq!(pair.differences().len(), 3, "without a day everything is compared");
}

#[test]
fn a_log_says_what_really_went_out() {
    let pair = Pair::new(", since: 2026-02-01, deployments: ../gateway/deploys.csv");
    let first = pair.commit("2026-02-02T00:00:00Z", "Good (#2)");
    pair.commit("2026-02-03T00:00:00Z", "Deployed along (#3)");
    let second = pair.commit("2026-02-04T00:00:00Z", "Deployed (#4)");
    let third = pair.commit("2026-02-05T00:00:00Z", "Not deployed yet (#5)");
    let write = |lines: &str| {
        fs::write(pair.gateway.join("deploys.csv"), format!("at,environment,commit,by,via,id\n{lines}")).unwrap();
    };
    write(&format!(
        "2026-02-02T10:00:00+10:00,production,{first},ang,pipeline,1\n2026-02-05T00:00:00Z,staging,{third},,,2\n\
         2026-02-06T00:00:00Z,production,{second},ang,pipeline,3\n2026-02-07T00:00:00Z,production,abcdef0,root,ssh,4\n"
    ));
    pair.record("CHG-1", &format!(", commit: {first}"), "");
    pair.record("CHG-2", &format!(", commit: {second}"), "");
    pair.record("CHG-3", &format!(", commit: {third}"), "");
    let found = pair.differences();
    let expected = [
        "no record speaks of it; Deployed along (#3)",
        "deployed/off-branch: `abcdef0` was deployed, and `main` does not hold it; ",
        "deployed/not-logged: `CHG-3` says that ",
    ];
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    found.iter().zip(expected).for_each(|(found, expected)| assert!(found.contains(expected), "{found}"));
    let (status, text) = pair.say(&["reconcile"]);
    assert_eq!(status, Some(1));
    assert!(text.contains("3 deployments: 2 with a record, 1 without\n  3 production deployments in the log\n  1 commit not deployed yet\n"), "{text}");
    assert!(text.contains("    , by root\n") || text.contains("    root\n"), "{text}");
    assert!(
        text.contains("through ssh, `4` in the log") && text.contains("    ../gateway/deploys.csv:5:33\n"),
        "{text}"
    );
    // It is deployed when the log says so.
    assert!(text.contains("Fri 6 Feb 2026 00:00  "), "{text}");
    // A line that cannot be read is found where it stands, and nothing is concluded from the rest.
    write(&format!("2026-02-02T10:00:00,production,{first},ang,pipeline,1\n"));
    let (status, text) = pair.say(&["reconcile"]);
    assert_eq!(status, Some(2), "{text}");
    assert!(text.contains("error[record/bad-time]") && text.contains("--> ../gateway/deploys.csv:2:1"), "{text}");
    assert!(text.contains("the deployment log `../gateway/deploys.csv` has lines that cannot be read"), "{text}");
    fs::remove_file(pair.gateway.join("deploys.csv")).unwrap();
    let (status, text) = pair.say(&["reconcile"]);
    assert!(
        status == Some(2) && text.contains("error: the deployment log `../gateway/deploys.csv` is not there"),
        "{text}"
    );
}

#[test]
fn what_cannot_be_read_is_said_and_makes_nothing_equal() {
    let pair = Pair::new("");
    pair.configure("");
    let (status, text) = pair.say(&["reconcile"]);
    assert!(
        status == Some(2) && text.contains("error: no repositories are configured") && text.contains("repositories: ["),
        "{text}"
    );
    assert!(pair.complete().starts_with("unknown deployed/not-compared: no repositories are configured"));
    pair.configure("repositories: [{path: ../gateway, branch: master}, {path: ../billing}]\n");
    let (status, text) = pair.say(&["reconcile"]);
    assert_eq!(status, Some(2), "{text}");
    for line in [
        "../gateway  master\n  cannot be read: `../gateway` has no branch `master`\n",
        "error: `../gateway` has no branch `master`\nhelp: ",
        "error: `../billing` is not there\nhelp: clone it there, as in `git clone URL ../billing`",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert!(!text.contains("no difference"), "{text}");
    let rule = pair.complete();
    assert!(rule.starts_with("unknown deployed/not-compared: what was deployed cannot be read: `../gateway` has no branch `master` (and 1 more)"), "{rule}");
    // A record's commit may be where nobody could look.
    pair.record("CHG-1", ", commit: eeeeeee", "");
    pair.configure("repositories: [{path: ../gateway}, {path: ../billing}]\n");
    assert_eq!(pair.differences(), Vec::<String>::new());
    // A shallow clone ends somewhere, and nobody knows before what.
    pair.commit("2026-02-02T00:00:00Z", "Second");
    let url = format!("file://{}", pair.gateway.display());
    pair.run("", &["clone", "--quiet", "--depth=1", &url, "../shallow"]);
    pair.configure("repositories: [{path: ../shallow}]\n");
    let (status, text) = pair.say(&["reconcile"]);
    assert!(
        status == Some(2)
            && text.contains("`../shallow` is shallow")
            && text.contains("`git -C ../shallow fetch --unshallow`"),
        "{text}"
    );
}

/// Deleted records leave a gap, and history says who deleted them.
#[test]
fn a_gap_that_history_explains_is_explained() {
    let pair = Pair::new("");
    let root = pair.site.root();
    pair.site.git_at("2026-02-01T00:00:00Z", &root, &["init", "--quiet", "--initial-branch=main"]);
    for id in ["CHG-1", "CHG-2", "CHG-3"] {
        pair.record(id, "", "");
    }
    let policy = fs::read_to_string(root.join("policies/p.md")).unwrap();
    pair.site.write("policies/p.md", &policy.replace("  rules:\n", "  rules:\n    - {id: kept, retained: 3 years}\n"));
    pair.site.commit("2026-02-20T00:00:00Z", "Records");
    pair.site.remove("changes/CHG-2.yaml");
    let commit = pair.site.commit("2026-03-20T00:00:00Z", "Tidy up");
    let (_, text) = pair.say(&["reconcile"]);
    assert!(text.contains("`CHG-2` is missing before `CHG-3`\n"), "{text}");
    assert!(text.contains(&format!("`CHG-2` was deleted by `a.ng` in {}", &commit[..7])), "{text}");
}

/// Messages are other people's text: what turns a terminal round is shown as what it is.
#[test]
fn messages_do_nothing_to_a_terminal() {
    let pair = Pair::new("");
    pair.commit("2026-02-02T00:00:00Z", "Red \u{1b}[31m and \u{202e}turned (#2)");
    for format in ["human", "markdown"] {
        let (_, text) = pair.say(&["reconcile", "--format", format]);
        assert!(text.contains("Red ") && !text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text}");
    }
}

/// What nobody asks for is not read: a repository that is not there is no matter to `check` without such a rule.
#[test]
fn repositories_are_read_only_where_somebody_asks() {
    let pair = Pair::new("");
    pair.configure("repositories: [{path: ../gone, deployments: broken.csv}]\n");
    pair.site.write("broken.csv", "at,what\n");
    let policy = fs::read_to_string(pair.site.root().join("policies/p.md")).unwrap();
    let (_, text) = pair.say(&["check"]);
    assert!(text.contains("`../gone` is not there") && text.contains("deployments/not-read"), "{text}");
    pair.site.write("policies/p.md", &policy.replace("complete: true", "fields: [title]"));
    let (status, text) = pair.say(&["check"]);
    assert!(status == Some(0) && !text.contains("gone") && !text.contains("broken.csv"), "{text}");
}

/// Every file of a folder with its bytes.
fn tree(folder: &std::path::Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("a folder that was made") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { open.push(path) } else { files.push((path.clone(), fs::read(&path).expect("a file"))) }
        }
    }
    files.sort();
    files
}

/// What a report says, without its markup.
fn words(pair: &Pair, quarter: &str) -> String {
    let page = fs::read_to_string(pair.site.root().join(format!("internal/reports/{quarter}/index.html")));
    let page = page.expect("the quarter has a report");
    let parts = page.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    parts.map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" | ")
}

#[test]
fn the_quarterly_report_holds_what_differs_and_nothing_of_it_is_public() {
    let pair = Pair::new(", since: 2026-02-15");
    pair.record("CHG-1", "", "");
    let build = || {
        let (status, text) = pair.say(&["build"]);
        assert_eq!(status, Some(0), "{text}");
    };
    build();
    let said = words(&pair, "2026-Q1");
    assert!(said.contains("Nothing was deployed from 1 repository in this quarter."), "{said}");
    assert!(said.contains("../gateway is compared from 15 February 2026 on, and not before."), "{said}");
    let public = tree(&pair.site.root().join("public"));
    pair.commit("2026-02-16T00:00:00Z", "Canary Quokka &lt;b> <i>x</i> (#2)");
    pair.commit("2026-05-16T00:00:00Z", "Numbat, pushed");
    let recorded = pair.commit("2026-05-17T00:00:00Z", "Bilby (#3)");
    pair.record("CHG-1", &format!(", commit: {recorded}"), "");
    let lost = "deployments: [{environment: production, at: 2026-05-18T00:00:00Z, commit: abcdef0}]";
    pair.record("CHG-2", "", "");
    let text = fs::read_to_string(pair.site.root().join("changes/CHG-2.yaml")).unwrap();
    let deployed = text.lines().find(|line| line.starts_with("deployments")).unwrap();
    pair.site.write("changes/CHG-2.yaml", &text.replace(deployed, lost));
    build();
    let said = words(&pair, "2026-Q1");
    assert!(said.contains("1 deployment from 1 repository: 0 with a record, 1 without."), "{said}");
    assert!(said.contains("Merges without a record (1)") && said.contains("Canary Quokka &amp;lt;b&gt;"), "{said}");
    assert!(said.contains("Mon 16 Feb 2026, 00:00 UTC") && !said.contains("Numbat"), "{said}");
    let said = words(&pair, "2026-Q2");
    assert!(said.contains("2 deployments from 1 repository: 1 with a record, 1 without."), "{said}");
    assert!(said.contains("Commits that came without a pull request (1)") && said.contains("Numbat, pushed"), "{said}");
    assert!(said.contains("Records whose commit is not there (1)") && said.contains("abcdef0"), "{said}");
    assert!(said.contains("CHG-2") && !said.contains("Canary"), "{said}");
    assert_eq!(tree(&pair.site.root().join("public")), public, "public pages know nothing of it");
    // What cannot be read, and what nobody configured, is said.
    pair.configure("repositories: [{path: ../gone}]\n");
    build();
    let said = words(&pair, "2026-Q1");
    assert!(said.contains("../gone is not there. | What mends it: clone it there"), "{said}");
    pair.configure("");
    build();
    let said = words(&pair, "2026-Q1");
    assert!(said.contains("No repositories are configured, so that nobody can say"), "{said}");
}
