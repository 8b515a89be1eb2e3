//! The issuer's keys as a verifier has them: which it takes, and what it does while they cannot be had.

mod client;
mod gate;
mod issuer;
