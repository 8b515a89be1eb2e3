use common::id;

id! {
    /// One log-in, from its password to its end. It names the claim `sid`.
    pub struct SessionId;
}

/// Where a request came from, as the list of sessions and the audit show it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    pub ip: Option<String>,
    pub user_agent: Option<String>,
}

/// Why a session is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndReason {
    LoggedOut,
    Reused,
    PasswordChanged,
    Disabled,
    ByAdmin,
}

impl EndReason {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LoggedOut => "logged_out",
            Self::Reused => "refresh_token_reused",
            Self::PasswordChanged => "password_changed",
            Self::Disabled => "account_disabled",
            Self::ByAdmin => "ended_by_admin",
        }
    }
}
