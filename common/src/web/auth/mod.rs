//! Who is calling, as extractors: the permission that a handler needs stands in its signature.
//!
//! | in the signature | the handler runs when |
//! |---|---|
//! | [`Auth`] | a good access token came along |
//! | [`MaybeAuth`] | one came, or none; a bad one is refused all the same |
//! | [`Scoped<S>`] | its scope names `S` |
//! | [`HasRole<R>`] | it is a person's, who has the role `R` |
//! | [`Fresh<N>`] | the person proved who they are within the last `N` seconds (RFC 9470) |
//! | [`Oneself`] | the path's `{id}` is its subject |
//!
//! The token comes in a header, or else in a cookie. Browsers send cookies along with calls that another page makes, too:
//! what a cookie lets in must bring the session's CSRF token in the header `X-CSRF-Token`, unless its method is safe. That
//! the two belong together is said in the access token itself, so that no state is asked.

mod cookie;
mod credential;
mod denial;
mod door;
mod extract;

pub use cookie::{access_cookie, cookie, is_over_tls, refresh_cookie};
pub use credential::{Carrier, Credential, bearer};
pub use denial::Denial;
pub use door::{Confirm, Door, Legacy, Resolve};
pub use extract::{Auth, Fresh, HasRole, MaybeAuth, Oneself, Role, Scope, Scoped};
