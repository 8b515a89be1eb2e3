//! A client of both services, with a method for each endpoint.

mod answer;
mod auth;
mod bearer;
mod raw;
mod recipes;
mod request;
mod session;

pub use self::answer::Answer;
pub use self::bearer::{Anonymous, Bearer};
pub use self::request::{Listener, Request};
pub use self::session::{Person, Session};

/// A client of one copy of each service. Its methods are named after the endpoints.
#[derive(Clone)]
pub struct Client {
    pub auth: Listener,
    pub auth_ops: Listener,
    pub recipes: Listener,
    pub recipes_ops: Listener,
}
