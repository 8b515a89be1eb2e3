use std::fmt;

use aws_lc_rs::{constant_time, hmac};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::id;
use common::ids::Uuid;
use common::secrets::Secret;

use super::UserId;

id! {
    /// Something that somebody logged in with.
    pub struct DeviceId;
}

/// Tells a device that logged in to an account before: `jdt1_` + base64url(user₁₆ ‖ device₁₆ ‖ version₈ ‖ tag₁₆).
///
/// It opens nothing: it only lets its device try passwords while strangers are slowed. It is bound to the version of the
/// account's tokens, so that it dies with the password.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct DeviceToken {
    pub user: UserId,
    pub device: DeviceId,
    pub uv: i64,
}

const PREFIX: &str = "jdt1_";
const BYTES: usize = 16 + 16 + 8 + 16;

impl DeviceToken {
    /// Reads presented text; `None` for what was not made with this key.
    pub fn parse(text: &str, key: &Secret) -> Option<Self> {
        let bytes: [u8; BYTES] = URL_SAFE_NO_PAD.decode(text.strip_prefix(PREFIX)?).ok()?.try_into().ok()?;
        let (said, tag) = bytes.split_at(BYTES - 16);
        let (user, rest) = said.split_first_chunk::<16>()?;
        let (device, uv) = rest.split_first_chunk::<16>()?;
        let token = Self {
            user: UserId::from_uuid(Uuid::from_bytes(*user)),
            device: DeviceId::from_uuid(Uuid::from_bytes(*device)),
            uv: i64::from_be_bytes(uv.try_into().ok()?),
        };
        constant_time::verify_slices_are_equal(tag, &token.tag(key)).is_ok().then_some(token)
    }

    /// Writes it for its device.
    pub fn reveal(&self, key: &Secret) -> String {
        let bytes = [&self.said()[..], &self.tag(key)].concat();
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes))
    }

    fn said(&self) -> [u8; BYTES - 16] {
        let mut said = [0; BYTES - 16];
        said[..16].copy_from_slice(self.user.as_uuid().as_bytes());
        said[16..32].copy_from_slice(self.device.as_uuid().as_bytes());
        said[32..].copy_from_slice(&self.uv.to_be_bytes());
        said
    }

    /// HMAC-SHA-256₁₂₈.
    fn tag(&self, key: &Secret) -> [u8; 16] {
        let key = hmac::Key::new(hmac::HMAC_SHA256, key.expose());
        hmac::sign(&key, &self.said()).as_ref()[..16].try_into().expect("BUG: SHA-256 has 32 bytes")
    }
}

impl fmt::Debug for DeviceToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceToken")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_and_one_changed_character_is_not_ours() {
        let key = Secret::random();
        let token = DeviceToken { user: UserId::new(), device: DeviceId::new(), uv: 7 };
        let text = token.reveal(&key);
        assert_eq!(DeviceToken::parse(&text, &key), Some(token));
        assert_eq!(DeviceToken::parse(&text, &Secret::random()), None);
        for at in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(DeviceToken::parse(&String::from_utf8(changed).unwrap(), &key), None);
        }
    }
}
