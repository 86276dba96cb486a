//! What a decoded field says, as a plain value: for expressions, which compare values and not only ask whether they are
//! there.

use jiff::Timestamp;
use jiff::civil::Date;

use super::reader::DayOrMonth;
use crate::model::{Duration, Hours, Id, Link, Named, PersonId, Prose, Role, Severity, Time, Word};

/// What a field says.
#[derive(Clone, Debug)]
pub enum Said<'d> {
    /// Nothing that can be compared.
    Nothing,
    /// Text, or a word.
    Text(&'d str),
    /// An instant.
    Time(Timestamp),
    /// A length of time.
    Length(Duration),
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Count(u32),
    /// Several of these.
    List(Vec<Said<'d>>),
    /// Word → number.
    Counts(&'d [(Word, u32)]),
    /// Name → text.
    Named(&'d [Named]),
}

/// A value that says something by itself.
pub(super) trait Says {
    /// What.
    fn says(&self) -> Said<'_>;
}

macro_rules! says {
    ($($type:ty: $value:ident => $said:expr),+ $(,)?) => {$(
        impl Says for $type {
            fn says(&self) -> Said<'_> {
                let $value = self;
                $said
            }
        }
    )+};
}

says! {
    Id: id => Said::Text(id.as_str()),
    Prose: text => Said::Text(text.as_str()),
    PersonId: who => Said::Text(who.as_str()),
    Role: role => Said::Text(role.as_str()),
    Word: word => Said::Text(word.as_str()),
    Link: link => Said::Text(link.as_str()),
    Severity: severity => Said::Text(severity.word()),
    Time: at => Said::Time(at.0),
    Duration: length => Said::Length(*length),
    bool: flag => Said::Flag(*flag),
    u32: count => Said::Count(*count),
    Date: _day => Said::Nothing,
    DayOrMonth: _day => Said::Nothing,
    Hours: _hours => Said::Nothing,
}
