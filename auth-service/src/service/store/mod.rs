//! The queries. Synchronous, over one connection; they know neither HTTP nor the service's errors.

pub mod audit;
pub mod clients;
pub mod directory;
pub mod feed;
pub mod keys;
pub mod links;
pub mod mails;
pub mod secrets;
pub mod sessions;
pub mod users;
