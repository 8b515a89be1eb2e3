use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use anyhow::{Context, Result};
use throwaway::Gateway;

use super::CONNECTIONS;
use crate::load::{Load, Repeated, call, get, member, post};
use crate::processes::Service;
use crate::rounds::{Comparison, take_turns};
use crate::stack::Stack;

const RECIPE: &str = include_str!("recipe.json");

/// Two workers, and what they keep busy: about three cores of Postgres and of the threads that ask it, two of nginx, one of
/// the driver (P3 counts who takes what). On fewer, two copies share what one had.
pub const CORES: usize = 8;

/// A recipe is read through the gateway, from two recipe-services in turn. The limit is one of them behind a gateway.
pub fn two_copies(rounds: usize) -> Result<Comparison> {
    let stack = Stack::start_with(true, &[])?;
    let copy = || stack.another_recipes_with(&[("WORKERS", "1")]);
    let (one, other) = (copy()?, copy()?);
    let (single, both) = (gateway(&stack, &[&one])?, gateway(&stack, &[&one, &other])?);
    let token = stack.logged_in("access_token")?;
    let kept = call(stack.recipes.addr, &post("/v1/recipes", Some(&token), RECIPE))
        .context("cannot keep a recipe")?;
    let id = member(&kept, "id").context("a recipe without id")?;
    let request = get(&format!("/recipes/v1/recipes/{id}"), Some(&token));
    let read = |gateway: &Gateway| {
        let conversations = vec![Repeated(request.clone()); CONNECTIONS];
        Ok(Load::lasting(5, address(gateway)).run(conversations)?.0)
    };
    let compared = take_turns(rounds, || read(&both), || Ok(read(&single)?.rate()))?;
    let times = compared.ratio;
    let details = format!(
        "P13: two are {times:.2} times as fast as one on the cores that there are; it takes {CORES} to hold them to 1.8.\n"
    );
    Ok(Comparison { details, ..compared })
}

/// nginx as it is deployed, without TLS.
fn gateway(stack: &Stack, copies: &[&Service]) -> Result<Gateway> {
    let recipes: Vec<String> = copies.iter().map(|copy| format!("server {}", copy.addr)).collect();
    let changes = [
        ("listen 8443 ssl http2", "listen 127.0.0.1:{port}".to_owned()),
        ("server auth-service:8081", format!("server {}", stack.auth.addr)),
        ("server recipe-service:8082", recipes.join(";\n    ")),
    ];
    let files = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy/nginx"));
    let gateway = Gateway::nginx_with(files, &changes)?;
    // Caches fill and connections open before anything is measured.
    call(address(&gateway), &get("/recipes/healthz", None)).context("the gateway does not answer")?;
    Ok(gateway)
}

fn address(gateway: &Gateway) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, gateway.port()).into()
}
