//! What the load driver and the server that it loads have in common.

pub mod issuer;
