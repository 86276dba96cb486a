//! Documents made from the tables of their fields, a token in everything that can hold one.
//!
//! A field that is added to a table is in these documents from then on. Only words that must be some word of the policy,
//! and rules, of which each has one check, are named here.

use tickmark::decode::table::{FieldShape, Kind, Shape};

use super::search::Tokens;

/// Instants, days, numbers and hours hold no letters: these are recognised as they are.
pub(super) const YEAR: &str = "2017";
pub(super) const NUMBER: &str = "7919";
pub(super) const HOURS: &str = "03:17-03:19";

/// Words that several documents share, so that they fit together.
#[derive(Clone)]
pub(super) struct Shared {
    pub(super) policy: String,
    pub(super) change_type: String,
    pub(super) kind: String,
    pub(super) impact: String,
    pub(super) procedure: String,
    pub(super) window: String,
    pub(super) clause: String,
    pub(super) rule: String,
    pub(super) record: String,
    pub(super) person: String,
    pub(super) role: String,
    pub(super) title: String,
}

impl Shared {
    pub(super) fn new(tokens: &mut Tokens) -> Self {
        let mut of = |what: &str| tokens.of(format!("the shared {what}"));
        Self {
            policy: of("policy id"),
            change_type: of("change type"),
            kind: of("kind"),
            impact: of("impact"),
            procedure: of("procedure"),
            window: of("window"),
            clause: of("clause"),
            rule: of("rule"),
            record: of("record id"),
            person: of("person"),
            role: of("role"),
            title: of("title that an expression names"),
        }
    }
}

/// Writes documents.
pub(super) struct Writer<'t> {
    pub(super) tokens: &'t mut Tokens,
    pub(super) shared: Shared,
    /// How many scalars were written without a token, by why.
    pub(super) plain: usize,
}

/// What every rule may have; each other field of the table is a check.
const OF_EVERY_RULE: [&str; 10] =
    ["id", "clause", "for", "when", "level", "or_reason", "due", "message", "pass", "fail"];

/// What stands beside an expression only.
const OF_ASSERT: [&str; 3] = ["message", "pass", "fail"];

impl Writer<'_> {
    /// A document of a kind, as YAML lines.
    pub(super) fn document(&mut self, shape: &Shape, indent: usize, path: &str) -> String {
        let mut out = String::new();
        for field in &shape.fields {
            out += &self.field(shape, field, indent, &format!("{path}.{}", field.name));
        }
        out
    }

    fn field(&mut self, shape: &Shape, field: &FieldShape, indent: usize, path: &str) -> String {
        let pad = " ".repeat(indent);
        let comment = self.tokens.of(format!("{path}, a comment"));
        let expression = (shape.name == "a rule").then(|| self.expression(field.name, path)).flatten();
        let value = match expression.or_else(|| self.fixed(shape.name, field.name)) {
            Some(value) => format!(" {value}\n"),
            None if (shape.name, field.name) == ("`changes`", "rules") => self.rules(field, indent + 2, path),
            None => self.value(field.kind, indent + 2, path),
        };
        format!("{pad}# {comment}\n{pad}{}:{value}", field.name)
    }

    /// Expressions, and an example that fails: the title is the one it must not have.
    fn expression(&mut self, field: &str, path: &str) -> Option<String> {
        Some(match field {
            "when" => format!("\"change.title != '{} <b>&amp;</b> {{{{ 7*7 }}}}'\"", self.tokens.of(path)),
            "assert" => format!("\"change.title != '{}'\"", self.shared.title),
            "message" => format!("\"{} <b>&amp;</b> {{{{ change.title }}}}\"", self.tokens.of(path)),
            "fail" => format!("[{{title: {}}}]", self.shared.title),
            _ => return None,
        })
    }

    /// Words that others must know.
    fn fixed(&self, document: &str, field: &str) -> Option<String> {
        let s = &self.shared;
        Some(match (document, field) {
            ("a change record", "id") => s.record.clone(),
            ("a policy", "id") | ("a change record" | "a waiver", "policy") => s.policy.clone(),
            ("a change record", "type") => s.change_type.clone(),
            ("a rule", "for") | ("a waiver's scope", "type") | ("a freeze", "except") => format!("[{}]", s.change_type),
            ("a change record", "kind") | ("`changes`", "kinds") => format!("[{}]", s.kind),
            ("a change record", "impact") | ("`changes`", "impacts") => format!("[{}]", s.impact),
            ("a change record", "procedure") => s.procedure.clone(),
            ("a change record" | "a waiver", "author" | "requested_by" | "approved_by") | ("a person", "id") => {
                s.person.clone()
            }
            ("a waiver", "rule") => s.rule.clone(),
            ("a waiver", "changes") => format!("[{}]", s.record),
            ("a role", "role") => s.role.clone(),
            ("a rule", "clause") => s.clause.clone(),
            ("a rule", "window") => s.window.clone(),
            ("a rule", "level") => "warning".to_owned(),
            ("a rule", "fields") => "[description]".to_owned(),
            ("an unchanged check", "only") => "[description]".to_owned(),
            // Either some fields or all but some.
            ("an unchanged check", "except") => String::new(),
            ("a rule", "due") => "closed".to_owned(),
            ("a rule", "order") => "[requested, approved]".to_owned(),
            ("a deployment check", "by") => "person".to_owned(),
            ("a window", "holidays") => "open".to_owned(),
            ("a window" | "a calendar", "time_zone") => "\"+11:13\"".to_owned(),
            ("a calendar", "fiscal_year_starts") => "7".to_owned(),
            ("a policy", "classification") => "confidential".to_owned(),
            ("a deadline", "of") => "deployed".to_owned(),
            ("a deadline", "after") => "requested".to_owned(),
            // Either an end or a start.
            ("a deadline", "at_least" | "before") => String::new(),
            _ => return None,
        })
    }

    /// One rule for each check there is.
    fn rules(&mut self, field: &FieldShape, indent: usize, path: &str) -> String {
        let Kind::Documents(shape) = field.kind else { panic!("rules are a list of documents") };
        let shape = shape();
        let pad = " ".repeat(indent);
        let mut out = String::from("\n");
        for (number, check) in shape.fields.iter().filter(|f| !OF_EVERY_RULE.contains(&f.name)).enumerate() {
            let path = format!("{path}.{}", check.name);
            let id =
                if number == 0 { self.shared.rule.clone() } else { self.tokens.of(format!("{path}, the rule's id")) };
            out += &format!("{pad}- id: {id}\n");
            let beside = |f: &&FieldShape| check.name == "assert" || !OF_ASSERT.contains(&f.name);
            for common in shape.fields.iter().filter(|f| OF_EVERY_RULE[1..].contains(&f.name)).filter(beside) {
                out += &self.field(&shape, common, indent + 2, &format!("{path}, rule.{}", common.name));
            }
            out += &self.field(&shape, check, indent + 2, &path);
        }
        out
    }

    /// What stands behind a key.
    fn value(&mut self, kind: Kind, indent: usize, path: &str) -> String {
        let pad = " ".repeat(indent);
        match kind {
            Kind::Document(shape) => format!("\n{}", self.document(&shape(), indent, path)),
            Kind::Documents(shape) | Kind::OneOrMany(shape) | Kind::Parts(shape) => {
                let item = |n: usize| format!("{path}[{n}]");
                let first = self.document(&shape(), indent + 2, &item(0));
                let second = self.document(&shape(), indent + 2, &item(1));
                format!("\n{pad}-\n{first}{pad}-\n{second}")
            }
            Kind::Keyed(words, under) => {
                let entry = |word: &&str| format!("{pad}{word}: {}\n", self.scalar(*under, path));
                format!("\n{}", words[..2].iter().map(entry).collect::<String>())
            }
            Kind::Named(under) => {
                let names = match path.rsplit('.').next() {
                    Some("types") => [self.shared.change_type.clone(), self.tokens.of(format!("{path}, a key"))],
                    Some("procedures") => [self.shared.procedure.clone(), self.tokens.of(format!("{path}, a key"))],
                    Some("windows") => [self.shared.window.clone(), self.tokens.of(format!("{path}, a key"))],
                    _ => [self.tokens.of(format!("{path}, a key")), self.tokens.of(format!("{path}, another key"))],
                };
                let mut out = String::from("\n");
                for name in names {
                    let value = self.value(*under, indent + 2, &format!("{path}.KEY"));
                    out += &format!("{pad}{name}:{value}");
                }
                out
            }
            Kind::List(Kind::Either(_)) => {
                let mut token = |what: &str| self.tokens.of(format!("{path}, {what}"));
                let (framework, control, policy, section) =
                    (token("the framework"), token("the control"), token("the policy"), token("the section"));
                format!(" [\"{framework}:{control}\", {{policy: {policy}, section: {section}}}]\n")
            }
            Kind::List(item) => {
                let first = self.scalar(*item, &format!("{path}[0]"));
                let second = self.scalar(*item, &format!("{path}[1]"));
                format!("\n{pad}- {first}\n{pad}- {second}\n")
            }
            Kind::Free => {
                let mut token = |what: &str| self.tokens.of(format!("{path}, {what}"));
                format!(
                    " {{{}: [{}, {{{}: {}}}]}}\n",
                    token("a key"),
                    token("an item"),
                    token("a key within"),
                    token("a value")
                )
            }
            scalar => format!(" {}\n", self.scalar(scalar, path)),
        }
    }

    fn scalar(&mut self, kind: Kind, path: &str) -> String {
        match kind {
            Kind::Form(..) if path.contains("aliases") => format!("/{}/x/", self.tokens.of(path)),
            Kind::Prose => format!("\"{} <b>&amp;</b> 'and' {{{{ 7*7 }}}}\"", self.tokens.of(path)),
            Kind::Id | Kind::Word | Kind::Usual(..) | Kind::Person | Kind::Role => self.tokens.of(path),
            Kind::Link => format!("https://{}.example/{}?q=1", self.tokens.of(path), self.tokens.of(path)),
            other => {
                self.plain += 1;
                match other {
                    Kind::Time => format!("{YEAR}-08-03T09:12:00Z"),
                    Kind::Day | Kind::DayOrMonth => format!("{YEAR}-08-03"),
                    Kind::Duration => format!("{NUMBER} minutes"),
                    Kind::Hours => HOURS.to_owned(),
                    Kind::Count | Kind::Between(..) => NUMBER.to_owned(),
                    Kind::Bool => "true".to_owned(),
                    Kind::Words(words, _) => words[0].to_owned(),
                    _ => panic!("{path}: a list holds scalars"),
                }
            }
        }
    }
}
