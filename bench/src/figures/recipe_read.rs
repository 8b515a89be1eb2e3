use std::time::Duration;

use anyhow::{Context, Result};

use super::CONNECTIONS;
use crate::load::{Load, Measured, Repeated, call, get, member, post};
use crate::postgres::Script;
use crate::rounds::{Comparison, take_turns};
use crate::stack::Stack;

const RECIPE: &str = include_str!("recipe.json");

/// Its owner reads a recipe. The limit is pgbench running the service's own statement on the same row and server.
pub fn recipe_read(stack: &Stack, rounds: usize) -> Result<Comparison> {
    let token = stack.logged_in("access_token")?;
    let kept = call(stack.recipes.addr, &post("/v1/recipes", Some(&token), RECIPE))
        .context("cannot keep a recipe")?;
    let id = member(&kept, "id").context("a recipe without id")?.to_owned();
    let request = get(&format!("/v1/recipes/{id}"), Some(&token));
    call(stack.recipes.addr, &request).context("cannot read the recipe")?;
    let script = Script {
        before: "",
        statement: stack.postgres.last_statement("recipes", "SELECT r.version")?,
        binds: &["id", "reader"],
        after: "",
        variables: vec![("id", id), ("reader", reader(stack)?)],
    };
    take_turns(
        rounds,
        || read(stack, &request),
        || stack.postgres.bench("recipes", &script, CONNECTIONS, Duration::from_secs(5)),
    )
}

fn reader(stack: &Stack) -> Result<String> {
    stack.postgres.query("recipes", "SELECT owner_sub FROM recipes LIMIT 1")
}

fn read(stack: &Stack, request: &[u8]) -> Result<Measured> {
    Ok(Load::lasting(5, stack.recipes.addr).run(vec![Repeated(request.to_owned()); CONNECTIONS])?.0)
}
