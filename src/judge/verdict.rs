//! What judging comes to: verdicts, rulings and their explanations.

use jiff::Timestamp;

use crate::diag::Code;
use crate::source::Span;

/// What is to be said of a rule and a record (FORMATS.md, section 7). The order is from worst to best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Broken.
    Fail,
    /// Nobody can say.
    Unknown,
    /// Not due yet.
    Pending,
    /// Broken, with an approved exception.
    Waived,
    /// Kept, and shown to be.
    Pass,
    /// It asks nothing of this record.
    NotApplicable,
}

impl Verdict {
    /// All verdicts, in the order of summaries.
    pub const ALL: [Self; 6] =
        [Self::Pass, Self::Fail, Self::Pending, Self::Unknown, Self::Waived, Self::NotApplicable];

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Pending => "pending",
            Self::Unknown => "unknown",
            Self::Waived => "waived",
            Self::NotApplicable => "not-applicable",
        }
    }
}

/// What one check finds about one record.
#[derive(Clone, Copy, Debug)]
pub struct Ruling {
    /// The verdict.
    pub verdict: Verdict,
    /// The kind of deviation; nothing where there is none.
    pub code: Option<&'static Code>,
    /// The instant it falls or fell due, where that is known.
    pub due: Option<Timestamp>,
}

impl Ruling {
    /// A ruling without a deviation.
    pub(crate) fn of(verdict: Verdict, due: Option<Timestamp>) -> Self {
        Self { verdict, code: None, due }
    }

    /// A broken rule.
    pub(crate) fn fail(code: &'static Code, due: Option<Timestamp>) -> Self {
        Self { verdict: Verdict::Fail, code: Some(code), due }
    }

    /// Nobody can say.
    pub(crate) fn unknown(code: &'static Code, due: Option<Timestamp>) -> Self {
        Self { verdict: Verdict::Unknown, code: Some(code), due }
    }
}

/// A rule and what it came to for one record.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// The rule's number in its policy version.
    pub rule: u16,
    /// The verdict, waivers considered.
    pub verdict: Verdict,
    /// The kind of deviation.
    pub code: Option<&'static Code>,
    /// When it falls or fell due.
    pub due: Option<Timestamp>,
    /// The waiver that lifts it: its number in the ledger.
    pub waiver: Option<u32>,
    /// Why; there for everything but passes, and for passes where it was asked for.
    pub why: Option<Box<Explanation>>,
}

/// A fact a check read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it is, as in "deployed".
    pub label: String,
    /// What it says.
    pub value: String,
    /// Where it stands in the record.
    pub span: Option<Span>,
}

/// Why a ruling is what it is.
#[derive(Clone, Debug, Default)]
pub struct Explanation {
    /// In one line: lower case, no full stop.
    pub headline: String,
    /// The place in the record it points at.
    pub at: Option<Span>,
    /// What is at that place.
    pub label: String,
    /// Other places in the record.
    pub others: Vec<(Span, String)>,
    /// What was read.
    pub facts: Vec<Fact>,
    /// How it was counted, step by step.
    pub arithmetic: Vec<String>,
    /// What would satisfy the rule, or what to do.
    pub help: String,
    /// What the clause asks, as in "allows 2 business days"; may be empty.
    pub asked: String,
}

/// Where a check says why. It costs nothing while nobody listens.
pub(crate) struct Say<'e> {
    explanation: Option<&'e mut Explanation>,
    /// Headline, places and help stand as they are.
    settled: bool,
}

impl<'e> Say<'e> {
    /// Nobody listens.
    pub(crate) fn silent() -> Self {
        Self { explanation: None, settled: false }
    }

    /// Everything is written down.
    pub(crate) fn to(explanation: &'e mut Explanation) -> Self {
        Self { explanation: Some(explanation), settled: false }
    }

    /// Whether anybody listens.
    pub(crate) fn listening(&self) -> bool {
        self.explanation.is_some()
    }

    /// What has been said is why: that a field cannot be read stands, whatever the check would have said of what it lacks.
    pub(crate) fn settle(&mut self) {
        self.settled = true;
    }

    /// There is something else to say after all.
    pub(crate) fn reopen(&mut self) {
        self.settled = false;
    }

    /// Where headline, places and help go, while they are open.
    fn open(&mut self) -> Option<&mut Explanation> {
        if self.settled { None } else { self.explanation.as_deref_mut() }
    }

    /// The headline; the last one said stands.
    pub(crate) fn headline(&mut self, text: impl FnOnce() -> String) {
        if let Some(e) = self.open() {
            e.headline = text();
        }
    }

    /// The place it points at.
    pub(crate) fn at(&mut self, span: Span, label: impl FnOnce() -> String) {
        if let Some(e) = self.open() {
            e.at = Some(span);
            e.label = label();
        }
    }

    /// Another place.
    pub(crate) fn other(&mut self, span: Span, label: impl FnOnce() -> String) {
        if let Some(e) = self.open() {
            e.others.push((span, label()));
        }
    }

    /// A fact that was read.
    pub(crate) fn fact(&mut self, label: &str, span: Option<Span>, value: impl FnOnce() -> String) {
        if let Some(e) = &mut self.explanation {
            e.facts.push(Fact { label: label.to_owned(), value: value(), span });
        }
    }

    /// A step of the arithmetic.
    pub(crate) fn step(&mut self, text: impl FnOnce() -> String) {
        if let Some(e) = &mut self.explanation {
            e.arithmetic.push(text());
        }
    }

    /// What the clause asks.
    pub(crate) fn asked(&mut self, text: impl FnOnce() -> String) {
        if let Some(e) = &mut self.explanation {
            e.asked = text();
        }
    }

    /// What to do instead, after what has been said.
    pub(crate) fn or_help(&mut self, text: impl FnOnce() -> String) {
        if let Some(e) = &mut self.explanation {
            let joint = if e.help.is_empty() { "" } else { "; " };
            e.help.push_str(&format!("{joint}{}", text()));
        }
    }

    /// What to do.
    pub(crate) fn help(&mut self, text: impl FnOnce() -> String) {
        if let Some(e) = self.open() {
            e.help = text();
        }
    }
}
