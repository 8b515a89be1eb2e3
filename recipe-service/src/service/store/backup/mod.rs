//! The whole of the database for its operator, and the whole of a person's for themselves.
//!
//! These are the only queries on recipes without a predicate of [`access`](super::access) where they are an operator's: no
//! route leads to them.

mod load;
mod restore;

pub use load::{Whose, ids, people, personal_elsewhere, recipe};
pub use restore::{is_empty, restore_image, restore_people, restore_recipe, restore_shares};
