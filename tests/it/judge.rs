//! The judge as a whole: its clock against an independent one, and what must hold for every record.

mod clock;
mod demonstration;
mod expressions;
mod mutation;
mod properties;
pub(crate) mod tree;
