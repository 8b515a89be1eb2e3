//! What becomes of the service while it does not hear from its issuer.

mod apart;
mod loading;
mod readiness;
mod relay;
mod silence;

pub use apart::Apart;
