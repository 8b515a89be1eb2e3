//! Mails. What they are about queues them in its own transaction; one task a copy sends them, never on the way of a request.
//!
//! The queue holds what a mail is about and to whom it goes, and neither its text nor its link: the link's token is made
//! anew each time that the mail is sent, from its id and a key of the secrets folder, so that the database never has it.

mod deliver;
mod letter;
mod transport;

use std::sync::Arc;
use std::time::Duration;

use common::db::{Conn, QueryResult};
use common::secrets::Secret;
use lettre::message::Mailbox;
use lettre::transport::smtp::Error as SmtpError;
use serde_json::{Value, json};
use tokio::sync::Notify;
use url::Url;

use self::letter::Letters;
use self::transport::Transport;
use super::Auth;
use super::store::links::{self, NewLink};
use super::store::mails::{self, NewMail};
use crate::config::Settings;
use crate::domain::session::Client;
use crate::domain::{LinkId, LinkToken, MailKind, Purpose, User};

/// How mails go out. Clones share it.
#[derive(Clone)]
pub struct Post(Arc<Inner>);

struct Inner {
    transport: Transport,
    letters: Letters,
    from: Mailbox,
    /// Where the world reaches this service: what links begin with, whatever a request says.
    public_url: String,
    wake: Notify,
}

impl Post {
    /// # Errors
    /// The system has no certificates that it trusts.
    pub fn new(settings: &Settings) -> Result<Self, SmtpError> {
        let host = Url::parse(&settings.public_url).ok().and_then(|url| url.host_str().map(str::to_owned));
        Ok(Self(Arc::new(Inner {
            transport: Transport::new(settings)?,
            letters: Letters::new(host.unwrap_or_default()),
            from: settings.mail.from.clone(),
            public_url: settings.public_url.clone(),
            wake: Notify::new(),
        })))
    }

    /// Has the queue looked at now, once what was queued is committed.
    pub(super) fn wake(&self) {
        self.0.wake.notify_one();
    }
}

/// A link, and the mail that carries it.
pub(super) struct Linked {
    link: NewLink,
    mail: NewMail,
}

impl Linked {
    /// Makes the link and queues its mail, within the transaction of what they are about.
    pub fn write(self, conn: &mut Conn, offset_us: i64) -> QueryResult<()> {
        links::make(conn, offset_us, &self.link)?;
        mails::enqueue(conn, offset_us, self.mail)
    }
}

/// What new links are made with.
#[derive(Clone)]
pub(super) struct LinkKey {
    version: u8,
    key: Secret,
}

impl LinkKey {
    pub(super) fn of(version: u8, master: &Secret) -> Self {
        Self { version, key: master.derive("links in mails") }
    }

    pub fn token(&self, id: LinkId) -> LinkToken {
        LinkToken::of(id, &self.key)
    }

    /// A new link for this person at this address.
    pub fn new_link(&self, user: &User, purpose: Purpose, address: &str) -> NewLink {
        let id = LinkId::new();
        NewLink {
            id,
            user_id: user.id,
            purpose,
            address: address.to_owned(),
            secret_hash: self.token(id).secret_hash(),
            key_version: self.version,
            uv: user.uv,
            life_us: life(purpose).as_micros() as i64,
        }
    }
}

/// For how long a link works. The mails say so, too.
fn life(purpose: Purpose) -> Duration {
    match purpose {
        Purpose::Reset => Duration::from_secs(30 * 60),
        Purpose::Verify => Duration::from_secs(24 * 3600),
    }
}

impl Auth {
    /// What links are made with from now on.
    pub(super) fn link_key(&self) -> LinkKey {
        let (version, master) = self.secrets.newest_master();
        LinkKey::of(version, &master)
    }

    /// A mail by which somebody shows that an address is theirs.
    pub(super) fn verification(&self, user: &User, address: &str) -> Linked {
        let link = self.link_key().new_link(user, Purpose::Verify, address);
        let mail = NewMail {
            kind: MailKind::Verify,
            address: address.to_owned(),
            user_id: Some(user.id),
            link_id: Some(link.id),
            detail: json!({}),
        };
        Linked { link, mail }
    }

    /// A mail that says what happened to an account; none where it has no address, or had enough of them.
    pub(super) async fn notice(
        &self,
        kind: MailKind,
        user: &User,
        client: Option<&Client>,
    ) -> Option<NewMail> {
        let address = user.email.clone()?;
        if !self.limits.notice(kind, user.id).await {
            return None;
        }
        Some(notice_to(address, kind, user, client))
    }
}

/// A mail to this address that says what happened to an account.
pub(super) fn notice_to(address: String, kind: MailKind, user: &User, client: Option<&Client>) -> NewMail {
    let detail: Value = client.map_or_else(|| json!({}), |client| json!({ "ip": client.ip }));
    NewMail { kind, address, user_id: Some(user.id), link_id: None, detail }
}

/// Queues a mail if there is one.
pub(super) fn enqueue(conn: &mut Conn, offset_us: i64, mail: Option<NewMail>) -> QueryResult<()> {
    mail.map_or(Ok(()), |mail| mails::enqueue(conn, offset_us, mail))
}
