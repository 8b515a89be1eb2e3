//! What is measured over recipes that others wrote. They are no part of the project: their folder is an argument.

mod ingredients;
mod lines;
mod recipes;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;

#[derive(Subcommand)]
pub enum Corpus {
    /// How many labelled ingredient lines are read as they are labelled
    Ingredients {
        /// The folder that holds korean.jsonl.gz
        folder: PathBuf,
        /// English lines, each with its amount (3/2, 2-3) and its unit behind tabs
        #[arg(long)]
        english: Option<PathBuf>,
    },
    /// Whether all recipes come back as they were sent, and how long pages of them take (P10), on both databases
    Corpus {
        /// The folder that holds recipes-73k.jsonl.gz
        folder: PathBuf,
        /// How many of those that come back otherwise are named
        #[arg(long, default_value_t = 20)]
        misses: usize,
    },
}

impl Corpus {
    /// Prints the table, and fails where a share is less than it must be.
    pub fn measure(self) -> Result<ExitCode> {
        match self {
            Self::Ingredients { folder, english } => ingredients::measure(&folder, english.as_deref()),
            Self::Corpus { folder, misses } => recipes::measure(&folder, misses),
        }
    }
}
