use std::sync::Arc;

use aws_lc_rs::digest;

use super::Verified;

/// Tokens whose signature and claims were found good, by SHA-256 of their text. It is bounded, so that a flood of
/// distinct tokens costs signatures, not memory; a hit skips the signature, never the expiry or the revocations.
pub(super) struct Cache(moka::sync::Cache<[u8; 32], Arc<Verified>, foldhash::fast::RandomState>);

impl Cache {
    pub fn new(capacity: u64) -> Self {
        Self(
            moka::sync::Cache::builder()
                .max_capacity(capacity)
                .build_with_hasher(foldhash::fast::RandomState::default()),
        )
    }

    pub fn key(token: &str) -> [u8; 32] {
        let digest = digest::digest(&digest::SHA256, token.as_bytes());
        digest.as_ref().try_into().expect("BUG: SHA-256 has 32 bytes")
    }

    pub fn get(&self, key: &[u8; 32]) -> Option<Arc<Verified>> {
        self.0.get(key)
    }

    pub fn keep(&self, key: [u8; 32], verified: Arc<Verified>) {
        self.0.insert(key, verified);
    }

    pub fn forget(&self, key: &[u8; 32]) {
        self.0.invalidate(key);
    }
}
