//! Secrets in a site's documents: found wherever they stand, and said nowhere.

use std::fs;
use std::path::Path;

use super::site::Site;

/// Made up, and put together at run time, so that no scanner takes this file for a leak.
fn values() -> Vec<String> {
    let random = ["k8Zq3", "TnW7r", "Yp2Ld", "9xVb4"].concat();
    vec![
        ["AKIA", "Q7Z3M5N8K2J4X9W6"].concat(),
        ["ghp_", "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5"].concat(),
        ["glpat-", "Zx9-Cv8_Bn7Mk6Jh5Gf4"].concat(),
        ["xoxb-", "2401-9911-Ab3dE5fG7hJ9kL1mN3"].concat(),
        ["sk_live_", "4eC39HqLyjWDarjtT1zdp7dc"].concat(),
        ["AIza", "SyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q"].concat(),
        ["eyJhbGciOiJIUzI1NiJ9", ".eyJzdWIiOiIxMjM0NTY3ODkwIn0", ".dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P"].concat(),
        format!("password={random}"),
        format!("api_token: \"{random}\""),
    ]
}

/// The part of a value that nobody may read.
fn core(value: &str) -> &str {
    let secret = value.rsplit(['=', ' ']).next().unwrap_or(value).trim_matches('"');
    &secret[secret.len() - 12..]
}

fn everything_below(folder: &Path, text: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).expect("it is there") {
        let path = entry.expect("it can be listed").path();
        if path.is_dir() {
            everything_below(&path, text);
        } else {
            text.push((path.display().to_string(), fs::read(&path).expect("it can be read")));
        }
    }
}

fn holds(bytes: &[u8], needle: &str) -> bool {
    bytes.windows(needle.len()).any(|w| w == needle.as_bytes())
}

/// A site with a value in every kind of document, beside mistakes that make messages quote the lines it stands on.
fn planted(value: &str) -> Site {
    let quoted = value.replace('"', "'");
    let front = "---\nid: other\ntitle: Other\nsumary: \"SECRET\"\nclassification: public\n---\n# Other\n\nUse SECRET here. <!-- clause: a -->\n";
    let record = "id: CHG-2\ntype: emergency\ntitle: \"Rotate SECRET\"\nstatus: clsoed # SECRET\nauthor: \"SECRET\"
requested_at: \"SECRET\"\ndescription: |\n  Line one.\n  SECRET\nlinks: {issue: \"https://x.example/?q=SECRET\"}\nextra: {\"SECRET\": SECRET}
deployments: [{environment: production, at: 2026-08-03T10:00:00+10:00, by: a.ng, evidence: \"SECRET\"}]\n";
    let waiver =
        "id: WVR-1\nrule: described\nchanges: [CHG-1]\nreason: \"SECRET\"\nrequested_by: a.ng\napproved_by: c.lead
approved_at: 2026-08-12T10:00:00+10:00\nexpires: 2026-12-31\ncompensating_contrl: \"SECRET\"\n";
    let person = "- id: x.y\n  nme: \"SECRET\"\n  email: \"SECRET\"\n";
    let site = Site::with(&[]);
    let put = |text: &str| text.replace("SECRET", &quoted);
    site.write("policies/other.md", &put(front));
    site.write("changes/b.yaml", &put(record));
    site.write("waivers/w.yaml", &put(waiver));
    site.write("people.yaml", &format!("{}{}", site.read("people.yaml"), put(person)));
    site.write("content/page.md", &put("# A page\n\nSee `SECRET`.\n"));
    site.write("content/data/list.yaml", &put("- {name: \"SECRET\"}\n"));
    site
}

#[test]
fn no_output_says_a_secret_and_nothing_is_published() {
    for value in values() {
        let site = planted(&value);
        let core = core(&value);
        let build = site.run(&["build"]);
        assert_eq!(build.status, 1, "{value}: {}", build.err);
        assert!(build.err.contains("error[record/secret]"), "{value}: {}", build.err);
        assert!(!site.path().join("public").exists(), "{value}");
        let mut said = Vec::new();
        for arguments in [
            &["check"][..],
            &["check", "--format", "concise"],
            &["check", "--format", "json"],
            &["explain", "CHG-2"],
            &["explain", "record/secret"],
            &["explain", "main/described"],
            &["due"],
            &["due", "--format", "ics"],
            &["fix", "--dry-run"],
        ] {
            let ran = site.run(arguments);
            said.push((format!("{arguments:?}"), [ran.out, ran.err].concat().into_bytes()));
        }
        said.push(("build".to_owned(), [build.out, build.err].concat().into_bytes()));
        everything_below(&site.path().join("internal"), &mut said);
        for (what, bytes) in &said {
            assert!(!holds(bytes, core), "{what} says `{core}`:\n{}", String::from_utf8_lossy(bytes));
        }
        let check = site.run(&["check", "--format", "concise"]).out;
        for file in [
            "policies/other.md",
            "changes/b.yaml",
            "waivers/w.yaml",
            "people.yaml",
            "content/page.md",
            "content/data/list.yaml",
        ] {
            let found = check.lines().any(|l| l.starts_with(file) && l.contains("error[record/secret]"));
            assert!(found, "`{value}` in {file} is not found:\n{check}");
        }
    }
}

#[test]
fn a_private_key_is_masked_line_by_line_and_fix_leaves_it_as_it_is() {
    let key = [
        "-----BEGIN RSA PRIVATE",
        " KEY-----\n  MIIEpAIBAAKCAQEA7bq0Zk3v\n  q8W1xT5yRz9uLmNoPqRsTuVw\n  -----END RSA PRIVATE",
        " KEY-----",
    ]
    .concat();
    let record = format!("id: CHG-2\nstaus: closed\ndescription: |\n  {key}\n");
    let site = Site::with(&[("changes/b.yaml", &record)]);
    let check = site.run(&["check"]).out;
    assert!(check.contains("this looks like a private key") && !check.contains("MIIEpAIBAAK"), "{check}");
    let fix = site.run(&["fix"]).out;
    assert!(fix.contains("+status: closed") && !fix.contains("MIIE"), "{fix}");
    assert_eq!(site.read("changes/b.yaml"), record.replace("staus", "status"), "the file keeps what it holds");
}

#[test]
fn a_site_may_say_that_it_is_none() {
    let site = planted("password=Tr0ub4dor3xAmpl3Qz9");
    let tickmark = site.read("tickmark.yaml");
    assert!(site.run(&["check", "--format", "concise"]).out.contains("error[record/secret]"));
    site.write("tickmark.yaml", &format!("{tickmark}levels: {{record/secret: off}}\n"));
    let check = site.run(&["check"]).out;
    assert!(
        !check.contains("record/secret") && !check.contains("ub4dor3xAmpl3Qz9"),
        "it stays masked all the same:\n{check}"
    );
}
