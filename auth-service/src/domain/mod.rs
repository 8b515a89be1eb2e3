//! What the words of this service mean. Pure: knows no HTTP, no database, no clock.

pub mod account;
pub mod client;
pub mod device;
pub mod email;
pub mod link;
pub mod locale;
pub mod mail;
pub mod name;
pub mod password;
pub mod refresh_token;
pub mod scope;
pub mod session;
pub mod user;
pub mod username;

pub use client::{ClientId, ClientSecret, ClientState, ServiceClient};
pub use device::{DeviceId, DeviceToken};
pub use email::Email;
pub use link::{LinkId, LinkToken, Purpose};
pub use locale::Locale;
pub use mail::{Language, MailId, MailKind};
pub use name::Name;
pub use password::Password;
pub use refresh_token::{RefreshKey, RefreshToken};
pub use scope::Words;
pub use session::{Client, SessionId, Transport};
pub use user::{User, UserId, UserState};
pub use username::Username;

/// Why a text is not what it is to be: a code for programs and a sentence for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unfit {
    pub code: &'static str,
    pub detail: &'static str,
}

const fn unfit(code: &'static str, detail: &'static str) -> Unfit {
    Unfit { code, detail }
}
