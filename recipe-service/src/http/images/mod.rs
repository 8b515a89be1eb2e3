//! Covers of recipes and images of steps.

mod answer;
mod cover;
mod hung;
mod name;
mod query;
mod step;
mod upload;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(cover::put)
        .service(cover::read)
        .service(cover::remove)
        .service(step::put)
        .service(step::read)
        .service(step::remove)
        .service(hung::read)
        .service(hung::shared);
}
