//! Where objects lie in the packs, so that many are read in the order in which they were written.
//!
//! An object of a pack is told by its difference to another, and that by its difference to a third; those that belong
//! together lie side by side, whatever their names are. Read in any other order, most of them are unpacked many times over.
//! This is an order and nothing else: where an index cannot be read, whatever it would say is missing, and nothing is wrong.

use std::fs;
use std::path::Path;

use git2::Oid;

/// What an index of the second version begins with.
const HEAD: [u8; 8] = [0xff, b't', b'O', b'c', 0, 0, 0, 2];
/// How long a name of an object is.
const NAME: usize = 20;
/// Where the table of names begins: after 256 counts of 4 bytes.
const NAMES: usize = HEAD.len() + 256 * 4;

/// The indexes of a repository's packs.
pub(super) struct Packs(Vec<Vec<u8>>);

impl Packs {
    /// Those of a repository, by the folder that its worktrees share.
    pub(super) fn of(common: &Path) -> Self {
        let Ok(list) = fs::read_dir(common.join("objects/pack")) else { return Self(Vec::new()) };
        let mut paths: Vec<_> = list.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.retain(|path| path.extension().is_some_and(|end| end == "idx"));
        paths.sort();
        let indexes = paths.iter().filter_map(|path| fs::read(path).ok());
        Self(indexes.filter(|bytes| bytes.starts_with(&HEAD) && bytes.len() >= NAMES).collect())
    }

    /// Which pack an object lies in, and where; what lies in none comes last.
    pub(super) fn place(&self, object: Oid) -> (usize, u32) {
        let found = |(number, index): (usize, &Vec<u8>)| Some((number, place(index, object.as_bytes())?));
        self.0.iter().enumerate().find_map(found).unwrap_or((usize::MAX, u32::MAX))
    }
}

fn number(index: &[u8], at: usize) -> Option<usize> {
    let bytes: [u8; 4] = index.get(at..at + 4)?.try_into().ok()?;
    Some(u32::from_be_bytes(bytes) as usize)
}

/// Where an object lies in its pack: by the count of names that begin so, among the names, in the table of places.
fn place(index: &[u8], name: &[u8]) -> Option<u32> {
    let first = usize::from(*name.first()?);
    let count = |byte: usize| number(index, HEAD.len() + byte * 4);
    let (mut low, mut high) = (if first == 0 { 0 } else { count(first - 1)? }, count(first)?);
    let all = count(255)?;
    while low < high {
        let middle = usize::midpoint(low, high);
        let other = index.get(NAMES + middle * NAME..NAMES + (middle + 1) * NAME)?;
        match other.cmp(name) {
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Greater => high = middle,
            // After the names come as many sums of 4 bytes, then the places.
            std::cmp::Ordering::Equal => return number(index, NAMES + all * (NAME + 4) + middle * 4).map(|n| n as u32),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An index of these names, in this order in the pack.
    fn index(names: &[[u8; NAME]]) -> Vec<u8> {
        let mut sorted: Vec<(usize, &[u8; NAME])> = names.iter().enumerate().collect();
        sorted.sort_by_key(|(_, name)| **name);
        let mut bytes = HEAD.to_vec();
        for byte in 0..=255_u8 {
            let count = sorted.iter().filter(|(_, name)| name[0] <= byte).count() as u32;
            bytes.extend(count.to_be_bytes());
        }
        sorted.iter().for_each(|(_, name)| bytes.extend(name.iter()));
        bytes.extend(vec![0; sorted.len() * 4]);
        sorted.iter().for_each(|(at, _)| bytes.extend((*at as u32 * 100 + 12).to_be_bytes()));
        bytes
    }

    #[test]
    fn every_object_is_found_where_it_lies() {
        let names: Vec<[u8; NAME]> = (0..200_u8).map(|n| [n.wrapping_mul(37); NAME]).collect();
        let packs = Packs(vec![index(&names[..150]), index(&names[150..])]);
        for (number, name) in names.iter().enumerate() {
            let expected = if number < 150 { (0, number) } else { (1, number - 150) };
            let oid = Oid::from_bytes(name).expect("a name");
            assert_eq!(packs.place(oid), (expected.0, expected.1 as u32 * 100 + 12));
        }
        let mut other = [0xfe; NAME];
        other[NAME - 1] = 0;
        let other = Oid::from_bytes(&other).expect("a name");
        assert_eq!(packs.place(other), (usize::MAX, u32::MAX));
    }

    #[test]
    fn what_is_no_index_says_nothing() {
        let whole = index(&[[7; NAME], [9; NAME]]);
        for end in 0..whole.len() {
            let _ = place(&whole[..end], &[9; NAME]);
        }
        assert_eq!(place(&whole[..whole.len() - 1], &[9; NAME]), None);
        assert_eq!(Packs::of(Path::new("/nowhere")).place(Oid::ZERO_SHA1), (usize::MAX, u32::MAX));
    }
}
