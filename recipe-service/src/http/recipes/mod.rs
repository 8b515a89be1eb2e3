mod accept;
mod answer;
mod body;
mod conditions;
mod create;
mod discard;
mod form;
mod idempotency;
mod list;
mod page;
mod patch;
mod personal;
mod publish;
mod query;
mod read;
mod replace;
mod revisions;
mod shared;
mod shares;
mod suggest;
mod summary;
mod trash;
mod view;

pub(super) use self::answer::{Answer, FOR_ALL, FOR_NOW, FOR_ONE, NO_REFERRER};
pub(super) use self::body::{RecipeBody, raw};
pub(super) use self::conditions::expected;
pub(super) use self::shared::unkept;

use common::web::Operations;

pub fn routes(operations: &mut Operations<'_>) {
    operations
        .service(list::list)
        .service(create::create)
        .service(read::read)
        .service(replace::replace)
        .service(patch::patch)
        .service(discard::discard)
        .service(publish::publish)
        .service(publish::unpublish)
        .service(revisions::list)
        .service(revisions::read)
        .service(revisions::restore)
        .service(personal::read)
        .service(personal::keep)
        .service(personal::forget)
        .service(shares::make)
        .service(shares::list)
        .service(shares::revoke)
        .service(shared::read)
        .service(suggest::suggest)
        .service(trash::list)
        .service(trash::undelete)
        .service(trash::erase);
}
