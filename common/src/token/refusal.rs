use thiserror::Error;

/// Why a token was not believed. The text of a reason goes to logs, never to the caller.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Refusal {
    /// Wrong before or at the signature, or a claim that does not fit.
    #[error("{0}")]
    Invalid(&'static str),
    /// Ours, and over.
    #[error("expired")]
    Expired,
    /// Ours, and ended before its time.
    #[error("revoked")]
    Revoked,
    /// Signed by a key that is not among the issuer's keys as last fetched.
    #[error("unknown key")]
    UnknownKey,
    /// The issuer's keys could not be had.
    #[error("the issuer's keys cannot be had")]
    KeysUnavailable,
    /// The copy of the revocations is not loaded, or too old to be relied upon.
    #[error("the copy of the revocations is too old")]
    RevocationsStale,
}

impl Refusal {
    /// True when the caller did nothing wrong: a dependency of ours is away (503, never 401).
    pub fn is_ours(self) -> bool {
        matches!(self, Self::KeysUnavailable | Self::RevocationsStale)
    }
}
