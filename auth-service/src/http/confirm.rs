use std::sync::Arc;

use common::token::Verified;
use common::web::Problem;
use common::web::auth::{Confirm, Denial};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;

use crate::service::Auth;

/// Asks the database about each token that was believed: here a log-out takes effect at once.
impl Confirm for Auth {
    fn confirm(&self, verified: Arc<Verified>) -> LocalBoxFuture<'static, Result<(), Problem>> {
        let auth = self.clone();
        async move { Ok(Auth::confirm(&auth, &verified).await?.map_err(Denial::from)?) }.boxed_local()
    }
}
