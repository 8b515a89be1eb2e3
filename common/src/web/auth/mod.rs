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

mod credential;
mod denial;
mod door;
mod extract;

pub use credential::{Credential, bearer};
pub use denial::Denial;
pub use door::{Confirm, Door};
pub use extract::{Auth, Fresh, HasRole, MaybeAuth, Oneself, Role, Scope, Scoped};
