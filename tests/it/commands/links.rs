//! Links that lead nowhere, and paths that pages had before: what `check` and `build` say of them, and what is published.

use super::site::{Ran, Site};

const POLICY: &str = "---\nclassification: public\nversion: \"1.0\"\n";

fn public(aliases: &str, text: &str) -> String {
    format!("{POLICY}{aliases}---\n{text}")
}

fn site(files: &[(&str, &str)]) -> Site {
    Site::with(files)
}

/// The findings about links, a line each.
fn found(ran: &Ran) -> Vec<&str> {
    ran.out.lines().filter(|line| line.contains("[link/")).collect()
}

#[test]
fn a_link_that_leads_nowhere_is_found_where_it_is_written() {
    let policy = public("", "# Access\n\nSee [the page](/nowhere/), ![a plan](/plan.png) and [home](/).\n");
    let page = "---\ntitle: About\n---\n## Who\n\n[x](../policies/access.md#acess)\n[y](#whom)\n[z](gone.md)\n\
                [fine](../policies/access.md#access), [fine](#who), [fine](../static/x.txt), [fine](/x.txt).\n";
    let site = site(&[
        ("policies/access.md", &policy),
        ("content/about.md", page),
        ("static/x.txt", "x"),
        (
            "content/team.md",
            "---\ntitle: Team\n---\n[A policy](../policies/main.md) and [none](../policies/mane.md).\n",
        ),
    ]);
    let ran = site.run(&["check", "--format", "concise"]);
    let list = found(&ran);
    for expected in [
        "content/about.md:6:1: warning[link/leads-nowhere] policy `access` has no anchor `acess`",
        "content/about.md:7:1: warning[link/leads-nowhere] this page has no anchor `whom`",
        "content/about.md:8:1: warning[link/leads-nowhere] the site has nothing at `gone.md`",
        "policies/access.md:7:5: warning[link/leads-nowhere] the site has nothing at `/nowhere/`",
        "policies/access.md:7:28: warning[link/leads-nowhere] the site has nothing at `/plan.png`",
        "content/team.md:4:37: warning[link/leads-nowhere] the site has nothing at `../policies/mane.md`",
    ] {
        assert!(list.iter().any(|line| line.starts_with(expected)), "{expected}\n{}", ran.out);
    }
    assert_eq!(list.len(), 6, "{}", ran.out);
    site.run(&["build"]);
    assert!(site.read("public/about/index.html").contains("<a href=\"../x.txt\">"), "a file is linked to as it lies");
}

#[test]
fn a_link_of_a_template_that_leads_nowhere_is_found_on_its_page() {
    let home = "{% extends \"public/base.html\" %}{% block main %}<h1>x</h1><a href=\"{{ root }}policy/\">x</a>\
                <a href=\"#nothing\">x</a><a href=\"{{ root }}policies/\">x</a>{% endblock main %}";
    let register =
        "{% extends \"internal/base.html\" %}{% block main %}<h1>x</h1><a href=\"../no.html\">x</a>{% endblock main %}";
    let files = [
        ("themes/ledger/templates/public/home.html", home),
        ("themes/ledger/templates/internal/waivers.html", register),
    ];
    let site = site(&files);
    let built = site.run(&["build"]);
    assert_eq!(built.status, 0, "{}", built.err);
    for expected in [
        "public/index.html",
        "the link `./policy/` leads nowhere",
        "the link `#nothing` leads nowhere",
        "internal/waivers/index.html",
        "the link `../no.html` leads nowhere",
    ] {
        assert!(built.err.contains(expected), "{expected}\n{}", built.err);
    }
    assert_eq!(built.err.matches("leads nowhere").count(), 3, "{}", built.err);
    // A site that asks for it publishes no such page.
    let text = site.read("tickmark.yaml");
    site.write("tickmark.yaml", &format!("{text}levels: {{link/leads-nowhere: error}}\n"));
    std::fs::remove_dir_all(site.path().join("public")).expect("it was built");
    let built = site.run(&["build"]);
    assert_eq!((built.status, site.path().join("public").exists()), (1, false), "{}", built.err);
}

#[test]
fn an_old_path_leads_on_to_the_page() {
    let policy = public("aliases: [/policies/old-access/, /access.html]\n", "# Access\n\nText.\n");
    let site = site(&[
        ("policies/access.md", &policy),
        ("content/about.md", "---\ntitle: About us\naliases: [/company/who/]\n---\nText.\n"),
        ("policies/hidden.md", "---\nid: hidden-9\ntitle: Hidden\naliases: [/secret-path-9/]\n---\n# Hidden\n"),
    ]);
    let built = site.run(&["build"]);
    assert_eq!(built.status, 0, "{}{}", built.out, built.err);
    for (path, to, whole) in [
        ("public/policies/old-access/index.html", "../../policies/access/", "policies/access/"),
        ("public/access.html", "./policies/access/", "policies/access/"),
        ("public/company/who/index.html", "../../about/", "about/"),
    ] {
        let page = site.read(path);
        for part in [
            format!("<meta http-equiv=\"refresh\" content=\"0; url={to}\">"),
            format!("<link rel=\"canonical\" href=\"https://trust.harbour.example/{whole}\">"),
            format!("<a href=\"{to}\">"),
        ] {
            assert!(page.contains(&part), "{path} lacks {part}\n{page}");
        }
    }
    let redirects = site.read("public/_redirects");
    assert!(redirects.contains("/policies/old-access/ /policies/access/ 301\n"), "{redirects}");
    assert!(redirects.contains("/access.html /policies/access/ 301\n"), "{redirects}");
    let map = site.read("public/sitemap.xml");
    assert!(map.contains("/policies/access/") && !map.contains("old-access"), "{map}");
    assert!(!redirects.contains("secret-path"), "{redirects}");
    assert!(!site.path().join("public/secret-path-9").exists());
}

#[test]
fn an_old_path_that_another_page_has_is_found() {
    let policy = public("aliases: [/about/, /shared/, /x.txt]\n", "# Access\n\nText.\n");
    let site = site(&[
        ("policies/access.md", &policy),
        ("content/about.md", "---\ntitle: About us\naliases: [/Shared/]\n---\nText.\n"),
        ("static/x.txt/index.html", "x"),
    ]);
    let built = site.run(&["build"]);
    assert_eq!(built.status, 1, "{}", built.err);
    for expected in [
        "the alias `/about/` and the page `/about/` would be the same file",
        "the alias `/Shared/` and the alias `/shared/` would be the same file",
        "`static/x.txt/index.html` and the alias `/x.txt/` would be the same file",
    ] {
        assert!(built.err.contains(expected), "{expected}\n{}", built.err);
    }
}

#[test]
fn links_between_documents_work_on_the_git_host_and_on_the_site() {
    let one = public(
        "",
        "# One\n\n## Review\n\nText.\n\n[Two](two.md#back), [the page](../content/about.md#who), [back](#review).\n",
    );
    let two = public("", "# Two\n\n## Back\n\n[One](./one.md#review), [page](/about/).\n");
    let page =
        "---\ntitle: About\n---\n## Who\n\n[One](../policies/one.md#review), [the title](../policies/one.md#one).\n";
    let files = [("policies/one.md", one.as_str()), ("policies/two.md", two.as_str()), ("content/about.md", page)];
    for base in ["/", "/trust/a/"] {
        let site = site(&files);
        let text = site.read("tickmark.yaml");
        site.write(
            "tickmark.yaml",
            &text.replace("https://trust.harbour.example/", &format!("https://trust.harbour.example{base}")),
        );
        let built = site.run(&["build"]);
        assert_eq!((built.status, built.err.contains("link/")), (0, false), "{}", built.err);
        for (path, links) in [
            ("public/policies/one/index.html", &["href=\"../../policies/two/#back\"", "href=\"../../about/#who\""][..]),
            ("public/policies/two/index.html", &["href=\"../../policies/one/#review\"", "href=\"../../about/\""][..]),
            ("public/about/index.html", &["href=\"../policies/one/#review\"", "href=\"../policies/one/#one\""][..]),
            ("internal/policies/one/index.html", &["href=\"../two/index.html#back\""][..]),
        ] {
            let html = site.read(path);
            links.iter().for_each(|link| assert!(html.contains(link), "{path} lacks {link}\n{html}"));
        }
        let ran = site.run(&["check", "--format", "concise"]);
        assert!(!ran.out.contains("link/") && !ran.out.contains("text/unknown"), "{}", ran.out);
    }
}
