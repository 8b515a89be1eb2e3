//! What can go wrong, and the one table that says how it is answered.

use std::time::Duration;

use actix_web::http::header::{HeaderValue, WWW_AUTHENTICATE};
use common::db::DbError;
use common::limits::{Limit, Refusal};
use common::web::codes::{self, Code};
use common::web::{FieldError, Problem, rate_limited};
use thiserror::Error;

use crate::service::keys::KeysError;

/// Why a use case did not come to its good end.
#[derive(Debug, Error)]
pub enum Error {
    #[error("the address has an account")]
    EmailTaken,
    #[error("the user name is taken")]
    UsernameTaken,
    #[error("the external id is another account's")]
    ExternalIdTaken,
    #[error("sign-up is closed")]
    SignupClosed,
    #[error("name or password are wrong")]
    InvalidCredentials,
    #[error("the password is wrong")]
    WrongPassword,
    #[error("the account is disabled")]
    AccountDisabled,
    #[error("not a refresh token of ours")]
    RefreshTokenInvalid,
    #[error("the refresh token has expired")]
    RefreshTokenExpired,
    #[error("the refresh token was used before")]
    RefreshTokenReused,
    #[error("the session is over")]
    SessionEnded,
    #[error("the refresh token was presented too often")]
    TooManyReplays,
    #[error("the limit {} is used up", .0.name)]
    RateLimited(Refusal),
    #[error("more than can be granted was asked for")]
    InvalidScope,
    #[error("the link works no more")]
    TokenSpent,
    #[error("it is somebody else's")]
    Forbidden,
    #[error("there is nothing here")]
    NotFound,
    #[error("the feed does not know the cursor")]
    CursorUnknown,
    #[error("too much to do")]
    Busy,
    #[error("the key of the token is not here yet")]
    KeyNotHere,
    #[error("the database is unavailable")]
    DatabaseUnavailable,
    #[error("a rule was broken")]
    Invalid(Vec<FieldError>),
    #[error("the next key may not sign yet")]
    KeyTooNew(Duration),
    /// Our own fault. The text is for the log.
    #[error("{0}")]
    Internal(String),
}

impl From<DbError> for Error {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Unavailable => Self::DatabaseUnavailable,
            DbError::Query(cause) => Self::Internal(cause.to_string()),
        }
    }
}

impl From<KeysError> for Error {
    fn from(error: KeysError) -> Self {
        match error {
            KeysError::TooEarly(wait) => Self::KeyTooNew(wait),
            KeysError::Unknown => Self::NotFound,
            KeysError::Contended => Self::Busy,
            KeysError::MasterMissing(_) => Self::KeyNotHere,
            KeysError::Database(error) => error.into(),
            KeysError::NoCurrent | KeysError::Unmade => Self::Internal(error.to_string()),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::EmailTaken => Self::new(&EMAIL_TAKEN),
            Error::UsernameTaken => Self::new(&USERNAME_TAKEN),
            Error::ExternalIdTaken => Self::new(&EXTERNAL_ID_TAKEN),
            Error::SignupClosed => Self::new(&SIGNUP_CLOSED),
            Error::InvalidCredentials => Self::new(&INVALID_CREDENTIALS),
            Error::WrongPassword => Self::new(&WRONG_PASSWORD),
            Error::AccountDisabled => Self::new(&ACCOUNT_DISABLED),
            Error::RefreshTokenInvalid => challenged(&REFRESH_TOKEN_INVALID),
            Error::RefreshTokenExpired => challenged(&REFRESH_TOKEN_EXPIRED),
            Error::RefreshTokenReused => challenged(&REFRESH_TOKEN_REUSED),
            Error::SessionEnded => challenged(&SESSION_ENDED),
            Error::TooManyReplays => rate_limited(REPLAYS),
            Error::RateLimited(refusal) => rate_limited(refusal),
            Error::InvalidScope => Self::new(&codes::INVALID_SCOPE),
            Error::TokenSpent => Self::new(&TOKEN_SPENT),
            Error::Forbidden => Self::new(&codes::FORBIDDEN),
            Error::NotFound => Self::new(&codes::NOT_FOUND),
            Error::CursorUnknown => Self::new(&CURSOR_UNKNOWN),
            Error::Busy => Self::new(&codes::BUSY),
            Error::KeyNotHere => Self::new(&codes::KEYS_UNAVAILABLE),
            Error::DatabaseUnavailable => Self::new(&codes::DATABASE_UNAVAILABLE),
            Error::Invalid(errors) => Self::new(&codes::VALIDATION_FAILED).errors(errors),
            Error::KeyTooNew(wait) => Self::new(&KEY_TOO_NEW).retry_after(wait),
            Error::Internal(cause) => Self::internal(cause),
        }
    }
}

/// `invalid_credentials` from somebody who is logged in. A 401 would tell their client that its token is no good, and
/// it would refresh and try the same password again.
static WRONG_PASSWORD: Code = Code { status: 403, ..INVALID_CREDENTIALS };

/// What a refresh token that is presented too often is told: it does not depend on when.
const REPLAYS: Refusal = Refusal {
    name: "replays",
    limit: Limit { most: 200, window: Duration::from_secs(10) },
    wait: Duration::from_secs(10),
};

/// A refused refresh token is a refused bearer token (RFC 6750 §3.1).
fn challenged(code: &'static Code) -> Problem {
    let challenge = HeaderValue::from_static("Bearer realm=\"jipbap\", error=\"invalid_token\"");
    Problem::new(code).header(WWW_AUTHENTICATE, challenge)
}

common::codes! {
    /// The codes that only this service answers.
    pub OWN;

    EMAIL_TAKEN = 409 "email_taken", "The address has an account.",
        "Log in with it, or ask for a link to set a new password.";
    USERNAME_TAKEN = 409 "username_taken", "The user name is taken.",
        "Choose another one.";
    EXTERNAL_ID_TAKEN = 409 "external_id_taken", "Another account has the external id.",
        "Take it off that account first, or give another one.";
    KEY_TOO_NEW = 409 "key_too_new", "The next key has not been published for long enough to sign.",
        "Verifiers keep the published keys for a while. Wait as long as the header Retry-After says.";
    SIGNUP_CLOSED = 403 "signup_closed", "Nobody can sign up here.",
        "Ask the operator for an account.";
    INVALID_CREDENTIALS = 401 "invalid_credentials", "Name or password are wrong.",
        "The answer is the same whether there is such an account or not.";
    ACCOUNT_DISABLED = 403 "account_disabled", "The account is disabled.",
        "The password was right. Ask the operator why the account was closed.";
    REFRESH_TOKEN_INVALID = 401 "refresh_token_invalid", "That is no refresh token of ours.",
        "Send the refresh_token of the last answer, unchanged; an access token is another thing. Or log in again.";
    REFRESH_TOKEN_EXPIRED = 401 "refresh_token_expired", "The refresh token has expired.",
        "The session was not used for too long, or has lasted as long as a session may. Log in again.";
    REFRESH_TOKEN_REUSED = 401 "refresh_token_reused", "The refresh token had been used before, so its session was ended.",
        "Somebody else may have a copy of it. Log in again, and look at the list of sessions.";
    CURSOR_UNKNOWN = 409 "cursor_unknown", "The feed does not know the cursor.",
        "It is of another database or epoch, or too old. Read again from the start, without epoch and after.";
    TOKEN_SPENT = 410 "token_spent", "The link works no more.",
        "It was used, is too old, or there is a newer one. Ask for another one.";
    SESSION_ENDED = 401 "session_ended", "The session is over.",
        "Log in again.";
}
