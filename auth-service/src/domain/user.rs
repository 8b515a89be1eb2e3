use common::time::Instant;

use super::{Words, password};

common::id! {
    /// A person who signed up.
    pub struct UserId;
}

/// Somebody who has an account.
#[derive(Clone, Debug)]
pub struct User {
    pub id: UserId,
    pub email: Option<String>,
    pub username: Option<String>,
    pub name: String,
    pub locale: String,
    pub email_verified: bool,
    /// The version of their tokens: those of an older one are refused.
    pub uv: i64,
    pub state: UserState,
    pub roles: Words,
    /// What an operator agreed with other services, as JSON; it is in the claim of this name.
    pub ext: Option<serde_json::Value>,
    pub created_at: Instant,
}

impl User {
    /// What somebody who knows them tries first as their password.
    pub fn known_by(&self) -> Vec<&str> {
        let names = [self.email.as_deref(), self.username.as_deref(), Some(&*self.name)];
        names.into_iter().flatten().collect()
    }

    /// What zxcvbn must score a password that they choose.
    pub fn least_password_score(&self) -> u8 {
        if self.roles.contains("admin") { password::LEAST_SCORE_OF_ADMINS } else { password::LEAST_SCORE }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserState {
    Active,
    Disabled,
    Deleted,
}

impl UserState {
    pub fn parse(text: &str) -> Self {
        match text {
            "active" => Self::Active,
            "disabled" => Self::Disabled,
            _ => Self::Deleted,
        }
    }
}
