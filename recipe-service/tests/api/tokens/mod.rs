//! Which access tokens are believed, and which are not, by a service that asks nobody.
//!
//! Every token is signed by the deployment's own key unless its test says otherwise: only then does a refusal say
//! anything about what was changed. Each is sent between two good ones, so that a service which refuses everything, or
//! stumbles over one token and then believes the next, fails.

mod algorithms;
mod claims;
mod compact;
mod door;
mod ended;
mod header;
mod issuer_key;
mod key_ids;
mod presented;
mod sealed;
mod second;
mod signatures;
mod times;
