//! The queries. Synchronous, over one connection; they know neither HTTP nor the service's errors.

pub mod feed;
