//! What the ops listener serves: liveness, readiness, metrics, and a service's internal feeds.

use actix_web::web::{self, Data};
use actix_web::{HttpResponse, http::header};
use serde_json::json;

use super::codes;
use super::health::Health;
use super::metrics;
use super::problem::Problem;
use super::surround::Surroundings;

pub(super) fn routes(config: &mut web::ServiceConfig, health: Health) {
    config
        .app_data(Data::new(health))
        .service(web::resource("/livez").route(web::get().to(livez)))
        .service(web::resource("/readyz").route(web::get().to(readyz)))
        .service(web::resource("/metrics").route(web::get().to(render_metrics)));
}

async fn livez() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "alive" }))
}

async fn readyz(health: Data<Health>) -> Result<HttpResponse, Problem> {
    let report = health.report().await;
    let checks = json!(report)["checks"].take();
    if report.is_ready() {
        return Ok(HttpResponse::Ok().json(json!({ "status": "ready", "checks": checks })));
    }
    Err(Problem::new(&codes::NOT_READY).member("checks", checks))
}

async fn render_metrics(health: Data<Health>, around: Data<Surroundings>) -> HttpResponse {
    health.report().await.tell(around.service);
    let text = metrics::recorder().render();
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"))
        .body(text)
}
