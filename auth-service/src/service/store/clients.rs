//! Services that call in their own name.

use common::db::types::{Guid, InstantSql};
use common::db::{Conn, QueryResult, statement};
use common::time::Instant;
use diesel::sql_types::{BigInt, Binary, Bool, Nullable, Text};

use crate::domain::client::ClientSecretHash;
use crate::domain::{ClientId, ClientState, ServiceClient, Words};

statement! {
    struct Insert<'a> {
        offset_us: BigInt = i64,
        id: Guid = ClientId,
        name: Text = &'a str,
        secret_hash: Binary = &'a [u8],
        scopes: Text = &'a str,
        audiences: Text = &'a str,
    }
    "INSERT INTO clients (id, name, secret_hash, scopes, audiences, uv, state, created_at, updated_at) \
     SELECT $2, $3, $4, $5, $6, 0, 'active', t.now, t.now FROM (SELECT {now} AS now) t"
}

/// Adds a client.
pub fn insert(
    conn: &mut Conn,
    offset_us: i64,
    id: ClientId,
    name: &str,
    secret: &ClientSecretHash,
    scopes: &Words,
    audiences: &Words,
) -> QueryResult<()> {
    let (secret_hash, scopes, audiences) = (secret.as_bytes(), scopes.as_str(), audiences.as_str());
    Insert { offset_us, id, name, secret_hash, scopes, audiences }.execute(conn).map(drop)
}

statement! {
    struct AgeAll { by: BigInt = i64 }
    "UPDATE clients SET uv = uv + $1"
}

/// Adds to the version of every client, and answers how many there are.
pub fn age_all(conn: &mut Conn, by: i64) -> QueryResult<usize> {
    AgeAll { by }.execute(conn)
}

/// A client as it is stored, and what o'clock it was in the database.
pub struct StoredClient {
    pub client: ServiceClient,
    pub secret: ClientSecretHash,
    pub now: Instant,
}

type Row = (ClientId, String, Vec<u8>, String, String, i64, String, Instant, Instant);

fn stored((id, name, secret, scopes, audiences, uv, state, created_at, now): Row) -> StoredClient {
    let (scopes, audiences, state) = (Words::parse(&scopes), Words::parse(&audiences), state_of(&state));
    let client = ServiceClient { id, name, scopes, audiences, uv, state, created_at };
    StoredClient { client, secret: ClientSecretHash::from_stored(secret), now }
}

fn state_of(text: &str) -> ClientState {
    match text {
        "active" => ClientState::Active,
        "disabled" => ClientState::Disabled,
        _ => unreachable!("BUG: the table refuses other states"),
    }
}

statement! {
    struct ById { offset_us: BigInt = i64, id: Guid = ClientId }
    -> (Guid, Text, Binary, Text, Text, BigInt, Text, InstantSql, InstantSql)
    "SELECT id, name, secret_hash, scopes, audiences, uv, state, created_at, {now} FROM clients WHERE id = $2"
}

/// The client of this id.
pub fn by_id(conn: &mut Conn, offset_us: i64, id: ClientId) -> QueryResult<Option<StoredClient>> {
    Ok(ById { offset_us, id }.optional::<Row>(conn)?.map(stored))
}

statement! {
    struct All { offset_us: BigInt = i64 }
    -> (Guid, Text, Binary, Text, Text, BigInt, Text, InstantSql, InstantSql)
    "SELECT id, name, secret_hash, scopes, audiences, uv, state, created_at, {now} FROM clients ORDER BY id"
}

/// All clients, the oldest first. Operators make them, so there are few.
pub fn all(conn: &mut Conn, offset_us: i64) -> QueryResult<Vec<ServiceClient>> {
    let rows: Vec<Row> = All { offset_us }.all(conn)?;
    Ok(rows.into_iter().map(|row| stored(row).client).collect())
}

statement! {
    struct Disable { offset_us: BigInt = i64, id: Guid = ClientId } -> BigInt
    "UPDATE clients SET state = 'disabled', uv = uv + 1, updated_at = {now} \
     WHERE id = $2 AND state = 'active' RETURNING uv"
}

/// Disables a client and answers the version that its tokens would have now; `None` where it is not active.
pub fn disable(conn: &mut Conn, offset_us: i64, id: ClientId) -> QueryResult<Option<i64>> {
    Disable { offset_us, id }.optional(conn)
}

statement! {
    struct SetSecret<'a> {
        offset_us: BigInt = i64,
        id: Guid = ClientId,
        secret_hash: Binary = &'a [u8],
    } -> BigInt
    "UPDATE clients SET secret_hash = $3, uv = uv + 1, updated_at = {now} \
     WHERE id = $2 AND state = 'active' RETURNING uv"
}

/// Gives a client another secret and answers the version of its tokens from now on; `None` where it is not active.
pub fn set_secret(
    conn: &mut Conn,
    offset_us: i64,
    id: ClientId,
    secret: &ClientSecretHash,
) -> QueryResult<Option<i64>> {
    SetSecret { offset_us, id, secret_hash: secret.as_bytes() }.optional(conn)
}

statement! {
    struct Change<'a> {
        offset_us: BigInt = i64,
        id: Guid = ClientId,
        name: Nullable<Text> = Option<&'a str>,
        scopes: Nullable<Text> = Option<&'a str>,
        audiences: Nullable<Text> = Option<&'a str>,
    } -> BigInt
    "UPDATE clients SET name = COALESCE($3, name), \
         uv = uv + CASE WHEN COALESCE($4, scopes) <> scopes OR COALESCE($5, audiences) <> audiences \
                        THEN 1 ELSE 0 END, \
         scopes = COALESCE($4, scopes), audiences = COALESCE($5, audiences), updated_at = {now} \
     WHERE id = $2 AND state = 'active' RETURNING uv"
}

/// Changes what is given of a client and answers the version of its tokens, another one where they would say something
/// else; `None` where it is not active.
pub fn change(
    conn: &mut Conn,
    offset_us: i64,
    id: ClientId,
    name: Option<&str>,
    scopes: Option<&str>,
    audiences: Option<&str>,
) -> QueryResult<Option<i64>> {
    Change { offset_us, id, name, scopes, audiences }.optional(conn)
}

/// What the database says about a service's token that was believed.
#[derive(Clone, Copy, Debug)]
pub struct TokenStanding {
    pub is_active: bool,
    pub uv: i64,
    pub is_revoked: bool,
    pub now: Instant,
}

statement! {
    struct StandsToken<'a> { offset_us: BigInt = i64, id: Guid = ClientId, jti: Text = &'a str }
    -> (Bool, BigInt, Bool, InstantSql)
    "SELECT c.state = 'active', c.uv, \
         EXISTS (SELECT 1 FROM revocations r WHERE r.kind = 'token' AND r.target = $3), {now} \
     FROM clients c WHERE c.id = $2"
}

/// Asks about the client of a token and the token itself; `None` for a client that is not kept any more.
pub fn token_standing(
    conn: &mut Conn,
    offset_us: i64,
    id: ClientId,
    jti: &str,
) -> QueryResult<Option<TokenStanding>> {
    let row = StandsToken { offset_us, id, jti }.optional::<(bool, i64, bool, Instant)>(conn)?;
    Ok(row.map(|(is_active, uv, is_revoked, now)| TokenStanding { is_active, uv, is_revoked, now }))
}
