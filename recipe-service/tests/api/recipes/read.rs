use futures_util::future::join_all;
use serde_json::{Value, json};
use testkit::client::{Anonymous, Bearer};
use testkit::{TestStack, both, everywhere};

use super::{of_visibility, titled};
use crate::written::Written;

const VARIES: &str = "Accept, Authorization, Cookie";

#[everywhere]
async fn a_private_recipe_is_its_authors_alone(stack: TestStack) {
    let (author, other) = (stack.logged_in().await, stack.logged_in().await);
    let recipe = Written::by(&stack, &author, titled("국")).await;

    for copy in 0..stack.copies() {
        let client = stack.recipes(copy);
        client.recipe(&author, &recipe.id).await.assert_status(200);
        client.recipe(&other, &recipe.id).await.assert_problem(404, "not_found");
        client.recipe(Anonymous, &recipe.id).await.assert_problem(404, "not_found");
    }
}

/// What one statement reads for many is for each what they may see.
#[everywhere]
async fn many_who_read_at_once_read_what_is_theirs(stack: TestStack) {
    let (author, other) = (stack.logged_in().await, stack.logged_in().await);
    let mut wanted = Vec::new();
    for (number, visibility) in ["private", "unlisted", "public"].iter().cycle().take(12).enumerate() {
        let recipe = Written::by(&stack, &author, of_visibility(&format!("국 {number}"), visibility)).await;
        let is_for_all = *visibility != "private";
        wanted.push((recipe.clone(), Bearer::from(&author), true));
        wanted.push((recipe.clone(), Bearer::from(&other), is_for_all));
        wanted.push((recipe, Bearer::from(Anonymous), is_for_all));
    }
    for _ in 0..3 {
        let reads = wanted.iter().enumerate().map(async |(number, (recipe, reader, may_read))| {
            let answer = stack.recipes(number % stack.copies()).recipe(*reader, &recipe.id).await;
            if !may_read {
                answer.assert_problem(404, "not_found");
                return;
            }
            assert_eq!(answer.assert_ok().json()["id"], recipe.id);
            assert_eq!(answer.json()["title"], recipe.body["title"]);
        });
        join_all(reads).await;
    }
}

#[both]
async fn an_unlisted_recipe_is_read_by_whoever_knows_its_id(stack: TestStack) {
    let (author, other) = (stack.logged_in().await, stack.logged_in().await);
    let recipe = Written::by(&stack, &author, of_visibility("국", "unlisted")).await;

    for answer in [stack.recipe(&other, &recipe.id).await, stack.recipe(Anonymous, &recipe.id).await] {
        answer.assert_status(200);
        assert_eq!(answer.header("cache-control"), "private, no-cache");
        assert_eq!(answer.json()["visibility"], "unlisted");
    }
}

#[both]
async fn only_what_everyone_may_read_may_be_cached_for_everyone(stack: TestStack) {
    let (author, other) = (stack.logged_in().await, stack.logged_in().await);
    let recipe = Written::by(&stack, &author, of_visibility("국", "public")).await;
    let recipe = crate::people::named(&stack, &author, &recipe).await;

    let anonymous = stack.recipe(Anonymous, &recipe.id).await;
    assert_eq!(anonymous.header("cache-control"), "public, max-age=60");
    assert_eq!(anonymous.header("vary"), VARIES);
    for session in [&author, &other] {
        let answer = stack.recipe(session, &recipe.id).await;
        assert_eq!(answer.header("cache-control"), "private, no-cache");
        assert_eq!(answer.header("vary"), VARIES);
        assert_eq!(answer.json(), anonymous.json());
    }
}

#[both]
async fn a_reader_who_knows_the_etag_gets_no_body(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, of_visibility("국", "public")).await;
    // The feed may bring the author's name meanwhile, which the tag has to tell.
    let named = crate::people::named(&stack, &session, &recipe).await;
    let ask = async |tags: &str| stack.recipes.get(&recipe.path()).header("if-none-match", tags).send().await;

    for tags in
        [named.etag.clone(), format!("W/{}", named.etag), format!("\"x\", {}", named.etag), "*".into()]
    {
        let answer = ask(&tags).await;
        answer.assert_status(304);
        assert!(answer.body.is_empty());
        assert_eq!(answer.header("etag"), named.etag);
        assert_eq!(answer.header("cache-control"), "public, max-age=60");
        assert_eq!(answer.header("vary"), VARIES);
    }
    ask("\"another\"").await.assert_status(200);
}

#[both]
async fn a_condition_that_is_no_list_of_tags_is_refused(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, titled("국")).await;

    for tags in ["1", "\"open", "a, b", "*, \"x\"", "w/\"x\"", "\"a\" \"b\"", ""] {
        for (method, header) in [("GET", "if-none-match"), ("PUT", "if-match"), ("DELETE", "if-match")] {
            let method = method.parse().unwrap();
            let request = stack.recipes.request(method, &recipe.path()).header(header, tags);
            let answer = request.bearer(&session).json(&titled("다른 국")).send().await;
            let problem = answer.assert_problem(400, "invalid_parameter");
            assert!(problem["detail"].as_str().unwrap().contains(header), "{answer}");
        }
    }
    assert_eq!(recipe.again(&stack, &session).await.body["version"], 1);
}

/// T199: HEAD is GET without the body.
#[both]
async fn head_answers_what_get_would(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, titled("국")).await;
    let recipe = crate::people::named(&stack, &session, &recipe).await;
    for path in [recipe.path(), "/v1/recipes".to_owned(), "/v1/recipes/nothing".to_owned()] {
        let get = stack.recipes.get(&path).bearer(&session).send().await;
        let head = stack.recipes.request(reqwest::Method::HEAD, &path).bearer(&session).send().await;

        assert_eq!(head.status, get.status, "{path}");
        assert!(head.body.is_empty(), "{path}");
        for header in ["etag", "cache-control", "vary", "content-type", "x-content-type-options"] {
            assert_eq!(head.header(header), get.header(header), "{header} of {path}");
        }
        // The ids of requests differ, but not their length by much.
        if get.status == 200 {
            assert_eq!(head.header("content-length"), get.header("content-length"), "{path}");
        }
    }
}

/// T202
#[both]
async fn what_cannot_be_answered_in_a_wanted_form_is_refused(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, titled("국")).await;
    for path in [recipe.path(), "/v1/recipes".to_owned()] {
        let ask = async |accept: &str| {
            stack.recipes.get(&path).bearer(&session).header("accept", accept).send().await
        };
        let of_lists = ["text/html", "application/json;q=0, */*"];
        let of_all = ["*/*;q=0", "image/*", "text/plain", "application/xml", "garbage", "", ";;q=,"];
        let is_list = path == "/v1/recipes";
        for accept in of_all.into_iter().chain(of_lists.into_iter().filter(|_| is_list)) {
            ask(accept).await.assert_problem(406, "not_acceptable");
        }
        for accept in [
            "*/*",
            "application/json",
            "APPLICATION/JSON",
            "application/*",
            "text/plain, */*;q=0.1",
            "application/ld+json;q=0.5, application/json;q=0.9",
            "application/json; charset=utf-8",
            "text/html;q=0, application/json",
        ] {
            let answer = ask(accept).await;
            answer.assert_status(200);
            assert_eq!(answer.header("content-type"), "application/json", "{accept}");
        }
    }
}

#[both]
async fn a_token_that_may_not_read_shows_what_everyone_sees(stack: TestStack) {
    let session = stack.logged_in().await;
    let private = Written::by(&stack, &session, titled("국")).await;
    let public = Written::by(&stack, &session, of_visibility("찌개", "public")).await;
    let login = json!({ "email": session.email, "password": session.password, "scope": "recipes:write" });
    let token = stack.login(login).await.json()["access_token"].as_str().unwrap().to_owned();

    stack.recipe(&token, &private.id).await.assert_problem(404, "not_found");
    stack.recipe(&token, &public.id).await.assert_status(200);
    let listed = stack.list_recipes(&token, "").await;
    assert_eq!(super::titles(&listed), ["찌개"]);
    assert_eq!(listed.header("cache-control"), "private, no-cache");
}

#[both]
async fn absent_members_are_null_and_lists_are_empty(stack: TestStack) {
    let session = stack.logged_in().await;

    let recipe = Written::by(&stack, &session, titled("국")).await.body;

    for name in
        ["description", "language", "yield", "times", "nutrition", "source", "extras", "cover", "rating"]
    {
        assert_eq!(recipe.get(name), Some(&Value::Null), "{name}");
    }
    for name in ["ingredient_groups", "step_groups", "tags", "cuisines", "categories", "diets", "tools"] {
        assert_eq!(recipe[name], json!([]), "{name}");
    }
}
