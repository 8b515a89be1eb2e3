use crate::domain::{RefreshKey, RefreshToken, Transport};

/// What goes to a session's owner beside the access token.
#[derive(Clone)]
pub(super) struct Handover {
    pub refresh_token: String,
    /// Where cookies carry the tokens; the access token then names it.
    pub csrf_token: Option<String>,
}

impl Handover {
    /// Hands over a refresh token, with the key that it was made with.
    pub fn of(token: &RefreshToken, key: &RefreshKey, transport: Transport) -> Self {
        let csrf_token = match transport {
            Transport::Body => None,
            Transport::Cookies => Some(key.csrf_token(token.session)),
        };
        Self { refresh_token: token.reveal(key), csrf_token }
    }
}
