//! What every service of Jipbap must agree on.
//!
//! Without features this is what a resource server needs to believe a token without asking anyone: a strict
//! [`token::Verifier`], the issuer's [`keys`], and an exact copy of its [`revocations`] that follows the feed over HTTP.
//! Feature `redis` adds the fast lane, `web` extractors and the process around actix-web, `db` the habits that both
//! services share on Postgres and SQLite.

pub mod behalf;
pub mod clock;
pub mod http_client;
pub mod ids;
pub mod issuer;
pub mod keys;
pub mod limits;
pub mod progress;
pub mod revocations;
pub mod secrets;
pub mod settings;
pub mod time;
pub mod token;

#[cfg(feature = "db")]
pub mod db;
#[cfg(feature = "web")]
pub mod web;

/// Chooses aws-lc for everything that asks for a cryptography provider. Call it first thing in `main`; again is harmless.
pub fn install_crypto() {
    // Both answer an error where a provider is installed already, which is what is wanted.
    let _ = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
}
