use aws_lc_rs::rand;

use super::Recipes;
use crate::domain::ids::{RecipeId, ShareId};
use crate::domain::recipe::Recipe;
use crate::domain::share::{Share, ShareDraft, ShareToken};
use crate::error::Error;
use crate::service::store;

/// A link that was just made, and what only its maker is ever told.
pub struct NewShare {
    pub share: Share,
    pub token: ShareToken,
}

impl Recipes {
    /// Makes a link by which anyone reads one's recipe.
    pub async fn share(&self, id: RecipeId, sub: String, draft: ShareDraft) -> Result<NewShare, Error> {
        let now = self.clock.now();
        let share = Share { id: ShareId::new(), created_at: now, expires_at: draft.accept(now)? };
        let token = new_token();
        let (kept, token_hash) = (share.clone(), token.hash());
        self.write_as(&sub, move |conn, sub| {
            if let Err(refusal) = super::own(conn, id, sub)? {
                return Ok(Err(refusal));
            }
            store::shares::keep(conn, id, sub, &kept, &token_hash).map(Ok)
        })
        .await?;
        Ok(NewShare { share, token })
    }

    /// The links to one's recipe that have not expired, the latest first: those before one, if one is named.
    pub async fn shares(
        &self,
        id: RecipeId,
        sub: String,
        before: Option<ShareId>,
        count: u32,
    ) -> Result<Vec<Share>, Error> {
        let now = self.clock.now();
        let found = self.db.snapshot(move |conn| {
            Ok(match super::own(conn, id, &sub)? {
                Ok(_) => Ok(store::shares::of(conn, id, &sub, now, before, count.into())?),
                Err(refusal) => Err(refusal),
            })
        });
        found.await?
    }

    /// Ends a link to one's recipe.
    pub async fn revoke_share(&self, id: RecipeId, sub: String, share: ShareId) -> Result<(), Error> {
        self.write_as(&sub, move |conn, sub| {
            if let Err(refusal) = super::own(conn, id, sub)? {
                return Ok(Err(refusal));
            }
            let revoked = store::shares::revoke(conn, share, id, sub)?;
            Ok(if revoked { Ok(()) } else { Err(Error::NotFound) })
        })
        .await
    }

    /// The recipe that a link leads to.
    pub async fn shared(&self, token: ShareToken) -> Result<Recipe, Error> {
        let (token_hash, now) = (token.hash(), self.clock.now());
        let recipe = self.db.read(move |conn| store::recipes::shared(conn, &token_hash, now)).await?;
        recipe.ok_or(Error::NotFound)
    }

    /// Forgets the links that have expired.
    pub async fn purge_shares(&self) -> Result<(), Error> {
        let now = self.clock.now();
        Ok(self.db.write(move |conn| store::shares::purge(conn, now)).await?)
    }
}

fn new_token() -> ShareToken {
    let mut random = [0; 16];
    rand::fill(&mut random).expect("BUG: the system has no random numbers");
    ShareToken::new(random)
}
