//! What becomes of a refresh token that is not its session's present one.
//!
//! The usual refresh is one statement (`store::sessions::rotate`). This is for the rest: the same token again because an
//! answer was lost or fifty tabs woke up at once, and the token of a thief.

use common::db::{Conn, QueryResult};
use serde_json::json;

use super::store::audit::{self, Entry, Outcome};
use super::store::feed::{self, Appended, NewEvent};
use super::store::sessions::{self, Session, Standing, Step};
use crate::domain::session::{Client, EndReason};

/// The bounds, and by how much tests shift the time.
pub struct Rules {
    pub offset_us: i64,
    pub window_us: i64,
}

/// What was decided. Whatever must be committed is one of these, never an error.
pub enum Decision {
    /// The session went on, now or lately, and this is how it stands.
    Answered(Session),
    /// The token had been spent: the session is ended.
    Reused(Appended),
    /// No such session is kept.
    Unknown,
    Ended,
    Expired,
    TooManyReplays,
    /// Others changed the session each time that it was looked at.
    Contended,
}

/// How often the same token gets the same successor.
pub const MOST_REPLAYS: i32 = 200;

/// How often to look again after others changed the session in between.
const TRIES: usize = 3;

/// Decides, within one transaction.
pub fn decide(conn: &mut Conn, rules: &Rules, step: &Step, client: &Client) -> QueryResult<Decision> {
    for _ in 0..TRIES {
        if let Some(session) = sessions::replay(conn, rules.offset_us, step, rules.window_us, MOST_REPLAYS)? {
            return Ok(Decision::Answered(session));
        }
        let Some(standing) = sessions::standing(conn, rules.offset_us, step.session, rules.window_us)? else {
            return Ok(Decision::Unknown);
        };
        // Before every other rule: who else's token it is ends nothing here, and learns nothing.
        if standing.client_id != step.client_id {
            return Ok(Decision::Unknown);
        }
        match judge(&standing, step) {
            Judgement::Ended => return Ok(Decision::Ended),
            Judgement::Expired => return Ok(Decision::Expired),
            Judgement::TooManyReplays => return Ok(Decision::TooManyReplays),
            Judgement::Again => {
                if let Some(session) = sessions::rotate(conn, rules.offset_us, step)? {
                    return Ok(Decision::Answered(session));
                }
            }
            Judgement::Reuse => {
                if let Some(appended) = end_reused(conn, rules, step, &standing, client)? {
                    return Ok(Decision::Reused(appended));
                }
            }
        }
    }
    Ok(Decision::Contended)
}

enum Judgement {
    Ended,
    Expired,
    TooManyReplays,
    /// The row says that the token should have been accepted: others came between.
    Again,
    Reuse,
}

/// Judges a token that was neither exchanged nor repeated. That a session is over comes before every other rule.
fn judge(standing: &Standing, step: &Step) -> Judgement {
    if !standing.is_active || !standing.is_owner_current {
        return Judgement::Ended;
    }
    if standing.is_expired {
        return Judgement::Expired;
    }
    let generation = i64::from(step.generation);
    if generation == standing.generation && step.presented == standing.secret_hash {
        return Judgement::Again;
    }
    let is_last_step =
        generation + 1 == standing.generation && Some(&step.presented) == standing.prev_hash.as_ref();
    match (is_last_step && standing.is_in_window, standing.replays >= MOST_REPLAYS) {
        (true, true) => Judgement::TooManyReplays,
        (true, false) => Judgement::Again,
        (false, _) => Judgement::Reuse,
    }
}

/// Ends a session one of whose tokens came back: its owner or a thief holds a copy, and nobody can tell which.
fn end_reused(
    conn: &mut Conn,
    rules: &Rules,
    step: &Step,
    standing: &Standing,
    client: &Client,
) -> QueryResult<Option<Appended>> {
    let (session, generation) = (step.session, standing.generation);
    if !sessions::end_at(conn, rules.offset_us, session, generation, EndReason::Reused)? {
        return Ok(None);
    }
    if i64::from(step.generation) > generation {
        log::error!(session:% = session; "a refresh token is ahead of its session: was the database restored? run `auth-service restored`");
    }
    log::warn!(session:% = session; "a spent refresh token came back: its session was ended");
    audit::write(conn, rules.offset_us, reuse(step, standing, client))?;
    feed::append(conn, rules.offset_us, &[NewEvent::Session(session)]).map(Some)
}

fn reuse(step: &Step, standing: &Standing, client: &Client) -> Entry {
    // Whether it was the owner or a thief, nobody can tell.
    Entry {
        session: Some(step.session),
        outcome: Outcome::Refused,
        detail: json!({ "presented": step.generation, "present": standing.generation }),
        personal: Some(json!({
            "presenter": { "ip": client.ip, "user_agent": client.user_agent },
            "owner": { "ip": standing.client.ip, "user_agent": standing.client.user_agent },
        })),
        ..Entry::about(standing.user_id, "refresh_token_reused", None)
    }
}
