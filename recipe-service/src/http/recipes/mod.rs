mod accept;
mod answer;
mod body;
mod conditions;
mod create;
mod discard;
mod list;
mod patch;
mod publish;
mod query;
mod read;
mod replace;
mod summary;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list::list)
        .service(create::create)
        .service(read::read)
        .service(replace::replace)
        .service(patch::patch)
        .service(discard::discard)
        .service(publish::publish)
        .service(publish::unpublish);
}
