//! Errors as Flask-JWT-Extended answers them, for clients that were written for it: `{"msg": …}`, and its statuses.
//!
//! What is wrong with a token is answered in its very words. Other problems stay what they are (RFC 9457) and have their
//! detail as `msg` besides.

use super::problem::Problem;

/// What Flask-JWT-Extended answers in the place of a problem, if it knows the like.
pub(super) struct Answer {
    pub status: u16,
    pub msg: &'static str,
}

/// By the code of the problem. Flask-JWT-Extended's `default_…_callback` say the same, and its 422 is for what is no token.
pub(super) fn answer(problem: &Problem) -> Option<Answer> {
    let (status, msg) = match problem.code().name {
        "missing_token" => (401, "Missing Authorization Header"),
        "invalid_token" | "refresh_token_invalid" => (422, "Signature verification failed"),
        "token_expired" | "refresh_token_expired" => (401, "Token has expired"),
        "token_revoked" | "session_ended" | "refresh_token_reused" => (401, "Token has been revoked"),
        "reauthentication_required" => (401, "Fresh token required"),
        "csrf_failed" => (401, "CSRF double submit tokens do not match"),
        _ => return None,
    };
    Some(Answer { status, msg })
}
