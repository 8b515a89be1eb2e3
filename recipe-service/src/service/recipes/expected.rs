/// Which versions of a recipe a change may start from (RFC 9110 §13.1.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Whichever is the newest.
    Newest,
    /// One of these. None at all: what the caller knows was never a version.
    Versions(Vec<i64>),
}

impl Expected {
    pub fn permits(&self, version: i64) -> bool {
        match self {
            Self::Newest => true,
            Self::Versions(versions) => versions.contains(&version),
        }
    }

    /// The latest version that the caller knows.
    pub fn latest_known(&self) -> Option<i64> {
        match self {
            Self::Newest => None,
            Self::Versions(versions) => versions.iter().max().copied(),
        }
    }
}
