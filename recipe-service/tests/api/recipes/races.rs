use futures_util::future::{join, join_all};
use serde_json::json;
use testkit::{TestStack, everywhere};

use super::titled;
use crate::shelf::Shelf;
use crate::written::Written;

/// T191: of a hundred who start from one version, one writes the next.
#[everywhere]
async fn of_a_hundred_changes_to_one_version_one_succeeds(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, titled("국")).await;

    let all = (0..100).map(|number| {
        let client = stack.recipes(number % stack.copies());
        client.replace_recipe(&session, &recipe.id, &recipe.etag, titled(&format!("국 {number}")))
    });
    let answers = join_all(all).await;

    let (won, lost): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
    assert_eq!((won.len(), lost.len()), (1, 99));
    for answer in lost {
        let problem = answer.assert_problem(412, "stale_version");
        assert_eq!(problem["errors"][0]["pointer"], "/title");
    }
    let now = recipe.again(&stack, &session).await;
    assert_eq!((&now.body["title"], &now.body["version"]), (&won[0].json()["title"], &json!(2)));
    let contents = Shelf::of(&stack).contents().await;
    assert_eq!((contents.recipes, contents.versions, contents.revisions), (1, 2, 2));
}

/// T191: whoever accepts any version is not told that theirs is stale, and no change is lost.
#[everywhere]
async fn changes_that_accept_any_version_all_succeed(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, titled("국")).await;

    let all = (0..40).map(|number| {
        let client = stack.recipes(number % stack.copies());
        let change = json!({ "extras": { format!("n{number}"): number } });
        client.change_recipe(&session, &recipe.id, "*", change)
    });
    for answer in join_all(all).await {
        answer.assert_status(200);
    }

    let now = recipe.again(&stack, &session).await.body;
    assert_eq!(now["version"], 41);
    assert_eq!(now["extras"].as_object().unwrap().len(), 40);
}

#[everywhere]
async fn replacements_that_accept_any_version_all_succeed(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, titled("국")).await;

    let all = (0..40).map(|number| {
        let client = stack.recipes(number % stack.copies());
        client.replace_recipe(&session, &recipe.id, "*", titled(&format!("국 {number}")))
    });
    for answer in join_all(all).await {
        answer.assert_status(200);
    }

    assert_eq!(recipe.again(&stack, &session).await.body["version"], 41);
}

/// T193: a recipe that is changed and discarded at once is one or the other.
#[everywhere]
async fn a_change_and_a_delete_at_once_do_not_both_succeed(stack: TestStack) {
    let session = stack.logged_in().await;
    for round in 0..10 {
        let recipe = Written::by(&stack, &session, titled("국")).await;
        let other = stack.recipes(round % stack.copies());
        let put = stack.replace_recipe(&session, &recipe.id, &recipe.etag, titled("찌개"));
        let delete = other.delete_recipe(&session, &recipe.id, &recipe.etag);
        let (put, delete) = if round % 2 == 0 {
            join(put, delete).await
        } else {
            let (delete, put) = join(delete, put).await;
            (put, delete)
        };
        match (put.status, delete.status) {
            (200, 412) => assert_eq!(recipe.again(&stack, &session).await.body["title"], "찌개"),
            (404 | 412, 204) => {
                stack.recipe(&session, &recipe.id).await.assert_problem(404, "not_found");
            }
            _ => panic!("{put} and {delete}"),
        };
    }
}

/// T193
#[everywhere]
async fn of_many_deletes_one_deletes(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, titled("국")).await;

    let all = (0..20).map(|number| {
        stack.recipes(number % stack.copies()).delete_recipe(&session, &recipe.id, &recipe.etag)
    });
    let mut statuses: Vec<u16> = join_all(all).await.iter().map(|answer| answer.status).collect();

    statuses.sort_unstable();
    assert_eq!(statuses[0], 204);
    assert!(statuses[1..].iter().all(|status| [404, 412].contains(status)), "{statuses:?}");
}
