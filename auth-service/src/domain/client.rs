use std::fmt;

use aws_lc_rs::{constant_time, digest};
use common::id;
use common::secrets::Secret;
use common::time::Instant;
use zeroize::Zeroizing;

use super::{Unfit, Words, unfit};

id! {
    /// A service that calls in its own name: a client of OAuth (RFC 6749 §2.2).
    pub struct ClientId;
}

impl ClientId {
    /// The claim `sub` of its tokens, which no person's id can be.
    pub fn subject(self) -> String {
        format!("client:{self}")
    }

    /// Reads the claim `sub`; `None` where it is a person's.
    pub fn of_subject(sub: &str) -> Option<Self> {
        sub.strip_prefix("client:")?.parse().ok()
    }
}

/// A service that may call others, and what its tokens may say.
#[derive(Clone, Debug)]
pub struct ServiceClient {
    pub id: ClientId,
    /// What operators call it.
    pub name: String,
    pub scopes: Words,
    pub audiences: Words,
    /// The version of its tokens: those of an earlier one are refused.
    pub uv: i64,
    pub state: ClientState,
    pub created_at: Instant,
}

/// Reads scopes or audiences that a client is to have, given one by one, or several with spaces (RFC 6749 §3.3 says of
/// which characters).
pub fn grantable<T: AsRef<str>>(given: &[T]) -> Result<Words, Unfit> {
    let words =
        Words::of(given.iter().flat_map(|text| text.as_ref().split(' ')).filter(|word| !word.is_empty()));
    if !words.as_str().bytes().all(|byte| matches!(byte, b' ' | 0x21 | 0x23..=0x5b | 0x5d..=0x7e)) {
        return Err(unfit("invalid_word", "Needs words of printable ASCII without quotes and backslashes."));
    }
    // More would make tokens that are too long for a header.
    if words.as_str().len() > 400 {
        return Err(unfit("too_long", "May have at most 400 bytes in all."));
    }
    Ok(words)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientState {
    Active,
    Disabled,
}

impl ClientState {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }
}

/// What a service proves itself by: `jcs1_` and 256 random bits in base64url, which nobody guesses, so that a plain hash
/// of them is enough.
pub struct ClientSecret(Zeroizing<String>);

impl ClientSecret {
    pub fn random() -> Self {
        Self(Zeroizing::new(format!("jcs1_{}", *Secret::random().expose_text())))
    }

    /// What somebody says that it is.
    pub fn presented(text: &str) -> Self {
        Self(Zeroizing::new(text.to_owned()))
    }

    /// The secret itself, for whom it belongs to.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What the database keeps.
    pub fn hash(&self) -> ClientSecretHash {
        ClientSecretHash(digest::digest(&digest::SHA256, self.0.as_bytes()).as_ref().to_vec())
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSecret")
    }
}

/// SHA-256 of a secret.
#[derive(Clone)]
pub struct ClientSecretHash(Vec<u8>);

impl ClientSecretHash {
    pub fn from_stored(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub fn is_of(&self, presented: &ClientSecret) -> bool {
        constant_time::verify_slices_are_equal(&self.0, &presented.hash().0).is_ok()
    }
}

impl fmt::Debug for ClientSecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSecretHash")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_known_by_its_hash_and_no_other_is() {
        let secret = ClientSecret::random();
        assert!(secret.hash().is_of(&ClientSecret::presented(secret.expose())));
        for other in ["", "jcs1_", &secret.expose()[5..], ClientSecret::random().expose()] {
            assert!(!secret.hash().is_of(&ClientSecret::presented(other)));
        }
        assert_eq!(format!("{secret:?}"), "ClientSecret");
    }

    #[test]
    fn the_subject_of_a_client_names_it_and_a_persons_names_none() {
        let id = ClientId::new();
        assert_eq!(ClientId::of_subject(&id.subject()), Some(id));
        assert_eq!(ClientId::of_subject(&id.to_string()), None);
        assert_eq!(ClientId::of_subject("client:somebody"), None);
    }
}
