use testkit::both;
use testkit::client::Anonymous;
use testkit::stack::Options;

use super::private_recipe;

const APP: &str = "https://app.example";

/// T207
#[both]
async fn a_listed_origin_may_change_recipes(options: Options) {
    let stack = options.set("RECIPES_CORS_ORIGINS", APP).start().await;
    let (session, recipe) = private_recipe(&stack).await;
    for (origin, allowed) in [(APP, APP), ("https://evil.example", ""), ("null", "")] {
        let preflight =
            stack.recipes.request("OPTIONS".parse().unwrap(), &recipe.path()).header("origin", origin);
        let preflight = preflight.header("access-control-request-method", "PATCH").send().await;
        preflight.assert_status(204);
        let methods = if allowed.is_empty() { "" } else { "DELETE, GET, HEAD, OPTIONS, PATCH, PUT" };
        assert_eq!(preflight.header("access-control-allow-methods"), methods);
        let read = stack.recipes.get(&recipe.path()).bearer(&session).header("origin", origin).send().await;
        read.assert_status(200);
        assert!(
            read.header("access-control-expose-headers").contains("etag") || allowed.is_empty(),
            "{read}"
        );
        for answer in [preflight, read] {
            assert_eq!(answer.header("access-control-allow-origin"), allowed, "{answer}");
        }
    }
    // What a cache may keep for everyone it keeps for each origin.
    let list = stack.list_recipes(Anonymous, "").await;
    assert!(list.assert_ok().headers.get_all("vary").iter().any(|vary| vary == "Origin"), "{list}");
}
