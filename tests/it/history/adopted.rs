//! A real history (tests/data/README.md): policies that somebody kept in git for years, moved into a site.

use std::collections::{BTreeMap, BTreeSet};

use tickmark::diag::Sink;
use tickmark::pipeline::{self, AsOf, Inputs};
use tickmark::repo::{self, ReadOptions};

use super::commit::said;
use super::repository::{CONFIGURATION, Repo, open};

const KEYS: &str = "faq, header-includes, last_updated, policy, slug, weight";

/// The repository with all it held moved into policies/, one commit later.
fn adopted() -> Repo {
    let repo = Repo::bare_folder();
    let bundle = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/tailscale-policies.bundle");
    let root = repo.root();
    repo.git(&["clone", "--quiet", "--no-checkout", bundle, "."]);
    repo.git(&["checkout", "--quiet", "-b", "trust", "f8fbaa9"]);
    std::fs::create_dir(root.join("policies")).expect("a folder");
    let entries = repo.git(&["ls-tree", "--name-only", "HEAD"]);
    let moved = entries.lines().filter(|name| !matches!(*name, "README.md" | "LICENSE" | ".github"));
    for name in moved {
        repo.git(&["mv", name, "policies/"]);
    }
    repo.write("tickmark.yaml", &format!("{CONFIGURATION}policies: {{ignored_keys: [{KEYS}]}}\n"));
    repo.git_at("2026-03-02T09:00:00Z", &root, &["add", "tickmark.yaml", "policies"]);
    repo.git_at("2026-03-02T09:00:00Z", &root, &["commit", "--quiet", "-m", "A site"]);
    repo
}

/// The versions of every policy, as the program has them.
fn versions(repo: &Repo) -> BTreeMap<String, Vec<String>> {
    let (root, mut sink) = (repo.root(), Sink::new());
    let mut tree = repo::read(&root, &ReadOptions::default(), &mut sink).expect("a site");
    let history = {
        let repository = open(&root);
        let asked = repository.recall(None).expect("a question");
        repository.history(&asked, &mut tree.sources).expect("a history").history
    };
    let inputs = Inputs {
        sources: &tree.sources,
        history: &history,
        as_of: AsOf::EndOf(jiff::civil::date(2026, 3, 31)),
        more_codes: &[],
    };
    let site = pipeline::load(inputs).map_err(Sink::into_sorted).expect("a configuration");
    let all = site.ledger.policies.iter();
    all.map(|p| (p.id.to_string(), p.versions.iter().map(|v| v.version.clone()).collect())).collect()
}

/// Texts without a version of their own are one for each day on which they changed, wherever they stood.
#[test]
fn a_real_history_gives_all_versions_of_its_policies() {
    let repo = adopted();
    let found = versions(&repo);
    assert_eq!(found.len(), 15, "{:?}", found.keys());
    for (id, versions) in &found {
        let path = if id == "overview" { "policies/overview.md".into() } else { format!("policies/{id}/index.md") };
        // git's own answer: who wrote something else there, through renames.
        let log = ["-c", "log.showSignature=false", "log", "--follow", "--no-merges", "--format=%ct", "--", &path];
        let log = repo.git(&log);
        let day = |seconds: &str| {
            let at = jiff::Timestamp::from_second(seconds.parse().expect("seconds")).expect("an instant");
            at.to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
        };
        let mut days: BTreeSet<String> = log.lines().map(day).collect();
        days.remove("2026-03-02");
        let known: BTreeSet<String> = versions.iter().cloned().collect();
        assert_eq!((known.len(), &known), (versions.len(), &days), "{id}");
    }
    assert_eq!(found["personnel"].len(), 6, "{:?}", found["personnel"]);
}

#[test]
fn a_real_history_builds_into_an_internal_site() {
    let repo = adopted();
    let output = repo.tickmark(&repo.root(), &["build", "--as-of", "2026-03-31"]);
    assert!(output.status.success(), "{}", said(&output));
    for id in ["access-control", "overview", "vendor"] {
        assert!(repo.root().join(format!("internal/policies/{id}/index.html")).is_file(), "{id}");
    }
    assert!(!repo.root().join("public/policies/vendor").exists(), "nobody said that it is public");
    let check = || said(&repo.tickmark(&repo.root(), &["check", "--as-of", "2026-03-31", "--format", "concise"]));
    let text = check();
    assert!(text.contains(" 0 errors") || text.contains("\n0 errors"), "{text}");
    // Without the line that names them, each is told where it can be named.
    repo.write("tickmark.yaml", CONFIGURATION);
    let text = said(&repo.tickmark(&repo.root(), &["check", "--as-of", "2026-03-31"]));
    for key in ["faq", "last_updated", "policy", "slug", "weight"] {
        assert!(text.contains(&format!("a policy has no key `{key}`")), "{key}");
    }
    assert!(text.contains("ignored_keys: [weight]"), "{text}");
}
