//! A client of both services, with a method for each endpoint.

mod answer;
mod auth;
mod bearer;
mod jar;
mod raw;
mod recipes;
mod request;
mod session;

use std::net::Ipv4Addr;

pub use self::answer::Answer;
pub use self::bearer::{Anonymous, Bearer};
pub use self::jar::Jar;
pub use self::request::{Listener, Request};
pub(crate) use self::request::{http, https};
pub use self::session::{Person, Session};

/// A client of one copy of each service. Its methods are named after the endpoints.
#[derive(Clone)]
pub struct Client {
    pub auth: Listener,
    pub auth_ops: Listener,
    pub recipes: Listener,
    pub recipes_ops: Listener,
}

impl Client {
    /// The same client on a machine with another address: any of 127.0.0.0/8 is this one.
    pub fn at(&self, address: Ipv4Addr) -> Self {
        let http = request::http(Some(address.into()));
        let moved = |listener: &Listener| listener.asked_by(http.clone());
        Self {
            auth: moved(&self.auth),
            auth_ops: moved(&self.auth_ops),
            recipes: moved(&self.recipes),
            recipes_ops: moved(&self.recipes_ops),
        }
    }
}
