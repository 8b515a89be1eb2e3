use clap::Args;
use common::limits::Limit;
use common::settings::{BadValue, boolean};

/// All limits of rates (API.md §2).
#[derive(Clone, Copy, Debug)]
pub struct RateLimits {
    /// Tries at passwords from one address.
    pub login: Limit,
    /// Wrong passwords for one account, before tries at it are slowed.
    pub failures: Limit,
    /// Wrong passwords for one account from one device that logged in to it before.
    pub device_failures: Limit,
    /// Tries at an account that are slowed, from one address.
    pub slowed: Limit,
    /// Tries at an account that are slowed, from everywhere.
    pub slowed_in_all: Limit,
    /// Sign-ups from one address.
    pub signup: Limit,
    /// Refreshes of one session.
    pub refresh: Limit,
    /// Links to choose another password for one account.
    pub forgot: Limit,
    /// Such links that one address asks for, for whatever accounts.
    pub forgot_address: Limit,
    /// Links to verify an address that one account asks for.
    pub verify: Limit,
    /// Notices of one kind to one account.
    pub notices: Limit,
}

#[derive(Args, Clone)]
#[command(next_help_heading = "Limits of rates, as NUMBER/TIME")]
pub(super) struct Limits {
    /// Whether calls are limited: on, or off for benchmarks.
    #[arg(long, env = "AUTH_RATE_LIMITS", default_value = "on", global = true)]
    pub rate_limits: String,
    /// Tries at passwords from one address, an IPv6 address by its /64.
    #[arg(long, env = "AUTH_LIMIT_LOGIN", default_value = "10/1m", global = true)]
    pub limit_login: String,
    /// Wrong passwords for an account, after which tries at it are slowed.
    #[arg(long, env = "AUTH_LIMIT_FAILURES", default_value = "5/15m", global = true)]
    pub limit_failures: String,
    /// Wrong passwords from a device that logged in to the account before; others do not slow it.
    #[arg(long, env = "AUTH_LIMIT_DEVICE_FAILURES", default_value = "10/15m", global = true)]
    pub limit_device_failures: String,
    /// Slowed tries at an account, from one address.
    #[arg(long, env = "AUTH_LIMIT_SLOWED", default_value = "1/30s", global = true)]
    pub limit_slowed: String,
    /// Slowed tries at an account, from everywhere.
    #[arg(long, env = "AUTH_LIMIT_SLOWED_IN_ALL", default_value = "100/1h", global = true)]
    pub limit_slowed_in_all: String,
    /// Sign-ups from one address.
    #[arg(long, env = "AUTH_LIMIT_SIGNUP", default_value = "20/1h", global = true)]
    pub limit_signup: String,
    /// Refreshes of a session; repetitions of one are not counted.
    #[arg(long, env = "AUTH_LIMIT_REFRESH", default_value = "60/1m", global = true)]
    pub limit_refresh: String,
    /// Links to choose another password for an account, beyond which none is sent.
    #[arg(long, env = "AUTH_LIMIT_FORGOT", default_value = "3/1h", global = true)]
    pub limit_forgot: String,
    /// Such links that one address asks for, for whatever accounts; beyond it none is sent.
    #[arg(long, env = "AUTH_LIMIT_FORGOT_ADDRESS", default_value = "60/1h", global = true)]
    pub limit_forgot_address: String,
    /// Links to verify an address that an account asks for.
    #[arg(long, env = "AUTH_LIMIT_VERIFY", default_value = "5/1h", global = true)]
    pub limit_verify: String,
    /// Notices of one kind to an account by mail, such as of a new device; beyond it none is sent.
    #[arg(long, env = "AUTH_LIMIT_NOTICES", default_value = "5/1h", global = true)]
    pub limit_notices: String,
}

impl Limits {
    /// What the texts mean; `None` where calls are not limited.
    pub fn rate_limits(&self) -> Result<Option<RateLimits>, BadValue> {
        let limits = RateLimits {
            login: Limit::parse("AUTH_LIMIT_LOGIN", &self.limit_login)?,
            failures: Limit::parse("AUTH_LIMIT_FAILURES", &self.limit_failures)?,
            device_failures: Limit::parse("AUTH_LIMIT_DEVICE_FAILURES", &self.limit_device_failures)?,
            slowed: Limit::parse("AUTH_LIMIT_SLOWED", &self.limit_slowed)?,
            slowed_in_all: Limit::parse("AUTH_LIMIT_SLOWED_IN_ALL", &self.limit_slowed_in_all)?,
            signup: Limit::parse("AUTH_LIMIT_SIGNUP", &self.limit_signup)?,
            refresh: Limit::parse("AUTH_LIMIT_REFRESH", &self.limit_refresh)?,
            forgot: Limit::parse("AUTH_LIMIT_FORGOT", &self.limit_forgot)?,
            forgot_address: Limit::parse("AUTH_LIMIT_FORGOT_ADDRESS", &self.limit_forgot_address)?,
            verify: Limit::parse("AUTH_LIMIT_VERIFY", &self.limit_verify)?,
            notices: Limit::parse("AUTH_LIMIT_NOTICES", &self.limit_notices)?,
        };
        Ok(boolean("AUTH_RATE_LIMITS", &self.rate_limits)?.then_some(limits))
    }
}
