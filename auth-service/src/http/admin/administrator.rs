use actix_web::dev::Payload;
use actix_web::{Error, FromRequest, HttpRequest};
use common::web::auth::{Fresh, HasRole, Role};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;

use crate::domain::UserId;
use crate::error::Error as AuthError;
use crate::service::admin::ADMIN;

/// Somebody with the role `admin` who has proved who they are within the last fifteen minutes.
///
/// What else the handler takes is `T`, and is looked at only then: others learn nothing, not even that their body is wrong.
pub struct Administrator<T = ()> {
    pub id: UserId,
    pub given: T,
}

struct Admin;

impl Role for Admin {
    const NAME: &'static str = ADMIN;
}

/// In seconds.
const FRESH: u32 = 900;

impl<T: FromRequest + 'static> FromRequest for Administrator<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        async move {
            HasRole::<Admin>::from_request(&request, &mut Payload::None).await?;
            let fresh = Fresh::<FRESH>::from_request(&request, &mut Payload::None).await?;
            let id = fresh.subject().parse().map_err(|_| common::web::Problem::from(AuthError::Forbidden))?;
            let given = T::from_request(&request, &mut payload).await.map_err(Into::into)?;
            Ok(Self { id, given })
        }
        .boxed_local()
    }
}
