//! The wire: each handler takes a request apart, calls one service method and renders its answer.

pub mod addresses;
pub mod admin;
mod answer;
mod confirm;
pub mod cookies;
mod credential;
mod form;
pub mod internal;
pub mod jwks;
pub mod leaving;
mod list;
pub mod login;
pub mod logout;
pub mod me;
pub mod oauth;
pub mod pages;
pub mod passwords;
pub mod recovery;
pub mod refresh;
pub mod sessions;
pub mod signup;
pub mod users;

use common::web::Operations;

/// Lists the public operations.
pub fn routes(operations: &mut Operations<'_>) {
    operations
        .service(signup::sign_up)
        .service(login::log_in)
        .service(refresh::refresh)
        .service(logout::log_out)
        .service(me::me)
        .service(me::change_me)
        .service(leaving::export)
        .service(leaving::delete_me)
        .service(passwords::change)
        .service(passwords::reauthenticate)
        .service(recovery::forgot)
        .service(recovery::reset)
        .service(addresses::change_address)
        .service(addresses::verify_address)
        .service(addresses::resend_verification)
        .service(users::user)
        .service(sessions::list)
        .service(sessions::end)
        .service(jwks::jwks)
        .service(oauth::metadata::metadata)
        .service(oauth::token::issue_token)
        .service(oauth::introspect::introspect)
        .service(oauth::revoke::revoke);
    admin::routes(operations);
}
