//! What is measured.

mod login;
mod recipe_read;
mod refresh;
mod verification;

pub use login::login;
pub use recipe_read::recipe_read;
pub use refresh::refresh;
pub use verification::verification;

/// The figures, by the numbers that they are known by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Figure {
    P1,
    P3,
    P4,
    P5,
}

impl Figure {
    pub const ALL: [Self; 4] = [Self::P1, Self::P3, Self::P4, Self::P5];

    /// What is measured.
    pub fn title(self) -> &'static str {
        match self {
            Self::P1 => "P1 authenticated GET, no database",
            Self::P3 => "P3 authenticated read of one recipe",
            Self::P4 => "P4 refresh",
            Self::P5 => "P5 login",
        }
    }

    /// What it is held against.
    pub fn limit(self) -> &'static str {
        match self {
            Self::P1 => "the same GET without authentication",
            Self::P3 => "pgbench of its SELECT",
            Self::P4 => "pgbench of its UPDATE",
            Self::P5 => "threads ÷ time of one bcrypt",
        }
    }

    /// The share of the limit that must be reached.
    pub fn at_least(self) -> f64 {
        match self {
            Self::P1 => 0.85,
            Self::P3 => 0.45,
            Self::P4 => 0.50,
            Self::P5 => 0.95,
        }
    }
}

/// Connections of the driver, and clients of pgbench.
const CONNECTIONS: usize = 16;
