use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use common::time::Instant;
use serde::Deserialize;
use utoipa::ToSchema;

use super::ids::ShareId;
use super::inspection::Violation;

/// What a share link has in its path: 128 random bits. Who has them reads the recipe, so they are kept nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct ShareToken([u8; 16]);

impl ShareToken {
    pub fn new(random: [u8; 16]) -> Self {
        Self(random)
    }

    /// What is kept of it.
    pub fn hash(&self) -> Vec<u8> {
        digest(&SHA256, &self.0).as_ref().to_vec()
    }

    /// For the link alone.
    pub fn expose(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.0)
    }
}

impl FromStr for ShareToken {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| ())?;
        bytes.try_into().map(Self).map_err(|_| ())
    }
}

impl fmt::Debug for ShareToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ShareToken")
    }
}

/// A link by which anyone reads a recipe.
#[derive(Clone, Debug)]
pub struct Share {
    pub id: ShareId,
    pub created_at: Instant,
    pub expires_at: Instant,
}

/// A link that is wanted.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShareDraft {
    /// Until when it may be read: within a year. Without, 30 days.
    expires_at: Option<Instant>,
}

const LIFE: Duration = Duration::from_secs(30 * 24 * 60 * 60);
const MAX_LIFE: Duration = Duration::from_secs(366 * 24 * 60 * 60);

impl ShareDraft {
    /// Until when, from now.
    pub fn accept(self, now: Instant) -> Result<Instant, Violation> {
        let expires_at = self.expires_at.unwrap_or(now + LIFE);
        if expires_at > now && expires_at <= now + MAX_LIFE {
            return Ok(expires_at);
        }
        let detail = "Must be in the future, by 366 days at most.".into();
        Err(Violation { pointer: "/expires_at".into(), code: "out_of_range", detail })
    }
}
