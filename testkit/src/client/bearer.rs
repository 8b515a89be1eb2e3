use super::Session;

/// As whom a request is sent: with an access token, or without.
#[derive(Clone, Copy, Debug)]
pub struct Bearer<'a>(pub(super) Option<&'a str>);

/// Without a token.
#[derive(Clone, Copy, Debug)]
pub struct Anonymous;

impl From<Anonymous> for Bearer<'_> {
    fn from(_: Anonymous) -> Self {
        Self(None)
    }
}

impl<'a> From<&'a str> for Bearer<'a> {
    fn from(token: &'a str) -> Self {
        Self(Some(token))
    }
}

impl<'a> From<&'a String> for Bearer<'a> {
    fn from(token: &'a String) -> Self {
        Self(Some(token))
    }
}

impl<'a> From<&'a Session> for Bearer<'a> {
    fn from(session: &'a Session) -> Self {
        Self(Some(&session.access_token))
    }
}
