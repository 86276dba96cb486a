//! `merged` where git has the pull request: its facts count, and a record that contradicts them is found.

use std::fs;

use super::reconcile::Pair;

/// A gateway whose files have owners, and a site that asks how requests were merged.
fn pair() -> Pair {
    let pair = Pair::new("");
    write(&pair, "CODEOWNERS", "* @ito\ndocs/ @pier/writers\nfree/\n/both @ito @ang\n");
    add(&pair, "2026-01-02T00:00:00Z", "Owners (#1)");
    let people = "- {id: a.ng, name: Alex Ng, accounts: [github:ang]}\n- {id: b.ito, name: Bo Ito, accounts: [\"github:Ito\"]}\n";
    pair.site.write("people.yaml", people);
    let policy = fs::read_to_string(pair.site.root().join("policies/p.md")).expect("the policy");
    let asked = "merged: {into: main, method: squash, code_owners: true}";
    pair.site.write("policies/p.md", &policy.replace("complete: true", asked));
    pair
}

fn write(pair: &Pair, path: &str, text: &str) {
    let full = pair.gateway.join(path);
    fs::create_dir_all(full.parent().expect("a folder")).expect("its folder");
    fs::write(full, text).expect("a file");
}

fn add(pair: &Pair, time: &str, message: &str) -> String {
    pair.run(time, &["add", "--all"]);
    pair.commit(time, message)
}

/// Judges a record with this pull request and these reviews: verdict, code, and what is at the place.
fn judged(pair: &Pair, request: &str, reviews: &str) -> String {
    let url = "url: https://git.pier.example/pier/gateway/pull/2";
    pair.record(
        "CHG-1",
        "",
        &format!("closed_at: 2026-03-01T00:00:00Z\npull_requests: [{{{url}{request}}}]\nreviews: [{reviews}]"),
    );
    let (_, text) = pair.say(&["check", "--format", "json"]);
    let line = text.lines().find(|l| l.starts_with("{\"id\":\"CHG-1\"")).unwrap_or_else(|| panic!("{text}"));
    let value =
        |key: &str| line.split(&format!("\"{key}\":\"")).nth(1).unwrap_or("-").split('"').next().unwrap_or_default();
    if line.contains("\"code\":null") {
        return value("verdict").to_owned();
    }
    let (_, text) = pair.say(&["check"]);
    let label = text.lines().find(|l| l.contains("^^")).unwrap_or_default().rsplit('^').next().unwrap_or_default();
    format!("{} {}:{label}", value("verdict"), value("code"))
}

#[test]
fn what_git_has_counts_and_contradicts() {
    let pair = pair();
    write(&pair, "free/a", "1");
    add(&pair, "2026-02-02T00:00:00Z", "Squashed (#2)");
    assert_eq!(judged(&pair, "", ""), "pass", "git knows branch and method, and the file has no owner");
    let whole = ", merged_at: 2026-02-02T00:00:00Z, into: main, method: squash, code_owners: none";
    assert_eq!(judged(&pair, whole, ""), "pass");
    assert_eq!(judged(&pair, ", into: release", ""), "fail merged/contradicts-git: git has `main`");
    assert_eq!(judged(&pair, ", method: merge", ""), "fail merged/contradicts-git: git has `squash`");
    assert_eq!(judged(&pair, ", method: rebase", ""), "fail merged/otherwise: `squash` is asked for");
    let (_, text) = pair.say(&["explain", "CHG-1"]);
    assert!(text.contains("on `main` of ../gateway (squash)"), "{text}");
    // A merge commit is no squash, whoever says so.
    let pair = self::pair();
    pair.merge("2026-02-02T00:00:00Z", "Merge pull request #2 from pier/x", &["One"]);
    assert_eq!(judged(&pair, ", method: squash", ""), "fail merged/contradicts-git: git has `merge`");
    assert_eq!(judged(&pair, "", ""), "fail merged/otherwise: git has `merge`; `squash` is asked for");
    // What git does not have, the record says alone.
    pair.configure("repositories: [{path: ../gone}]\n");
    let alone = ", merged_at: 2026-02-02T00:00:00Z, into: main, method: squash, code_owners: approved";
    assert_eq!(judged(&pair, alone, ""), "pass");
    assert_eq!(judged(&pair, "", ""), "fail merged/otherwise: not merged, as far as the record says");
}

#[test]
fn owners_of_files_are_those_that_the_branch_named() {
    let owned = |paths: &[&str], said: &str, reviews: &str| {
        let pair = pair();
        paths.iter().for_each(|path| write(&pair, path, "1"));
        add(&pair, "2026-02-02T00:00:00Z", "Squashed (#2)");
        let said = if said.is_empty() { String::new() } else { format!(", code_owners: {said}") };
        judged(&pair, &said, reviews)
    };
    let ito = "{by: b.ito, result: approved, at: 2026-02-01T00:00:00Z}";
    let ang = "{by: a.ng, result: approved, at: 2026-02-01T00:00:00Z}";
    let asked = "{by: b.ito, result: changes-requested, at: 2026-02-01T00:00:00Z}";
    assert_eq!(owned(&["src/a"], "", ito), "pass");
    assert_eq!(owned(&["src/a"], "approved", ito), "pass");
    let missing = "`src/a` is owned by @ito, and none of them approved it";
    assert_eq!(owned(&["src/a"], "", ang), format!("fail merged/otherwise: {missing}"));
    assert_eq!(owned(&["src/a"], "", asked), format!("fail merged/otherwise: {missing}"));
    assert_eq!(owned(&["src/a"], "approved", ""), format!("fail merged/contradicts-git: {missing}"));
    assert_eq!(
        owned(&["src/a", "free/b"], "none", ito),
        "fail merged/contradicts-git: the files have owners: b.ito approved"
    );
    assert_eq!(owned(&["free/b"], "none", ""), "pass");
    // The author's own word is none, though the account is an owner's.
    assert!(owned(&["both"], "", ang).ends_with("`both` is owned by @ito, @ang, and none of them approved it"));
    // Who is in a team only the host knows: what the record says stands, and silence does not.
    assert_eq!(owned(&["docs/a"], "approved", ""), "pass");
    let open = "who `@pier/writers`, an owner of `docs/a`, is people.yaml does not say";
    assert_eq!(owned(&["docs/a"], "none", ""), format!("fail merged/contradicts-git: the files have owners: {open}"));
    let silent = owned(&["docs/a"], "", ito);
    assert_eq!(
        silent,
        format!("fail merged/otherwise: does not say what the files' owners said, and git cannot: {open}")
    );
}

/// When work began is known of merges, and of nothing that has forgotten it.
#[test]
fn the_first_commit_is_known_of_a_merge_alone() {
    let pair = pair();
    let policy = fs::read_to_string(pair.site.root().join("policies/p.md")).expect("the policy");
    let asked = "merged: {into: main, method: squash, code_owners: true}";
    pair.site.write("policies/p.md", &policy.replace(asked, "order: [requested, started]"));
    pair.merge("2026-02-02T00:00:00Z", "Merge pull request #2 from pier/x", &["One", "Two"]);
    assert_eq!(judged(&pair, "", ""), "pass", "it was requested before it began");
    pair.site.write("policies/p.md", &policy.replace(asked, "order: [started, requested]"));
    let late = judged(&pair, "", "");
    assert!(late.starts_with("fail order/"), "{late}");
    let (_, text) = pair.say(&["explain", "CHG-1"]);
    assert!(text.contains("first commit"), "{text}");
    let pair = self::pair();
    pair.site.write("policies/p.md", &policy.replace(asked, "order: [started, requested]"));
    add(&pair, "2026-02-02T00:00:00Z", "Squashed (#2)");
    let forgotten = judged(&pair, "", "");
    assert!(forgotten.starts_with("unknown "), "{forgotten}");
}
