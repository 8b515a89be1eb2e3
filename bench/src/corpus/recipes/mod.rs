//! All recipes of a corpus through the services, on both databases: kept, read back, listed and searched (P10).

mod export;
mod keep;
mod korean;
mod pages;
mod sent;
mod words;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

use self::export::Exported;
use self::keep::Kept;
use self::korean::Korean;
use self::pages::Paged;
use self::sent::Sent;
use super::lines::text;
use crate::stack::Stack;

/// How long a token lives: all of it takes longer than the usual quarter of an hour.
const FOR_ALL: &[(&str, &str)] = &[("ACCESS_TTL", "1h")];

/// Prints what came back and how long pages took; fails where anything is otherwise than it must be.
pub fn measure(folder: &Path, misses: usize) -> Result<ExitCode> {
    let recipes: Vec<Sent> =
        text(&folder.join("recipes-73k.jsonl.gz"))?.lines().map(Sent::of).collect::<Result<_>>()?;
    let korean = Korean::read(folder)?;
    let mut all_hold = true;
    for (name, database) in [("Postgres", None), ("SQLite", Some("recipes.db"))] {
        let stack = Stack::start_as(false, FOR_ALL, database)?;
        let token = stack.logged_in("access_token")?;
        let kept = Kept::of(&stack, &token, &recipes)?;
        all_hold &= kept.report(name, &recipes, misses);
        // As it does by itself within minutes where it is installed; throwaway servers do not.
        stack.postgres.query("recipes", "VACUUM (ANALYZE)")?;
        let paged = Paged::measure(&stack, &token, &recipes)?;
        all_hold &= paged.report(name);
        all_hold &= korean.search(&stack, &token)?.report(name);
        all_hold &= Exported::of(&stack, &token)?.report(name);
    }
    Ok(if all_hold { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
