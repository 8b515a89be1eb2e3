//! A service with a door for each extractor, whose issuer, revocations and clock the test holds in its hand.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use actix_web::web::Data;
use actix_web::{HttpResponse, get, post};
use common::clock::{Clock, TestClock};
use common::keys::{KeySet, Keys};
use common::revocations::Revocations;
use common::revocations::feed::{Event, Kind};
use common::token::{Verified, Verifier};
use common::web::auth::{Auth, Confirm, Door, Fresh, HasRole, MaybeAuth, Oneself, Role, Scope, Scoped};
use common::web::{About, Address, Health, Operations, Problem, Server, Shutdown, Site, codes};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use serde_json::json;
use testkit::Forge;
use testkit::client::{Listener, Request};
use testkit::forge::Key;

pub struct Bake;

impl Scope for Bake {
    const NAME: &'static str = "bread:bake";
}

pub struct Baker;

impl Role for Baker {
    const NAME: &'static str = "baker";
}

#[utoipa::path(responses((status = 200)))]
#[get("/auth")]
async fn behind_auth(auth: Auth) -> HttpResponse {
    HttpResponse::Ok().json(auth.claims())
}

#[utoipa::path(responses((status = 200)))]
#[post("/auth")]
async fn write_behind_auth(auth: Auth) -> HttpResponse {
    HttpResponse::Ok().json(auth.claims())
}

/// Two extractors that both ask who is calling.
#[utoipa::path(responses((status = 200)))]
#[get("/twice")]
async fn behind_both(auth: Auth, scoped: Scoped<Bake>) -> HttpResponse {
    HttpResponse::Ok().json(json!([auth.subject(), scoped.subject()]))
}

#[utoipa::path(responses((status = 200)))]
#[get("/maybe")]
async fn behind_maybe(auth: MaybeAuth) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "sub": auth.claims().map(|claims| &claims.sub) }))
}

#[utoipa::path(responses((status = 200)))]
#[post("/maybe")]
async fn write_behind_maybe(auth: MaybeAuth) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "sub": auth.claims().map(|claims| &claims.sub) }))
}

#[utoipa::path(responses((status = 200)))]
#[get("/scoped")]
async fn behind_a_scope(_: Scoped<Bake>) -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[utoipa::path(responses((status = 200)))]
#[get("/role")]
async fn behind_a_role(_: HasRole<Baker>) -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[utoipa::path(responses((status = 200)))]
#[get("/fresh")]
async fn behind_fresh(_: Fresh<300>) -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[utoipa::path(params(("id" = String, Path)), responses((status = 200)))]
#[get("/people/{id}")]
async fn behind_oneself(_: Oneself) -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[utoipa::path(responses((status = 200)))]
#[get("/person")]
async fn behind_person(auth: Auth) -> Result<HttpResponse, Problem> {
    let sid = &auth.person()?.sid;
    Ok(HttpResponse::Ok().json(json!({ "sid": sid })))
}

fn routes(operations: &mut Operations<'_>) {
    operations
        .service(behind_auth)
        .service(write_behind_auth)
        .service(behind_both)
        .service(behind_maybe)
        .service(write_behind_maybe)
        .service(behind_a_scope)
        .service(behind_a_role)
        .service(behind_fresh)
        .service(behind_oneself)
        .service(behind_person);
}

const PUBLIC_URL: &str = "http://doors.test";
pub const STALE_AFTER: Duration = Duration::from_secs(5);
pub const BLIND_AFTER: Duration = Duration::from_secs(30);

/// The running service. It stops when it goes out of scope.
pub struct Keyholder {
    pub forge: Forge,
    pub clock: TestClock,
    pub revocations: Revocations,
    listener: Listener,
    shutdown: Shutdown,
    thread: Option<JoinHandle<()>>,
}

impl Keyholder {
    pub fn open() -> Self {
        Self::open_with(|door| door)
    }

    /// Opens with doors of another kind.
    pub fn open_with(doors: impl FnOnce(Door) -> Door) -> Self {
        Self::open_with_copy(|door, _, _| doors(door))
    }

    /// The same for doors that look into the copy of the revocations, or at the clock, themselves.
    pub fn open_with_copy(doors: impl FnOnce(Door, &Revocations, &Clock) -> Door) -> Self {
        common::install_crypto();
        let clock = TestClock::new();
        let forge = Forge::new("http://auth.test", Key::es256(), clock.clock());
        let revocations = Revocations::following(STALE_AFTER, BLIND_AFTER);
        let door = Door::new(verifier(&forge, &revocations, &clock), clock.clock());
        let door = Data::new(doors(door, &revocations, &clock.clock()));
        let (addr, shutdown, thread) = serve(door, &clock);
        let listener = Listener::new(reqwest::Client::new(), addr, PUBLIC_URL);
        let keyholder = Self { forge, clock, revocations, listener, shutdown, thread: Some(thread) };
        keyholder.hear();
        keyholder
    }

    pub fn get(&self, path: &str) -> Request {
        self.listener.get(path)
    }

    pub fn post(&self, path: &str) -> Request {
        self.listener.post(path)
    }

    /// The copy of the revocations is complete as of now.
    pub fn hear(&self) {
        self.revocations.complete(self.clock.clock().boot());
    }

    /// The copy hears that something ended; of a subject, what is older than version 1.
    pub fn end(&self, kind: Kind, id: &str) {
        let min_uv = (kind == Kind::Subject).then_some(1);
        let event = Event { seq: 1, kind, id: id.to_owned(), min_uv, until: None };
        self.revocations.apply(&event, self.clock.clock().boot());
    }
}

impl Drop for Keyholder {
    fn drop(&mut self) {
        self.shutdown.trigger();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn verifier(forge: &Forge, revocations: &Revocations, clock: &TestClock) -> Verifier {
    let keys = KeySet::parse(&forge.key.jwks()).expect("the key of a forge is a good one");
    Verifier::builder()
        .issuer(&forge.issuer)
        .audience("recipes")
        .keys(Keys::held(keys))
        .revocations(revocations.clone())
        .clock(clock.clock())
        .build()
}

fn serve(door: Data<Door>, clock: &TestClock) -> (SocketAddr, Shutdown, JoinHandle<()>) {
    let about = About {
        name: "doors",
        title: "Doors",
        version: "1",
        public_url: PUBLIC_URL.to_owned(),
        codes: codes::SHARED,
    };
    let site = Site::new(about, routes, Health::new(clock.clock()), clock.clock()).state(move |config| {
        config.app_data(door.clone());
    });
    let (bound, addr) = mpsc::channel();
    let shutdown = Shutdown::new();
    let stop = shutdown.clone();
    let thread = std::thread::spawn(move || {
        let anywhere = |variable| Address { variable, value: "127.0.0.1:0".to_owned() };
        let served = actix_rt::System::new().block_on(async move {
            let server = Server::bind(anywhere("PUBLIC"), anywhere("OPS")).expect("no port");
            bound.send(server.addr()).expect("the test is gone");
            server.run(site, 1, stop).await
        });
        served.expect("the service failed");
    });
    (addr.recv().expect("the service did not start"), shutdown, thread)
}

/// A database that knows of no session.
pub struct Forgetful;

impl Confirm for Forgetful {
    fn confirm(&self, _: Arc<Verified>) -> LocalBoxFuture<'static, Result<(), Problem>> {
        async { Err(Problem::new(&codes::TOKEN_REVOKED)) }.boxed_local()
    }
}
