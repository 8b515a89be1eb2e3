//! What somebody takes along who leaves, and what stays when they are gone.

use common::time::Instant;
use serde_json::json;

use super::Auth;
pub use super::store::audit::Noted;
use super::store::audit::{self, Entry};
use super::store::feed::{self, NewEvent, PersonEvent};
pub use super::store::users::Credential;
use super::store::{links, mails, sessions, users};
use crate::domain::session::EndReason;
use crate::domain::{User, UserId, UserState};
use crate::error::Error;
use crate::service::sessions::Listed;

/// All that is kept about a person.
pub struct Kept {
    pub user: User,
    pub external_id: Option<String>,
    /// The address that they are to show to be theirs.
    pub awaited_email: Option<String>,
    pub credentials: Vec<Credential>,
    pub sessions: Vec<Listed>,
    pub events: Vec<Noted>,
    pub at: Instant,
}

impl Auth {
    /// Everything that is kept about a person, as it was at one time.
    pub async fn export(&self, id: UserId) -> Result<Kept, Error> {
        let (offset_us, at) = (self.clock.offset_us(), self.clock.now());
        let kept = self
            .db
            .snapshot(move |conn| {
                let Some(user) = users::by_id(conn, id)? else { return Ok(None) };
                Ok(Some(Kept {
                    user,
                    external_id: users::external_id(conn, id)?,
                    awaited_email: links::awaited(conn, offset_us, id)?.map(|link| link.address),
                    credentials: users::credentials(conn, id)?,
                    sessions: sessions::all(conn, offset_us, id)?,
                    events: audit::of(conn, id)?,
                    at,
                }))
            })
            .await?;
        kept.filter(|kept| kept.user.state != UserState::Deleted).ok_or(Error::NotFound)
    }

    /// Deletes an account: every session of it ends, and what tells who it was is gone. Services that keep things of the
    /// person hear of it, and whether published recipes stay. Again is the same.
    pub async fn delete(&self, id: UserId, keep_recipes: bool) -> Result<(), Error> {
        let (offset_us, now) = (self.clock.offset_us(), self.clock.now());
        let appended = self
            .db
            .write(move |conn| {
                let address = users::by_id(conn, id)?.and_then(|user| user.email);
                mails::forget(conn, id, address.as_deref())?;
                links::forget(conn, id)?;
                let Some(uv) = users::delete(conn, id, now)? else { return Ok(None) };
                users::delete_credentials(conn, id)?;
                sessions::end_all(conn, offset_us, id, None, EndReason::Deleted)?;
                sessions::forget_whereabouts(conn, id)?;
                audit::write(conn, offset_us, deleted(id, keep_recipes))?;
                // The last, so that not even where it was deleted from stays.
                audit::empty_personal(conn, id)?;
                feed::append_person(conn, &PersonEvent::Deleted { sub: id, keep_recipes })?;
                let event = NewEvent::Subject { sub: id.to_string(), min_uv: uv };
                feed::append(conn, offset_us, &[event]).map(Some)
            })
            .await?;
        self.feed.person_committed();
        self.tell(appended).await;
        Ok(())
    }
}

fn deleted(user: UserId, keep_recipes: bool) -> Entry {
    let detail = json!({ "recipes": if keep_recipes { "keep" } else { "delete" } });
    Entry { detail, ..Entry::own(user, "deleted") }
}
