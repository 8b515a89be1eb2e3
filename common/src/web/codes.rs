//! The machine-readable codes of problems that both services answer. API.md §1 is the list; a service adds its own.

/// One kind of problem: what a client switches on, and what its page under `/problems/{name}` explains.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// What `code` says, and the last segment of `type`.
    pub name: &'static str,
    /// The HTTP status that it is answered with.
    pub status: u16,
    /// One line, the same for every occurrence (RFC 9457 §3.1.3).
    pub title: &'static str,
    /// What the caller can do about it, in whole sentences.
    pub help: &'static str,
}

/// Defines codes as statics, and the list of them all.
///
/// ```
/// common::codes! {
///     /// The codes of this service.
///     pub OWN;
///     EMAIL_TAKEN = 409 "email_taken", "The address has an account.", "Log in, or reset the password.";
/// }
/// assert_eq!(OWN[0].name, "email_taken");
/// ```
#[macro_export]
macro_rules! codes {
    ($(#[$doc:meta])* pub $all:ident; $($code:ident = $status:literal $name:literal, $title:literal, $help:literal;)+) => {
        $(
            #[doc = concat!("`", $name, "`: ", $title)]
            pub static $code: $crate::web::Code =
                $crate::web::Code { name: $name, status: $status, title: $title, help: $help };
        )+
        $(#[$doc])*
        pub static $all: &[&$crate::web::Code] = &[$(&$code),+];
    };
}

codes! {
    /// Every code that both services answer.
    pub SHARED;

    MALFORMED_REQUEST = 400 "malformed_request", "The head of the request makes no sense.",
        "It is not HTTP/1.1 (RFC 9112), or leaves in doubt where the request ends. The connection is closed.";
    MALFORMED_JSON = 400 "malformed_json", "The body is not JSON.",
        "Send one JSON value in UTF-8, without a byte order mark, lone surrogates or anything behind it.";
    UNKNOWN_PARAMETER = 400 "unknown_parameter", "A query parameter is not known.",
        "Leave it out, or look for its spelling in /openapi.json.";
    INVALID_PARAMETER = 400 "invalid_parameter", "A query parameter or header has a value that cannot be used.",
        "The detail names it. A parameter that takes one value may be given once.";
    INVALID_CURSOR = 400 "invalid_cursor", "The cursor is not one of this list.",
        "Use next_cursor as it was answered, with the same filters and the same account, or start without one.";
    INVALID_SCOPE = 400 "invalid_scope", "More scope or audience was asked for than can be granted.",
        "Ask for a part of what the account or the session has.";
    MULTIPLE_CREDENTIALS = 400 "multiple_credentials", "The request carries credentials in more than one header.",
        "Send one of them.";
    MISSING_TOKEN = 401 "missing_token", "An access token is needed.",
        "Log in, and send the access token as `Authorization: Bearer`.";
    INVALID_TOKEN = 401 "invalid_token", "The access token is not valid here.",
        "Refresh the session or log in again.";
    TOKEN_EXPIRED = 401 "token_expired", "The access token has expired.",
        "Refresh the session.";
    TOKEN_REVOKED = 401 "token_revoked", "The access token has been revoked.",
        "The session has ended. Log in again.";
    INSUFFICIENT_SCOPE = 403 "insufficient_scope", "The access token does not allow this.",
        "The answer names the scope or the role that is needed.";
    REAUTHENTICATION_REQUIRED = 401 "reauthentication_required", "The password was given too long ago for this.",
        "Call /v1/reauthenticate with the password and repeat the call with the new token.";
    CSRF_FAILED = 403 "csrf_failed", "The call with a cookie does not prove where it comes from.",
        "Send the session's csrf_token as `X-CSRF-Token`, from a listed origin. A refresh answers the token anew.";
    FORBIDDEN = 403 "forbidden", "This is not allowed to you.",
        "Another account may be allowed to.";
    NOT_FOUND = 404 "not_found", "There is nothing here.",
        "It may never have been, may be gone, or may not be yours to see.";
    METHOD_NOT_ALLOWED = 405 "method_not_allowed", "The resource does not know this method.",
        "The header Allow names those that it knows.";
    NOT_ACCEPTABLE = 406 "not_acceptable", "None of the wanted media types can be answered.",
        "Widen the header Accept.";
    REQUEST_TIMEOUT = 408 "request_timeout", "The request did not arrive in time.",
        "Send the request again.";
    TOO_LARGE = 413 "too_large", "The body is too large.",
        "The detail names the limit in bytes.";
    URI_TOO_LONG = 414 "uri_too_long", "The address of the request is too long.",
        "Put fewer or shorter parameters into the query.";
    HEAD_TOO_LARGE = 431 "head_too_large", "The head of the request is too large.",
        "Send fewer or shorter headers. The connection is closed.";
    UNSUPPORTED_MEDIA_TYPE = 415 "unsupported_media_type", "The body has a media type or coding that is not read here.",
        "The header Accept-Post or Accept-Patch names what is read. Bodies are not compressed.";
    VALIDATION_FAILED = 422 "validation_failed", "The body breaks a rule.",
        "The member errors names each place as a JSON Pointer, with a code.";
    RATE_LIMITED = 429 "rate_limited", "Too many requests.",
        "Wait as long as the header Retry-After says.";
    INTERNAL = 500 "internal", "Something went wrong on our side.",
        "It was noted under the request_id. Trying again later may help.";
    BUSY = 503 "busy", "There is too much to do right now.",
        "Wait as long as the header Retry-After says.";
    REVOCATIONS_STALE = 503 "revocations_stale", "It cannot be known right now whether the token was revoked.",
        "Wait as long as the header Retry-After says.";
    DATABASE_UNAVAILABLE = 503 "database_unavailable", "The database does not answer.",
        "Wait as long as the header Retry-After says.";
    KEYS_UNAVAILABLE = 503 "keys_unavailable", "The keys that tokens are checked with cannot be had right now.",
        "Wait as long as the header Retry-After says.";
    NOT_READY = 503 "not_ready", "The service is not ready.",
        "The member checks names what it waits for.";
}
