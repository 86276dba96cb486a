//! The program: hands its arguments to the library and leaves with the status it names.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    tickmark::cli::run(std::env::args_os())
}
