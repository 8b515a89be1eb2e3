//! What a service does at its edge: how long clients may take, whom it believes about their addresses, and which web
//! origins' scripts may call it.

pub(in crate::web) mod address;
mod flags;
mod origins;
mod proxies;

pub use self::address::{address_group, client_address};
pub use self::origins::Origins;
pub use self::proxies::Proxies;
pub use super::connection::Limits;

/// The edge of one service.
#[derive(Clone, Debug, Default)]
pub struct Edge {
    pub limits: Limits,
    pub trusted_proxies: Proxies,
    pub cors_origins: Origins,
}
