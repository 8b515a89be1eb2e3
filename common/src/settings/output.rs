use serde::Serialize;

/// How a command prints what it did, to be flattened into its flags.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Output {
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

impl Output {
    /// Prints this on standard output, as JSON where that is wanted.
    ///
    /// # Errors
    /// It cannot be written as JSON.
    pub fn print<T: Serialize + ?Sized>(
        &self,
        what: &T,
        text: impl FnOnce(&T) -> String,
    ) -> serde_json::Result<()> {
        if self.json {
            println!("{}", serde_json::to_string_pretty(what)?);
        } else {
            println!("{}", text(what));
        }
        Ok(())
    }
}

/// What `migrate` says to people.
pub fn migrated(ran: &[String]) -> String {
    match ran {
        [] => "The tables are as they should be.".to_owned(),
        [.., last] => format!("{} migrations ran, up to {last}.", ran.len()),
    }
}
