//! What happens in real time to the programs as they are shipped, under load. A drill prints what it counted; it is no
//! test, since it takes as long as it takes.

mod opaque;
mod rotation;
mod storms;

use anyhow::Result;

/// The drills, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Drill {
    /// A minute of load while the signing keys rotate every five seconds
    Rotation,
    /// What it costs to ask about every token instead of reading it, in a table
    Opaque,
    /// Floods of log-ins and of tokens that are none, and what is left of them
    Storms,
}

impl Drill {
    /// Answers whether what must hold held.
    ///
    /// # Errors
    /// It could not be carried out.
    pub fn run(self) -> Result<bool> {
        match self {
            Self::Rotation => rotation::run(),
            Self::Opaque => opaque::run(),
            Self::Storms => storms::run(),
        }
    }
}
