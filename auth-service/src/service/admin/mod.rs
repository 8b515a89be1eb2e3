//! What operators and administrators see and change of people's accounts.

mod accounts;
mod audit;

pub use self::accounts::{AccountChange, Promoted};
pub use super::store::audit::{AuditId, Noted};
pub use super::store::directory::Account;

use super::Auth;
use super::actor::Actor;
use crate::domain::UserId;

/// The role of those who administer this service.
pub const ADMIN: &str = "admin";

impl Auth {
    /// The same service, as this administrator uses it: what they do is noted as theirs.
    pub fn as_admin(&self, admin: UserId) -> Self {
        Self { acting: Actor::Admin(admin), ..self.clone() }
    }
}
