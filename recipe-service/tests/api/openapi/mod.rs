//! What the OpenAPI document says, and whether the service does as it says.

mod anonymous;
mod random;

use serde_json::Value;
use testkit::contract::Contract;

/// Checks that a body is as the schema of this name has it, with no member that it does not know.
#[track_caller]
pub fn assert_is(name: &str, body: &Value) {
    Contract::of_recipes().assert_is(name, body);
}
