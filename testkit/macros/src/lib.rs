//! Attributes that make several named tests of one function. See `testkit` for what the stacks are.

use proc_macro::{TokenStream, TokenTree};

/// Runs a test once on SQLite and once on Postgres and Redis.
///
/// The function takes a `TestStack`. The tests are called `its_name::on_sqlite` and `its_name::on_postgres_redis`.
#[proc_macro_attribute]
pub fn both(_: TokenStream, function: TokenStream) -> TokenStream {
    tests(function, &[("on_sqlite", "Sqlite", 1), ("on_postgres_redis", "PostgresRedis", 1)])
}

/// Runs a test as [`macro@both`] does, and once more across two copies of each service (`across_two_copies`).
#[proc_macro_attribute]
pub fn everywhere(_: TokenStream, function: TokenStream) -> TokenStream {
    tests(
        function,
        &[
            ("on_sqlite", "Sqlite", 1),
            ("on_postgres_redis", "PostgresRedis", 1),
            ("across_two_copies", "PostgresRedis", 2),
        ],
    )
}

/// Runs a test across two copies of each service on one Postgres and one Redis.
#[proc_macro_attribute]
pub fn two_copies(_: TokenStream, function: TokenStream) -> TokenStream {
    tests(function, &[("across_two_copies", "PostgresRedis", 2)])
}

/// Puts a module of the function's name beside it, with a test for each name, backend and number of copies.
fn tests(function: TokenStream, variants: &[(&str, &str, usize)]) -> TokenStream {
    let name = name_of(&function);
    let tests: String = variants
        .iter()
        .map(|(test, backend, copies)| {
            format!(
                "#[test] fn {test}() {{ \
                     ::testkit::stack::run(::testkit::Backend::{backend}, {copies}, super::{name}) \
                 }}"
            )
        })
        .collect();
    let module = format!("#[cfg(test)] mod {name} {{ {tests} }}");
    let module: TokenStream = module.parse().expect("BUG: the module is not Rust");
    function.into_iter().chain(module).collect()
}

fn name_of(function: &TokenStream) -> String {
    let mut tokens = function.clone().into_iter();
    let is_fn = |token: &TokenTree| matches!(token, TokenTree::Ident(word) if word.to_string() == "fn");
    assert!(tokens.any(|token| is_fn(&token)), "only a function can be a test");
    tokens.next().expect("BUG: a function has a name").to_string()
}
