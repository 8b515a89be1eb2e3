//! What can go wrong, and the one table that says how it is answered.

use common::db::DbError;
use common::limits::Refusal as Limited;
use common::token::Refusal;
use common::web::auth::Denial;
use common::web::{FieldError, Problem, codes, rate_limited};
use thiserror::Error;

use crate::domain::document::{MAX_DOCUMENT_BYTES, TooLarge};
use crate::domain::ids::RecipeId;
use crate::domain::image::Unfit;
use crate::domain::inspection::Violation;
use crate::egress::NotFetched;
use crate::service::images::FilesError;

/// Why a use case did not come to its good end.
#[derive(Debug, Error)]
pub enum Error {
    #[error("there is nothing here")]
    NotFound,
    #[error("it is somebody else's")]
    Forbidden,
    #[error("the account was deleted")]
    AccountDeleted,
    #[error("the change does not say from which version it starts")]
    ConditionMissing,
    /// The members that differ from the version that the caller knows; none where it is not known.
    #[error("the recipe has changed")]
    Stale { changed: Vec<String> },
    #[error("the key belongs to another call")]
    KeyReused,
    #[error("the document breaks a rule")]
    Invalid(Vec<Violation>),
    #[error("the document is too large")]
    TooLarge,
    /// One's own recipe of the same page.
    #[error("the page was imported before")]
    DuplicateSource(RecipeId),
    /// What stood there instead of a recipe.
    #[error("there is no recipe in it")]
    NoRecipeFound(Box<importer::Report>),
    #[error("it can be no image of a recipe")]
    Unfit(Unfit),
    /// The files of images cannot be written or read right now. The text is for the log.
    #[error("{0}")]
    FilesUnavailable(String),
    #[error("the page could not be fetched")]
    NotFetched(NotFetched),
    #[error("they do it too often")]
    RateLimited(Limited),
    #[error("there is too much to do")]
    Busy,
    #[error("the database is unavailable")]
    DatabaseUnavailable,
    /// Our own fault. The text is for the log.
    #[error("{0}")]
    Internal(String),
}

impl Error {
    /// Stale, before anyone asked what has changed.
    pub fn stale() -> Self {
        Self::Stale { changed: Vec::new() }
    }
}

impl From<DbError> for Error {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Unavailable => Self::DatabaseUnavailable,
            DbError::Query(cause) => Self::Internal(cause.to_string()),
        }
    }
}

impl From<FilesError> for Error {
    fn from(error: FilesError) -> Self {
        match error.is_missing() {
            // Only who has lost files of a folder that is not backed up comes here.
            true => Self::Internal(error.to_string()),
            false => Self::FilesUnavailable(error.to_string()),
        }
    }
}

impl From<Vec<Violation>> for Error {
    fn from(violations: Vec<Violation>) -> Self {
        Self::Invalid(violations)
    }
}

impl From<Violation> for Error {
    fn from(violation: Violation) -> Self {
        Self::Invalid(vec![violation])
    }
}

impl From<TooLarge> for Error {
    fn from(_: TooLarge) -> Self {
        Self::TooLarge
    }
}

impl From<NotFetched> for Error {
    fn from(reason: NotFetched) -> Self {
        Self::NotFetched(reason)
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::new(&codes::NOT_FOUND),
            Error::Forbidden => Self::new(&codes::FORBIDDEN),
            Error::AccountDeleted => Denial::Refused(Refusal::Revoked).into(),
            Error::ConditionMissing => Self::new(&PRECONDITION_REQUIRED),
            Error::Stale { changed } => {
                Self::new(&STALE_VERSION).errors(changed.iter().map(|name| changed_member(name)))
            }
            Error::KeyReused => Self::new(&IDEMPOTENCY_KEY_REUSED),
            Error::Invalid(violations) => {
                Self::new(&codes::VALIDATION_FAILED).errors(violations.into_iter().map(field_error))
            }
            Error::TooLarge => Self::new(&codes::TOO_LARGE)
                .detail(format!("A recipe may have at most {MAX_DOCUMENT_BYTES} bytes.")),
            Error::DuplicateSource(id) => Self::new(&DUPLICATE_SOURCE).member("id", id.to_string()),
            Error::NoRecipeFound(report) => {
                let report = serde_json::to_value(report).expect("BUG: a report does not serialise");
                Self::new(&NO_RECIPE_FOUND).member("report", report)
            }
            Error::Unfit(unfit) => image_problem(unfit),
            Error::FilesUnavailable(cause) => Self::new(&codes::BUSY).cause(cause),
            Error::NotFetched(reason) => Self::new(&PAGE_NOT_FETCHED)
                .detail(format!("Fetching it came to nothing: {reason}."))
                .member("reason", reason.name()),
            Error::RateLimited(refusal) => rate_limited(refusal),
            Error::Busy => Self::new(&codes::BUSY),
            Error::DatabaseUnavailable => Self::new(&codes::DATABASE_UNAVAILABLE),
            Error::Internal(cause) => Self::internal(cause),
        }
    }
}

fn image_problem(unfit: Unfit) -> Problem {
    match unfit {
        Unfit::Unknown => Problem::new(&codes::UNSUPPORTED_MEDIA_TYPE)
            .detail("The body is no JPEG, PNG, WebP or GIF by its first bytes, whatever it is called."),
        Unfit::TooLarge => Problem::new(&codes::TOO_LARGE).detail("An image may have at most 24 megapixels."),
        Unfit::Broken => Problem::new(&codes::VALIDATION_FAILED).errors([FieldError::new(
            "",
            "broken_image",
            "The image ends too early, or is not as its beginning says.",
        )]),
    }
}

fn changed_member(name: &str) -> FieldError {
    FieldError::new(format!("/{name}"), "changed", "Differs from the version that you know.")
}

fn field_error(violation: Violation) -> FieldError {
    FieldError::new(violation.pointer, violation.code, violation.detail)
}

common::codes! {
    /// The codes that only this service answers.
    pub OWN;

    PRECONDITION_REQUIRED = 428 "precondition_required", "A change must say from which version it starts.",
        "Send the ETag that was last answered as `If-Match`.";
    STALE_VERSION = 412 "stale_version", "The recipe has changed since the version that you know.",
        "Read it again. The member errors names what differs.";
    IDEMPOTENCY_KEY_REUSED = 422 "idempotency_key_reused", "The key was used for another body within a day.",
        "Repeat a call with the body that it had, or make up a new key for another call.";
    DUPLICATE_SOURCE = 409 "duplicate_source", "You have a recipe of this page.",
        "The member id names it. Import with on_duplicate=skip, copy or update to say what is to happen.";
    NO_RECIPE_FOUND = 422 "no_recipe_found", "There is no recipe in the body.",
        "Send the whole page, or the recipe as text with the headings Ingredients and Method. The member report says what was there.";
    PAGE_NOT_FETCHED = 422 "page_not_fetched", "The page could not be fetched.",
        "The member reason says why. Open it in a browser and send what it shows, as text/html, with its address as source_url.";
}
