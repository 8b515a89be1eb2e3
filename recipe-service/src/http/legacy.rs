use std::time::Duration;

use common::token::LegacyPerson;
use common::web::auth::Resolve;
use common::web::{Problem, codes};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;

use crate::service::people::People;

/// Whom another issuer's old tokens mean, as the feed of people has it.
pub struct KnownPeople {
    pub people: People,
    /// For how long the feed may be silent. What ended a person's tokens since is among the revocations, which are
    /// remembered for longer than this may be: so nothing falls between the two.
    pub blind_after: Duration,
}

impl Resolve for KnownPeople {
    fn resolve(&self, external_id: String) -> LocalBoxFuture<'static, Result<Option<LegacyPerson>, Problem>> {
        // Before the row is read, since it is written before this.
        let is_known = self.people.is_known_within(self.blind_after);
        let people = self.people.clone();
        async move {
            if !is_known {
                return Err(Problem::new(&codes::REVOCATIONS_STALE));
            }
            Ok(people.known_as(external_id).await?)
        }
        .boxed_local()
    }
}
