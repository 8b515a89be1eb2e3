use std::net::{IpAddr, SocketAddr};
use std::path::Path;

use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE};
use serde_json::Value;

use super::{Answer, Bearer, Jar};
use crate::contract::Contract;

/// A client of HTTP, on this address if one is given.
pub(crate) fn http(address: Option<IpAddr>) -> reqwest::Client {
    // Nothing here is asked over TLS, and reading the system's certificates takes longer than many a test.
    builder(address).tls_certs_only([]).build().expect("BUG: the client's settings are constants")
}

/// A client on this address if one is given, of a server whose certificate is this file alone.
pub(crate) fn https(address: Option<IpAddr>, certificate: &Path) -> reqwest::Client {
    let pem = std::fs::read(certificate).expect("the gateway has no certificate");
    let trusted = reqwest::Certificate::from_pem(&pem).expect("the gateway's certificate is none");
    builder(address).tls_certs_only([trusted]).build().expect("BUG: the client's settings are constants")
}

fn builder(address: Option<IpAddr>) -> reqwest::ClientBuilder {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().local_address(address)
}

/// Where one listener of a service is.
#[derive(Clone)]
pub struct Listener {
    http: reqwest::Client,
    /// What its addresses begin with.
    base: String,
    pub addr: SocketAddr,
    /// Where the service says that the world reaches it: what the types of its problems begin with.
    pub public_url: String,
    /// What every answer is held against.
    contract: Option<&'static Contract>,
}

impl Listener {
    pub fn new(http: reqwest::Client, addr: SocketAddr, public_url: &str) -> Self {
        let public_url = public_url.trim_end_matches('/').to_owned();
        Self { http, base: format!("http://{addr}"), addr, public_url, contract: None }
    }

    /// The same listener, each of whose answers must be as this document has it.
    pub fn as_documented(self, contract: &'static Contract) -> Self {
        Self { contract: Some(contract), ..self }
    }

    /// The same listener, asked by another client.
    pub(super) fn asked_by(&self, http: reqwest::Client) -> Self {
        Self { http, ..self.clone() }
    }

    /// A client like this of another server.
    pub fn elsewhere(&self, addr: SocketAddr) -> Self {
        Self::new(self.http.clone(), addr, "")
    }

    /// A listener like this of another copy of the service.
    pub fn of_copy_at(&self, addr: SocketAddr) -> Self {
        Self { base: format!("http://{addr}"), addr, ..self.clone() }
    }

    /// The same listener, asked through a gateway that has it below `base`. What the gateway answers in its place is no part
    /// of its document.
    pub(crate) fn behind(&self, http: reqwest::Client, base: String) -> Self {
        Self { http, base, contract: None, ..self.clone() }
    }

    /// Where a path is.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
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
            path: path.split('?').next().unwrap_or_default().to_owned(),
            builder: self.http.request(method.clone(), self.url(path)),
            method,
            public_url: self.public_url.clone(),
            contract: self.contract,
        }
    }
}

/// A request that is being written.
pub struct Request {
    title: String,
    method: Method,
    path: String,
    builder: reqwest::RequestBuilder,
    public_url: String,
    contract: Option<&'static Contract>,
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

    /// Adds the cookies that a browser with this jar would.
    pub fn cookies(self, jar: &Jar) -> Self {
        let cookies = jar.header(&self.path);
        if cookies.is_empty() { self } else { self.header(COOKIE.as_str(), cookies) }
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

    /// Sends it. Panics where no answer comes, or one that is not as the service's document has it.
    pub async fn send(self) -> Answer {
        let Self { title, method, path, builder, public_url, contract } = self;
        let response = builder.send().await.unwrap_or_else(|error| panic!("{title}: no answer: {error:?}"));
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body =
            response.bytes().await.unwrap_or_else(|error| panic!("{title}: no whole answer: {error:?}"));
        let answer = Answer { title, public_url, status, headers, body: body.to_vec() };
        if let Some(contract) = contract {
            contract.assert_answers(&method, &path, &answer);
        }
        answer
    }
}
