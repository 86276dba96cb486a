//! Mistakes of a site's own templates that show themselves when pages are made.

use super::samples as sample;
use super::{Languages, TemplateError, Theme, builtin};
use crate::disclose::public::PublicSite;

fn theme(files: &[(&str, &str)]) -> Theme {
    let files: Vec<(String, Vec<u8>)> =
        files.iter().map(|(path, text)| (format!("templates/{path}"), text.as_bytes().to_vec())).collect();
    Theme::with_overrides(&files, &Languages::default()).expect("sound until rendered")
}

/// What is found where the page for missing addresses is made by a template: line, column, width, message, help.
fn found(text: &str) -> Vec<(usize, usize, usize, String, String)> {
    let theme = theme(&[("public/404.html", text)]);
    let html = theme.page("404.html", |theme| theme.render_not_found(&sample::public_site())).expect("in its stead");
    let found = theme.mistakes();
    assert_eq!(found.is_empty(), html == render(&theme), "{text}");
    let all = found.into_iter().map(|m| m.error);
    all.map(|e| (e.line, e.column, e.width, e.message, e.help)).collect()
}

fn render(theme: &Theme) -> String {
    theme.render_not_found(&sample::public_site()).unwrap_or_default()
}

#[test]
fn a_page_that_fails_is_the_built_in_one() {
    let theme = theme(&[("public/404.html", "{{ site.nmae }}"), ("public/page.html", "{{ page.title }}")]);
    let make = |theme: &Theme| theme.render_not_found(&sample::public_site());
    let html = theme.page("404.html", make).expect("the built-in one");
    assert_eq!(html, render(&Theme::built_in()));
    let sound = theme.page("a/index.html", |theme| theme.render_page(&sample::public_site(), &sample::page()));
    assert_eq!(sound.expect("it renders"), sample::page().title);
    drop(theme.page("400.html", make));
    let mistakes = theme.mistakes();
    assert_eq!((mistakes.len(), mistakes[0].pages, mistakes[0].first.as_str()), (1, 2, "400.html"));
}

#[test]
fn what_built_in_templates_cannot_make_is_ours() {
    let ours = || TemplateError::of("public/404.html", "a mistake of ours");
    let own = theme(&[("public/404.html", "sound")]);
    assert_eq!(own.page("404.html", |_| Err(ours())).expect_err("it fails"), ours());
    assert_eq!(Theme::built_in().page("404.html", |_| Err(ours())).expect_err("it fails"), ours());
    assert!(own.mistakes().is_empty());
}

#[test]
fn all_mistakes_of_a_template_are_found_at_their_places() {
    let all = found(
        "<p>{{ site.nmae }} {{ sit.name }}\n{% if site.fedes %}x{% endif %}{% for a in site.feeds %}{{ b }}{% endfor %}\n\
         {{ 1 / 0 }} é {{ site.name | round }} {{ site.organisation }}",
    );
    let told: Vec<(usize, usize, usize, &str)> = all.iter().map(|(l, c, w, m, _)| (*l, *c, *w, m.as_str())).collect();
    assert_eq!(told[0], (1, 12, 4, "there is no field `nmae` here"));
    assert_eq!(told[1], (1, 23, 3, "there is no variable `sit` here"));
    assert_eq!(told[2], (2, 7, 10, "there is no field `fedes` here"));
    assert_eq!(told.len(), 6, "{told:?}");
    assert!(told[3].3.starts_with("iteration not possible on type"), "{told:?}");
    assert_eq!((told[4].0, told[4].3), (3, "cannot divide by 0"), "{told:?}");
    assert!((told[5].0, told[5].1) == (3, 18) && told[5].3.contains("expected"), "{told:?}");
    let help: Vec<&str> = all[..3].iter().map(|found| found.4.as_str()).collect();
    assert_eq!(help, ["did you mean `name`?", "did you mean `site`?", "did you mean `feeds`?"]);
}

#[test]
fn conditions_are_strict() {
    for (text, wrong) in [
        ("{% if not site.feeds %}x{% elif nothing %}{% endif %}", 1),
        ("{% if not site.feds and say(\"policies.title\") == \"x\" %}{% endif %}", 1),
        ("{% if site.feds is defined %}{% elif site.feds | default(value=false) %}{% endif %}", 0),
        ("{% if canonical %}{% elif page.policies | length > 3 or here in [\"a\", root] %}{% endif %}", 0),
        ("{% set x = 1 %}{% if x == 1 and site.name is starting_with(pat=\"N\") %}{% endif %}", 0),
        ("{% for a in page.policies %}{% if loop.first and a.title %}{% endif %}{% endfor %}", 0),
        ("{% if site?.feds %}{% endif %}", 0),
    ] {
        assert_eq!(found(text).len(), wrong, "{text}: {:?}", found(text));
    }
}

#[test]
fn what_fails_in_a_built_in_template_is_where_it_was_called() {
    let all = found("\n{% for x in [1] %}{{ <day of={site.name} /> }}{% endfor %}");
    assert!(all.len() == 1 && all[0].0 == 2, "{all:?}");
}

#[test]
fn components_without_end_are_where_they_call_themselves() {
    let ring = "{% component a() %}{{ <b /> }}{% endcomponent a %}\n{% component b() %}{{ <a /> }}{% endcomponent b %}{{ <a /> }}";
    let all = found(ring);
    assert_eq!((all.len(), all[0].3.as_str()), (1, "a component calls itself without end"), "{all:?}");
    assert_eq!((all[0].0, all[0].1), (2, 24), "{all:?}");
}

#[test]
fn built_in_templates_are_as_strict_as_any() {
    let copied: Vec<(&str, &str)> = builtin::TEMPLATES.iter().take(20).copied().collect();
    for part in [&copied[..], &builtin::TEMPLATES[20..]] {
        let theme = theme(part);
        for (name, page) in super::tests::pages(&theme, &sample::site(), &sample::public_site()) {
            assert!(page.ends_with("</html>\n"), "{name}");
        }
    }
    let quiet = PublicSite { feeds: false, demonstration: false, ..sample::public_site() };
    let all = theme(&copied);
    let kinds = super::tests::pages(&all, &sample::site(), &quiet);
    assert!(kinds.len() > 25);
}
