//! What happens in real time to the programs as they are shipped, under load. A drill prints what it counted; it is no
//! test, since it takes as long as it takes.

mod rotation;

use anyhow::Result;

/// The drills, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Drill {
    /// A minute of load while the signing keys rotate every five seconds
    Rotation,
}

impl Drill {
    /// Answers whether what must hold held.
    ///
    /// # Errors
    /// It could not be carried out.
    pub fn run(self) -> Result<bool> {
        match self {
            Self::Rotation => rotation::run(),
        }
    }
}
