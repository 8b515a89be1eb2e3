//! What people do with recipes.

mod change;
mod create;
mod discard;
mod expected;
mod list;
mod publish;
mod read;

use common::clock::Clock;
use common::db::Db;

pub use expected::Expected;
pub use list::Wanted;

/// The recipes of all households. Clones share them.
#[derive(Clone)]
pub struct Recipes {
    db: Db,
    clock: Clock,
}

impl Recipes {
    pub fn new(db: Db, clock: Clock) -> Self {
        Self { db, clock }
    }
}
