use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::ops::Deref;

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{Error, FromRequest, HttpMessage, HttpRequest};
use futures_util::future::{Either, LocalBoxFuture};
use futures_util::{FutureExt, TryFutureExt};

use super::door::Admitted;
use super::{Carrier, Denial, Door};
use crate::token::{Claims, Person};
use crate::web::Problem;

type Extraction<T> = Either<Ready<Result<T, Error>>, LocalBoxFuture<'static, Result<T, Error>>>;

/// A good access token came along. Gives all that it says.
#[derive(Clone, Debug)]
pub struct Auth(Admitted);

impl Auth {
    pub fn claims(&self) -> &Claims {
        &self.0.verified.claims
    }

    /// Whose token it is.
    pub fn subject(&self) -> &str {
        &self.claims().sub
    }

    /// What brought the token.
    pub fn carrier(&self) -> Carrier {
        self.0.carrier
    }

    /// What only people's tokens say.
    ///
    /// # Errors
    /// `forbidden` for the token of a service.
    pub fn person(&self) -> Result<&Person, Problem> {
        self.claims().person.as_ref().ok_or_else(|| Denial::Forbidden.into())
    }
}

impl FromRequest for Auth {
    type Error = Error;
    type Future = Extraction<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        if let Some(auth) = request.extensions().get::<Auth>() {
            return Either::Left(ready(Ok(auth.clone())));
        }
        let door = door(request);
        match door.admit_at_once(request) {
            Some(answer) => {
                let answer = answer.map(|admitted| keep(request, admitted));
                Either::Left(ready(answer.map_err(|denial| door.refuse(denial))))
            }
            None => {
                let request = request.clone();
                Either::Right(async move { Ok(keep(&request, door.admit(&request).await?)) }.boxed_local())
            }
        }
    }
}

/// Remembers who is calling for the other extractors of the same handler.
fn keep(request: &HttpRequest, admitted: Admitted) -> Auth {
    let auth = Auth(admitted);
    request.extensions_mut().insert(auth.clone());
    auth
}

fn door(request: &HttpRequest) -> Data<Door> {
    request.app_data::<Data<Door>>().expect("BUG: the app has no Data<Door>").clone()
}

/// A good access token came along, or none at all.
#[derive(Clone, Debug)]
pub struct MaybeAuth(pub Option<Auth>);

impl MaybeAuth {
    pub fn claims(&self) -> Option<&Claims> {
        self.0.as_ref().map(Auth::claims)
    }
}

impl FromRequest for MaybeAuth {
    type Error = Error;
    type Future = Extraction<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if door(request).is_anonymous(request) {
            return Either::Left(ready(Ok(Self(None))));
        }
        map(Auth::from_request(request, payload), |auth| Ok(Self(Some(auth))))
    }
}

/// A scope, as a type.
pub trait Scope {
    const NAME: &'static str;
}

/// The token's scope names `S`.
#[derive(Clone, Debug)]
pub struct Scoped<S>(Auth, PhantomData<S>);

impl<S: Scope + 'static> FromRequest for Scoped<S> {
    type Error = Error;
    type Future = Extraction<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        checked(request, payload, |_, auth| {
            if auth.claims().permits(S::NAME) {
                Ok(Self(auth, PhantomData))
            } else {
                Err(Denial::LacksScope(S::NAME))
            }
        })
    }
}

/// A role of people, as a type.
pub trait Role {
    const NAME: &'static str;
}

/// The token is a person's, who has the role `R`.
#[derive(Clone, Debug)]
pub struct HasRole<R>(Auth, PhantomData<R>);

impl<R: Role + 'static> FromRequest for HasRole<R> {
    type Error = Error;
    type Future = Extraction<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        checked(request, payload, |_, auth| {
            if auth.claims().has_role(R::NAME) {
                Ok(Self(auth, PhantomData))
            } else {
                Err(Denial::LacksRole(R::NAME))
            }
        })
    }
}

/// The person proved who they are within the last `SECONDS`, and that they were not ended since is known for sure.
#[derive(Clone, Debug)]
pub struct Fresh<const SECONDS: u32>(Auth);

impl<const SECONDS: u32> FromRequest for Fresh<SECONDS> {
    type Error = Error;
    type Future = Extraction<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        checked(request, payload, |door, auth| {
            let Some(person) = &auth.claims().person else { return Err(Denial::Forbidden) };
            if door.is_stale() {
                return Err(Denial::Stale);
            }
            if door.now() - person.auth_time > i64::from(SECONDS) {
                return Err(Denial::NotRecent(SECONDS));
            }
            Ok(Self(auth))
        })
    }
}

/// The path's `{id}` is the token's subject.
#[derive(Clone, Debug)]
pub struct Oneself(Auth);

impl FromRequest for Oneself {
    type Error = Error;
    type Future = Extraction<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let id = request.match_info().get("id").map(str::to_ascii_lowercase);
        checked(request, payload, move |_, auth| {
            if id.as_deref() == Some(auth.subject()) { Ok(Self(auth)) } else { Err(Denial::Forbidden) }
        })
    }
}

/// Extracts `Auth` and looks at it once more.
fn checked<T: 'static>(
    request: &HttpRequest,
    payload: &mut Payload,
    check: impl FnOnce(&Door, Auth) -> Result<T, Denial> + 'static,
) -> Extraction<T> {
    let door = door(request);
    map(Auth::from_request(request, payload), move |auth| {
        check(&door, auth).map_err(|denial| door.refuse(denial))
    })
}

fn map<T: 'static>(
    extraction: Extraction<Auth>,
    then: impl FnOnce(Auth) -> Result<T, Error> + 'static,
) -> Extraction<T> {
    match extraction {
        Either::Left(auth) => Either::Left(ready(auth.into_inner().and_then(then))),
        Either::Right(auth) => Either::Right(auth.and_then(|auth| ready(then(auth))).boxed_local()),
    }
}

impl<S> Deref for Scoped<S> {
    type Target = Auth;

    fn deref(&self) -> &Auth {
        &self.0
    }
}

impl<R> Deref for HasRole<R> {
    type Target = Auth;

    fn deref(&self) -> &Auth {
        &self.0
    }
}

impl<const SECONDS: u32> Deref for Fresh<SECONDS> {
    type Target = Auth;

    fn deref(&self) -> &Auth {
        &self.0
    }
}

impl Deref for Oneself {
    type Target = Auth;

    fn deref(&self) -> &Auth {
        &self.0
    }
}
