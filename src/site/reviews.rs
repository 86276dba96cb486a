//! The calendar of policy reviews (iCalendar, RFC 5545): a whole-day event for the day on which each is due.

use super::feeds::uuid;
use crate::disclose::public::{PublicSite, PublicTrustPolicy};
use crate::report::due::ics::{line, text};

/// `reviews.ics`; none where no public policy says when it is reviewed. An event is stamped with a day of its policy.
pub(super) fn calendar(site: &PublicSite, policies: &[PublicTrustPolicy]) -> Option<String> {
    let mut events = String::new();
    for policy in policies {
        let Some(due) = &policy.next_review else { continue };
        let stamp = policy.last_reviewed.as_ref().or(policy.updated.as_ref()).or(policy.effective.as_ref());
        let stamp = stamp.unwrap_or(due);
        let url = format!("{}{}", site.base_url, policy.href);
        let owner = policy.owner.as_ref().map(|owner| format!("Owner: {owner}\n")).unwrap_or_default();
        for (name, value) in [
            ("BEGIN", "VEVENT".to_owned()),
            ("UID", uuid(site, &format!("review-{}", policy.id))),
            ("DTSTAMP", format!("{}T000000Z", stamp.iso.replace('-', ""))),
            ("DTSTART;VALUE=DATE", due.iso.replace('-', "")),
            ("SUMMARY", text(&format!("Review due: {}", policy.title))),
            ("DESCRIPTION", text(&format!("Version {}\n{owner}{url}", policy.version))),
            ("URL", url.clone()),
            ("TRANSP", "TRANSPARENT".to_owned()),
            ("END", "VEVENT".to_owned()),
        ] {
            line(&mut events, name, &value);
        }
    }
    if events.is_empty() {
        return None;
    }
    let mut out = String::new();
    for (name, value) in [
        ("BEGIN", "VCALENDAR".to_owned()),
        ("VERSION", "2.0".to_owned()),
        ("PRODID", "-//tickmark//reviews//EN".to_owned()),
        ("CALSCALE", "GREGORIAN".to_owned()),
        ("METHOD", "PUBLISH".to_owned()),
        ("NAME", text(&format!("{}: policy reviews", site.name))),
        ("X-WR-CALNAME", text(&format!("{}: policy reviews", site.name))),
    ] {
        line(&mut out, name, &value);
    }
    out.push_str(&events);
    line(&mut out, "END", "VCALENDAR");
    Some(out)
}
