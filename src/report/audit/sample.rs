//! The auditor's sample: drawn by a seed, stratified by type, so that anybody can draw it again with `sha256sum`.
//!
//! The method stands in the folder's README in words; this is the same in code, and a script in the tests is the third.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

/// How many of a population are drawn where nobody says: the first row whose first number is not exceeded.
pub const SIZES: &[(usize, usize)] = &[(10, 10), (50, 15), (250, 25), (1000, 40), (usize::MAX, 60)];

/// A stratum: how many it holds, how many are drawn of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stratum {
    /// The change type.
    pub name: String,
    /// How many it holds.
    pub of: usize,
    /// How many are drawn.
    pub n: usize,
}

/// One that was drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// Its number in the population.
    pub number: usize,
    /// The SHA-256 by which it was ordered.
    pub order: String,
    /// Its place in its stratum, counted from one.
    pub place: usize,
}

/// A sample.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sample {
    /// By name.
    pub strata: Vec<Stratum>,
    /// By stratum, then by order.
    pub drawn: Vec<Drawn>,
}

/// How many are drawn of so many where nobody says.
pub fn usual_size(population: usize) -> usize {
    let row = SIZES.iter().find(|(up_to, _)| population <= *up_to);
    row.map_or(0, |(_, n)| *n).min(population)
}

/// The SHA-256, in letters, by which one is ordered.
pub(super) fn order(seed: &str, id: &str) -> String {
    Sha256::digest(format!("{seed}:{id}").as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
}

/// Draws a sample from a population of ids and strata.
pub fn draw(population: &[(String, String)], asked: Option<usize>, seed: &str) -> Sample {
    let mut members: BTreeMap<&str, Vec<(String, usize)>> = BTreeMap::new();
    for (number, (id, stratum)) in population.iter().enumerate() {
        members.entry(stratum).or_default().push((order(seed, id), number));
    }
    let size = asked.unwrap_or_else(|| usual_size(population.len())).min(population.len());
    let sizes: Vec<usize> = members.values().map(Vec::len).collect();
    let shares = allocate(&sizes, size);
    let mut sample = Sample::default();
    for ((name, mut all), n) in members.into_iter().zip(shares) {
        sample.strata.push(Stratum { name: name.to_owned(), of: all.len(), n });
        all.sort();
        let drawn = all.into_iter().take(n).zip(1..).map(|((order, number), place)| Drawn { number, order, place });
        sample.drawn.extend(drawn);
    }
    sample
}

/// How many of each stratum: at least one of each, the rest by largest remainder; never more than there are. Where fewer
/// are asked for than there are strata, one of each all the same.
fn allocate(sizes: &[usize], size: usize) -> Vec<usize> {
    let all: usize = sizes.iter().sum();
    if all == 0 || size == 0 {
        return vec![0; sizes.len()];
    }
    let size = size.clamp(sizes.len(), all);
    let mut shares: Vec<usize> = sizes.iter().map(|of| (size * of / all).max(1)).collect();
    // In parts of the whole, so that nothing is rounded; what was raised to one has had its part.
    let remainder = |i: usize| if size * sizes[i] / all == 0 { 0 } else { size * sizes[i] % all };
    let mut by_remainder: Vec<usize> = (0..sizes.len()).collect();
    by_remainder.sort_by_key(|i| (std::cmp::Reverse(remainder(*i)), *i));
    let mut turn = by_remainder.iter().cycle();
    while shares.iter().sum::<usize>() < size && shares.iter().zip(sizes).any(|(n, of)| n < of) {
        let Some(i) = turn.next() else { break };
        if shares[*i] < sizes[*i] {
            shares[*i] += 1;
        }
    }
    while shares.iter().sum::<usize>() > size {
        // The largest gives one; of equal ones the last.
        let Some((i, _)) = shares.iter().enumerate().max_by_key(|(i, n)| (**n, *i)).filter(|(_, n)| **n > 1) else {
            break;
        };
        shares[i] -= 1;
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_stratum_has_its_share_and_at_least_one() {
        assert_eq!(allocate(&[70, 25, 5], 20), [14, 5, 1]);
        assert_eq!(
            allocate(&[50, 49, 1], 10),
            [5, 4, 1],
            "the small one is raised, the largest remainder would have been 4.9"
        );
        assert_eq!(allocate(&[33, 33, 34], 10), [3, 3, 4]);
        assert_eq!(allocate(&[3, 3], 100), [3, 3], "never more than there are");
        assert_eq!(allocate(&[9, 9, 9], 2), [1, 1, 1], "one of each all the same");
        assert_eq!(allocate(&[1, 1, 98], 4), [1, 1, 2]);
        assert_eq!(allocate(&[], 5), Vec::<usize>::new());
        for size in 1..60 {
            let shares = allocate(&[17, 2, 30, 1, 9], size);
            assert_eq!(shares.iter().sum::<usize>(), size.clamp(5, 59), "{size}: {shares:?}");
        }
    }

    #[test]
    fn the_seed_decides_and_nothing_else_does() {
        let population: Vec<(String, String)> = (0..40)
            .map(|n| (format!("CHG-{n}"), ["normal", "emergency"][usize::from(n % 8 == 0)].to_owned()))
            .collect();
        let ids = |sample: &Sample, of: &[(String, String)]| {
            let mut ids: Vec<String> = sample.drawn.iter().map(|d| of[d.number].0.clone()).collect();
            ids.sort();
            ids
        };
        let sample = draw(&population, Some(10), "a");
        let mut turned = population.clone();
        turned.reverse();
        assert_eq!(ids(&sample, &population), ids(&draw(&turned, Some(10), "a"), &turned));
        assert_ne!(ids(&sample, &population), ids(&draw(&population, Some(10), "b"), &population));
        assert_eq!(sample.strata.iter().map(|s| (s.of, s.n)).collect::<Vec<_>>(), [(5, 1), (35, 9)]);
        // printf '%s' 'a:CHG-1' | sha256sum
        assert_eq!(order("a", "CHG-1").len(), 64);
        assert_eq!(draw(&population, None, "a").drawn.len(), usual_size(40));
        assert!(draw(&[], None, "a").drawn.is_empty());
    }
}
