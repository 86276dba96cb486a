//! What this layer promises, on every page kind.

use crate::disclose::public::{PublicHome, PublicLink, PublicPage, PublicPolicies, PublicPolicy, PublicSite};
use crate::report::pages::{ChangePage, InternalSite, RegisterPage};

use super::samples as sample;
use super::{Languages, TemplateError, Theme, at, root_of};

const HOSTILE: &str = "<script>alert('x')</script>{{ 7 * 7 }}{% include \"/etc/passwd\" %}";

fn hostile() -> String {
    HOSTILE.to_owned()
}

fn theme(files: &[(&str, &str)]) -> Result<Theme, Vec<TemplateError>> {
    let files: Vec<(String, Vec<u8>)> =
        files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    Theme::with_overrides(&files, &Languages::default())
}

/// Every page kind of the samples, by name.
pub(super) fn pages(theme: &Theme, site: &InternalSite, public: &PublicSite) -> Vec<(&'static str, String)> {
    let page = |page: Result<String, TemplateError>| page.expect("the samples render");
    vec![
        ("home", page(theme.render_home(public, &sample::home()))),
        ("policies", page(theme.render_policies(public, &sample::policies()))),
        ("policy", page(theme.render_policy(public, &sample::policy()))),
        ("redline", page(theme.render_redline(public, &sample::redline()))),
        ("page", page(theme.render_page(public, &sample::page()))),
        ("404", page(theme.render_not_found(public))),
        ("controls", page(theme.render_controls(public, &sample::controls()))),
        ("subprocessors", page(theme.render_subprocessors(public, &sample::subprocessors()))),
        ("certifications", page(theme.render_certifications(public, &sample::certifications()))),
        ("faq", page(theme.render_faq(public, &sample::faq()))),
        ("updates", page(theme.render_updates(public, &sample::updates()))),
        ("contacts", page(theme.render_contacts(public, &sample::contacts()))),
        ("search", page(theme.render_search(public, &sample::search()))),
        ("moved", page(theme.render_moved(public, &sample::moved()))),
        ("overview", page(theme.render_overview(site, &sample::overview()))),
        ("register", page(theme.render_register(site, &sample::register()))),
        ("change", page(theme.render_change(site, &sample::change()))),
        ("report", page(theme.render_report(site, &sample::report()))),
        ("records", page(theme.render_records(site, &sample::records()))),
        ("emergencies", page(theme.render_emergencies(site, &sample::emergencies()))),
        ("emergency", page(theme.render_emergency(site, &sample::emergency()))),
        ("due", page(theme.render_due(site, &sample::due()))),
        ("waivers", page(theme.render_waivers(site, &sample::waivers()))),
        ("coverage", page(theme.render_coverage(site, &sample::coverage()))),
        ("internal policies", page(theme.render_internal_policies(site, &sample::policies_page()))),
        ("internal policy", page(theme.render_internal_policy(site, &sample::internal_policy()))),
        ("internal redline", page(theme.render_internal_redline(site, &sample::internal_redline()))),
        ("reference", page(theme.render_reference(site, &sample::reference()))),
        ("reference page", page(theme.render_reference_page(site, &sample::reference_page()))),
        ("codes", page(theme.render_codes(site, &sample::codes()))),
    ]
}

#[test]
fn every_page_is_whole_and_marked() {
    let built_in = Theme::built_in();
    for (name, page) in pages(&built_in, &sample::site(), &sample::public_site()) {
        assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"en-GB\" dir=\"ltr\">"), "{name}");
        assert!(page.ends_with("</html>\n"), "{name}");
        assert!(page.contains("Demonstration: everything on these pages is made up."), "{name}");
        assert!(page.contains("default-src 'none'; style-src 'self';"), "{name}");
        // Where a page stands is told to those who link to it, and loads nothing.
        let told = |l: &&str| l.starts_with("<link rel=\"canonical\"") || l.starts_with("<meta property=\"og:url\"");
        let (own, rest): (Vec<&str>, Vec<&str>) = page.lines().partition(|l| told(l));
        let rest = rest.join("\n");
        for banned in [" style=", "<style", "javascript:", "http://", "https://"] {
            assert!(!rest.contains(banned), "{name} has {banned}");
        }
        assert!(own.iter().all(|line| line.contains("\"https://trust.northfield.example/")), "{own:?}");
        assert_eq!(page.contains("<script"), matches!(name, "register" | "search" | "moved"), "{name}");
        assert_eq!(page.contains("script-src 'self'"), page.contains("<script"), "{name}");
    }
    for (name, page) in &pages(&built_in, &sample::site(), &sample::public_site())[14..] {
        assert!(page.contains("<b>Internal</b>"), "{name}");
    }
}

#[test]
fn public_pages_say_what_a_link_to_them_shows() {
    let (site, public) = (sample::site(), sample::public_site());
    for (name, page) in &pages(&Theme::built_in(), &site, &public)[..14] {
        let has = |part: &str| page.contains(part);
        // The one for missing addresses has no address.
        let all = ["<link rel=\"canonical\" href=\"https://trust", "og:title\" content=\"", "og:url", "og:site_name"];
        assert!(all.iter().all(|part| has(part) == (*name != "404")), "{name}");
        assert!(has("<meta name=\"description\"") == has("<meta property=\"og:description\""), "{name}");
        assert!(!has("og:title\" content=\"\"") && has("type=\"application/atom+xml\""), "{name}");
    }
    let quiet = PublicSite { feeds: false, ..public };
    for (name, page) in &pages(&Theme::built_in(), &site, &quiet)[..14] {
        assert!(!page.contains("atom+xml"), "{name}");
    }
}

#[test]
fn pages_of_real_data_carry_no_banner() {
    let site = InternalSite { demonstration: false, ..sample::site() };
    let public = PublicSite { demonstration: false, ..sample::public_site() };
    for (name, page) in pages(&Theme::built_in(), &site, &public) {
        assert!(!page.contains("Demonstration"), "{name}");
    }
}

#[test]
fn text_is_escaped_and_never_a_template() {
    let theme = Theme::built_in();
    let site = InternalSite { name: hostile(), organisation: hostile(), ..sample::site() };
    let nav = vec![PublicLink { label: hostile(), href: "policies/".to_owned() }];
    let public = PublicSite { name: hostile(), organisation: hostile(), nav, ..sample::public_site() };
    let mut all = pages(&theme, &site, &public);
    let mut register: RegisterPage = sample::register();
    register.rows[0].title = hostile();
    let change = ChangePage { title: hostile(), state: hostile(), path: hostile(), ..sample::change() };
    let policy = PublicPolicy { title: hostile(), summary: Some(hostile()), ..sample::policy() };
    let page = PublicPage { title: hostile(), summary: Some(hostile()), ..sample::page() };
    all.push(("row", theme.render_register(&site, &register).expect("renders")));
    all.push(("title", theme.render_change(&site, &change).expect("renders")));
    all.push(("policy", theme.render_policy(&public, &policy).expect("renders")));
    all.push(("page", theme.render_page(&public, &page).expect("renders")));
    for (name, page) in all {
        assert!(!page.contains("<script>"), "{name}");
        assert!(page.contains("&lt;script&gt;"), "{name}");
        assert!(page.contains("{{ 7 * 7 }}"), "{name}");
    }
}

#[test]
fn escaping_is_what_the_engine_does_but_for_forbidden_characters() {
    let written = |text: &str| {
        let mut out = Vec::new();
        super::escape(text, &mut out).expect("memory takes everything");
        String::from_utf8(out).expect("escaping keeps text text")
    };
    for code in 0..0x250 {
        let Some(c) = char::from_u32(code) else { continue };
        let text = format!("a{c}b{c}");
        let mut engine = Vec::new();
        let shown = if c.is_control() && !matches!(c, '\n' | '\t') { '\u{fffd}' } else { c };
        tera::escape_html(&text.replace(c, &shown.to_string()), &mut engine).expect("memory takes everything");
        assert_eq!(written(&text).as_bytes(), engine, "{code:x}");
    }
    assert_eq!(written("<a href=\"é\">אב</a>\u{85}"), "&lt;a href=&quot;é&quot;&gt;אב&lt;/a&gt;\u{fffd}");
}

#[test]
fn clauses_are_snippets() {
    let theme = Theme::built_in();
    let public = theme.render_public_clause(&sample::public_clause()).expect("renders").0;
    assert!(public.starts_with("<details class=\"v\" name=\"v\"><summary>"));
    assert!(public.ends_with("</details>"));
    assert!(public.contains("<b>Checked</b> on every emergency change"));
    let internal = theme.render_clause(&sample::internal_clause()).expect("renders").0;
    assert!(internal.contains("8 pass, 1 fail"));
    assert!(internal.contains("<b class=\"m fail\">fail</b>"));
}

#[test]
fn cards_stand_in_the_section_that_speaks_of_types() {
    let theme = Theme::built_in();
    let page = theme.render_policy(&sample::public_site(), &sample::policy()).expect("renders");
    let order = ["id=\"change-types\"", "Exactly one.", "class=\"types\"", "<h3 id=\"standard\">"];
    let places: Vec<_> =
        order.iter().map(|part| page.find(part).unwrap_or_else(|| panic!("{part} is missing"))).collect();
    assert!(places.windows(2).all(|pair| pair[0] < pair[1]) || places[0] < places[1], "{places:?}");
    let unnamed = PublicPolicy { types_after: None, ..sample::policy() };
    let page = theme.render_policy(&sample::public_site(), &unnamed).expect("renders");
    assert!(page.contains("Change types at a glance"));
    assert!(page.find("at a glance") > page.find("Intro."));
}

#[test]
fn a_site_of_policies_alone_renders() {
    let home = PublicHome { title: "Trust".to_owned(), policies: sample::policies().policies, ..PublicHome::default() };
    let page = Theme::built_in().render_home(&sample::public_site(), &home).expect("renders");
    assert!(page.contains("Our policies") && !page.contains("class=\"text\""));
    let none = Theme::built_in().render_policies(&sample::public_site(), &PublicPolicies::default());
    assert!(none.expect("renders").contains("No policy has been published yet."));
}

#[test]
fn overrides_shadow_by_path() {
    let theme = theme(&[
        ("templates/public/404.html", "gone from {{ site.name }}"),
        ("templates/partial.html", "a part of one's own"),
        ("static/ledger.css", "body { color: teal }"),
        ("static/logo.svg", "<svg/>"),
        ("readme.txt", "what this is"),
    ])
    .expect("a sound theme");
    let page = theme.render_not_found(&PublicSite { name: hostile(), ..sample::public_site() }).expect("renders");
    assert!(page.starts_with("gone from &lt;script&gt;"));
    let css = theme.public_assets().find(|asset| asset.name == "ledger.css").expect("there is one");
    assert_eq!(&*css.bytes, b"body { color: teal }");
    let built_in = Theme::built_in();
    assert!(built_in.public_assets().all(|asset| asset.path != css.path), "another style has another name");
    assert!(theme.public_assets().any(|asset| asset.path == "assets/logo.svg"));
    assert!(!theme.public_assets().any(|asset| asset.name == "register.js"));
    assert!(theme.internal_assets().any(|asset| asset.name == "register.js"));
    let unused: Vec<&str> = theme.unused_overrides().iter().map(|u| u.path.as_str()).collect();
    assert_eq!(unused, ["templates/partial.html", "static/logo.svg", "readme.txt"]);
    let home = theme.render_home(&sample::public_site(), &sample::home()).expect("renders");
    assert!(home.contains(&css.path));
}

#[test]
fn escaping_does_not_go_by_name() {
    let theme = theme(&[
        ("templates/public/404.html", "{% include \"plain.txt\" %}"),
        ("templates/plain.txt", "{{ site.name }}"),
    ]);
    let site = PublicSite { name: hostile(), ..sample::public_site() };
    let page = theme.expect("a sound theme").render_not_found(&site).expect("renders");
    assert!(page.starts_with("&lt;script&gt;"), "{page}");
}

#[test]
fn broken_overrides_are_all_located() {
    let errors = theme(&[
        ("templates/public/404.html", "<p>\n  {{ site.name\n</p>"),
        ("templates/public/home.html", "{% for x in %}"),
    ])
    .err()
    .expect("both are broken");
    let places: Vec<_> = errors.iter().map(|e| (e.template.as_str(), e.line)).collect();
    assert_eq!(places, [("public/404.html", 3), ("public/home.html", 1)]);
    let missing = theme(&[("templates/public/404.html", "\n{{ site.name | sparkle }}")]).err().expect("no such filter");
    assert_eq!((missing[0].template.as_str(), missing[0].line), ("public/404.html", 2), "{missing:?}");
    let parent = theme(&[("templates/public/404.html", "{% extends \"nothing.html\" %}")]).err().expect("no parent");
    assert_eq!(parent[0].template, "public/404.html");
    let bytes =
        Theme::with_overrides(&[("templates/public/404.html".to_owned(), b"a\nb\xff".to_vec())], &Languages::default());
    let bytes = bytes.err().expect("not text");
    assert_eq!((bytes[0].line, bytes[0].column), (2, 2));
}

#[test]
fn undefined_is_an_error_with_its_place() {
    let theme = theme(&[("templates/public/404.html", "<p>\n<b>{{ site.nmae }}</b>")]).expect("sound until rendered");
    let error = theme.render_not_found(&sample::public_site()).expect_err("no such field");
    assert_eq!((error.template.as_str(), error.line, error.column), ("public/404.html", 2, 12), "{error}");
    assert!(error.to_string().starts_with("templates/public/404.html:2:12: "), "{error}");
}

#[test]
fn neither_environment_nor_files_are_within_reach() {
    for text in [
        "{{ get_env(name=\"PATH\") }}",
        "{{ now() }}",
        "{{ get_random(start=0, end=9) }}",
        "{% include \"../../Cargo.toml\" %}",
    ] {
        assert!(theme(&[("templates/public/404.html", text)]).is_err(), "{text}");
    }
}

#[test]
fn recursion_is_an_error_not_an_abort() {
    let chain: Vec<(String, Vec<u8>)> = (0..63)
        .map(|n| {
            let next =
                if n == 62 { "{{ <again /> }}".to_owned() } else { format!("{{% include \"c{}.html\" %}}", n + 1) };
            (format!("templates/c{n}.html"), next.into_bytes())
        })
        .chain([(
            "templates/public/404.html".to_owned(),
            b"{% component again() %}{% include \"c0.html\" %}{% endcomponent again %}{{ <again /> }}".to_vec(),
        )])
        .collect();
    let outcome = Theme::with_overrides(&chain, &Languages::default())
        .map(|theme| theme.render_not_found(&sample::public_site()));
    assert!(!matches!(outcome, Ok(Ok(_))), "it ends in an error, at load or at render");
    let own = "{% component again() %}{{ <again /> }}{% endcomponent again %}{{ <again /> }}";
    let theme = theme(&[("templates/public/404.html", own)]).expect("sound until rendered");
    theme.render_not_found(&sample::public_site()).expect_err("it never ends");
}

#[test]
fn loops_without_end_are_errors() {
    let text = "{% for a in range(end=999999) %}{% for b in range(end=999999) %}x{% endfor %}{% endfor %}";
    let theme_of_loops = theme(&[("templates/public/404.html", text)]).expect("sound until rendered");
    theme_of_loops.render_not_found(&sample::public_site()).expect_err("too many turns");
    let many = (0..300).map(|n| (format!("templates/{n}.html"), Vec::new())).collect::<Vec<_>>();
    assert!(Theme::with_overrides(&many, &Languages::default()).is_err());
}

#[test]
fn links_find_the_root() {
    assert_eq!(root_of("policies/five-stage/"), "../../");
    assert_eq!(root_of("policies/x/index.html"), "../../");
    assert_eq!(root_of("index.html"), "./");
    assert_eq!(at("policies/", "../"), "../policies/");
    assert_eq!(at(".", "../"), "../");
    assert_eq!(at("#x", "../"), "#x");
    assert_eq!(at("mailto:a@b.example", "../"), "mailto:a@b.example");
    assert_eq!(at("a/b:c", "../"), "../a/b:c");
}

#[test]
fn labels_of_a_timeline_never_touch() {
    let page = Theme::built_in().render_emergency(&sample::site(), &sample::emergency()).expect("renders");
    for strip in page.split("<svg ").skip(1) {
        let mut rows: Vec<(String, f64, f64)> = Vec::new();
        for text in strip.split("<text ").skip(1) {
            let number = |name: &str| {
                let rest =
                    text.split_once(&format!(" {name}=\"")).map(|(_, rest)| rest).expect("every text has a place");
                rest.split('"').next().and_then(|n| n.parse::<f64>().ok()).expect("places are numbers")
            };
            let words = text.split_once('>').map(|(_, rest)| rest.split("</text>").next().unwrap_or_default());
            let words = words.expect("a text has words").replace("<tspan class=\"clock\">", "").replace("</tspan>", "");
            let (x, y) = (number("x"), number("y"));
            let end = x + f64::from(u32::try_from(words.chars().count()).expect("short")) * 7.0;
            assert!(end < 841.0, "{words} runs out of the drawing");
            for (other, from, to) in &rows {
                let (label, level) = other.split_once('@').expect("written below");
                let near = (level.parse::<f64>().expect("written below") - y).abs() < 14.0;
                assert!(!near || end < *from || x > *to, "{words} touches {label}");
            }
            rows.push((format!("{words}@{y}"), x, end));
        }
        assert!(!rows.is_empty());
    }
}
