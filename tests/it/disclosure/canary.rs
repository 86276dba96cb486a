//! A token in every field of everything internal, and none of them in public.

use std::process::Command;

use tickmark::decode::{person_shape, policy_shape, record_shape, waiver_shape};

use super::documents::{HOURS, NUMBER, Shared, Writer, YEAR};
use super::search::{self, Tokens};
use super::site::{CONFIGURATION, SHIPPING, Site, Tree, said};

/// The text of an internal policy: a token in whatever markdown has.
fn body(tokens: &mut Tokens, shared: &Shared, name: &str) -> String {
    let mut of = |what: &str| tokens.of(format!("{name}, {what}"));
    let clause = if name == "the full policy" { shared.clause.clone() } else { of("a clause's name") };
    format!(
        "# {}\n\n{} has a promise. <!-- clause: {clause} -->\n\n<!-- {} -->\n\n## {} {{#{}}}\n\n- {}\n  1. {}\n\n\
         > {}\n\n```{}\n{}\n```\n\n| {} | b |\n|---|---|\n| {} | `{}` |\n\n[{}](https://{}.example/ \"{}\") ![{}](/{}.png)\n\n\
         [^{}]: {}\n\nSee[^x] <{}@x.example> and <div title=\"{}\">{}</div>\n\n[^x]: {}\n\n[{}]: /x/ \"{}\"\n",
        of("the heading"),
        of("a paragraph"),
        of("a comment"),
        of("a section"),
        of("an anchor"),
        of("an item"),
        of("an item within"),
        of("a quote"),
        of("a language"),
        of("code"),
        of("a column"),
        of("a cell"),
        of("code in a cell"),
        of("a link's words"),
        of("a link's host"),
        of("a link's title"),
        of("a picture's words"),
        of("a picture's file"),
        of("a footnote's label"),
        of("a footnote nobody refers to"),
        of("an address"),
        of("an attribute"),
        of("an element"),
        of("a footnote"),
        of("a definition's label"),
        of("a definition's title"),
    )
}

/// A public policy that refers to internal things in every way that must be dropped.
fn referring(tokens: &mut Tokens, shared: &Shared, folder: &str, file: &str, alias: &str) -> String {
    let by_file = format!("{folder}/{file}.md");
    let id = &shared.policy;
    let section = tokens.of("a section of an internal policy that a public one implements");
    let comment = tokens.of("a comment in a public policy");
    let unknown = tokens.of("a link to a policy that does not exist");
    SHIPPING
        .replace("owner: w.harker", &format!("owner: [{}, engineering-lead]", shared.person))
        .replace("{by: j.seward", &format!("{{by: {}", shared.person))
        .replace("implements: [", &format!("implements: [\"SOC2:CC8.1\", {{policy: {id}, section: {section}}}, "))
        + &format!(
            "\nSee [by file]({by_file}), [upward](../policies/{by_file}#x), [by place](/policies/{id}/), [beside](../{id}/), \
             [its file](/policies/{id}/index.html), [a record](../changes/{}.yaml), [unknown]({unknown}.md), \
             [coded](/policies/{}/), [inside](/internal/policies/{id}/).\n\n<!-- {comment} -->\n\n[alias]: /{alias}/\n",
            shared.record,
            coded(id),
        )
}

/// A word with every letter percent-encoded.
fn coded(word: &str) -> String {
    word.bytes().fold(String::new(), |text, b| text + &format!("%{b:02x}"))
}

/// A site with a token in everything internal, and what must be seen inside it.
struct Planted {
    site: Site,
    tokens: Tokens,
    /// How many fields were written.
    plain: usize,
}

fn planted() -> Planted {
    let mut tokens = Tokens::default();
    let shared = Shared::new(&mut tokens);
    let mut name = {
        let tokens = &mut tokens;
        move |what: &str| tokens.of(format!("the name of {what}"))
    };
    let (folder, file, alias) = (name("a folder of policies"), name("a policy's file"), name("a policy's alias"));
    let (index, plain_file) = (name("a folder with an index"), name("an unclassified policy's file"));
    let (records, record, broken) =
        (name("a folder of records"), name("a record's file"), name("a broken record's file"));
    let waiver = name("a waiver's file");
    let mut writer = Writer { tokens: &mut tokens, shared: shared.clone(), plain: 0 };
    let people = writer.document(&person_shape(), 2, "people");
    let record_text = writer.document(&record_shape(), 0, "record");
    let waiver_text = writer.document(&waiver_shape(), 0, "waiver");
    let front = writer.document(&policy_shape(), 0, "policy");
    let plain = writer.plain;
    let site = Site::harbour();
    let comment = tokens.of("a comment in people.yaml");
    // The owner of the public policy: shown as the role alone.
    let people = format!(
        "# {comment}\n-\n{people}- id: w.harker\n  name: {} {}\n  roles: [{{role: engineering-lead, from: 2020-01-01}}] # {}\n- {}\n",
        tokens.of("a first name"),
        tokens.of("a last name"),
        tokens.of("a comment beside a role"),
        tokens.of("an entry of people.yaml that is none"),
    );
    site.write("people.yaml", people.as_bytes());
    site.write("tickmark.yaml", format!("{CONFIGURATION}# {}\n", tokens.of("a comment in tickmark.yaml")).as_bytes());
    site.write(&format!("changes/{records}/{record}.yaml"), record_text.as_bytes());
    let unreadable = format!(
        "id: {}\n{}: {}\ntitle: [{}\n",
        tokens.of("a broken record's id"),
        tokens.of("an unknown key"),
        tokens.of("an unknown key's value"),
        tokens.of("a broken record's title")
    );
    site.write(&format!("changes/{records}/{broken}.yaml"), unreadable.as_bytes());
    site.write(&format!("waivers/{waiver}.yaml"), waiver_text.as_bytes());
    let text = body(&mut tokens, &shared, "the full policy");
    site.write(&format!("policies/{folder}/{file}.md"), format!("---\n{front}---\n{text}").as_bytes());
    // Nothing said about who may read it: internal.
    let text = body(&mut tokens, &shared, "the unclassified policy");
    let front = format!("---\ntitle: {}\naliases: [/{alias}/]\n---\n", tokens.of("an unclassified policy's title"));
    site.write(&format!("policies/{plain_file}.md"), (front + &text).as_bytes());
    let text = body(&mut tokens, &shared, "the policy without front matter");
    site.write(&format!("policies/{index}/index.md"), text.as_bytes());
    let foreword = format!(
        "# {}\n\n{} <!-- {} -->\n",
        tokens.of("a report's heading"),
        tokens.of("a report's words"),
        tokens.of("a report's comment")
    );
    site.write("reports/2017-Q3.md", foreword.as_bytes());
    site.write(
        "closed/2017-Q3.yaml",
        format!("{}: {}\n", tokens.of("a closed quarter's key"), tokens.of("its value")).as_bytes(),
    );
    let public = referring(&mut tokens, &shared, &folder, &file, &alias);
    site.write("policies/shipping.md", public.as_bytes());
    site.write("content/README.md", tokens.of("a note in content/README.md").as_bytes());
    site.write("content/.draft.md", tokens.of("a hidden file").as_bytes());
    commit(&site, &tokens.of("a commit's message"), &tokens.of("a commit's author"));
    Planted { site, tokens, plain }
}

/// Makes a repository of the site. Where there is no git there are no commits that could leak.
fn commit(site: &Site, message: &str, author: &str) {
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command
            .current_dir(site.root())
            .args(arguments)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1");
        for role in ["AUTHOR", "COMMITTER"] {
            command
                .env(format!("GIT_{role}_NAME"), author)
                .env(format!("GIT_{role}_EMAIL"), format!("{author}@x.example"));
        }
        command.output().is_ok_and(|o| o.status.success())
    };
    if git(&["init", "-q"]) {
        assert!(git(&["add", "."]) && git(&["commit", "-q", "-m", message]), "the repository is made");
    }
}

#[test]
fn nothing_internal_is_in_any_public_byte() {
    let Planted { site, tokens, plain } = planted();
    let output = site.build();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let (public, internal) = (site.tree("public"), site.tree("internal"));
    assert!(public.contains_key("policies/shipping/index.html"));
    let all = tokens.all();
    assert!(all.len() > 500 && plain > 100, "{} tokens, {plain} fields without", all.len());
    let leaked = search::find(&public, &all);
    assert!(leaked.is_empty(), "{leaked:#?}");
    let environment = std::collections::BTreeMap::from([("qzenvirovk".to_owned(), "the environment")]);
    assert!(search::find(&public, &environment).is_empty());
    for (path, bytes) in public.iter().filter(|(path, _)| !path.starts_with("assets/")) {
        let text = String::from_utf8_lossy(bytes);
        for mark in [YEAR, NUMBER, HOURS, "August 2017", "harker", "Harker"] {
            assert!(!path.contains(mark) && !holds(&text, mark), "{path} holds {mark}");
        }
    }
    // The search is not vain: what the internal site is for stands in it.
    let inside: Vec<&str> = search::find(&internal, &all).into_iter().map(|(_, place)| place).collect();
    let shown = |start: &str| {
        let of = all.values().filter(|p| p.starts_with(start) && !p.ends_with("comment")).count();
        let seen =
            all.values().filter(|p| p.starts_with(start) && !p.ends_with("comment") && inside.contains(*p)).count();
        (seen, of)
    };
    for (start, least) in [
        ("record.", 50),
        ("waiver.", 60),
        ("the full policy,", 60),
        ("the unclassified policy,", 60),
        ("a report's", 60),
    ] {
        let (seen, of) = shown(start);
        assert!(of > 0 && seen * 100 >= of * least, "{start}: {seen} of {of} are shown inside");
    }
}

/// Whether a text holds some digits as a number of their own: not inside a digest.
fn holds(text: &str, mark: &str) -> bool {
    let alone = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
    text.match_indices(mark)
        .any(|(at, _)| alone(text[..at].chars().next_back()) && alone(text[at + mark.len()..].chars().next()))
}

#[test]
fn public_pages_show_people_as_roles_and_drop_links_to_their_words() {
    let Planted { site, .. } = planted();
    let public = site.published();
    let page = String::from_utf8_lossy(&public["policies/shipping/index.html"]);
    assert!(page.contains("Engineering lead"), "{page}");
    for words in ["by file", "upward", "by place", "beside", "its file", "a record", "unknown", "coded", "inside"] {
        assert!(page.contains(words) && !page.contains(&format!(">{words}</a>")), "{words}");
    }
    let manifest = String::from_utf8_lossy(&public["manifest.json"]);
    assert!(
        manifest.contains("policies/shipping.md") && !manifest.contains("people") && !manifest.contains("changes/")
    );
}

/// A hole in the types would be seen: the same search finds a token that a public document holds.
#[test]
fn a_planted_token_is_found_by_the_search() {
    for (path, text) in [
        ("content/about.md", "---\ntitle: About us\n---\nTOKEN\n"),
        ("content/about.md", "---\ntitle: About us\nsummary: TOKEN\n---\nx\n"),
        ("content/TOKEN.md", "---\ntitle: About us\n---\nx\n"),
        ("content/data/about.yaml", "- {name: TOKEN}\n"),
        ("static/x.css", ".x { content: \"TOKEN\" }\n"),
        ("policies/shipping.md", "---\ntitle: TOKEN\nclassification: public\nversion: \"1\"\n---\n# x\n"),
    ] {
        let mut tokens = Tokens::default();
        let token = tokens.of("something internal");
        let site = Site::harbour();
        site.write(&path.replace("TOKEN", &token), text.replace("TOKEN", &token).as_bytes());
        let public: Tree = site.published();
        assert!(!search::find(&public, &tokens.all()).is_empty(), "{path}: {text}");
    }
}
