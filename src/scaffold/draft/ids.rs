//! The next free id after those there are, and the folder in which its neighbours stand.

use std::collections::BTreeMap;

/// A document that is there already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Neighbour {
    /// Its id, or its file's name.
    pub id: String,
    /// Its path, relative to the site.
    pub path: String,
    /// The policy it is under.
    pub policy: String,
}

/// An id and where its document goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The id.
    pub id: String,
    /// The path of its file, relative to the site.
    pub path: String,
}

/// An id that counts: `CHG-2026-0142` is number 142 of the series `CHG-`, in 2026, in four digits.
struct Counted<'n> {
    series: &'n str,
    year: Option<&'n str>,
    number: u64,
    digits: usize,
}

fn counted(id: &str) -> Option<Counted<'_>> {
    let start = id.rfind(|c: char| !c.is_ascii_digit()).map_or(0, |at| at + 1);
    let digits = &id[start..];
    let number = digits.parse().ok()?;
    let head = &id[..start];
    let is_year = |text: &&str| text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
    let year = head.strip_suffix('-').and_then(|h| h.rsplit('-').next()).filter(is_year);
    let series = year.map_or(head, |year| &head[..head.len() - year.len() - 1]);
    Some(Counted { series, year, number, digits: digits.len() })
}

/// The next id of the series that documents under this policy use most (else any document's, else `prefix`), and its
/// place: where the latest of that series stands, in this year's folder. An id that is asked for keeps that place.
pub fn next_id(there: &[Neighbour], policy: &str, folder: &str, prefix: &str, year: i16, asked: Option<&str>) -> Place {
    let year = format!("{year:04}");
    let own: Vec<&Neighbour> = there.iter().filter(|n| n.policy == policy).collect();
    let among: Vec<&Neighbour> = if own.is_empty() { there.iter().collect() } else { own };
    let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
    for known in among.iter().filter_map(|n| counted(&n.id)) {
        *uses.entry(known.series).or_default() += 1;
    }
    let most = uses.iter().max_by_key(|(name, n)| (**n, std::cmp::Reverse(**name))).map(|(name, _)| *name);
    let fallback = format!("{prefix}-");
    let series = most.unwrap_or(&fallback);
    let of_series: Vec<(&Neighbour, Counted<'_>)> =
        there.iter().filter_map(|n| Some((n, counted(&n.id)?))).filter(|(_, c)| c.series == series).collect();
    let latest = of_series.iter().max_by_key(|(_, c)| (c.year, c.number));
    let yearly = latest.is_none_or(|(_, c)| c.year.is_some());
    let this = |c: &Counted<'_>| !yearly || c.year == Some(year.as_str());
    let greatest = of_series.iter().filter(|(_, c)| this(c)).map(|(_, c)| c.number).max().unwrap_or(0);
    let digits = latest.map_or(4, |(_, c)| c.digits);
    let taken = |id: &str| there.iter().any(|n| n.id.eq_ignore_ascii_case(id));
    let named = |number: u64| {
        let part = if yearly { format!("{year}-") } else { String::new() };
        format!("{series}{part}{number:0digits$}")
    };
    // Of one more number than there are documents at least one is free.
    let free = || (1..=there.len() as u64 + 1).map(|step| named(greatest.saturating_add(step))).find(|id| !taken(id));
    let id = asked.map(str::to_owned).or_else(free).unwrap_or_default();
    let folder = latest.map_or_else(
        || if folder == "changes" { format!("{folder}/{year}") } else { folder.to_owned() },
        |(neighbour, c)| this_year(&neighbour.path, c.year, &year),
    );
    Place { path: format!("{folder}/{id}.yaml"), id }
}

/// A neighbour's folder, with this year in place of its own.
fn this_year(path: &str, old: Option<&str>, year: &str) -> String {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    folder.split('/').map(|part| if Some(part) == old { year } else { part }).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn there(list: &[(&str, &str, &str)]) -> Vec<Neighbour> {
        let own = |s: &str| s.to_owned();
        list.iter().map(|(id, path, policy)| Neighbour { id: own(id), path: own(path), policy: own(policy) }).collect()
    }

    #[test]
    fn the_next_id_follows_its_neighbours() {
        let list = there(&[
            ("TEL-2025-0016", "changes/telemetry/2025/TEL-2025-0016.yaml", "five-stage"),
            ("TEL-2026-0022", "changes/telemetry/2026/TEL-2026-0022.yaml", "five-stage"),
            ("TEL-2026-0009", "changes/telemetry/2026/TEL-2026-0009.yaml", "five-stage"),
            ("odd", "changes/odd.yaml", "five-stage"),
            ("PAY-2026-0037", "changes/payments/2026/rounds.yaml", "soc2-change"),
            ("7", "changes/plain/7.yaml", "plain"),
        ]);
        for (policy, year, id, path) in [
            ("five-stage", 2026, "TEL-2026-0023", "changes/telemetry/2026/TEL-2026-0023.yaml"),
            ("five-stage", 2027, "TEL-2027-0001", "changes/telemetry/2027/TEL-2027-0001.yaml"),
            ("soc2-change", 2026, "PAY-2026-0038", "changes/payments/2026/PAY-2026-0038.yaml"),
            ("plain", 2026, "8", "changes/plain/8.yaml"),
            ("unheard-of", 2026, "TEL-2026-0023", "changes/telemetry/2026/TEL-2026-0023.yaml"),
        ] {
            let place = next_id(&list, policy, "changes", "CHG", year, None);
            assert_eq!((place.id.as_str(), place.path.as_str()), (id, path), "{policy} {year}");
        }
        let asked = next_id(&list, "five-stage", "changes", "CHG", 2026, Some("HOT-1"));
        assert_eq!(asked.path, "changes/telemetry/2026/HOT-1.yaml");
    }

    #[test]
    fn the_first_one_is_number_one() {
        let place = next_id(&[], "starter", "changes", "CHG", 2026, None);
        assert_eq!((place.id.as_str(), place.path.as_str()), ("CHG-2026-0001", "changes/2026/CHG-2026-0001.yaml"));
        assert_eq!(next_id(&[], "starter", "waivers", "WVR", 2026, None).path, "waivers/WVR-2026-0001.yaml");
    }

    #[test]
    fn an_id_that_differs_only_in_case_is_taken() {
        let list = there(&[("CHG-2026-0001", "changes/a.yaml", "p"), ("chg-2026-0002", "changes/b.yaml", "q")]);
        assert_eq!(next_id(&list, "p", "changes", "CHG", 2026, None).id, "CHG-2026-0003");
    }
}
