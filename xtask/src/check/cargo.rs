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
    // The pages are for those who work here: they show what is private, and may link to it.
    let flags = "--deny warnings --allow rustdoc::private_intra_doc_links";
    run(cargo(&document).env("RUSTDOCFLAGS", flags))
}
