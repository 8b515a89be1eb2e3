use std::fmt;

use crate::domain::{ClientId, UserId};

/// Who did something: the audit says so of each entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Whoever may run the program on its database.
    Operator,
    /// A person with the role `admin`, as such.
    Admin(UserId),
    /// Whose account it is.
    Person(UserId),
    /// A service that calls in its own name.
    Client(ClientId),
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operator => f.write_str("operator"),
            Self::Admin(id) | Self::Person(id) => id.fmt(f),
            Self::Client(id) => f.write_str(&id.subject()),
        }
    }
}
