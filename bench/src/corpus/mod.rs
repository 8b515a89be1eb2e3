//! What is measured over recipes that others wrote. They are no part of the project: their folder is an argument.

mod ingredients;
mod lines;

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
}

impl Corpus {
    /// Prints the table, and fails where a share is less than it must be.
    pub fn measure(self) -> Result<ExitCode> {
        match self {
            Self::Ingredients { folder, english } => ingredients::measure(&folder, english.as_deref()),
        }
    }
}
