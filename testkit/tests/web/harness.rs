//! A service of a few routes, on a real listener.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc;
use std::time::Duration;

use actix_web::http::Method;
use actix_web::web::Data;
use actix_web::{HttpResponse, get, patch, post};
use common::clock::Clock;
use common::db::{Db, DbSettings};
use common::web::auth::Credential;
use common::web::{
    About, Address, CursorSealer, Edge, FieldError, Health, IdPath, Invalid, Json, Limit, Limits, MergePatch,
    NoQuery, Operations, OptionalJson, Page, Problem, ProblemBody, Query, Server, Shutdown, Site, Validate,
    client_address, codes, read_body, request_id, traceparent,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::Notify;

common::codes! {
    /// The codes of the kitchen alone.
    pub OWN;
    BURNT = 409 "burnt", "The dish is <burnt>.", "Cook it anew.";
}

#[derive(Debug, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Dish {
    pub title: String,
    #[serde(default)]
    pub servings: Option<u8>,
    #[serde(default)]
    pub steps: Vec<Step>,
    #[serde(default)]
    pub taste: Option<Taste>,
    /// Set by the service, ignored when sent back.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub extras: Value,
}

#[derive(Debug, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub text: String,
}

#[derive(Debug, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Taste {
    Salty,
    Sweet,
}

impl Validate for Dish {
    const MAX_BYTES: usize = 1024;

    fn validate(&self, invalid: &mut Invalid) {
        invalid.check_chars("title", &self.title, 1, 10);
        invalid.within("steps", |invalid| {
            for (n, step) in self.steps.iter().enumerate() {
                invalid.within(n, |invalid| invalid.check_chars("text", &step.text, 1, 10));
            }
        });
    }
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Filters {
    #[serde(default)]
    limit: Limit,
    cursor: Option<String>,
    #[serde(default)]
    tag: Vec<String>,
    language: Option<String>,
}

/// Stops the one handler that waits, for tests of shutting down.
#[derive(Default)]
pub struct Oven {
    pub entered: Notify,
    pub done: Notify,
}

#[utoipa::path(responses((status = 200, body = Dish)))]
#[post("/dishes")]
async fn cook(Json(dish): Json<Dish>) -> HttpResponse {
    HttpResponse::Ok().json(dish)
}

#[utoipa::path(params(Filters), responses((status = 200)))]
#[get("/dishes")]
async fn list(Query(filters): Query<Filters>, sealer: Data<CursorSealer>) -> Result<Page<Value>, Problem> {
    let bound_to = ["/dishes", &filters.tag.join(","), filters.language.as_deref().unwrap_or("")];
    let start = match filters.cursor {
        Some(cursor) => sealer.open::<u32>(&cursor, &bound_to)?,
        None => 0,
    };
    let end = start + filters.limit.get();
    let items = (start..end.min(30)).map(|n| json!({ "n": n, "tags": filters.tag })).collect();
    Ok(Page { items, next_cursor: (end < 30).then(|| sealer.seal(&end, &bound_to)) })
}

#[utoipa::path(params(("id" = String, Path)), responses((status = 200)))]
#[patch("/dishes/{id}")]
async fn season(id: IdPath<uuid::Uuid>, MergePatch(dish): MergePatch<Dish>) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "id": id.0, "dish": dish }))
}

#[utoipa::path(params(("id" = String, Path)), responses((status = 200)))]
#[get("/dishes/{id}")]
async fn look(id: IdPath<uuid::Uuid>, _: NoQuery) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "id": id.0 }))
}

#[utoipa::path(responses((status = 200)))]
#[post("/optional")]
async fn optional(OptionalJson(dish): OptionalJson<Dish>) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "dish": dish }))
}

#[utoipa::path(responses((status = 200)))]
#[post("/raw")]
async fn raw(
    request: actix_web::HttpRequest,
    payload: actix_web::web::Payload,
) -> Result<HttpResponse, Problem> {
    let bytes = read_body(&request, payload.into_inner(), 100_000).await?;
    Ok(HttpResponse::Ok().json(json!({ "length": bytes.len() })))
}

#[utoipa::path(security(("bearerAuth" = [])), responses((status = 200)))]
#[get("/private")]
async fn private(request: actix_web::HttpRequest) -> Result<HttpResponse, Problem> {
    match Credential::of(&request) {
        Ok(Some(Credential::Bearer("good"))) => Ok(HttpResponse::NoContent().finish()),
        _ => Err(Problem::new(&codes::MISSING_TOKEN)),
    }
}

#[utoipa::path(responses((status = 200), (status = 409, body = ProblemBody)))]
#[get("/burnt")]
async fn burnt() -> Result<HttpResponse, Problem> {
    let error = FieldError::new("/title", "burnt", "Is burnt.").suggestions(["Salad"]);
    Err(Problem::new(&BURNT).detail("It was in too long.").error(error).member("id", 7))
}

#[utoipa::path(responses((status = 200)))]
#[get("/panic")]
async fn panic() -> HttpResponse {
    panic!("the secret sauce is in /etc/sauce")
}

#[utoipa::path(responses((status = 200)))]
#[get("/broken")]
async fn broken() -> Result<HttpResponse, Problem> {
    Err(Problem::internal("SELECT sauce FROM secrets"))
}

#[utoipa::path(responses((status = 200)))]
#[get("/foreign")]
async fn foreign() -> Result<HttpResponse, actix_web::Error> {
    Err(actix_web::error::ErrorBadRequest("library text"))
}

#[utoipa::path(responses((status = 200)))]
#[get("/busy")]
async fn busy() -> Result<HttpResponse, Problem> {
    Err((&codes::BUSY).into())
}

impl From<BusyKitchen> for Problem {
    fn from(_: BusyKitchen) -> Self {
        Problem::new(&codes::BUSY).retry_after(Duration::from_millis(2500))
    }
}

/// A service's own error, whose table says what it is on the wire.
#[derive(Debug)]
pub struct BusyKitchen;

impl std::fmt::Display for BusyKitchen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the kitchen is busy")
    }
}

impl actix_web::ResponseError for BusyKitchen {
    fn error_response(&self) -> HttpResponse {
        Problem::from(BusyKitchen).error_response()
    }
}

#[utoipa::path(responses((status = 200)))]
#[get("/own-error")]
async fn own_error() -> Result<HttpResponse, BusyKitchen> {
    Err(BusyKitchen)
}

#[utoipa::path(responses((status = 200)))]
#[get("/whoami")]
async fn whoami(request: actix_web::HttpRequest) -> HttpResponse {
    let is_get = request.method() == Method::GET;
    HttpResponse::Ok().json(json!({
        "request_id": request_id(), "traceparent": traceparent(), "get": is_get,
        "client": client_address(&request).map(|address| address.to_string()),
    }))
}

/// More than any system keeps for a client that does not read.
pub const FEAST: usize = 32 * 1024 * 1024;

#[utoipa::path(responses((status = 200)))]
#[get("/feast")]
async fn feast() -> HttpResponse {
    HttpResponse::Ok().body(vec![b'x'; FEAST])
}

/// The same in parts, each when the one before is sent.
#[utoipa::path(responses((status = 200)))]
#[get("/courses")]
async fn courses() -> HttpResponse {
    let course = actix_web::web::Bytes::from(vec![b'x'; FEAST / 512]);
    let courses = futures_util::stream::iter(std::iter::repeat_n(course, 512).map(Ok::<_, Problem>));
    HttpResponse::Ok().streaming(courses)
}

#[utoipa::path(responses((status = 200)))]
#[get("/oven")]
async fn roast(oven: Data<Oven>) -> &'static str {
    oven.entered.notify_one();
    oven.done.notified().await;
    "done"
}

/// Takes longer than a request should, in a database.
#[utoipa::path(responses((status = 200)))]
#[get("/stew")]
async fn stew() -> Result<&'static str, Problem> {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/stew.db", folder.path().display());
    let db = Db::open(DbSettings { url, pool: 1, synchronous_full: false, name: "stew".to_owned() }).unwrap();
    let (_lid, pot) = mpsc::channel::<()>();
    let pot = std::sync::Mutex::new(pot);
    let cooked = db.read(move |_| {
        log::info!("it cooks");
        let _ = pot.lock().unwrap().recv_timeout(Duration::from_millis(1200));
        Ok("done")
    });
    cooked.await.map_err(Problem::internal)
}

pub fn routes(operations: &mut Operations<'_>) {
    operations
        .service(cook)
        .service(list)
        .service(season)
        .service(look)
        .service(optional)
        .service(raw)
        .service(private)
        .service(burnt)
        .service(panic)
        .service(broken)
        .service(foreign)
        .service(busy)
        .service(own_error)
        .service(whoami)
        .service(roast)
        .service(feast)
        .service(courses)
        .service(stew);
}

pub fn about() -> About {
    About {
        name: "kitchen",
        title: "Kitchen",
        version: "1.2.3",
        public_url: "https://kitchen.example".to_owned(),
        codes: OWN,
    }
}

/// A server that stops when it goes out of scope.
pub struct Kitchen {
    pub addr: SocketAddr,
    pub ops_addr: SocketAddr,
    pub health: Health,
    pub oven: Data<Oven>,
    pub shutdown: Shutdown,
    server: Option<std::thread::JoinHandle<std::io::Result<()>>>,
}

impl Kitchen {
    pub fn open() -> Self {
        Self::with_edge(Edge::default())
    }

    pub fn with_limits(limits: Limits) -> Self {
        Self::with_edge(Edge { limits, ..Edge::default() })
    }

    pub fn with_edge(edge: Edge) -> Self {
        let (health, oven, shutdown) =
            (Health::new(Clock::system()), Data::new(Oven::default()), Shutdown::new());
        let sealer = Data::new(CursorSealer::new(b"a secret of the kitchen"));
        let data = oven.clone();
        let site = Site::new(about(), routes, health.clone(), Clock::system())
            .edge(edge)
            .state(move |config| {
                config.app_data(data.clone()).app_data(sealer.clone());
            })
            .ops(|config| {
                config.route("/internal/menu", actix_web::web::get().to(|| async { "soup" }));
            });
        let (addresses, bound) = mpsc::channel();
        let stop = shutdown.clone();
        let server = std::thread::spawn(move || {
            actix_rt::System::new().block_on(async move {
                let server = Server::bind(anywhere("PUBLIC"), anywhere("OPS")).unwrap();
                addresses.send((server.addr(), server.ops_addr())).unwrap();
                server.run(site, 2, stop).await
            })
        });
        let (addr, ops_addr) = bound.recv().unwrap();
        Self { addr, ops_addr, health, oven, shutdown, server: Some(server) }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }

    pub fn ops_url(&self, path: &str) -> String {
        format!("http://{}{path}", self.ops_addr)
    }

    pub async fn get(&self, path: &str) -> Answer {
        Answer::of(client().get(self.url(path))).await
    }

    pub async fn post(&self, path: &str, content_type: &str, body: impl Into<reqwest::Body>) -> Answer {
        Answer::of(client().post(self.url(path)).header("content-type", content_type).body(body)).await
    }

    pub async fn cook(&self, body: impl Into<reqwest::Body>) -> Answer {
        self.post("/dishes", "application/json", body).await
    }

    /// Sends bytes as they are, and gives all that comes back until the connection closes.
    pub fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.addr).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        stream.write_all(bytes).unwrap();
        let mut answer = Vec::new();
        // A reset after the answer is a way to close, too.
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Waits for the server to end by itself, after the shutdown was triggered.
    pub fn wait(&mut self) {
        self.server.take().unwrap().join().unwrap().unwrap();
    }
}

impl Drop for Kitchen {
    fn drop(&mut self) {
        self.shutdown.trigger();
        self.oven.done.notify_one();
        if let Some(server) = self.server.take() {
            let _ = server.join();
        }
    }
}

pub fn anywhere(variable: &'static str) -> Address {
    Address { variable, value: "127.0.0.1:0".to_owned() }
}

pub fn client() -> reqwest::Client {
    common::install_crypto();
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

/// What came back.
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
}

impl Answer {
    pub async fn of(request: reqwest::RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self { status, headers, text: response.text().await.unwrap() }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    /// Checks that the answer is this problem, whole and well-formed.
    #[track_caller]
    pub fn assert_problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(
            (self.status, self.header("content-type")),
            (status, "application/problem+json"),
            "{}",
            self.text
        );
        let body = self.json();
        assert_eq!((&body["status"], &body["code"]), (&json!(status), &json!(code)));
        assert_eq!(body["type"], format!("https://kitchen.example/problems/{code}"));
        assert_eq!(body["request_id"], self.header("x-request-id"));
        assert_eq!(self.header("x-content-type-options"), "nosniff");
        assert!(body["title"].is_string() && body["detail"].is_string());
        body
    }

    /// Checks for `validation_failed` with these places and codes.
    #[track_caller]
    pub fn assert_invalid(&self, errors: &[(&str, &str)]) {
        let body = self.assert_problem(422, "validation_failed");
        let found: Vec<(&str, &str)> = body["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|error| (error["pointer"].as_str().unwrap(), error["code"].as_str().unwrap()))
            .collect();
        assert_eq!(found, errors);
    }
}
