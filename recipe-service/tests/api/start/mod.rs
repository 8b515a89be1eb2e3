//! How the service starts, and when it does not.

mod program;
mod secrets;
