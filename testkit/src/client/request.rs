use std::net::{IpAddr, SocketAddr};

use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::Value;

use super::{Answer, Bearer};

/// A client of HTTP, on this address if one is given.
pub(crate) fn http(address: Option<IpAddr>) -> reqwest::Client {
    reqwest::Client::builder()
        // Nothing here is asked over TLS, and reading the system's certificates takes longer than many a test.
        .tls_certs_only([])
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .local_address(address)
        .build()
        .expect("BUG: the client's settings are constants")
}

/// Where one listener of a service is.
#[derive(Clone)]
pub struct Listener {
    http: reqwest::Client,
    pub addr: SocketAddr,
    /// Where the service says that the world reaches it: what the types of its problems begin with.
    pub public_url: String,
}

impl Listener {
    pub fn new(http: reqwest::Client, addr: SocketAddr, public_url: &str) -> Self {
        Self { http, addr, public_url: public_url.trim_end_matches('/').to_owned() }
    }

    /// Where a path is.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }

    pub fn get(&self, path: &str) -> Request {
        self.request(Method::GET, path)
    }

    pub fn post(&self, path: &str) -> Request {
        self.request(Method::POST, path)
    }

    pub fn put(&self, path: &str) -> Request {
        self.request(Method::PUT, path)
    }

    pub fn patch(&self, path: &str) -> Request {
        self.request(Method::PATCH, path)
    }

    pub fn delete(&self, path: &str) -> Request {
        self.request(Method::DELETE, path)
    }

    pub fn request(&self, method: Method, path: &str) -> Request {
        Request {
            title: format!("{method} {path}"),
            builder: self.http.request(method, self.url(path)),
            public_url: self.public_url.clone(),
        }
    }
}

/// A request that is being written.
pub struct Request {
    title: String,
    builder: reqwest::RequestBuilder,
    public_url: String,
}

impl Request {
    pub fn bearer<'a>(self, bearer: impl Into<Bearer<'a>>) -> Self {
        match bearer.into().0 {
            Some(token) => self.header(AUTHORIZATION.as_str(), format!("Bearer {token}")),
            None => self,
        }
    }

    /// Adds a header; one of that name may be there already.
    ///
    /// Panics on bytes that no header may hold: for those there is [`Listener::raw`].
    pub fn header(self, name: &str, value: impl AsRef<[u8]>) -> Self {
        let value = reqwest::header::HeaderValue::from_bytes(value.as_ref()).expect("no value of a header");
        Self { builder: self.builder.header(name, value), ..self }
    }

    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    pub fn merge_patch(self, body: &Value) -> Self {
        self.body("application/merge-patch+json", body.to_string())
    }

    pub fn body(self, content_type: &str, body: impl Into<reqwest::Body>) -> Self {
        let builder = self.builder.header(CONTENT_TYPE, content_type).body(body);
        Self { builder, ..self }
    }

    /// Sends it. Panics where no answer comes.
    pub async fn send(self) -> Answer {
        let Self { title, builder, public_url } = self;
        let response = builder.send().await.unwrap_or_else(|error| panic!("{title}: no answer: {error:?}"));
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body =
            response.bytes().await.unwrap_or_else(|error| panic!("{title}: no whole answer: {error:?}"));
        Answer { title, public_url, status, headers, body: body.to_vec() }
    }
}
