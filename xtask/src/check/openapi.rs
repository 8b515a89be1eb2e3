//! The OpenAPI documents in the repository say what the services say.

use anyhow::Result;

use super::{Mode, compare_or_write};
use crate::workspace::{cargo, output_of};

const SERVICES: [(&str, &str); 2] =
    [("auth-service", "docs/openapi-auth.json"), ("recipe-service", "docs/openapi-recipes.json")];

pub fn check(mode: Mode) -> Result<()> {
    for (service, path) in SERVICES {
        let generated =
            output_of(&mut cargo(&["run", "--quiet", "--locked", "-p", service, "--", "openapi"]))?;
        compare_or_write(mode, path, &generated)?;
    }
    Ok(())
}
