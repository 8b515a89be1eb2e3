//! Sessions: one row each. A refresh is one statement, and those that come together are one, too.

use base64::prelude::{BASE64_STANDARD, Engine};
use common::db::types::{Guid, InstantSql, Json, JsonSql};
use common::db::{Conn, Dialect, QueryResult, statement};
use common::time::Instant;
use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, SmallInt, Text};
use serde_json::json;

use crate::domain::session::{Client, EndReason};
use crate::domain::{SessionId, UserId, Words};

/// What the tokens of a session say, as its row has it.
#[derive(Clone, Debug)]
pub struct Session {
    pub id: SessionId,
    pub user_id: UserId,
    pub client_id: String,
    pub key_version: u8,
    pub uv: i64,
    pub roles: Words,
    pub scope: Words,
    pub audiences: Words,
    pub amr: Words,
    pub auth_time: Instant,
    pub ext: Option<serde_json::Value>,
    /// When it ends if it is not refreshed, and when it ends anyway.
    pub idle_expires_at: Instant,
    pub max_expires_at: Instant,
    /// What o'clock it was in the database.
    pub now: Instant,
}

/// What is answered of a session, up to what the time is, which is said beside it.
macro_rules! columns {
    () => {
        "id, user_id, client_id, key_version, uv, roles, scope, audiences, amr, auth_time, ext, idle_expires_at, \
         max_expires_at"
    };
}

/// The condition that a session may go on: neither it nor its owner's tokens have ended.
macro_rules! goes_on {
    () => {
        "state = 'active' AND idle_expires_at > {now} AND max_expires_at > {now} \
         AND EXISTS (SELECT 1 FROM users u WHERE u.id = sessions.user_id AND u.state = 'active' AND u.uv = sessions.uv)"
    };
}

type SqlRow = (
    Guid,
    Guid,
    Text,
    SmallInt,
    BigInt,
    Text,
    Text,
    Text,
    Text,
    InstantSql,
    Nullable<JsonSql>,
    InstantSql,
    InstantSql,
    InstantSql,
);

type Row = (
    SessionId,
    UserId,
    String,
    i16,
    i64,
    String,
    String,
    String,
    String,
    Instant,
    Option<Json<serde_json::Value>>,
    Instant,
    Instant,
    Instant,
);

fn session(row: Row) -> Session {
    let (
        id,
        user_id,
        client_id,
        key_version,
        uv,
        roles,
        scope,
        audiences,
        amr,
        auth_time,
        ext,
        idle,
        max,
        now,
    ) = row;
    Session {
        id,
        user_id,
        client_id,
        key_version: key_version as u8,
        uv,
        roles: Words::parse(&roles),
        scope: Words::parse(&scope),
        audiences: Words::parse(&audiences),
        amr: Words::parse(&amr),
        auth_time,
        ext: ext.map(|Json(value)| value),
        idle_expires_at: idle,
        max_expires_at: max,
        now,
    }
}

/// What a new session starts from.
pub struct NewSession<'a> {
    pub id: SessionId,
    pub user_id: UserId,
    pub client_id: &'a str,
    pub secret_hash: Vec<u8>,
    pub key_version: u8,
    pub scope: &'a Words,
    pub audiences: &'a Words,
    pub amr: &'a str,
    pub client: &'a Client,
    pub idle_us: i64,
    pub max_us: i64,
    /// What was verified: the version of the person's tokens, and their stored password.
    pub uv: i64,
    pub password: &'a str,
}

statement! {
    struct Open<'a> {
        offset_us: BigInt = i64,
        id: Guid = SessionId,
        user_id: Guid = UserId,
        client_id: Text = &'a str,
        secret_hash: Binary = Vec<u8>,
        key_version: SmallInt = i16,
        scope: Text = &'a str,
        audiences: Text = &'a str,
        amr: Text = &'a str,
        ip: Nullable<Text> = Option<&'a str>,
        user_agent: Nullable<Text> = Option<&'a str>,
        idle_us: BigInt = i64,
        max_us: BigInt = i64,
        uv: BigInt = i64,
        password: Text = &'a str,
    }
    -> SqlRow
    concat!(
        "INSERT INTO sessions \
             (id, user_id, client_id, state, generation, secret_hash, key_version, rotated_at, replays, \
              idle_expires_at, max_expires_at, uv, roles, scope, audiences, amr, auth_time, ext, ip, user_agent, created_at) \
         SELECT $2, u.id, $4, 'active', 0, $5, $6, t.now, 0, \
             t.now + {micros $12}, t.now + {micros $13}, u.uv, u.roles, $7, $8, $9, t.now, u.ext, $10, $11, t.now \
         FROM (SELECT {now} AS now) t, users u JOIN credentials c ON c.user_id = u.id AND c.kind = 'password' \
         WHERE u.id = $3 AND u.uv = $14 AND u.state = 'active' AND c.secret = $15 \
         RETURNING ",
        columns!(),
        ", rotated_at"
    )
}

/// Opens a session for a person whose version, state and password are still what was verified; `None` where they are not.
pub fn open(conn: &mut Conn, offset_us: i64, new: &NewSession<'_>) -> QueryResult<Option<Session>> {
    let row = Open {
        offset_us,
        id: new.id,
        user_id: new.user_id,
        client_id: new.client_id,
        secret_hash: new.secret_hash.clone(),
        key_version: new.key_version.into(),
        scope: new.scope.as_str(),
        audiences: new.audiences.as_str(),
        amr: new.amr,
        ip: new.client.ip.as_deref(),
        user_agent: new.client.user_agent.as_deref(),
        idle_us: new.idle_us,
        max_us: new.max_us,
        uv: new.uv,
        password: new.password,
    }
    .optional::<Row>(conn)?;
    Ok(row.map(session))
}

/// A step from one generation to the next: what was presented, and what comes after it.
#[derive(Clone)]
pub struct Step {
    pub session: SessionId,
    pub generation: u32,
    pub presented: Vec<u8>,
    pub successor: Vec<u8>,
    pub successor_key: u8,
    pub idle_us: i64,
    /// Who presents it: a session goes on only for the client that it was issued to.
    pub client_id: String,
}

statement! {
    struct Rotate<'a> {
        offset_us: BigInt = i64,
        id: Guid = SessionId,
        generation: BigInt = i64,
        presented: Binary = &'a [u8],
        successor: Binary = &'a [u8],
        successor_key: SmallInt = i16,
        idle_us: BigInt = i64,
        client_id: Text = &'a str,
    }
    -> SqlRow
    concat!(
        "UPDATE sessions SET generation = generation + 1, prev_hash = secret_hash, prev_key_version = key_version, \
             secret_hash = $5, key_version = $6, rotated_at = {now}, replays = 0, \
             idle_expires_at = {postgres LEAST}{sqlite MIN}({now} + {micros $7}, max_expires_at) \
         WHERE id = $2 AND generation = $3 AND secret_hash = $4 AND client_id = $8 AND ",
        goes_on!(),
        " RETURNING ",
        columns!(),
        ", rotated_at"
    )
}

/// Takes a session one generation on, if it is at the one presented.
pub fn rotate(conn: &mut Conn, offset_us: i64, step: &Step) -> QueryResult<Option<Session>> {
    let row = Rotate {
        offset_us,
        id: step.session,
        generation: step.generation.into(),
        presented: &step.presented,
        successor: &step.successor,
        successor_key: step.successor_key.into(),
        idle_us: step.idle_us,
        client_id: &step.client_id,
    }
    .optional::<Row>(conn)?;
    Ok(row.map(session))
}

statement! {
    /// All at once, on Postgres. What others hold is left to be looked at alone, so that nobody waits for a stranger's session.
    struct RotateAll<'a> { offset_us: BigInt = i64, steps: Text = &'a str }
    -> (Integer, SqlRow)
    concat!(
        "WITH due AS (SELECT a.place, s.id AS session, decode(a.successor, 'base64') AS successor, a.successor_key, \
                 a.idle_us \
             FROM json_to_recordset($2::json) AS a (place integer, session uuid, generation bigint, presented text, \
                 successor text, successor_key smallint, idle_us bigint, client_id text) \
             JOIN sessions s ON s.id = a.session AND s.generation = a.generation AND s.client_id = a.client_id \
                 AND s.secret_hash = decode(a.presented, 'base64') \
             FOR UPDATE OF s SKIP LOCKED) \
         UPDATE sessions SET generation = generation + 1, prev_hash = secret_hash, prev_key_version = key_version, \
             secret_hash = due.successor, key_version = due.successor_key, rotated_at = {now}, replays = 0, \
             idle_expires_at = LEAST({now} + {micros due.idle_us}, max_expires_at) \
         FROM due WHERE id = due.session AND ",
        goes_on!(),
        " RETURNING due.place, ",
        columns!(),
        ", rotated_at"
    )
}

/// Takes sessions one generation on, each if it is at the one presented. Of those that are presented twice, one goes on.
pub fn rotate_all(conn: &mut Conn, offset_us: i64, steps: &[Step]) -> QueryResult<Vec<Option<Session>>> {
    if steps.len() == 1 || conn.dialect() == Dialect::Sqlite {
        return steps.iter().map(|step| rotate(conn, offset_us, step)).collect();
    }
    let due: serde_json::Value = steps.iter().enumerate().map(|(place, step)| step.to_json(place)).collect();
    let rows: Vec<(i32, Row)> = RotateAll { offset_us, steps: &due.to_string() }.all(conn)?;
    let mut sessions: Vec<_> = steps.iter().map(|_| None).collect();
    for (place, row) in rows {
        sessions[place as usize] = Some(session(row));
    }
    Ok(sessions)
}

impl Step {
    fn to_json(&self, place: usize) -> serde_json::Value {
        json!({
            "place": place,
            "session": self.session,
            "generation": self.generation,
            "presented": BASE64_STANDARD.encode(&self.presented),
            "successor": BASE64_STANDARD.encode(&self.successor),
            "successor_key": self.successor_key,
            "idle_us": self.idle_us,
            "client_id": self.client_id,
        })
    }
}

statement! {
    struct Replay<'a> {
        offset_us: BigInt = i64,
        id: Guid = SessionId,
        generation: BigInt = i64,
        presented: Binary = Vec<u8>,
        window_us: BigInt = i64,
        most: Integer = i32,
        client_id: Text = &'a str,
    }
    -> SqlRow
    concat!(
        "UPDATE sessions SET replays = replays + 1 \
         WHERE id = $2 AND generation = $3 + 1 AND prev_hash = $4 AND client_id = $7 \
           AND rotated_at <= {now} AND rotated_at + {micros $5} > {now} AND replays < $6 AND ",
        goes_on!(),
        " RETURNING ",
        columns!(),
        ", {now}"
    )
}

/// Counts a repetition of the step that a session took last, if it is within the window and the count.
pub fn replay(
    conn: &mut Conn,
    offset_us: i64,
    step: &Step,
    window_us: i64,
    most: i32,
) -> QueryResult<Option<Session>> {
    let row = Replay {
        offset_us,
        id: step.session,
        generation: step.generation.into(),
        presented: step.presented.clone(),
        window_us,
        most,
        client_id: &step.client_id,
    }
    .optional::<Row>(conn)?;
    Ok(row.map(session))
}

/// Where a session stands, for a token that neither rotated nor repeated it.
#[derive(Clone, Debug)]
pub struct Standing {
    pub user_id: UserId,
    pub client_id: String,
    pub is_active: bool,
    pub is_expired: bool,
    pub is_owner_current: bool,
    pub generation: i64,
    pub secret_hash: Vec<u8>,
    pub prev_hash: Option<Vec<u8>>,
    /// True while repetitions of the last step are answered.
    pub is_in_window: bool,
    pub replays: i32,
    pub client: Client,
}

type StandingRow = (
    UserId,
    String,
    bool,
    bool,
    bool,
    i64,
    Vec<u8>,
    Option<Vec<u8>>,
    bool,
    i32,
    Option<String>,
    Option<String>,
);

statement! {
    struct Stands { offset_us: BigInt = i64, id: Guid = SessionId, window_us: BigInt = i64 }
    -> (Guid, Text, Bool, Bool, Bool, BigInt, Binary, Nullable<Binary>, Bool, Integer, Nullable<Text>,
        Nullable<Text>)
    "SELECT s.user_id, s.client_id, s.state = 'active', s.idle_expires_at <= {now} OR s.max_expires_at <= {now}, \
         u.state = 'active' AND u.uv = s.uv, s.generation, s.secret_hash, s.prev_hash, \
         s.rotated_at <= {now} AND s.rotated_at + {micros $3} > {now}, s.replays, s.ip, s.user_agent \
     FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = $2"
}

/// Where a session stands; `None` for one that is not kept any more.
pub fn standing(
    conn: &mut Conn,
    offset_us: i64,
    id: SessionId,
    window_us: i64,
) -> QueryResult<Option<Standing>> {
    let row = Stands { offset_us, id, window_us }.optional::<StandingRow>(conn)?;
    Ok(row.map(
        |(
            user_id,
            client_id,
            active,
            expired,
            owner,
            generation,
            hash,
            prev,
            window,
            replays,
            ip,
            user_agent,
        )| {
            Standing {
                user_id,
                client_id,
                is_active: active,
                is_expired: expired,
                is_owner_current: owner,
                generation,
                secret_hash: hash,
                prev_hash: prev,
                is_in_window: window,
                replays,
                client: Client { ip, user_agent },
            }
        },
    ))
}

statement! {
    struct Granted { id: Guid = SessionId } -> (Text, Text)
    "SELECT scope, audiences FROM sessions WHERE id = $1"
}

/// The scope and the audiences that were granted to a session.
pub fn granted(conn: &mut Conn, id: SessionId) -> QueryResult<Option<(Words, Words)>> {
    let row = Granted { id }.optional::<(String, String)>(conn)?;
    Ok(row.map(|(scope, audiences)| (Words::parse(&scope), Words::parse(&audiences))))
}

/// What a session's refresh token stands for, as its client may know it.
#[derive(Clone, Debug)]
pub struct IssuedTo {
    pub client_id: String,
    pub user_id: UserId,
    pub scope: Words,
    pub audiences: Words,
    pub generation: i64,
    pub secret_hash: Vec<u8>,
    /// True while the session would be refreshed.
    pub is_good: bool,
    pub expires_at: Instant,
}

type IssuedRow = (String, UserId, String, String, i64, Vec<u8>, bool, Instant);

statement! {
    struct ReadIssuedTo { offset_us: BigInt = i64, id: Guid = SessionId }
    -> (Text, Guid, Text, Text, BigInt, Binary, Bool, InstantSql)
    "SELECT s.client_id, s.user_id, s.scope, s.audiences, s.generation, s.secret_hash, \
         s.state = 'active' AND s.idle_expires_at > {now} AND s.max_expires_at > {now} \
             AND u.state = 'active' AND u.uv = s.uv, \
         {postgres LEAST}{sqlite MIN}(s.idle_expires_at, s.max_expires_at) \
     FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = $2"
}

/// Whom a session was issued to, and what for; `None` for one that is not kept any more.
pub fn issued_to(conn: &mut Conn, offset_us: i64, id: SessionId) -> QueryResult<Option<IssuedTo>> {
    let row = ReadIssuedTo { offset_us, id }.optional::<IssuedRow>(conn)?;
    Ok(row.map(|(client_id, user_id, scope, audiences, generation, secret_hash, is_good, expires_at)| {
        let (scope, audiences) = (Words::parse(&scope), Words::parse(&audiences));
        IssuedTo { client_id, user_id, scope, audiences, generation, secret_hash, is_good, expires_at }
    }))
}

/// What the database says about a token that was believed.
#[derive(Clone, Copy, Debug)]
pub struct TokenStanding {
    pub is_session_active: bool,
    pub is_user_active: bool,
    /// True when this very token was revoked.
    pub is_revoked: bool,
    pub uv: i64,
    pub now: Instant,
}

statement! {
    struct StandsToken<'a> {
        offset_us: BigInt = i64,
        user_id: Guid = UserId,
        session: Guid = SessionId,
        jti: Text = &'a str,
    }
    -> (Bool, Bool, Bool, BigInt, InstantSql)
    "SELECT EXISTS (SELECT 1 FROM sessions s WHERE s.id = $3 AND s.user_id = u.id AND s.state = 'active'), \
         u.state = 'active', \
         EXISTS (SELECT 1 FROM revocations r WHERE r.kind = 'token' AND r.target = $4), u.uv, {now} \
     FROM users u WHERE u.id = $2"
}

/// Asks about a token, its session and its person; `None` for a person that is not kept any more.
pub fn token_standing(
    conn: &mut Conn,
    offset_us: i64,
    user_id: UserId,
    session: SessionId,
    jti: &str,
) -> QueryResult<Option<TokenStanding>> {
    type Row = (bool, bool, bool, i64, Instant);
    let row = StandsToken { offset_us, user_id, session, jti }.optional::<Row>(conn)?;
    Ok(row.map(|(is_session_active, is_user_active, is_revoked, uv, now)| TokenStanding {
        is_session_active,
        is_user_active,
        is_revoked,
        uv,
        now,
    }))
}

statement! {
    struct End<'a> { offset_us: BigInt = i64, id: Guid = SessionId, reason: Text = &'a str } -> (Guid)
    "UPDATE sessions SET state = 'ended', ended_at = {now}, end_reason = $3 \
     WHERE id = $2 AND state = 'active' RETURNING user_id"
}

/// Ends a session and answers whose it was; `None` where it was over already.
pub fn end(conn: &mut Conn, offset_us: i64, id: SessionId, reason: EndReason) -> QueryResult<Option<UserId>> {
    End { offset_us, id, reason: reason.as_str() }.optional(conn)
}

statement! {
    struct EndAt<'a> {
        offset_us: BigInt = i64,
        id: Guid = SessionId,
        generation: BigInt = i64,
        reason: Text = &'a str,
    }
    "UPDATE sessions SET state = 'ended', ended_at = {now}, end_reason = $4 \
     WHERE id = $2 AND state = 'active' AND generation = $3"
}

/// Ends a session that is still at this generation; false where it went on or was over already.
pub fn end_at(
    conn: &mut Conn,
    offset_us: i64,
    id: SessionId,
    generation: i64,
    reason: EndReason,
) -> QueryResult<bool> {
    Ok(EndAt { offset_us, id, generation, reason: reason.as_str() }.execute(conn)? > 0)
}

statement! {
    struct EndOthers<'a> {
        offset_us: BigInt = i64,
        user_id: Guid = UserId,
        but: Nullable<Guid> = Option<SessionId>,
        reason: Text = &'a str,
    } -> (Guid)
    "UPDATE sessions SET state = 'ended', ended_at = {now}, end_reason = $4 \
     WHERE user_id = $2 AND state = 'active' AND ($3 IS NULL OR id <> $3) \
     RETURNING id"
}

/// Ends a person's sessions, all of them or all but one, and answers which.
pub fn end_all(
    conn: &mut Conn,
    offset_us: i64,
    user_id: UserId,
    but: Option<SessionId>,
    reason: EndReason,
) -> QueryResult<Vec<SessionId>> {
    EndOthers { offset_us, user_id, but, reason: reason.as_str() }.all(conn)
}

statement! {
    struct EndEveryones<'a> {
        offset_us: BigInt = i64,
        reason: Text = &'a str,
    }
    "UPDATE sessions SET state = 'ended', ended_at = {now}, end_reason = $2 WHERE state = 'active'"
}

/// Ends all sessions that there are, and answers how many.
pub fn end_everyones(conn: &mut Conn, offset_us: i64, reason: EndReason) -> QueryResult<usize> {
    EndEveryones { offset_us, reason: reason.as_str() }.execute(conn)
}

statement! {
    struct Restamp<'a> {
        user_id: Guid = UserId,
        uv: BigInt = i64,
        roles: Text = &'a str,
        ext: Nullable<JsonSql> = Option<Json<serde_json::Value>>,
    }
    "UPDATE sessions SET uv = $2, roles = $3, ext = $4 WHERE user_id = $1 AND state = 'active'"
}

/// Has the next tokens of a person's sessions say what the person is now.
pub fn restamp(
    conn: &mut Conn,
    user_id: UserId,
    uv: i64,
    roles: &Words,
    ext: Option<serde_json::Value>,
) -> QueryResult<()> {
    Restamp { user_id, uv, roles: roles.as_str(), ext: ext.map(Json) }.execute(conn).map(drop)
}

/// A session as its owner sees it in the list.
#[derive(Clone, Debug)]
pub struct Listed {
    pub id: SessionId,
    pub created_at: Instant,
    pub last_used_at: Instant,
    pub client: Client,
    pub ended_at: Option<Instant>,
    pub end_reason: Option<String>,
}

statement! {
    struct Page {
        offset_us: BigInt = i64,
        user_id: Guid = UserId,
        before: Nullable<Guid> = Option<SessionId>,
        limit: BigInt = i64,
    }
    -> (Guid, InstantSql, InstantSql, Nullable<Text>, Nullable<Text>, Nullable<InstantSql>, Nullable<Text>)
    "SELECT id, created_at, rotated_at, ip, user_agent, \
         CASE WHEN state = 'ended' THEN ended_at \
              WHEN idle_expires_at <= {now} OR max_expires_at <= {now} \
              THEN {postgres LEAST}{sqlite MIN}(idle_expires_at, max_expires_at) END, \
         CASE WHEN state = 'ended' THEN end_reason \
              WHEN idle_expires_at <= {now} OR max_expires_at <= {now} THEN 'expired' END \
     FROM sessions \
     WHERE user_id = $2 AND ($3 IS NULL OR id < $3) \
       AND (state = 'active' OR ended_at > {now} - {micros 2592000000000}) \
       AND idle_expires_at > {now} - {micros 2592000000000} \
     ORDER BY id DESC LIMIT $4"
}

/// A person's sessions, the newest first, and those that ended within 30 days.
pub fn page(
    conn: &mut Conn,
    offset_us: i64,
    user_id: UserId,
    before: Option<SessionId>,
    limit: i64,
) -> QueryResult<Vec<Listed>> {
    let rows = Page { offset_us, user_id, before, limit }.all::<ListedRow>(conn)?;
    Ok(rows.into_iter().map(listed).collect())
}

type ListedRow =
    (SessionId, Instant, Instant, Option<String>, Option<String>, Option<Instant>, Option<String>);

fn listed((id, created_at, last_used_at, ip, user_agent, ended_at, end_reason): ListedRow) -> Listed {
    Listed { id, created_at, last_used_at, client: Client { ip, user_agent }, ended_at, end_reason }
}

statement! {
    struct All { offset_us: BigInt = i64, user_id: Guid = UserId }
    -> (Guid, InstantSql, InstantSql, Nullable<Text>, Nullable<Text>, Nullable<InstantSql>, Nullable<Text>)
    "SELECT id, created_at, rotated_at, ip, user_agent, \
         CASE WHEN state = 'ended' THEN ended_at \
              WHEN idle_expires_at <= {now} OR max_expires_at <= {now} \
              THEN {postgres LEAST}{sqlite MIN}(idle_expires_at, max_expires_at) END, \
         CASE WHEN state = 'ended' THEN end_reason \
              WHEN idle_expires_at <= {now} OR max_expires_at <= {now} THEN 'expired' END \
     FROM sessions WHERE user_id = $2 ORDER BY id"
}

/// Every session of a person that is kept, the oldest first.
pub fn all(conn: &mut Conn, offset_us: i64, user_id: UserId) -> QueryResult<Vec<Listed>> {
    Ok(All { offset_us, user_id }.all::<ListedRow>(conn)?.into_iter().map(listed).collect())
}

statement! {
    struct Forget { user_id: Guid = UserId }
    "UPDATE sessions SET ip = NULL, user_agent = NULL, ext = NULL WHERE user_id = $1"
}

/// Forgets where a person's sessions were.
pub fn forget_whereabouts(conn: &mut Conn, user_id: UserId) -> QueryResult<()> {
    Forget { user_id }.execute(conn).map(drop)
}

/// For how long a session that is over is shown to its owner.
pub(super) const KEPT: std::time::Duration = std::time::Duration::from_secs(30 * 24 * 3600);

statement! {
    struct Purge { before: InstantSql = Instant }
    "DELETE FROM sessions WHERE ended_at < $1 OR idle_expires_at < $1 OR max_expires_at < $1"
}

/// Deletes sessions that nobody is shown any more, and answers how many. Their refresh tokens are unknown from then on;
/// their access tokens died long before.
pub fn purge(conn: &mut Conn, offset_us: i64) -> QueryResult<usize> {
    let before = now(conn, offset_us)? - KEPT;
    Purge { before }.execute(conn)
}

statement! {
    struct Owner { id: Guid = SessionId } -> (Guid)
    "SELECT user_id FROM sessions WHERE id = $1"
}

/// Whose session this is.
pub fn owner(conn: &mut Conn, id: SessionId) -> QueryResult<Option<UserId>> {
    Owner { id }.optional(conn)
}

statement! {
    struct Now { offset_us: BigInt = i64 } -> (InstantSql)
    "SELECT {now}"
}

/// What o'clock it is in the database.
pub fn now(conn: &mut Conn, offset_us: i64) -> QueryResult<Instant> {
    Now { offset_us }.one(conn)
}
