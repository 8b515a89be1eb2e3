//! Logging in, refreshing, logging out.

use std::sync::Arc;

use common::db::Conn;
use common::time::Instant;
use common::token::{Claims, Person, Refusal, Verified, csrf_claim};
use serde_json::json;

use super::accounts::login_name;
use super::actor::Actor;
use super::handover::Handover;
use super::hashing::Verdict;
use super::limits::{Counted, Trier};
use super::mail::enqueue;
use super::secrets::Version;
use super::store::audit::{self, Entry, Outcome};
use super::store::clients;
use super::store::feed::{self, Appended, NewEvent};
use super::store::mails::NewMail;
pub use super::store::sessions::Listed;
use super::store::sessions::{self, NewSession, Session, Step};
use super::store::users::{self, Account};
use super::{Auth, rotation};
use crate::domain::session::{Client, EndReason};
use crate::domain::{
    ClientId, DeviceId, DeviceToken, MailKind, Password, RefreshKey, RefreshToken, SessionId, Transport,
    User, UserId, UserState, Words,
};
use crate::error::Error;

/// The `client_id` of tokens that people get by logging in here themselves.
pub const FIRST_PARTY: &str = "jipbap";

/// How somebody proves who they are by a password.
const BY_PASSWORD: &str = "pwd";

/// The part that was asked for of what can be granted; all of it where nothing was.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub scope: Option<Words>,
    pub audience: Option<Words>,
}

/// Somebody who says who they are.
pub struct Attempt {
    /// Address or user name, as it was typed.
    pub name: String,
    pub password: Password,
    pub wanted: Wanted,
    pub client: Client,
    /// What the device says that it logged in before by.
    pub device: Option<String>,
    pub transport: Transport,
}

/// A password that somebody gives for an account.
pub(super) struct Claimed<'a> {
    /// What the audit calls it if it is refused.
    pub event: &'static str,
    /// As whom they see themselves, in its canonical form if it has one.
    pub name: &'a str,
    pub password: &'a Password,
    pub client: &'a Client,
    pub device: Option<&'a str>,
}

/// What a session's owner is given.
#[derive(Debug)]
pub struct Granted {
    pub access_token: String,
    pub expires_in: i64,
    pub scope: String,
    pub refresh_token: String,
    /// What calls bring beside a cookie, where the tokens go into cookies.
    pub csrf_token: Option<String>,
    pub refresh_expires_at: Instant,
    pub refresh_expires_in: i64,
    pub session_expires_at: Instant,
    pub session_id: SessionId,
    pub user: Option<User>,
    /// What the device is to know itself by when it logs in again.
    pub device_token: Option<String>,
}

impl Granted {
    pub fn to(self, user: User) -> Self {
        Self { user: Some(user), ..self }
    }

    pub fn on_device(self, device_token: String) -> Self {
        Self { device_token: Some(device_token), ..self }
    }
}

/// Which sessions to end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extent {
    #[default]
    Local,
    Others,
    All,
}

/// A session that is about to be opened.
pub(super) struct Opening {
    id: SessionId,
    user_id: UserId,
    token: RefreshToken,
    /// What its owner gets.
    pub first: Handover,
    scope: Words,
    audiences: Words,
    client: Client,
    idle_us: i64,
    max_us: i64,
}

impl Opening {
    /// Everything that the store needs, given what was verified.
    pub fn new_session<'a>(&'a self, uv: i64, password: &'a str) -> NewSession<'a> {
        NewSession {
            id: self.id,
            user_id: self.user_id,
            client_id: FIRST_PARTY,
            secret_hash: self.token.secret_hash(),
            key_version: self.token.key_version,
            scope: &self.scope,
            audiences: &self.audiences,
            amr: BY_PASSWORD,
            client: &self.client,
            idle_us: self.idle_us,
            max_us: self.max_us,
            uv,
            password,
        }
    }

    pub fn entry(&self, event: &'static str) -> Entry {
        let (session, personal) = (Some(self.id), Some(whereabouts(&self.client)));
        Entry { session, personal, ..Entry::own(self.user_id, event) }
    }
}

pub(super) fn whereabouts(client: &Client) -> serde_json::Value {
    json!({ "ip": client.ip, "user_agent": client.user_agent })
}

impl Auth {
    /// Logs somebody in who knows a name and its password.
    pub async fn log_in(&self, attempt: Attempt) -> Result<Granted, Error> {
        let (scope, audiences) = self.granted_to_people(&attempt.wanted)?;
        let name = login_name(&attempt.name);
        let claimed = Claimed {
            event: "login_failed",
            name: name.as_deref().unwrap_or(&attempt.name),
            password: &attempt.password,
            client: &attempt.client,
            device: attempt.device.as_deref(),
        };
        // What was verified may change before the session is there: then it is verified once more.
        for _ in 0..2 {
            let account = self.account(name.clone()).await?;
            let (account, verdict) = self.prove(account, &claimed).await?;
            let (user, client) = (account.user.id, attempt.client.clone());
            let opening = self.opening(user, scope.clone(), audiences.clone(), client, attempt.transport);
            let notice = self.notice_of_device(&account.user, &claimed).await;
            if let Some(granted) = self.open(opening, &account, notice).await? {
                if verdict == Verdict::RightButOld {
                    self.renew_stored_form(&account, &attempt.password).await;
                }
                let device = self.device_token(&account.user, account.user.uv, attempt.device.as_deref());
                return Ok(granted.to(account.user).on_device(device));
            }
        }
        Err(Error::Busy)
    }

    /// Exchanges a refresh token for the next one and an access token.
    pub async fn refresh(
        &self,
        presented: &str,
        wanted: Wanted,
        client: Client,
        transport: Transport,
    ) -> Result<Granted, Error> {
        self.refresh_as(FIRST_PARTY, presented, wanted, client, transport).await
    }

    /// The same for the client that a session was issued to; for nobody else.
    pub(super) async fn refresh_as(
        &self,
        client_id: &str,
        presented: &str,
        wanted: Wanted,
        client: Client,
        transport: Transport,
    ) -> Result<Granted, Error> {
        let token = self.authentic(presented).await?;
        self.check_narrowing(&token, &wanted).await?;
        let key = self.secrets.newest_refresh_key();
        let successor = token.successor(&key);
        let step = self.step(client_id, &token, &successor);
        let session = match self.limits.refresh(token.session).await {
            Ok(counted) => self.rotate(step, client, counted).await?,
            // Who only repeats is answered, however often the session went on.
            Err(refusal) => self.repeat(step).await?.ok_or(refusal)?,
        };
        if session.key_version == successor.key_version {
            return self.grant(&session, Handover::of(&successor, &key, transport), &wanted);
        }
        // A repetition gets what the first one got, made with the key of then.
        let key = self.refresh_key(session.key_version).await?;
        self.grant(&session, Handover::of(&token.successor(&key), &key, transport), &wanted)
    }

    /// Ends sessions of the owner of an access token.
    pub async fn log_out(&self, verified: Arc<Verified>, extent: Extent) -> Result<(), Error> {
        let (user_id, session) = owner(&verified.claims).ok_or(Error::Forbidden)?;
        match extent {
            Extent::Local => self.end_session(session, None).await,
            Extent::Others => self.end_others(user_id, session).await,
            Extent::All => self.end_all(user_id).await,
        }
    }

    /// Ends sessions of the owner of a refresh token. More than its own only with one that would still be exchanged.
    pub async fn log_out_by_refresh_token(&self, presented: &str, extent: Extent) -> Result<(), Error> {
        let token = self.authentic(presented).await?;
        if extent == Extent::Local {
            return self.end_session(token.session, None).await;
        }
        let (id, offset_us, window_us) = (token.session, self.clock.offset_us(), self.window_us());
        let standing = self.db.read(move |conn| sessions::standing(conn, offset_us, id, window_us)).await?;
        let may_end_others = |s: &sessions::Standing| s.is_active && s.is_owner_current && !s.is_expired;
        let standing = standing.filter(may_end_others).ok_or(Error::SessionEnded)?;
        if standing.secret_hash != token.secret_hash() {
            return Err(Error::RefreshTokenInvalid);
        }
        match extent {
            Extent::Others => self.end_others(standing.user_id, id).await,
            Extent::Local | Extent::All => self.end_all(standing.user_id).await,
        }
    }

    /// A person's sessions, the newest first.
    pub async fn sessions(
        &self,
        user: UserId,
        before: Option<SessionId>,
        limit: i64,
    ) -> Result<Vec<Listed>, Error> {
        let offset_us = self.clock.offset_us();
        Ok(self.db.read(move |conn| sessions::page(conn, offset_us, user, before, limit)).await?)
    }

    /// Ends one of a person's sessions. Somebody else's is not found.
    pub async fn end_own_session(&self, user: UserId, session: SessionId) -> Result<(), Error> {
        let owner = self.db.read(move |conn| sessions::owner(conn, session)).await?;
        if owner != Some(user) {
            return Err(Error::NotFound);
        }
        self.end_session(session, None).await
    }

    /// Asks the database about a token that was believed: whether it, its session or its owner ended, and what o'clock
    /// it is.
    pub async fn confirm(&self, verified: &Verified) -> Result<Result<(), Refusal>, Error> {
        let is_good = match (owner(&verified.claims), ClientId::of_subject(&verified.claims.sub)) {
            (Some((user_id, session)), _) => self.is_good_for_person(verified, user_id, session).await?,
            (None, Some(client)) => self.is_good_for_client(verified, client).await?,
            (None, None) => false,
        };
        Ok(if is_good { Ok(()) } else { Err(Refusal::Revoked) })
    }

    async fn is_good_for_person(
        &self,
        verified: &Verified,
        user_id: UserId,
        session: SessionId,
    ) -> Result<bool, Error> {
        let (offset_us, sent, uv) = (self.clock.offset_us(), self.clock.boot(), verified.claims.uv);
        let jti = verified.claims.jti.clone();
        let asked = move |conn: &mut Conn| sessions::token_standing(conn, offset_us, user_id, session, &jti);
        let Some(standing) = self.db.read(asked).await? else { return Ok(false) };
        self.time.set_time(standing.now.as_micros(), sent, self.clock.boot());
        let is_owner_good = standing.is_session_active && standing.is_user_active && uv >= standing.uv;
        Ok(is_owner_good && !standing.is_revoked)
    }

    async fn is_good_for_client(&self, verified: &Verified, client: ClientId) -> Result<bool, Error> {
        let (offset_us, sent, uv) = (self.clock.offset_us(), self.clock.boot(), verified.claims.uv);
        let jti = verified.claims.jti.clone();
        let asked = move |conn: &mut Conn| clients::token_standing(conn, offset_us, client, &jti);
        let Some(standing) = self.db.read(asked).await? else { return Ok(false) };
        self.time.set_time(standing.now.as_micros(), sent, self.clock.boot());
        Ok(standing.is_active && uv >= standing.uv && !standing.is_revoked)
    }

    async fn account(&self, name: Option<String>) -> Result<Option<Account>, Error> {
        match name {
            Some(name) => Ok(self.db.read(move |conn| users::account(conn, &name)).await?),
            None => Ok(None),
        }
    }

    /// Checks a password, if there is room for another wrong one. Nobody can tell an unknown name from a wrong password, by
    /// the answer or by its time.
    pub(super) async fn prove(
        &self,
        account: Option<Account>,
        claimed: &Claimed<'_>,
    ) -> Result<(Account, Verdict), Error> {
        let user = account.as_ref().map(|account| &account.user);
        let counted = self.limits.try_password(&self.trier(user, claimed)).await?;
        let stored = account.as_ref().and_then(|account| account.password.as_deref());
        let verdict = self.hashing.verify(claimed.password, stored).await;
        if !matches!(verdict, Ok(Verdict::Wrong)) {
            self.limits.take_back(counted).await;
        }
        let (user, verdict) = (user.map(|user| user.id), verdict?);
        match judged(account, verdict) {
            Ok(account) => Ok((account, verdict)),
            Err(refusal) => {
                self.note_refusal(user, claimed, &refusal).await?;
                Err(refusal)
            }
        }
    }

    /// Writes down that a password was refused: the same work for an account that is nobody's, so that time tells nothing.
    async fn note_refusal(
        &self,
        user_id: Option<UserId>,
        claimed: &Claimed<'_>,
        refusal: &Error,
    ) -> Result<(), Error> {
        let reason = match refusal {
            Error::AccountDisabled => "account_disabled",
            _ => "invalid_credentials",
        };
        let entry = Entry {
            outcome: Outcome::Refused,
            detail: json!({ "reason": reason }),
            personal: Some(whereabouts(claimed.client)),
            ..Entry::new(claimed.event, None)
        };
        let offset_us = self.clock.offset_us();
        let noted = self.db.write(move |conn| {
            // Who left meanwhile is nobody: there comes no deletion any more that would empty what is personal.
            // A name that is nobody's takes as long: somebody is looked for all the same.
            let user_id = users::staying(conn, user_id.unwrap_or_else(UserId::new))?;
            audit::write(conn, offset_us, Entry { user_id, ..entry })
        });
        Ok(noted.await?)
    }

    fn trier<'a>(&self, user: Option<&User>, claimed: &Claimed<'a>) -> Trier<'a> {
        let device = user.zip(claimed.device).and_then(|(user, token)| self.known_device(user, token));
        Trier { name: claimed.name, device, client: claimed.client }
    }

    /// The device, if it logged in to this account with its present password.
    fn known_device(&self, user: &User, token: &str) -> Option<DeviceId> {
        let token = DeviceToken::parse(token, &self.device_key())?;
        (token.user == user.id && token.uv == user.uv).then_some(token.device)
    }

    /// What a device that has just logged in knows itself by from now on. One that was known stays the same.
    pub(super) fn device_token(&self, user: &User, uv: i64, presented: Option<&str>) -> String {
        let known = presented.and_then(|token| self.known_device(user, token));
        let device = known.unwrap_or_else(DeviceId::new);
        DeviceToken { user: user.id, device, uv }.reveal(&self.device_key())
    }

    /// A mail to somebody whose account is logged in to by a device that never was before. One that was not shown yet to be
    /// theirs may be a stranger's, who never asked for mails.
    async fn notice_of_device(&self, user: &User, claimed: &Claimed<'_>) -> Option<NewMail> {
        let is_known = claimed.device.is_some_and(|device| self.known_device(user, device).is_some());
        if is_known || !user.email_verified {
            return None;
        }
        self.notice(MailKind::NewDevice, user, Some(claimed.client)).await
    }

    async fn open(
        &self,
        opening: Opening,
        account: &Account,
        notice: Option<NewMail>,
    ) -> Result<Option<Granted>, Error> {
        let (offset_us, uv, first) = (self.clock.offset_us(), account.user.uv, opening.first.clone());
        let password = account.password.clone().unwrap_or_default();
        let is_told = notice.is_some();
        let session = self
            .db
            .write(move |conn| {
                let session = sessions::open(conn, offset_us, &opening.new_session(uv, &password))?;
                if session.is_some() {
                    audit::write(conn, offset_us, opening.entry("logged_in"))?;
                    enqueue(conn, offset_us, notice)?;
                }
                Ok(session)
            })
            .await?;
        if is_told {
            self.post.wake();
        }
        session.map(|session| self.grant(&session, first, &Wanted::default())).transpose()
    }

    /// Stores a password in today's way. Where that fails the next login tries again: this one has its session already.
    pub(super) async fn renew_stored_form(&self, account: &Account, password: &Password) {
        let (id, old, now) =
            (account.user.id, account.password.clone().unwrap_or_default(), self.clock.now());
        let renewed = match self.hashing.hash(password).await {
            Ok(new) => self
                .db
                .autocommit(move |conn| users::rehash(conn, id, &old, &new, now))
                .await
                .map(drop)
                .map_err(Error::from),
            Err(error) => Err(error),
        };
        if let Err(error) = renewed {
            log::warn!(error:% = error; "a password stays in its old form until the next login");
        }
    }

    fn step(&self, client_id: &str, token: &RefreshToken, successor: &RefreshToken) -> Step {
        Step {
            session: token.session,
            generation: token.generation,
            presented: token.secret_hash(),
            successor: successor.secret_hash(),
            successor_key: successor.key_version,
            idle_us: self.settings.refresh_idle_ttl.as_micros() as i64,
            client_id: client_id.to_owned(),
        }
    }

    /// Takes a session one step on. What turns out to be a repetition is not counted.
    async fn rotate(&self, step: Step, client: Client, counted: Option<Counted>) -> Result<Session, Error> {
        if let Some(session) = self.rotations.ask(step.clone()).await? {
            return Ok(session);
        }
        let session = self.decide(step, client).await?;
        self.limits.take_back(counted).await;
        Ok(session)
    }

    /// Repeats the answer to a step that a session took just now.
    async fn repeat(&self, step: Step) -> Result<Option<Session>, Error> {
        let (offset_us, window_us) = (self.clock.offset_us(), self.window_us());
        let replay = move |conn: &mut Conn| {
            sessions::replay(conn, offset_us, &step, window_us, rotation::MOST_REPLAYS)
        };
        Ok(self.db.autocommit(replay).await?)
    }

    /// Decides about a token that is not its session's present one.
    async fn decide(&self, step: Step, client: Client) -> Result<Session, Error> {
        let rules = rotation::Rules { offset_us: self.clock.offset_us(), window_us: self.window_us() };
        let decision = self.db.write(move |conn| rotation::decide(conn, &rules, &step, &client)).await?;
        match decision {
            rotation::Decision::Answered(session) => Ok(session),
            rotation::Decision::Reused(appended) => {
                self.feed.committed(appended).await;
                Err(Error::RefreshTokenReused)
            }
            rotation::Decision::Unknown => Err(Error::RefreshTokenInvalid),
            rotation::Decision::Ended => Err(Error::SessionEnded),
            rotation::Decision::Expired => Err(Error::RefreshTokenExpired),
            rotation::Decision::TooManyReplays => Err(Error::TooManyReplays),
            rotation::Decision::Contended => Err(Error::Busy),
        }
    }

    /// Reads a presented token and checks that we made it: what we did not make can end nothing.
    pub(super) async fn authentic(&self, presented: &str) -> Result<RefreshToken, Error> {
        let unchecked = RefreshToken::parse(presented).ok_or(Error::RefreshTokenInvalid)?;
        let key = self.refresh_key(unchecked.key_version()).await?;
        unchecked.check(&key).ok_or(Error::RefreshTokenInvalid)
    }

    async fn refresh_key(&self, version: u8) -> Result<RefreshKey, Error> {
        match self.secrets.refresh_key(version).await? {
            Version::Held(key) => Ok(key),
            Version::Missing => Err(Error::KeyNotHere),
            Version::Unknown => Err(Error::RefreshTokenInvalid),
        }
    }

    /// Refuses to widen what a session has, before anything of it is consumed.
    async fn check_narrowing(&self, token: &RefreshToken, wanted: &Wanted) -> Result<(), Error> {
        if wanted.scope.is_none() && wanted.audience.is_none() {
            return Ok(());
        }
        let id = token.session;
        let Some((scope, audiences)) = self.db.read(move |conn| sessions::granted(conn, id)).await? else {
            return Err(Error::RefreshTokenInvalid);
        };
        narrow(&scope, &audiences, wanted).map(drop)
    }

    /// Ends a session for its owner, or for somebody else who may. Again is the same.
    pub(super) async fn end_session(&self, session: SessionId, by: Option<Actor>) -> Result<(), Error> {
        let offset_us = self.clock.offset_us();
        let reason = match by {
            Some(Actor::Operator | Actor::Admin(_)) => EndReason::ByAdmin,
            _ => EndReason::LoggedOut,
        };
        let ended = self
            .db
            .write(move |conn| {
                let Some(user) = sessions::end(conn, offset_us, session, reason)? else {
                    return Ok(None);
                };
                let entry = match by {
                    Some(_) if reason == EndReason::ByAdmin => Entry::about(user, "session_ended", by),
                    Some(_) => Entry::about(user, "logged_out", by),
                    None => Entry::own(user, "logged_out"),
                };
                audit::write(conn, offset_us, Entry { session: Some(session), ..entry })?;
                Ok(Some((user, feed::append(conn, offset_us, &[NewEvent::Session(session)])?)))
            })
            .await?;
        if let Some((user, appended)) = ended {
            if by.is_none() {
                common::behalf::acts(&user);
            }
            self.feed.committed(appended).await;
        }
        Ok(())
    }

    async fn end_others(&self, user: UserId, but: SessionId) -> Result<(), Error> {
        common::behalf::acts(&user);
        let offset_us = self.clock.offset_us();
        let appended = self
            .db
            .write(move |conn| {
                let ended = sessions::end_all(conn, offset_us, user, Some(but), EndReason::LoggedOut)?;
                for session in &ended {
                    audit::write(conn, offset_us, logged_out(user, *session))?;
                }
                if ended.is_empty() {
                    return Ok(None);
                }
                let events: Vec<_> = ended.into_iter().map(NewEvent::Session).collect();
                feed::append(conn, offset_us, &events).map(Some)
            })
            .await?;
        self.tell(appended).await;
        Ok(())
    }

    async fn end_all(&self, user: UserId) -> Result<(), Error> {
        common::behalf::acts(&user);
        let (offset_us, now) = (self.clock.offset_us(), self.clock.now());
        let appended = self
            .db
            .write(move |conn| {
                let uv = users::bump_version(conn, user, now)?;
                for session in sessions::end_all(conn, offset_us, user, None, EndReason::LoggedOut)? {
                    audit::write(conn, offset_us, logged_out(user, session))?;
                }
                feed::append(conn, offset_us, &[NewEvent::Subject { sub: user.to_string(), min_uv: uv }])
            })
            .await?;
        self.tell(Some(appended)).await;
        Ok(())
    }

    pub(super) async fn tell(&self, appended: Option<Appended>) {
        if let Some(appended) = appended {
            self.feed.committed(appended).await;
        }
    }

    /// What a person's session carries, as far as it was asked for.
    pub(super) fn granted_to_people(&self, wanted: &Wanted) -> Result<(Words, Words), Error> {
        narrow(&Words::of(&self.settings.scopes), &Words::of(&self.settings.audiences), wanted)
    }

    pub(super) fn opening(
        &self,
        user_id: UserId,
        scope: Words,
        audiences: Words,
        client: Client,
        transport: Transport,
    ) -> Opening {
        let (id, key) = (SessionId::new(), self.secrets.newest_refresh_key());
        let token = RefreshToken::first(id, &key);
        Opening {
            id,
            user_id,
            first: Handover::of(&token, &key, transport),
            token,
            scope,
            audiences,
            client,
            idle_us: self.settings.refresh_idle_ttl.as_micros() as i64,
            max_us: self.settings.refresh_max_ttl.as_micros() as i64,
        }
    }

    /// Makes the answer for a session whose present refresh token is this one.
    pub(super) fn grant(
        &self,
        session: &Session,
        handover: Handover,
        wanted: &Wanted,
    ) -> Result<Granted, Error> {
        common::behalf::acts(&session.user_id);
        let (scope, audiences) = narrow(&session.scope, &session.audiences, wanted)?;
        let csrf = handover.csrf_token.as_deref().map(csrf_claim);
        let claims = self.claims(session, &scope, &audiences, csrf);
        Ok(Granted {
            access_token: self.signer.sign(&claims).map_err(|error| Error::Internal(error.to_string()))?,
            expires_in: claims.exp - claims.iat,
            scope: claims.scope,
            refresh_token: handover.refresh_token,
            csrf_token: handover.csrf_token,
            refresh_expires_at: session.idle_expires_at,
            refresh_expires_in: session.idle_expires_at.as_secs() - session.now.as_secs(),
            session_expires_at: session.max_expires_at,
            session_id: session.id,
            user: None,
            device_token: None,
        })
    }

    fn claims(&self, session: &Session, scope: &Words, audiences: &Words, csrf: Option<String>) -> Claims {
        let iat = session.now.as_secs();
        Claims {
            iss: self.settings.issuer.clone(),
            sub: session.user_id.to_string(),
            aud: audiences.to_vec(),
            exp: iat + self.settings.access_ttl.as_secs() as i64,
            iat,
            jti: common::ids::Uuid::now_v7().to_string(),
            client_id: session.client_id.clone(),
            uv: session.uv,
            scope: scope.to_string(),
            person: Some(Person {
                sid: session.id.to_string(),
                roles: session.roles.to_vec(),
                auth_time: session.auth_time.as_secs(),
                amr: session.amr.to_vec(),
                csrf,
                ext: session.ext.clone(),
            }),
        }
    }

    fn window_us(&self) -> i64 {
        self.settings.rotation_window.as_micros() as i64
    }
}

fn narrow(scope: &Words, audiences: &Words, wanted: &Wanted) -> Result<(Words, Words), Error> {
    let scope = scope.narrowed(wanted.scope.as_ref()).ok_or(Error::InvalidScope)?;
    let audiences = audiences.narrowed(wanted.audience.as_ref()).ok_or(Error::InvalidScope)?;
    Ok((scope, audiences))
}

fn logged_out(user: UserId, session: SessionId) -> Entry {
    Entry { session: Some(session), ..Entry::own(user, "logged_out") }
}

/// Whose account a password opens, once it was looked at.
fn judged(account: Option<Account>, verdict: Verdict) -> Result<Account, Error> {
    let account = account.filter(|_| verdict != Verdict::Wrong).ok_or(Error::InvalidCredentials)?;
    match account.user.state {
        UserState::Active => Ok(account),
        UserState::Disabled => Err(Error::AccountDisabled),
        UserState::Deleted => Err(Error::InvalidCredentials),
    }
}

/// The person and the session that a token of ours names; `None` for a service's.
fn owner(claims: &Claims) -> Option<(UserId, SessionId)> {
    let person = claims.person.as_ref()?;
    Some((claims.sub.parse().ok()?, person.sid.parse().ok()?))
}
