//! Where objects lie in the packs and what each is told by, so that many are read in an order in which hardly anything is
//! unpacked twice.
//!
//! An object of a pack is told by its difference to another, and that by its difference to a third, up to fifty times over.
//! Read after what it is told by, it costs one step; read in any other order, all of them.
//! This is an order and nothing else: where an index or a pack cannot be read, whatever it would say is missing, and nothing
//! is wrong.

use std::collections::HashMap;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::Path;

use git2::Oid;

/// What an index of the second version begins with.
const HEAD: [u8; 8] = [0xff, b't', b'O', b'c', 0, 0, 0, 2];
/// How long a name of an object is.
const NAME: usize = 20;
/// Where the table of names begins: after 256 counts of 4 bytes.
const NAMES: usize = HEAD.len() + 256 * 4;

/// A place in a pack: the pack's number, and the byte there.
type Place = (usize, u64);

/// The packs of a repository.
pub(super) struct Packs(Vec<Pack>);

struct Pack {
    index: Vec<u8>,
    /// The objects themselves, if they can be read.
    objects: Option<File>,
}

/// How long a chain of differences may be: git makes none of more than 4095.
const LONGEST: usize = 4096;

impl Packs {
    /// Those of a repository, by the folder that its worktrees share.
    pub(super) fn of(common: &Path) -> Self {
        let Ok(list) = fs::read_dir(common.join("objects/pack")) else { return Self(Vec::new()) };
        let mut paths: Vec<_> = list.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.retain(|path| path.extension().is_some_and(|end| end == "idx"));
        paths.sort();
        let pack = |path: &std::path::PathBuf| {
            let index = fs::read(path).ok().filter(|bytes| bytes.starts_with(&HEAD) && bytes.len() >= NAMES)?;
            Some(Pack { index, objects: File::open(path.with_extension("pack")).ok() })
        };
        Self(paths.iter().filter_map(pack).collect())
    }

    /// The numbers of these objects in an order in which each comes soon after the one it is told by; what lies in no pack
    /// comes last.
    pub(super) fn order(&self, objects: &[Oid]) -> Vec<usize> {
        let mut chains = Chains { packs: self, bases: HashMap::new() };
        // What an object is told by, first things first: objects of one chain are neighbours, the shorter before the longer.
        let key = |(number, object): (usize, &Oid)| {
            let place = self.place(*object);
            (place.map_or_else(|| vec![(usize::MAX, 0)], |place| chains.to(place)), number)
        };
        let mut keyed: Vec<(Vec<Place>, usize)> = objects.iter().enumerate().map(key).collect();
        keyed.sort_unstable();
        keyed.into_iter().map(|(_, number)| number).collect()
    }

    /// Which pack an object lies in, and where.
    fn place(&self, object: Oid) -> Option<Place> {
        let found = |(number, pack): (usize, &Pack)| Some((number, u64::from(place(&pack.index, object.as_bytes())?)));
        self.0.iter().enumerate().find_map(found)
    }

    /// The place of what the object at a place is told by; none where it stands for itself.
    fn base(&self, (pack, at): Place) -> Option<Place> {
        let mut bytes = [0; 48];
        let length = self.0[pack].objects.as_ref()?.read_at(&mut bytes, at).ok()?;
        match base(&bytes[..length])? {
            Base::Before(distance) => Some((pack, at.checked_sub(distance)?)),
            Base::Named(name) => self.place(Oid::from_bytes(&name).ok()?),
        }
    }
}

/// What objects are told by, each looked up once.
struct Chains<'p> {
    packs: &'p Packs,
    bases: HashMap<Place, Option<Place>>,
}

impl Chains<'_> {
    /// From what stands for itself to the object at a place.
    fn to(&mut self, place: Place) -> Vec<Place> {
        let mut chain = vec![place];
        let mut at = place;
        while let Some(base) = *self.bases.entry(at).or_insert_with(|| self.packs.base(at)) {
            // No pack that is whole has a circle; one that is not says so where it is read.
            if chain.len() >= LONGEST {
                break;
            }
            chain.push(base);
            at = base;
        }
        chain.reverse();
        chain
    }
}

/// What an object is told by.
#[derive(Debug, PartialEq, Eq)]
enum Base {
    /// The object that begins so many bytes before it.
    Before(u64),
    /// The object of this name.
    Named([u8; NAME]),
}

/// What the entry of a pack that begins so is told by; none where it stands for itself.
fn base(entry: &[u8]) -> Option<Base> {
    const BY_PLACE: u8 = 6;
    const BY_NAME: u8 = 7;
    let kind = (entry.first()? >> 4) & 7;
    // The size, seven bits a byte, which nobody asks for.
    let rest = &entry[entry.iter().position(|byte| byte & 0x80 == 0)? + 1..];
    match kind {
        BY_PLACE => {
            let mut distance = 0_u64;
            for (number, byte) in rest.iter().enumerate() {
                let carried = if number == 0 { 0 } else { distance.checked_add(1)? };
                distance = carried.checked_mul(128)? | u64::from(byte & 0x7f);
                if byte & 0x80 == 0 {
                    return Some(Base::Before(distance));
                }
            }
            None
        }
        BY_NAME => Some(Base::Named(rest.get(..NAME)?.try_into().ok()?)),
        _ => None,
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

    fn packs(indexes: &[&[[u8; NAME]]]) -> Packs {
        Packs(indexes.iter().map(|names| Pack { index: index(names), objects: None }).collect())
    }

    #[test]
    fn every_object_is_found_where_it_lies() {
        let names: Vec<[u8; NAME]> = (0..200_u8).map(|n| [n.wrapping_mul(37); NAME]).collect();
        let packs = packs(&[&names[..150], &names[150..]]);
        for (number, name) in names.iter().enumerate() {
            let expected = if number < 150 { (0, number) } else { (1, number - 150) };
            let oid = Oid::from_bytes(name).expect("a name");
            assert_eq!(packs.place(oid), Some((expected.0, expected.1 as u64 * 100 + 12)));
        }
        let mut other = [0xfe; NAME];
        other[NAME - 1] = 0;
        let other = Oid::from_bytes(&other).expect("a name");
        assert_eq!(packs.place(other), None);
        let asked = [Oid::from_bytes(&names[160]), Ok(other), Oid::from_bytes(&names[3]), Oid::from_bytes(&names[2])];
        assert_eq!(packs.order(&asked.map(|oid| oid.expect("a name"))), [3, 2, 0, 1]);
    }

    #[test]
    fn an_entry_says_what_it_is_told_by() {
        // Kind and size; then the distance, seven bits a byte, one added for each byte that follows.
        assert_eq!(base(&[0b0110_0101, 0x05]), Some(Base::Before(5)));
        assert_eq!(base(&[0b1110_0101, 0x83, 0x01, 0x80, 0x05]), Some(Base::Before(133)));
        assert_eq!(base(&[0b0110_0101, 0xff, 0xff, 0x7f]), Some(Base::Before(2_113_663)));
        let named: Vec<u8> = [0b0111_0101].into_iter().chain([9; NAME]).collect();
        assert_eq!(base(&named), Some(Base::Named([9; NAME])));
        for whole in [0b0001_0101, 0b0010_0101, 0b0011_0101, 0b0100_0101] {
            assert_eq!(base(&[whole, 0x05]), None);
        }
        for broken in [&[][..], &[0xff; 30], &[0b0110_0101], &[0b0110_0101, 0x80], &named[..NAME]] {
            assert_eq!(base(broken), None);
        }
    }

    #[test]
    fn chains_are_read_from_their_beginning() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("p.pack");
        // Entries at 12, 112, 212 and 312: the last is whole, the first is told by it, and so on; the third goes round.
        let mut bytes = vec![0; 400];
        let names: [[u8; NAME]; 4] = [[1; NAME], [2; NAME], [3; NAME], [4; NAME]];
        bytes[12] = 0b0111_0000;
        bytes[13..33].copy_from_slice(&names[3]);
        bytes[112..114].copy_from_slice(&[0b0110_0000, 100]);
        bytes[212] = 0b0111_0000;
        bytes[213..233].copy_from_slice(&names[2]);
        bytes[312] = 0b0011_0000;
        fs::write(&path, bytes).expect("written");
        let pack = Pack { index: index(&names), objects: File::open(&path).ok() };
        let oids = names.map(|name| Oid::from_bytes(&name).expect("a name"));
        assert_eq!(Packs(vec![pack]).order(&oids), [2, 3, 0, 1]);
    }

    #[test]
    fn what_is_no_index_says_nothing() {
        let whole = index(&[[7; NAME], [9; NAME]]);
        for end in 0..whole.len() {
            let _ = place(&whole[..end], &[9; NAME]);
        }
        assert_eq!(place(&whole[..whole.len() - 1], &[9; NAME]), None);
        assert_eq!(Packs::of(Path::new("/nowhere")).place(Oid::ZERO_SHA1), None);
    }
}
