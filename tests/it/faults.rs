//! Bad input and a failing machine: what tests/faults describes, and what cannot be written down as data.
//!
//! Whatever is wrong, the end is a correct site, or status 1 or 2 with place and cause and the old site byte for byte; never
//! a panic, a hang or half a site. Limits on time are there against hanging, ten times and more what was measured.

mod case;
mod data;
mod evidence;
mod git;
mod growth;
mod kills;
mod machine;
mod page;
mod place;
mod program;
mod same;
mod seen;
mod serve;
mod streams;
mod targets;
mod together;
