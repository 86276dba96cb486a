//! tickmark.yaml: the one document a site cannot do without.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};

use super::codes;
use super::front::CalendarFront;
use super::reader::{Reader, shown, unknown_word};
use super::table::{Document, FieldDef, Kind, Shape, read_document, row};
use super::tables::document;
use crate::diag::{Code, Diagnostic, Level, Sink, suggest};
use crate::model::{
    Calendar, Configuration, Field, Hours, Id, Ledger, LevelSetting, Named, Prose, RepositorySettings, Spanned,
    Weekdays, Word,
};
use crate::source::{FileId, Location, Span};
use crate::yaml::{self, Node, Value};

const SHARE: Kind = Kind::Form(r"^([0-9]{1,2}(\.[0-9]+)?|100(\.0+)?) *%$", "95%");
const BASE_URL: Kind = Kind::Form(r#"^https?://[^/\s"'<>?#\\]+(/[^\s"'<>?#\\]*)?$"#, "https://trust.example.com/");
const LANGUAGE: Kind = Kind::Form(r"^[A-Za-z][A-Za-z0-9]{0,7}(-[A-Za-z0-9]{1,8})*$", "en-GB");
/// What a code may be set to.
const LEVELS: &[&str] = &["error", "warning", "note", "off"];

macro_rules! site_document {
    ($type:ident, $name:literal, { $($key:literal => $field:ident: $type_:ty $(= $kind:expr)? $(, $flag:ident)*; $fdoc:literal),+ $(,)? }) => {
        #[derive(Debug, Default)]
        struct $type {
            $($field: Field<$type_>,)+
            span: Span,
        }
        document!($type, $name, [$($key => $field: $type_ $(= $kind)? $(, $flag)*; $fdoc),+]);
    };
}

site_document!(SiteFile, "tickmark.yaml", {
    "site" => site: Box<SiteDoc>, required; "name, organisation, address, language and contact of the site",
    "calendar" => calendar: Box<CalendarFront> = Kind::Document(calendar_shape), required; "zone, working days, holidays",
    "changes" => changes: Box<ChangesDoc>; "default policy, production environments, history",
    "policies" => policies: Box<PoliciesDoc>; "foreign keys that are nobody's mistake",
    "publish" => publish: Box<PublishDoc>; "which figures are public",
    "targets" => targets: Vec<Named> = Kind::Named(&SHARE); "rule or figure → share, as in `95%`",
    "levels" => levels: Vec<Named> = Kind::Named(&Kind::Words(LEVELS, &[])); "code → error, warning, note or off",
    "repositories" => repositories: Vec<RepositoryDoc>; "what was really deployed",
});

site_document!(SiteDoc, "`site`", {
    "name" => name: Prose, required; "the trust centre's name",
    "organisation" => organisation: Prose, required; "whose it is",
    "base_url" => base_url: Prose = BASE_URL, required; "its address, as in `https://trust.example.com/`",
    "language" => language: Word = LANGUAGE, required; "the language of its pages, as in `en-GB`",
    "contact" => contact: Prose, required; "an address for questions",
    "security_contact" => security_contact: Prose; "an address for vulnerability reports",
    "security_txt_expires" => security_txt_expires: Date; "when security.txt ends",
    "theme" => theme: Id; "the theme; `ledger` where absent",
    "demonstration" => demonstration: bool; "a banner on every page: these are made-up data",
});

site_document!(ChangesDoc, "`changes`", {
    "default_policy" => default_policy: Id; "the policy of records that name none",
    "production" => production: Vec<Spanned<Word>>; "which environments are production",
    "history_from" => history_from: Date; "records requested from this day on are dated by git",
});

site_document!(PoliciesDoc, "`policies`", {
    "ignored_keys" => ignored_keys: Vec<Spanned<Word>>; "foreign front-matter keys that are nobody's mistake",
});

site_document!(PublishDoc, "`publish`", {
    "figures" => figures: bool; "whether aggregate figures are public",
    "smallest_group" => smallest_group: u32; "a public figure over fewer records is withheld",
});

site_document!(RepositoryDoc, "a repository", {
    "path" => path: Prose, required; "where it stands, from the site's folder, as in `../gateway`",
    "branch" => branch: Word; "its production branch; `main` where absent",
    "since" => since: Date; "from which day on what it holds is compared; all of it where absent",
    "deployments" => deployments: Prose; "a deployment log (CSV or JSON lines), from the site's folder",
});

/// The table of the site's own calendar, which cannot do without a zone, as a policy's can.
fn calendar_shape() -> Shape {
    let mut shape = CalendarFront::shape();
    shape.name = "the site's calendar";
    shape.fields.iter_mut().filter(|f| f.name == "time_zone").for_each(|f| f.required = true);
    shape
}

/// The table of tickmark.yaml, for lists of fields.
pub fn site_shape() -> Shape {
    SiteFile::shape()
}

/// The configuration; nothing where it cannot stand, which has been reported. `codes` are all codes there are.
pub fn decode_site(file: FileId, text: &str, all_codes: &[&'static Code], sink: &mut Sink) -> Option<Configuration> {
    let before = sink.iter().filter(|d| d.level == Level::Error).count();
    let documents = yaml::parse(text, 0, file, sink);
    let mut reader = Reader { file, sink, ignored_keys: &[] };
    let empty = Node { span: Span::at(0), value: Value::Null };
    let root = documents.first().map_or(&empty, |d| &d.root);
    let mut doc = SiteFile::blank(root.span);
    read_document(&mut doc, root, &mut reader);
    let configuration = assemble(&doc, all_codes, &mut reader);
    let errors = sink.iter().filter(|d| d.level == Level::Error).count();
    configuration.filter(|_| errors == before)
}

fn assemble(doc: &SiteFile, all_codes: &[&'static Code], reader: &mut Reader<'_>) -> Option<Configuration> {
    let calendar = doc.calendar.get().and_then(|own| site_calendar(own, reader));
    let levels = levels(doc, all_codes, reader);
    let targets = targets(doc, reader);
    let site = doc.site.get()?;
    let base_url = base_url(site, reader);
    let changes = doc.changes.get();
    let publish = doc.publish.get();
    let text = |field: &Field<Prose>| field.get().map(|p| p.as_str().to_owned());
    let production: Vec<String> =
        changes.map(|c| c.production.items().iter().map(|w| w.value.to_string()).collect()).unwrap_or_default();
    Some(Configuration {
        name: required(&site.name)?,
        organisation: required(&site.organisation)?,
        base_url: base_url?,
        language: language(&site.language, reader)?,
        contact: required(&site.contact)?,
        security_contact: text(&site.security_contact),
        security_txt_expires: site.security_txt_expires.get().copied(),
        theme: site.theme.get().cloned().unwrap_or_else(|| Id::new("ledger")),
        demonstration: site.demonstration.get().copied().unwrap_or(false),
        calendar: calendar?,
        default_policy: changes.and_then(|c| c.default_policy.get().cloned()),
        production: if production.is_empty() { vec!["production".into()] } else { production },
        history_from: changes.and_then(|c| c.history_from.get().copied()),
        ignored_keys: doc
            .policies
            .get()
            .map(|p| p.ignored_keys.items().iter().map(|w| w.value.to_string()).collect())
            .unwrap_or_default(),
        figures: publish.and_then(|p| p.figures.get().copied()).unwrap_or(false),
        smallest_group: publish.and_then(|p| p.smallest_group.get().copied()).unwrap_or(5),
        targets,
        levels,
        repositories: repositories(doc, reader.file),
    })
}

/// The repositories that were named. One with a mistake in it keeps the configuration from standing.
fn repositories(doc: &SiteFile, file: FileId) -> Vec<RepositorySettings> {
    let settings = |own: &RepositoryDoc| {
        let path = own.path.get()?.as_str().trim_end_matches('/');
        Some(RepositorySettings {
            path: if path.is_empty() { "/" } else { path }.into(),
            branch: own.branch.get().map_or("main", Word::as_str).into(),
            since: own.since.get().copied(),
            deployments: own.deployments.get().map(|p| p.as_str().into()),
            at: Location { file, span: Span { end: own.span.start + 1, ..own.span } },
        })
    };
    doc.repositories.items().iter().filter_map(settings).collect()
}

fn bad(reader: &mut Reader<'_>, span: Span, headline: String, help: &str) {
    reader.report(Diagnostic::new(&codes::SITE_KEY, reader.file, span, headline).help(help));
}

/// A text that must be there; one that is not has been reported.
fn required(field: &Field<Prose>) -> Option<String> {
    field.get().map(|p| p.as_str().to_owned())
}

fn language(field: &Field<Word>, reader: &mut Reader<'_>) -> Option<String> {
    match field {
        Field::Given(tag, span) => {
            let good = tag
                .as_str()
                .split('-')
                .all(|p| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()));
            if !good || !tag.as_str().as_bytes()[0].is_ascii_alphabetic() {
                bad(reader, *span, format!("`{tag}` is no language tag"), "write it as `en` or `en-GB`");
            }
            Some(tag.to_string())
        }
        _ => None,
    }
}

fn base_url(site: &SiteDoc, reader: &mut Reader<'_>) -> Option<String> {
    let Field::Given(url, span) = &site.base_url else { return required(&site.base_url) };
    let text = url.as_str();
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let host = rest.map_or("", |r| r.split('/').next().unwrap_or_default());
    let clean =
        text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'\'' | b'<' | b'>' | b'?' | b'#' | b'\\'));
    if host.is_empty() || !clean || text.contains("/../") {
        bad(
            reader,
            *span,
            format!("`{}` is no address of a site", shown(text)),
            "write it as `https://trust.example.com/`; it may carry a path",
        );
        return None;
    }
    Some(if text.ends_with('/') { text.to_owned() } else { format!("{text}/") })
}

fn site_calendar(own: &CalendarFront, reader: &mut Reader<'_>) -> Option<Calendar> {
    let mut calendar = Calendar {
        zone: TimeZone::UTC,
        zone_name: "UTC".into(),
        working_days: Weekdays::WORKING,
        working_hours: Hours { start: 9 * 60, end: 17 * 60 },
        holidays: Vec::new(),
        fiscal_year_starts: 1,
    };
    if matches!(own.time_zone, Field::Absent | Field::Blank(_)) {
        let at = own.time_zone.span().unwrap_or(Span::at(own.span.start as usize));
        bad(
            reader,
            at,
            "the calendar has no `time_zone`".into(),
            "add `time_zone: Australia/Brisbane` (a name of the zone database), or a fixed offset such as \"+10:00\"",
        );
        return None;
    }
    apply_calendar(&mut calendar, own, reader);
    Some(calendar)
}

/// Lays the keys of a document over a calendar.
pub(super) fn apply_calendar(calendar: &mut Calendar, own: &CalendarFront, reader: &mut Reader<'_>) {
    if let Field::Given(name, span) = &own.time_zone
        && let Some(zone) = time_zone(name.as_str(), *span, reader)
    {
        calendar.zone = zone;
        calendar.zone_name = name.as_str().into();
    }
    if own.working_days.is_given() {
        calendar.working_days = super::policy::weekdays(&own.working_days);
    }
    if let Some(hours) = own.working_hours.get() {
        calendar.working_hours = *hours;
    }
    if own.holidays.is_given() {
        calendar.holidays = own.holidays.items().iter().map(|d| d.value).collect();
        calendar.holidays.sort_unstable();
        calendar.holidays.dedup();
    }
    if let Field::Given(month, span) = own.fiscal_year_starts {
        if (1..=12).contains(&month) {
            calendar.fiscal_year_starts = month as i8;
        } else {
            bad(reader, span, format!("a fiscal year cannot start in month {month}"), "write a month from 1 to 12");
        }
    }
}

/// A zone by its IANA name or as a fixed offset.
pub(super) fn time_zone(name: &str, span: Span, reader: &mut Reader<'_>) -> Option<TimeZone> {
    if let Some(zone) = zone_named(name) {
        return Some(zone);
    }
    let names: Vec<String> = jiff::tz::db().available().map(|n| n.as_str().to_owned()).collect();
    let help = suggest::nearest(name, names.iter().map(String::as_str)).map_or_else(
        || {
            "write a name of the zone database, as in `Australia/Brisbane`, or a fixed offset such as \"+10:00\""
                .to_owned()
        },
        |near| format!("did you mean `{near}`?"),
    );
    reader.report(
        Diagnostic::new(&codes::SITE_KEY, reader.file, span, format!("`{}` is no time zone", shown(name))).help(help),
    );
    None
}

/// A zone by its IANA name or as a fixed offset, if it is one.
pub fn zone_named(name: &str) -> Option<TimeZone> {
    fixed_offset(name).map(TimeZone::fixed).or_else(|| TimeZone::get(name).ok())
}

fn fixed_offset(name: &str) -> Option<Offset> {
    let sign = match name.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = name[1..].split_once(':')?;
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    if hours > 14 || minutes > 59 {
        return None;
    }
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()
}

fn levels(doc: &SiteFile, all_codes: &[&'static Code], reader: &mut Reader<'_>) -> BTreeMap<String, LevelSetting> {
    let mut map = BTreeMap::new();
    for entry in doc.levels.items() {
        let name = entry.name.as_str();
        let Some(code) = all_codes.iter().find(|c| c.name == name) else {
            reader.report(
                Diagnostic::new(
                    &codes::UNKNOWN_CODE,
                    reader.file,
                    entry.name_span,
                    format!("there is no code `{}`", shown(name)),
                )
                .help(suggest::help(name, all_codes.iter().map(|c| c.name))),
            );
            continue;
        };
        let Field::Given(word, span) = &entry.text else { continue };
        let setting = match word.as_str() {
            "error" => LevelSetting::At(Level::Error),
            "warning" => LevelSetting::At(Level::Warning),
            "note" => LevelSetting::At(Level::Note),
            "off" => LevelSetting::Off,
            other => {
                unknown_word(other, "a level", LEVELS.iter().copied(), *span, reader);
                continue;
            }
        };
        let lowered = setting != LevelSetting::At(Level::Error);
        if code.fixed && lowered {
            reader.report(
                Diagnostic::new(
                    &codes::UNKNOWN_CODE,
                    reader.file,
                    *span,
                    format!("the level of `{name}` may not be lowered"),
                )
                .help("it guards what is published; mend what it finds"),
            );
            continue;
        }
        map.insert(name.to_owned(), setting);
    }
    map
}

/// Targets are set for rules and figures that there are.
pub fn check_targets(ledger: &Ledger, file: FileId, text: &str, sink: &mut Sink) {
    let rules = ledger.policies.iter().flat_map(|p| &p.versions).flat_map(|v| &v.rules).map(|r| r.id.as_str());
    let known: Vec<&str> = rules.chain(Configuration::FIGURES).collect();
    let from = text.find("targets").unwrap_or(0);
    for name in ledger.configuration.targets.keys().filter(|name| !known.contains(&name.as_str())) {
        let at = text[from..].find(name.as_str()).map_or(from, |at| from + at);
        let headline = format!("`{name}` is neither a rule nor a figure");
        let near = suggest::nearest(name, known.iter().copied());
        sink.push(Diagnostic::new(&codes::UNKNOWN_TARGET, file, Span::new(at, at + name.len()), headline).help(
            near.map_or_else(
                || format!("name a rule of a policy, or {}", suggest::list(&Configuration::FIGURES)),
                |near| format!("did you mean `{near}`?"),
            ),
        ));
    }
}

/// Shares in hundredths of a per cent.
fn targets(doc: &SiteFile, reader: &mut Reader<'_>) -> BTreeMap<String, u32> {
    let mut map = BTreeMap::new();
    for entry in doc.targets.items() {
        let Field::Given(text, span) = &entry.text else { continue };
        let share = text
            .as_str()
            .strip_suffix('%')
            .and_then(|n| n.trim().parse::<f64>().ok())
            .filter(|n| (0.0..=100.0).contains(n));
        match share {
            Some(share) => {
                #[allow(clippy::cast_sign_loss)] // between 0 and 100
                map.insert(entry.name.to_string(), (share * 100.0).round() as u32);
            }
            None => bad(reader, *span, format!("`{}` is no share", shown(text.as_str())), "write it as `95%`"),
        }
    }
    map
}
