use common::web::Problem;
use common::web::auth::Auth;

/// As whom a caller writes: only people own recipes.
pub fn author(auth: &Auth) -> Result<String, Problem> {
    auth.person()?;
    Ok(auth.subject().to_owned())
}
