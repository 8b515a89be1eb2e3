//! Covers of recipes and images of steps.

mod answer;
mod cover;
mod hung;
mod name;
mod query;
mod step;
mod upload;

use common::web::Operations;

pub fn routes(operations: &mut Operations<'_>) {
    operations
        .service(cover::put)
        .service(cover::read)
        .service(cover::remove)
        .service(step::put)
        .service(step::read)
        .service(step::remove)
        .service(hung::read)
        .service(hung::shared);
}
