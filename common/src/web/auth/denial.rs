use actix_web::http::header::{HeaderValue, WWW_AUTHENTICATE};

use crate::token::Refusal;
use crate::web::{Problem, codes};

/// Why a caller was not let through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Denial {
    /// No token came along.
    Missing,
    /// One came, and was not believed.
    Refused(Refusal),
    /// More than one credential came along.
    MultipleCredentials,
    /// The token's scope does not name this.
    LacksScope(&'static str),
    /// The person does not have this role.
    LacksRole(&'static str),
    /// The person proved who they are longer ago than this, in seconds.
    NotRecent(u32),
    /// It is somebody else's, or a service's where a person is needed.
    Forbidden,
    /// The copy of the revocations is too old for something that writes.
    Stale,
    /// A cookie says who is calling, and nothing that the caller's own script meant it.
    NoCsrfToken,
    /// A cookie says who is calling, for a script of an origin that may not.
    ForeignOrigin,
}

impl From<Refusal> for Denial {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Denial> for Problem {
    fn from(denial: Denial) -> Self {
        match denial {
            Denial::Missing => challenge(Self::new(&codes::MISSING_TOKEN), ""),
            Denial::Refused(refusal) => refused(refusal),
            Denial::MultipleCredentials => Self::new(&codes::MULTIPLE_CREDENTIALS),
            Denial::LacksScope(scope) => challenge(
                Self::new(&codes::INSUFFICIENT_SCOPE).detail(format!("The scope {scope} is needed.")),
                &format!(", error=\"insufficient_scope\", scope=\"{scope}\""),
            ),
            Denial::LacksRole(role) => challenge(
                Self::new(&codes::INSUFFICIENT_SCOPE).detail(format!("The role {role} is needed.")),
                ", error=\"insufficient_scope\"",
            ),
            Denial::NotRecent(max_age) => challenge(
                Self::new(&codes::REAUTHENTICATION_REQUIRED),
                &format!(", error=\"insufficient_user_authentication\", max_age={max_age}"),
            ),
            Denial::Forbidden => Self::new(&codes::FORBIDDEN),
            Denial::Stale => Self::new(&codes::REVOCATIONS_STALE),
            Denial::NoCsrfToken => Self::new(&codes::CSRF_FAILED).detail(
                "The header X-CSRF-Token is not the session's csrf_token; a refresh answers it anew.",
            ),
            Denial::ForeignOrigin => Self::new(&codes::CSRF_FAILED)
                .detail("The header Origin names neither this service nor one of its CORS_ORIGINS."),
        }
    }
}

fn refused(refusal: Refusal) -> Problem {
    let code = match refusal {
        // One body for every cause: what exactly was wrong helps only who tries to forge.
        Refusal::Invalid(_) | Refusal::UnknownKey => &codes::INVALID_TOKEN,
        Refusal::Expired => &codes::TOKEN_EXPIRED,
        Refusal::Revoked => &codes::TOKEN_REVOKED,
        Refusal::KeysUnavailable => return Problem::new(&codes::KEYS_UNAVAILABLE),
        Refusal::RevocationsStale => return Problem::new(&codes::REVOCATIONS_STALE),
    };
    challenge(Problem::new(code), ", error=\"invalid_token\"")
}

/// Adds the challenge of RFC 6750 §3.
fn challenge(problem: Problem, parameters: &str) -> Problem {
    let value = format!("Bearer realm=\"jipbap\"{parameters}");
    problem.header(
        WWW_AUTHENTICATE,
        HeaderValue::try_from(value).expect("BUG: a scope or role that is no token"),
    )
}
