use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::Person;

/// What the claim `csrf` says of a CSRF token: base64url of the first 128 bits of SHA-256 over its characters.
pub fn csrf_claim(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(&digest(&SHA256, token.as_bytes()).as_ref()[..16])
}

impl Person {
    /// True when this is the CSRF token that the access token was given out with. One that was given out with none, as it
    /// is for a header and no cookie, has none.
    pub fn has_csrf_token(&self, token: &str) -> bool {
        self.csrf.as_ref().is_some_and(|claim| {
            verify_slices_are_equal(claim.as_bytes(), csrf_claim(token).as_bytes()).is_ok()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_claim_is_that_of_any_language() {
        // printf token | openssl dgst -sha256 -binary | head -c 16 | basenc --base64url, without its padding
        assert_eq!(csrf_claim("token"), "PEaenWxYddN6Q_NT1PiOYQ");
    }
}
