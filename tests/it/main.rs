//! Everything that is tried on whole sites, in one binary.

mod disclosure;
mod init;
