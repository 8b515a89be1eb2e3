use std::fmt;

use aws_lc_rs::{digest, hmac};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::id;
use common::ids::Uuid;
use common::secrets::Secret;

id! {
    /// A link in a mail, which works once.
    pub struct LinkId;
}

/// What whoever follows a link may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Choose another password.
    Reset,
    /// Show that the address is theirs.
    Verify,
}

impl Purpose {
    /// As the database and the address of the link write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::Verify => "verify",
        }
    }
}

/// What a link carries: `jlt1_` + base64url(id₁₆ ‖ secret₁₆).
///
/// The secret is HMAC-SHA-256₁₂₈ of the id: it is made anew whenever its mail is sent, so that nobody has to keep it, and
/// the database keeps its hash alone.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkToken {
    pub id: LinkId,
    secret: [u8; 16],
}

const PREFIX: &str = "jlt1_";
const BYTES: usize = 16 + 16;

impl LinkToken {
    /// The token of this link.
    pub fn of(id: LinkId, key: &Secret) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, key.expose());
        let tag = hmac::sign(&key, id.as_uuid().as_bytes());
        Self { id, secret: tag.as_ref()[..16].try_into().expect("BUG: SHA-256 has 32 bytes") }
    }

    /// Reads presented text; whether it is good is for the database to say.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; BYTES] = URL_SAFE_NO_PAD.decode(text.strip_prefix(PREFIX)?).ok()?.try_into().ok()?;
        let (id, secret) = bytes.split_first_chunk::<16>()?;
        Some(Self { id: LinkId::from_uuid(Uuid::from_bytes(*id)), secret: secret.try_into().ok()? })
    }

    /// Writes it for the link.
    pub fn reveal(&self) -> String {
        format!(
            "{PREFIX}{}",
            URL_SAFE_NO_PAD.encode([&self.id.as_uuid().as_bytes()[..], &self.secret].concat())
        )
    }

    /// SHA-256 of the secret.
    pub fn secret_hash(&self) -> Vec<u8> {
        digest::digest(&digest::SHA256, &self.secret).as_ref().to_vec()
    }
}

impl fmt::Debug for LinkToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkToken")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_and_is_made_again_from_its_id() {
        let (id, key) = (LinkId::new(), Secret::random());
        let token = LinkToken::of(id, &key);
        assert_eq!(LinkToken::parse(&token.reveal()), Some(token.clone()));
        assert_eq!(LinkToken::of(id, &key), token);
        assert_ne!(LinkToken::of(id, &Secret::random()), token);
        assert_ne!(LinkToken::of(LinkId::new(), &key).secret_hash(), token.secret_hash());
    }

    #[test]
    fn what_is_no_token_is_none() {
        let token = LinkToken::of(LinkId::new(), &Secret::random()).reveal();
        let shorter = &token[..token.len() - 1];
        for text in ["", "jlt1_", shorter, &format!("{token}A"), &token.to_uppercase(), &token[1..]] {
            assert_eq!(LinkToken::parse(text), None, "{text}");
        }
    }
}
