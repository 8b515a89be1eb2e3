//! How the service starts, and when it does not.

mod index;
pub mod program;
mod secrets;
