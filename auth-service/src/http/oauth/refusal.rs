use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, PRAGMA, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};
use common::web::Problem;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::Error;
use crate::service::oauth::Refused;

/// Why a client is not given what it asked for.
#[derive(Debug)]
pub enum Refusal {
    /// The request makes no sense, for this reason.
    InvalidRequest(&'static str),
    InvalidClient,
    InvalidGrant,
    UnsupportedGrantType,
    InvalidScope,
    InvalidTarget,
    UnsupportedTokenType,
    /// What the standards of OAuth have no word for: it is too much, or something of ours is away.
    Problem(Problem),
}

/// A refusal (RFC 6749 §5.2).
#[derive(Serialize, ToSchema)]
pub struct OauthError {
    /// `invalid_request`, `invalid_client`, `invalid_grant`, `unsupported_grant_type`, `invalid_scope`, `invalid_target`
    /// (RFC 8707) or `unsupported_token_type` (RFC 7009).
    #[schema(value_type = String, example = "invalid_client")]
    error: &'static str,
    /// The same for people.
    #[schema(value_type = String)]
    error_description: &'static str,
}

impl Refusal {
    pub fn answer(self) -> HttpResponse {
        let (error, error_description) = match self {
            Self::InvalidRequest(why) => ("invalid_request", why),
            Self::InvalidClient => {
                ("invalid_client", "There is no such client, it is disabled, or its secret is another one.")
            }
            Self::InvalidGrant => ("invalid_grant", "The token is over, or was issued to another client."),
            Self::UnsupportedGrantType => {
                ("unsupported_grant_type", "The grants are client_credentials and refresh_token.")
            }
            Self::InvalidScope => {
                ("invalid_scope", "The client cannot be granted every one of these scopes.")
            }
            Self::InvalidTarget => {
                ("invalid_target", "The client cannot be granted every one of these resources.")
            }
            Self::UnsupportedTokenType => {
                ("unsupported_token_type", "The tokens are access_token and refresh_token.")
            }
            Self::Problem(problem) => return problem.error_response(),
        };
        refused(OauthError { error, error_description })
    }
}

fn refused(body: OauthError) -> HttpResponse {
    let is_unknown = body.error == "invalid_client";
    let status = if is_unknown { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
    let mut response = HttpResponse::build(status);
    response.insert_header((CACHE_CONTROL, "no-store")).insert_header((PRAGMA, "no-cache"));
    if is_unknown {
        // However the client tried: a 401 always says how to do better (RFC 9110 §15.5.2).
        response.insert_header((WWW_AUTHENTICATE, "Basic realm=\"jipbap\""));
    }
    response.json(body)
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Grant => Self::InvalidGrant,
            Refused::Scope => Self::InvalidScope,
            Refused::Target => Self::InvalidTarget,
            Refused::Other(error) => error.into(),
        }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Problem(error.into())
    }
}
