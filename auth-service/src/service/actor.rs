use serde::{Serialize, Serializer};

use crate::domain::UserId;

/// Who does what only operators may: the audit says by whom it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Whoever may run the program on its database.
    Operator,
    /// A person with the role `admin`.
    Admin(UserId),
}

impl Serialize for Actor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Operator => serializer.serialize_str("operator"),
            Self::Admin(id) => id.serialize(serializer),
        }
    }
}
