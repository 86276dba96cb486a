//! `tickmark import`: exports become change records below `changes/`, all of them or none; what a person wrote stays.

mod read;
mod report;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::Status;
use super::arguments::{Common, Import, ImportOptions};
use super::new::policy_of;
use super::session::Session;
use super::terminal::Terminal;
use crate::decode::{self, Mapping, Pair};
use crate::diag::human::Human;
use crate::diag::{Level, Sink, suggest};
use crate::error::{Error, Result};
use crate::import::{self, Drafted, Record, Settled, Source, There, Wanted};
use crate::model::Policy;
use crate::repo;
use crate::schema::{self, Of};
use crate::source::{FileId, SourceSet, normalised};
use crate::write::{self, Original, Piece};
use read::Material;

/// A record, where it goes, and what is to be done there.
struct Planned<'d> {
    record: &'d Record,
    path: String,
    text: String,
    /// What stands there.
    original: Option<Original>,
    outcome: Outcome,
}

/// What is to be done about a record.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Outcome {
    New,
    Replace,
    Unchanged,
    Kept(Vec<String>),
}

pub(super) fn run(common: &Common, options: &Import, terminal: &Terminal) -> Result<Status> {
    let (source, from, options) = options.what.parts();
    let mut session = Session::open(common, false)?;
    let root = session.root.clone();
    let site = session.load(terminal)?;
    let Material { sources, exports, mapping: mapping_file, line } =
        read::read(from, options, &site.ledger.configuration)?;
    let policy = policy_of(&site.ledger, options.policy.as_deref())?;
    check_type(policy, options)?;
    let mut sink = Sink::new();
    let mapping = mapping(source, mapping_file, &sources, policy, options, &mut sink)?;
    let zone = options.time_zone.as_deref().map(zone).transpose()?;
    let wanted = Wanted {
        source,
        sources: &sources,
        exports: &exports,
        line: line.as_ref().map(|(name, line)| (name.as_str(), line)),
        policy,
        production: &site.ledger.configuration.production,
        usual_type: options.usual_type.as_deref(),
        mapping: &mapping,
        people: &site.ledger.people,
        zone: zone.as_ref(),
        prefix: options.prefix.as_deref(),
    };
    refuse(&sources, std::mem::take(&mut sink), terminal)?;
    let drafted = import::draft(&wanted, &mut sink);
    refuse(&sources, sink, terminal)?;
    let planned = plan(&root, site.sources, &drafted, source, folder(options)?.as_str())?;
    if !options.dry_run {
        write_all(&root, &planned)?;
    }
    report::report(
        &report::Told { source, policy, sources: &sources, drafted: &drafted, planned: &planned, options },
        terminal,
    )?;
    Ok(Status::Clean)
}

fn zone(name: &str) -> Result<jiff::tz::TimeZone> {
    decode::zone_named(name).ok_or_else(|| {
        Error::refused(
            format!("`--time-zone {name}` is no time zone"),
            "write `UTC`, a name such as `Australia/Brisbane`, or an offset such as `+10:00`",
        )
    })
}

fn check_type(policy: &Policy, options: &ImportOptions) -> Result<()> {
    let Some(word) = &options.usual_type else { return Ok(()) };
    let version = policy.newest();
    if version.change_type(word).is_some() {
        return Ok(());
    }
    let types = version.types.iter().map(|t| t.id.as_str());
    Err(Error::refused(format!("policy `{}` has no change type `{word}`", policy.id), suggest::help(word, types)))
}

/// What stands for what: the mapping file, and the words of the command line before it.
fn mapping(
    source: Source,
    file: Option<FileId>,
    sources: &SourceSet,
    policy: &Policy,
    options: &ImportOptions,
    sink: &mut Sink,
) -> Result<Mapping> {
    if source == Source::Csv && file.is_none() {
        return Err(Error::refused(
            "nothing says what the columns of this table hold",
            "write a mapping file, as in `fields: {id: Number, title: Summary}`, and name it with `--mapping FILE`",
        ));
    }
    let mut mapping =
        file.map_or_else(Mapping::default, |file| decode::decode_mapping(file, sources.file(file).text(), sink));
    for text in options.map.iter().rev() {
        let parts = text.split_once(':').and_then(|(field, rest)| Some((field, rest.rsplit_once('=')?)));
        let Some((field, (theirs, ours))) = parts else {
            return Err(Error::refused(
                format!("`--map {text}` does not say which word stands for which"),
                "write a field, a colon, their word, `=` and ours, as in `--map type:hotfix=emergency`",
            ));
        };
        decode::record_field(field)
            .map_err(|help| Error::refused(format!("`--map {text}`: a record has no field `{field}`"), help))?;
        let pair = Pair { field: field.to_owned(), theirs: theirs.to_owned(), text: ours.to_owned(), at: None };
        mapping.words.insert(0, pair);
    }
    if source == Source::Csv && sink.is_empty() && mapping.fields.iter().all(|pair| pair.field != "id") {
        return Err(Error::refused(
            "the mapping file does not say which column holds the id",
            "add it, as in `fields: {id: Number}`",
        ));
    }
    match import::check_mapping(&mapping, policy, sink) {
        Some(what) => Err(Error::refused(format!("`--map`: {what}"), "")),
        None => Ok(mapping),
    }
}

/// Shows what keeps the import back, and ends it.
fn refuse(sources: &SourceSet, sink: Sink, terminal: &Terminal) -> Result<()> {
    let findings = sink.into_sorted();
    let human = Human::new(sources, terminal.colour_of_messages(), terminal.width());
    findings.iter().for_each(|finding| terminal.always(&human.draw(finding)));
    if findings.iter().any(|finding| finding.level == Level::Error) {
        return Err(Error::refused("nothing was imported", ""));
    }
    Ok(())
}

/// The folder for new records, below `changes`.
fn folder(options: &ImportOptions) -> Result<String> {
    let Some(asked) = &options.output else { return Ok("changes".to_owned()) };
    let inside = asked.trim_matches('/');
    let inside = inside.strip_prefix("changes/").unwrap_or(inside);
    let path =
        if inside.is_empty() || inside == "changes" { "changes".to_owned() } else { format!("changes/{inside}") };
    match write::path_problem(&path).or_else(|| asked.starts_with('/').then_some("is absolute")) {
        None => Ok(path),
        Some(why) => Err(Error::refused(
            format!("`--output {asked}` {why}"),
            "name a folder below changes/, as in `--output gateway`",
        )),
    }
}

/// What is to be done about each record.
fn plan<'d>(
    root: &Path,
    site: &SourceSet,
    drafted: &'d Drafted,
    source: Source,
    folder: &str,
) -> Result<Vec<Planned<'d>>> {
    let there = records(site, drafted);
    let mut planned = Vec::with_capacity(drafted.records.len());
    for record in &drafted.records {
        let known = there.get(&record.id.to_ascii_lowercase());
        let year = record.year.as_deref().map(|year| format!("/{year}")).unwrap_or_default();
        let path = known.map_or_else(|| format!("{folder}{year}/{}.yaml", record.id), |(path, _)| path.clone());
        if repo::role(&path) != Some(repo::Role::Record) {
            return Err(Error::refused(
                format!("no record is ever read from `{path}`"),
                "import to another folder with `--output`, or give ids another beginning with `--prefix`; nothing was imported",
            ));
        }
        let editors = schema::line(Of::Change, path.matches('/').count());
        let text = import::whole(&editors, source.name(), record);
        let (original, outcome) = match known {
            None => (None, Outcome::New),
            Some((_, id)) => {
                let original = Original::read(&root.join(&path))?;
                let old = normalised(original.bytes().to_vec()).unwrap_or_default();
                let outcome = match import::settle(There { text: &old, id }, &text) {
                    Settled::Unchanged => Outcome::Unchanged,
                    Settled::Replace => Outcome::Replace,
                    Settled::Kept(fields) => Outcome::Kept(fields),
                };
                (Some(original), outcome)
            }
        };
        if outcome == Outcome::New && site.by_path(&path).is_some() {
            return Err(Error::refused(
                format!("`{path}` is there already, and holds another record than `{}`", record.id),
                "move it, or import to another folder with `--output`; nothing was imported",
            ));
        }
        planned.push(Planned { record, path, text, original, outcome });
    }
    Ok(planned)
}

/// The file and the id, as it is written there, of each record of the site that has the id of a drafted one.
fn records(site: &SourceSet, drafted: &Drafted) -> BTreeMap<String, (String, String)> {
    let wanted: BTreeSet<String> = drafted.records.iter().map(|r| r.id.to_ascii_lowercase()).collect();
    let mut found = BTreeMap::new();
    for (file, source) in site.iter().filter(|(_, source)| source.path().starts_with("changes/")) {
        for record in decode::decode_records(file, source.text(), &mut Sink::new()) {
            let Some(id) = record.id.get() else { continue };
            let key = id.as_str().to_ascii_lowercase();
            if wanted.contains(&key) {
                found.entry(key).or_insert_with(|| (source.path().to_owned(), id.to_string()));
            }
        }
    }
    found
}

/// Writes what is to be written, and the schema that editors complete from where the site has none.
fn write_all(root: &Path, planned: &[Planned<'_>]) -> Result<()> {
    let written = |p: &&Planned<'_>| matches!(p.outcome, Outcome::New | Outcome::Replace);
    let piece = |p: &'_ Planned<'_>| (p.path.clone(), p.text.clone());
    let texts: Vec<(String, String)> = planned.iter().filter(written).map(piece).collect();
    if texts.is_empty() {
        return Ok(());
    }
    let originals = planned.iter().filter(written).map(|p| p.original.as_ref());
    let pieces: Vec<Piece<'_>> =
        texts.iter().zip(originals).map(|((path, text), over)| Piece { path, text, over }).collect();
    write::write_all(root, &pieces)?;
    // One that is there is left alone, whoever wrote it.
    let _ = write::new_file(root, &Of::Change.path(), &schema::schema(Of::Change, None));
    Ok(())
}
