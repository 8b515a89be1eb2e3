//! How the service starts, and when it does not.

mod index;
mod program;
mod secrets;
