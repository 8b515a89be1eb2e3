//! The task that sends what is queued. Every copy runs one; a conditional update decides which of them sends a mail.

use std::time::{Duration, SystemTime};

use common::db::{Conn, DbError, QueryResult};
use common::limits::Limit;
use common::time::Instant;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Message, MultiPart};

use super::LinkKey;
use super::letter::Facts;
use super::transport::{Failure, PATIENCE, Transport};
use crate::domain::{Language, MailId, MailKind, Purpose, UserState};
use crate::error::Error;
use crate::service::Auth;
use crate::service::background::Background;
use crate::service::secrets::Version;
use crate::service::store::mails::Job;
use crate::service::store::{links, mails, users};

/// How often is looked for what other copies queued, or is due again.
const EVERY: Duration = Duration::from_secs(1);

/// For how long a mail is one copy's. A copy that died while it sent one leaves it to the others then.
const LEASE: Duration = Duration::from_secs(5 * 60);

/// A mail that was not taken is tried again after this, then after twice as long, and so on.
const FIRST_PAUSE: Duration = Duration::from_secs(30);
const LONGEST_PAUSE: Duration = Duration::from_secs(3600);
const GIVEN_UP_AFTER: Duration = Duration::from_secs(24 * 3600);

/// What became of a mail that was due.
enum Outcome {
    Sent,
    /// There is nobody to send it to, or its link works no more.
    Needless,
    Failed(Failure),
}

impl Auth {
    /// Sends mails as they become due, on the present runtime, until `background` is dropped.
    pub fn keep_posting(&self, background: &mut Background) {
        if let Transport::Files(folder) = &self.post.0.transport {
            log::info!(folder:% = folder.display(); "mails are written to files, as AUTH_SMTP_URL is not set");
        }
        let auth = self.clone();
        background.run(async move {
            loop {
                while auth.deliver_next().await {}
                tokio::select! {
                    () = tokio::time::sleep(EVERY) => {}
                    () = auth.post.0.wake.notified() => {}
                }
            }
        });
    }

    /// Sends a mail that is due; false where there is none.
    async fn deliver_next(&self) -> bool {
        let job = match self.claim().await {
            Ok(Some(job)) => job,
            Ok(None) => return false,
            Err(error) => {
                log::warn!(error:% = error; "the queue of mails could not be read");
                return false;
            }
        };
        let (id, created_at) = (job.id, job.created_at);
        match self.resolved(job).await {
            Ok(Some(job)) => {
                let outcome = self.deliver(&job).await;
                self.conclude(job, outcome).await;
            }
            Ok(None) => log::debug!(mail:% = id, created_at:% = created_at; "a mail has become needless"),
            // It is due again when its lease is over.
            Err(error) => log::warn!(mail:% = id, error:% = error; "a mail could not be prepared"),
        }
        true
    }

    async fn claim(&self) -> Result<Option<Job>, DbError> {
        let offset_us = self.clock.offset_us();
        if !self.db.read(move |conn| mails::is_any_due(conn, offset_us)).await? {
            return Ok(None);
        }
        self.db.write(move |conn| mails::claim(conn, offset_us, LEASE)).await
    }

    /// Finds out whose password was forgotten; nothing of another kind is touched.
    async fn resolved(&self, job: Job) -> Result<Option<Job>, DbError> {
        if job.kind != Some(MailKind::Forgotten) {
            return Ok(Some(job));
        }
        let (offset_us, key, limit) = (self.clock.offset_us(), self.link_key(), self.limits.of_resets());
        self.db.write(move |conn| resolve(conn, offset_us, job, &key, limit)).await
    }

    async fn deliver(&self, job: &Job) -> Outcome {
        match self.written(job).await {
            Ok(Some(message)) => match self.post.0.transport.send(job.id, &message).await {
                Ok(()) => Outcome::Sent,
                Err(failure) => Outcome::Failed(failure),
            },
            Ok(None) => Outcome::Needless,
            Err(error) => Outcome::Failed(Failure::Later(error.to_string())),
        }
    }

    /// Writes a mail; `None` where it has become needless.
    async fn written(&self, job: &Job) -> Result<Option<Message>, Error> {
        let (Some(kind), Some(user_id)) = (job.kind, job.user_id) else { return Ok(None) };
        let user = self.db.read(move |conn| users::by_id(conn, user_id)).await?;
        let Some(user) = user.filter(|user| user.state != UserState::Deleted) else { return Ok(None) };
        let link = match kind {
            MailKind::Reset => Some(Purpose::Reset),
            MailKind::Verify => Some(Purpose::Verify),
            _ => None,
        };
        let link = match link {
            Some(purpose) => match self.link(job, purpose).await? {
                Some(link) => Some(link),
                None => return Ok(None),
            },
            None => None,
        };
        let ip = job.detail["ip"].as_str().unwrap_or("unknown").to_owned();
        let facts = Facts { link, at: minute(job.created_at), ip };
        self.message(job, kind, Language::of_locale(&user.locale), &facts).map(Some)
    }

    /// Where the link leads to; `None` for one that works no more.
    async fn link(&self, job: &Job, purpose: Purpose) -> Result<Option<String>, Error> {
        let Some(id) = job.link_id else { return Ok(None) };
        let offset_us = self.clock.offset_us();
        let version = self.db.read(move |conn| links::key_version(conn, offset_us, id)).await?;
        let Some(version) = version else { return Ok(None) };
        let key = match self.secrets.find_master(version).await? {
            Version::Held(master) => LinkKey::of(version, &master),
            Version::Missing | Version::Unknown => return Err(Error::KeyNotHere),
        };
        let token = key.token(id).reveal();
        Ok(Some(format!("{}/{}#token={token}", self.post.0.public_url, purpose.as_str())))
    }

    fn message(
        &self,
        job: &Job,
        kind: MailKind,
        language: Language,
        facts: &Facts,
    ) -> Result<Message, Error> {
        let internal =
            |error: &dyn std::error::Error| Error::Internal(format!("a mail cannot be written: {error}"));
        let letter = self.post.0.letters.write(kind, language, facts).map_err(|error| internal(&error))?;
        let from = &self.post.0.from;
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
        Message::builder()
            .from(from.clone())
            .to(job.address.parse().map_err(|error| internal(&error))?)
            .subject(letter.subject)
            .date(SystemTime::UNIX_EPOCH + job.created_at.since(Instant::UNIX_EPOCH))
            // The same one each time that it is sent: whoever gets it twice can tell.
            .message_id(Some(format!("<{}@{}>", job.id, from.email.domain())))
            // No holiday answers it (RFC 3834 §5).
            .raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()))
            .multipart(MultiPart::alternative_plain_html(letter.text, letter.html))
            .map_err(|error| internal(&error))
    }

    /// Takes a mail out of the queue, or leaves it for later.
    async fn conclude(&self, job: Job, outcome: Outcome) {
        let (id, kind) = (job.id, job.kind.map_or("unknown", MailKind::as_str));
        let name = match outcome {
            Outcome::Sent => {
                log::info!(mail:% = id, kind; "a mail was sent");
                "sent"
            }
            Outcome::Needless => {
                log::debug!(mail:% = id, kind; "a mail has become needless");
                "needless"
            }
            Outcome::Failed(Failure::Refused(reason)) => {
                log::warn!(mail:% = id, kind, reason; "a mail was refused, and is given up");
                "refused"
            }
            Outcome::Failed(Failure::Later(reason)) if job.now.since(job.created_at) < GIVEN_UP_AFTER => {
                log::warn!(mail:% = id, kind, tries = job.tries, reason; "a mail was not taken: tried again");
                return self.postpone(job).await;
            }
            Outcome::Failed(Failure::Later(reason)) => {
                log::error!(mail:% = id, kind, reason; "a mail was not taken for a day, and is given up");
                "given_up"
            }
        };
        metrics::counter!("mails_total", "outcome" => name).increment(1);
        self.delete_mail(id).await;
    }

    async fn postpone(&self, job: Job) {
        metrics::counter!("mails_total", "outcome" => "postponed").increment(1);
        let due_at = job.now + pause(job.tries);
        if let Err(error) = self.db.write(move |conn| mails::postpone(conn, &job, due_at)).await {
            log::warn!(error:% = error; "a mail is tried again when its lease is over");
        }
    }

    /// What was sent must not be sent again: while the lease lasts, the database is asked until it answers.
    async fn delete_mail(&self, id: MailId) {
        let until = self.clock.boot() + LEASE - PATIENCE;
        while let Err(error) = self.db.autocommit(move |conn| mails::delete(conn, id)).await {
            if self.clock.boot() > until {
                log::error!(mail:% = id, error:% = error; "a mail may be sent twice");
                return;
            }
            tokio::time::sleep(EVERY).await;
        }
    }
}

/// Makes a link for whom the address is, and its mail of the one that was asked for; or nothing, where it is nobody's or
/// they had enough of them: then the last link stays good.
fn resolve(
    conn: &mut Conn,
    offset_us: i64,
    job: Job,
    key: &LinkKey,
    limit: Option<Limit>,
) -> QueryResult<Option<Job>> {
    let user = users::account(conn, &job.address)?.map(|account| account.user);
    let Some(user) = user.filter(|user| user.state == UserState::Active) else {
        mails::delete(conn, job.id)?;
        return Ok(None);
    };
    if let Some(limit) = limit {
        let made = links::made_since(conn, user.id, Purpose::Reset, job.now - limit.window)?;
        if made >= i64::from(limit.most) {
            log::info!(user:% = user.id; "no link is sent to an account that was sent enough of them");
            mails::delete(conn, job.id)?;
            return Ok(None);
        }
    }
    let link = key.new_link(&user, Purpose::Reset, &job.address);
    links::make(conn, offset_us, &link)?;
    mails::become_reset(conn, job.id, user.id, link.id)?;
    Ok(Some(Job { kind: Some(MailKind::Reset), user_id: Some(user.id), link_id: Some(link.id), ..job }))
}

fn pause(tries: i64) -> Duration {
    let doublings = u32::try_from(tries - 1).unwrap_or(0).min(16);
    (FIRST_PAUSE * 2_u32.pow(doublings)).min(LONGEST_PAUSE)
}

/// A time as people read it, to the minute.
fn minute(at: Instant) -> String {
    let text = at.to_string();
    format!("{} UTC", text.get(..16).unwrap_or(&text).replace('T', " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_an_hour() {
        let minutes: Vec<u64> = (1..=10).map(|tries| pause(tries).as_secs()).collect();
        assert_eq!(minutes, [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]);
        assert_eq!(pause(10_000), LONGEST_PAUSE);
    }

    #[test]
    fn a_time_is_read_to_the_minute() {
        let at: Instant = "2026-11-21T09:30:59.5Z".parse().unwrap();
        assert_eq!(minute(at), "2026-11-21 09:30 UTC");
    }
}
