//! The theme "ledger" as it is built into the program. Each file is named once, here. Knows nothing of engines or
//! pages.

/// A file of the theme that is not a template.
pub(super) struct Static {
    /// Its path below `static/`.
    pub(super) path: &'static str,
    /// What is in it.
    pub(super) bytes: &'static [u8],
    /// Whether public pages have no use for it.
    pub(super) internal: bool,
}

macro_rules! templates {
    ($($path:literal),* $(,)?) => {
        /// Every template: its path below `templates/`, and its text.
        pub(super) const TEMPLATES: &[(&str, &str)] =
            &[$(($path, include_str!(concat!("../../themes/ledger/templates/", $path)))),*];
    };
}

templates![
    "parts.html",
    "public/base.html",
    "public/home.html",
    "public/policies.html",
    "public/policy.html",
    "public/redline.html",
    "public/page.html",
    "public/list.html",
    "public/controls.html",
    "public/subprocessors.html",
    "public/certifications.html",
    "public/faq.html",
    "public/updates.html",
    "public/contact.html",
    "public/404.html",
    "public/moved.html",
    "public/search.html",
    "public/clause.html",
    "internal/base.html",
    "internal/overview.html",
    "internal/register.html",
    "internal/change.html",
    "internal/report.html",
    "internal/closing.html",
    "internal/workpaper.html",
    "internal/records.html",
    "internal/emergencies.html",
    "internal/emergency.html",
    "internal/timeline.html",
    "internal/due.html",
    "internal/waivers.html",
    "internal/coverage.html",
    "internal/policies.html",
    "internal/policy.html",
    "internal/redline.html",
    "internal/clause.html",
    "internal/reference.html",
    "internal/reference_page.html",
    "internal/codes.html",
];

macro_rules! statics {
    ($($path:literal for $who:ident),* $(,)?) => {
        /// Every other file.
        pub(super) const STATICS: &[Static] = &[$(Static {
            path: $path,
            bytes: include_bytes!(concat!("../../themes/ledger/static/", $path)),
            internal: statics!(@internal $who),
        }),*];
    };
    (@internal both) => { false };
    (@internal insiders) => { true };
}

statics![
    "ledger.css" for both,
    "icon.svg" for both,
    "fonts/inter.woff2" for both,
    "fonts/inter.OFL.txt" for both,
    "fonts/source-serif-4.woff2" for both,
    "fonts/source-serif-4-italic.woff2" for both,
    "fonts/source-serif-4.OFL.txt" for both,
    "search.js" for both,
    "moved.js" for both,
    "register.js" for insiders,
];
