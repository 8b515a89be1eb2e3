//! /v1/admin: for people with the role `admin` who have proved lately who they are.

mod administrator;
mod audit;
mod clients;
mod keys;
mod people;
mod sessions;

use common::web::Operations;

pub use self::administrator::Administrator;

/// Lists the operations.
pub fn routes(operations: &mut Operations<'_>) {
    operations
        .service(people::list_accounts)
        .service(people::show_account)
        .service(people::change_account)
        .service(sessions::list_sessions_of)
        .service(sessions::end_sessions_of)
        .service(clients::list_clients)
        .service(clients::create_client)
        .service(clients::show_client)
        .service(clients::change_client)
        .service(clients::disable_client)
        .service(clients::renew_client_secret)
        .service(keys::list_keys)
        .service(keys::rotate_keys)
        .service(keys::revoke_key)
        .service(audit::list_audit);
}
