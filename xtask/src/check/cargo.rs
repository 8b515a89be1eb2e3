//! The checks that cargo brings.

use anyhow::Result;

use super::Mode;
use crate::workspace::{cargo, run};

pub fn format(_: Mode) -> Result<()> {
    run(&mut cargo(&["fmt", "--all", "--check"]))
}

pub fn lints(_: Mode) -> Result<()> {
    let lint = ["clippy", "--workspace", "--all-targets", "--locked", "--quiet", "--", "--deny", "warnings"];
    run(&mut cargo(&lint))
}

pub fn documentation(_: Mode) -> Result<()> {
    let document = ["doc", "--workspace", "--no-deps", "--document-private-items", "--locked", "--quiet"];
    run(cargo(&document).env("RUSTDOCFLAGS", "--deny warnings"))
}
