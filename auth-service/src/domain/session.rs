use std::net::IpAddr;

use common::id;

id! {
    /// One log-in, from its password to its end. It names the claim `sid`.
    pub struct SessionId;
}

/// Where a request came from, as the list of sessions and the audit show it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// Its address; of IPv6, the first 64 bits, which are one customer's.
    pub ip: Option<String>,
    pub user_agent: Option<String>,
}

impl Client {
    /// What of its address stands for one customer of a network: all of it, of an IPv6 address the first 64 bits.
    pub fn network(&self) -> String {
        let ip = self.ip.as_deref().and_then(|ip| ip.parse::<IpAddr>().ok());
        match ip.map(|ip| ip.to_canonical()) {
            Some(IpAddr::V4(ip)) => ip.to_string(),
            Some(IpAddr::V6(ip)) => format!("{:x}", ip.to_bits() >> 64),
            None => "unknown".to_owned(),
        }
    }
}

/// How the tokens of a session reach its owner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transport {
    /// In the body, to be kept by a program and sent in a header.
    #[default]
    Body,
    /// As cookies, to be kept by a browser that shows them to no script.
    Cookies,
}

/// Why a session is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndReason {
    LoggedOut,
    Reused,
    PasswordChanged,
    /// Its owner proved once more who they are: another session took its place.
    Reauthenticated,
    Disabled,
    ByAdmin,
    Deleted,
    /// The database was restored from a backup, which does not know who logged out since.
    Restored,
}

impl EndReason {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LoggedOut => "logged_out",
            Self::Reused => "refresh_token_reused",
            Self::PasswordChanged => "password_changed",
            Self::Reauthenticated => "reauthenticated",
            Self::Disabled => "account_disabled",
            Self::ByAdmin => "ended_by_admin",
            Self::Deleted => "account_deleted",
            Self::Restored => "database_restored",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_has_one_ipv4_address_and_many_ipv6_addresses() {
        let network = |ip: &str| Client { ip: Some(ip.to_owned()), user_agent: None }.network();
        assert_eq!(network("192.0.2.1"), network("::ffff:192.0.2.1"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
    }
}
