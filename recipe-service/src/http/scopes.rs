//! What tokens permit here.

use common::web::auth::{MaybeAuth, Scope};

/// To see what is not public.
pub struct RecipesRead;

impl Scope for RecipesRead {
    const NAME: &'static str = "recipes:read";
}

/// To change what is one's own.
pub struct RecipesWrite;

impl Scope for RecipesWrite {
    const NAME: &'static str = "recipes:write";
}

/// As whom a caller reads. A token that does not permit reading shows what everyone sees.
pub fn reader(auth: &MaybeAuth) -> Option<String> {
    let claims = auth.claims().filter(|claims| claims.permits(RecipesRead::NAME));
    claims.map(|claims| claims.sub.clone())
}
