//! Exports nobody should have to trust: each ends in records that `check` can read, or in an error with its place and no
//! record at all.

use std::io::Write;
use std::process::{Command, Stdio};

use super::{body, faults, records, site};

/// Imports a text as an export; what was said on standard error.
fn refused(source: &str, name: &str, text: &str) -> String {
    let site = site();
    site.write(name, text);
    let done = site.run(&["import", source, "--type", "normal", name]);
    assert_eq!(done.status, 2, "{}\n{}", done.out, done.err);
    assert_eq!(records(&site), []);
    done.err
}

#[test]
fn what_is_no_export_is_refused_where_it_goes_wrong() {
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let pr = |id: &str| {
        format!("{{\"number\": {id}, \"title\": \"x\", \"state\": \"OPEN\", \"url\": \"https://g/h/../pull/1\"}}")
    };
    for (source, name, text, said) in [
        ("github", "a.json", "[{\"number\": 1,}]", "a.json:1:15"),
        ("github", "a.json", deep.as_str(), "nested more than 64 levels deep"),
        (
            "github",
            "a.json",
            "{\"message\": \"Bad credentials\"}",
            "a pull request, a review, a check or a deployment is expected here",
        ),
        ("github", "a.json", "[{\"number\": 1, \"title\": \"x\"}]", "--prefix GH-gateway"),
        ("github", "a.json", &pr("1"), "`GH-..-1` is no id"),
        ("github", "a.json", "{\"number\":1,\n\"number\":2}", "a.json:2:1"),
        (
            "jira",
            "a.json",
            "[{\"key\": \"../../x\", \"fields\": {\"summary\": \"x\"}}]",
            "`../../x` is no id of a record",
        ),
        (
            "jira",
            "a.json",
            "[{\"key\": \"A\\u0000\", \"fields\": {\"summary\": \"x\"}}]",
            "`A\\0` is no id of a record",
        ),
        (
            "jira",
            "a.json",
            "{\"issues\": [{\"id\": 1}]}",
            "an issue, with its `key` and its `fields`, is expected here",
        ),
        ("servicenow", "a.csv", "number,x\nCHG1,\"open", "a.csv:2:6"),
        ("servicenow", "a.csv", "x,y\n1,2\n", "with its `number`"),
        ("servicenow", "a.csv", "number,short_description\nCHG1,a\nchg1,b\n", "two changes would be the record `chg1`"),
        ("servicenow", "a.csv", "number\n=1+1\n", "`=1+1` is no id of a record"),
        ("servicenow", "a.csv", "number\nCHG1\0\n", "a.csv:2:5: the export holds the control character U+0000"),
    ] {
        let err = refused(source, name, text);
        assert!(err.contains(said), "{said}\n{err}");
        assert!(err.contains("nothing was imported"), "{err}");
    }
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let site = site();
    std::fs::write(site.path().join("a.json"), b"[\xff]").expect("a file");
    let err = site.run(&["import", "github", "a.json"]).err;
    assert!(err.contains("`a.json` is not UTF-8 from byte offset 1 on"), "{err}");
    std::fs::write(site.path().join("a.json"), b"\xff\xfe[\0]\0").expect("a file");
    let err = site.run(&["import", "github", "a.json"]).err;
    assert!(err.contains("`a.json` looks like UTF-16"), "{err}");
}

#[test]
fn an_export_that_is_too_long_is_refused_before_it_is_read() {
    let site = site();
    let file = std::fs::File::create(site.path().join("a.json")).expect("a file");
    file.set_len(100 << 20).expect("a hole");
    let done = site.run(&["import", "github", "a.json"]);
    assert_eq!(done.status, 2);
    assert!(done.err.contains("`a.json` is longer than 64 MB"), "{}", done.err);
}

#[test]
fn standard_input_is_an_export_as_well() {
    let site = site();
    let mut child = Command::new(env!("CARGO_BIN_EXE_tickmark"))
        .args(["import", "jira", "--type", "normal", "-"])
        .current_dir(site.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("the program runs");
    let text = "[{\"key\": \"A-1\", \"fields\": {\"summary\": \"x\", \"created\": \"2026-05-04T09:12:13.000+1000\"}}]";
    child.stdin.take().expect("a pipe").write_all(text.as_bytes()).expect("it is read");
    assert!(child.wait().expect("it ends").success());
    assert!(body(&site, "changes/2026/A-1.yaml").contains("title: x\n"));
}

#[test]
fn text_from_outside_comes_through_as_it_was_and_breaks_nothing() {
    let site = site();
    let title = "a: b # c {{ 7*7 }} \u{202e}x\u{202c} - ? ! & * | > ' \\\" % @ ` \\u0007 =1+1 \u{e9}";
    let labels = "security\\u200b";
    let text = format!(
        "[{{\"key\": \"A-1\", \"fields\": {{\"summary\": \"{title}\", \"description\": \"---\\nid: B\\n...\\n# x\\n\\ttab\\r\\nend \",
        \"created\": \"2026-05-04T09:12:13.000+1000\", \"components\": [{{\"name\": \"pay\\u202ements\\nx\"}}], \"labels\": [\"{labels}\"],
        \"status\": {{\"name\": \"none\"}}, \"assignee\": {{\"displayName\": \"\\u202eevil\"}}}}}}]"
    );
    site.write("a.json", &text);
    let done = site.run(&["import", "jira", "--type", "normal", "a.json"]);
    assert_eq!(done.status, 0, "{}", done.err);
    let record = body(&site, "changes/2026/A-1.yaml");
    // What turns text around is written so that it is seen; the bell is gone, and that is said.
    assert!(
        record.contains("title: \"a: b # c {{ 7*7 }} \\u202Ex\\u202C - ? ! & * | > ' \\\" % @ `  =1+1 é\"\n"),
        "{record}"
    );
    assert!(record.contains("description: \"---\\nid: B\\n...\\n# x\\n\\ttab\\nend\"\n"), "{record}");
    assert!(record.contains("systems: [payments, x]\n"), "{record}");
    assert!(done.out.contains("control characters, first in A-1 (a.json:1:"), "{}", done.out);
    assert!(done.out.contains("`jira:\u{fffd}evil`"), "{}", done.out);
    let found = faults(&site);
    let expected = |f: &String| {
        f.contains("needs `author`") || f.contains("needs `status`") || f.contains("yaml/hidden-character")
    };
    assert!(found.iter().all(expected), "{found:#?}");
}

#[test]
fn a_secret_is_masked_before_it_is_written() {
    let site = site();
    let token = format!("ghp_{}", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8");
    let text = format!(
        "[{{\"key\": \"A-1\", \"fields\": {{\"summary\": \"x\", \"description\": \"use {token} until\", \"created\": \"2026-05-04T09:12:13.000+1000\"}}}}]"
    );
    site.write("a.json", &text);
    let done = site.run(&["import", "jira", "--type", "normal", "a.json"]);
    assert!(done.out.contains("what looks like a GitHub token; withdraw it where it was issued"), "{}", done.out);
    let record = body(&site, "changes/2026/A-1.yaml");
    assert!(!record.contains(&token) && record.contains("description: use xxxx"), "{record}");
}

#[test]
fn a_mapping_file_with_mistakes_is_shown_with_their_places() {
    let site = site();
    site.write("a.csv", "No,What\n1,x\n");
    site.write("m.yaml", "fields: {id: No, titel: What}\nwords: {type: {x: nromal}}\n");
    let done = site.run(&["import", "csv", "--mapping", "m.yaml", "a.csv"]);
    assert_eq!(done.status, 2);
    for said in ["m.yaml:1:18", "did you mean `title`?", "m.yaml:2:19", "did you mean `normal`?"] {
        assert!(done.err.contains(said), "{said}\n{}", done.err);
    }
    let done = site.run(&["import", "csv", "a.csv"]);
    assert!(done.err.contains("name it with `--mapping FILE`"), "{}", done.err);
    site.write("m.yaml", "fields: {title: What}\n");
    let done = site.run(&["import", "csv", "--mapping", "m.yaml", "a.csv"]);
    assert!(done.err.contains("does not say which column holds the id"), "{}", done.err);
}

/// Exports in which everything is there very often: whoever looks each thing up among all others never comes to an end.
#[test]
fn very_many_of_anything_end_within_a_minute() {
    let many = |count: usize, one: &dyn Fn(usize) -> String| (0..count).map(one).collect::<Vec<_>>().join(",");
    let url = "\"url\": \"https://g/h/r/pull/1\"";
    let pull = |inside: &str| format!("[{{\"number\": 1, \"title\": \"x\", \"state\": \"OPEN\", {url}, {inside}}}]");
    let commits = many(100_000, &|n| format!("{{\"oid\": \"{n}\", \"authors\": [{{\"login\": \"l{n}\"}}]}}"));
    let checks = many(100_000, &|n| format!("{{\"name\": \"c{n}\", \"conclusion\": \"SUCCESS\"}}"));
    let numbers = many(50_000, &|n| {
        format!(
            "{{\"number\": {n}, \"title\": \"x\", \"updatedAt\": \"2026-01-01T00:00:00Z\", \"url\": \"https://g/h/r/pull/{n}\"}}"
        )
    });
    let notes = many(100_000, &|n| {
        format!(
            "{{\"noteable_iid\": 1, \"system\": true, \"author\": {{\"username\": \"u{n}\"}}, \"body\": \"approved this merge request\"}}"
        )
    });
    let request =
        format!("[{{\"iid\": 1, \"title\": \"x\", \"web_url\": \"https://g/h/r/-/merge_requests/1\"}}, {notes}]");
    let columns = many(100_000, &|n| format!("c{n}"));
    for (source, name, text) in [
        ("github", "commits.json", pull(&format!("\"commits\": [{commits}]"))),
        ("github", "checks.json", pull(&format!("\"statusCheckRollup\": [{checks}]"))),
        ("github", "numbers.json", format!("[{numbers}]")),
        ("gitlab", "notes.json", request),
        ("servicenow", "columns.csv", format!("number,{columns}\nCHG1{}\n", ",".repeat(100_000))),
    ] {
        let site = site();
        site.write(name, &text);
        let begun = std::time::Instant::now();
        let done = site.run(&["import", source, "--type", "normal", "--dry-run", name]);
        assert!(begun.elapsed().as_secs() < 60, "{name} took {:?}", begun.elapsed());
        assert!(done.status == 0 || done.err.contains("too large to be read"), "{name}: {}", done.err);
    }
}
