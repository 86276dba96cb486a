//! The commands as their users meet them: a small site in a folder, the program, and what it says.

mod due;
mod explain;
mod external;
mod fix;
mod links;
mod pages;
mod secrets;
pub(crate) mod site;
mod spelling;
mod suggestions;
