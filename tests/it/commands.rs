//! The commands as their users meet them: a small site in a folder, the program, and what it says.

mod explain;
mod site;
