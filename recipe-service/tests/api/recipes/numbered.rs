use serde_json::{Value, json};
use testkit::client::{Anonymous, Session};
use testkit::{Answer, TestStack, both};

use super::{of_visibility, titled, titles};
use crate::written::Written;

async fn seven(stack: &TestStack, session: &Session) {
    for number in 0..7 {
        Written::by(stack, session, of_visibility(&number.to_string(), "public")).await;
    }
}

/// The addresses that a page links to, by their relation.
fn links(page: &Answer) -> Vec<(String, String)> {
    let link = |text: &str| {
        let (address, relation) = text.split_once(">; rel=\"").expect("no link");
        (relation.trim_end_matches('"').to_owned(), address.trim_start_matches('<').to_owned())
    };
    page.header("link").split(", ").filter(|text| !text.is_empty()).map(link).collect()
}

#[both]
async fn pages_may_be_asked_for_by_their_number(stack: TestStack) {
    let session = stack.logged_in().await;
    seven(&stack, &session).await;

    let second = stack.list_recipes(Anonymous, "?page=2&per_page=3&sort=title").await;

    assert_eq!(titles(&second), ["3", "4", "5"]);
    assert_eq!(second.json()["total"], 7);
    let mut relations = links(&second);
    relations.sort();
    let address = |page: u32| format!("?per_page=3&sort=title&page={page}");
    let expected = [("first", 1), ("last", 3), ("next", 3), ("prev", 1)];
    assert_eq!(relations, expected.map(|(relation, page)| (relation.to_owned(), address(page))));
    for (relation, address) in relations {
        let page = stack.list_recipes(Anonymous, &address).await;
        let shown: &[&str] =
            if ["first", "prev"].contains(&relation.as_str()) { &["0", "1", "2"] } else { &["6"] };
        assert_eq!(titles(&page), shown, "{relation}");
    }
    // Its cursor goes on from it, and does not care for what is written meanwhile.
    let cursor = second.json()["next_cursor"].as_str().unwrap().to_owned();
    let rest = stack.list_recipes(Anonymous, &format!("?sort=title&cursor={cursor}")).await;
    assert_eq!(titles(&rest), ["6"]);
}

#[both]
async fn the_edges_of_numbered_pages(stack: TestStack) {
    let session = stack.logged_in().await;
    let empty = stack.list_recipes(Anonymous, "?page=1").await;
    assert!(titles(&empty).is_empty());
    assert_eq!(empty.json()["total"], 0);
    assert_eq!(links(&empty).len(), 2, "{empty}");
    seven(&stack, &session).await;

    let last = stack.list_recipes(Anonymous, "?page=3&per_page=3&sort=title").await;
    assert_eq!((titles(&last), &last.json()["next_cursor"]), (vec!["6".to_owned()], &Value::Null));
    assert!(links(&last).iter().all(|(relation, _)| relation != "next"));
    let beyond = stack.list_recipes(Anonymous, "?page=9&per_page=3").await;
    assert!(titles(&beyond).is_empty());
    assert_eq!(beyond.json()["total"], 7);
    assert!(
        links(&beyond).iter().any(|(relation, address)| relation == "prev" && address.ends_with("page=3"))
    );
    assert_eq!(titles(&stack.list_recipes(Anonymous, "?per_page=100").await).len(), 7);
    stack.list_recipes(Anonymous, "?page=100&per_page=100").await.assert_status(200);
}

/// T187
#[both]
async fn a_page_that_cannot_be_is_refused(stack: TestStack) {
    for query in [
        "page=0",
        "page=-1",
        "page=x",
        "page=101&per_page=100",
        "page=4294967295",
        "page=4294967296",
        "per_page=0",
        "per_page=101",
        "page=1&limit=5",
        "page=1&cursor=x",
        "facets=",
        "facets=tag,",
        "facets=owner",
        "facets=tag%27",
        "highlight=yes",
        "favourite=1",
        "sort=rating_key",
    ] {
        let answer = stack.list_recipes(Anonymous, &format!("?{query}")).await;
        answer.assert_problem(400, "invalid_parameter");
    }
}

/// T187: a cursor is good for its own filters, the new ones too.
#[both]
async fn a_cursor_of_another_filter_is_refused(stack: TestStack) {
    let session = stack.logged_in().await;
    seven(&stack, &session).await;
    let page = stack.list_recipes(&session, "?limit=2").await.json();
    let cursor = page["next_cursor"].as_str().unwrap();

    for filter in
        ["cuisine=x", "diet=x", "favourite=true", "favourite=false", "sort=time", "sort=-rating", "q=x"]
    {
        let answer = stack.list_recipes(&session, &format!("?{filter}&cursor={cursor}")).await;
        answer.assert_problem(400, "invalid_cursor");
    }
    // What only adds to the answer makes no other list.
    let more = stack.list_recipes(&session, &format!("?facets=tag&highlight=true&cursor={cursor}")).await;
    assert_eq!(titles(&more), ["4", "3", "2", "1", "0"]);
}

#[both]
async fn facets_count_the_whole_list(stack: TestStack) {
    let (session, other) = (stack.logged_in().await, stack.logged_in().await);
    for (title, tags, cuisines, visibility) in [
        ("a", vec!["찌개", "Spicy"], vec!["Korean"], "public"),
        ("b", vec!["찌개 "], vec!["korean", "Fusion"], "private"),
        ("c", vec!["국"], vec![], "public"),
    ] {
        let items = ["두부 1모", "물 2컵"];
        let recipe = json!({
            "title": title, "tags": tags, "cuisines": cuisines, "visibility": visibility, "diets": ["vegan"],
            "ingredient_groups": [{ "items": items }],
        });
        Written::by(&stack, &session, recipe).await;
    }
    Written::by(&stack, &other, json!({ "title": "d", "tags": ["찌개"], "cuisines": ["secret"] })).await;

    let own = stack.list_recipes(&session, "?limit=1&facets=cuisine,tag,diet,ingredient,category").await;

    assert_eq!(titles(&own), ["c"]);
    let body = own.json();
    let counted = |words: &[(&str, i64)]| {
        Value::from(
            words.iter().map(|(value, count)| json!({ "value": value, "count": count })).collect::<Vec<_>>(),
        )
    };
    assert_eq!(body["total"], 3);
    assert_eq!(body["facets"]["tag"], counted(&[("찌개", 2), ("spicy", 1), ("국", 1)]));
    assert_eq!(body["facets"]["cuisine"], counted(&[("korean", 2), ("fusion", 1)]));
    assert_eq!(body["facets"]["diet"], counted(&[("vegan", 3)]));
    assert_eq!(body["facets"]["ingredient"], counted(&[("두부", 3), ("물", 3)]));
    assert_eq!(body["facets"]["category"], json!([]));
    // Others' are not counted, and filters narrow what is.
    let anonymous = stack.list_recipes(Anonymous, "?facets=tag&tag=spicy").await.json();
    assert_eq!(anonymous["facets"]["tag"], counted(&[("spicy", 1), ("찌개", 1)]));
    assert_eq!(anonymous["facets"].as_object().unwrap().len(), 1);
    let nothing = stack.list_recipes(Anonymous, "?facets=tag&q=!!!").await.json();
    assert_eq!((&nothing["facets"]["tag"], &nothing["total"]), (&json!([]), &json!(0)));
    // Once it is written again, it is counted as it is now.
    Written::by(&stack, &session, titled("e")).await;
    let first = stack.list_recipes(&session, "?tag=spicy").await.json()["items"][0]["id"].clone();
    stack
        .change_recipe(&session, first.as_str().unwrap(), "*", json!({ "cuisines": [] }))
        .await
        .assert_status(200);
    let body = stack.list_recipes(&session, "?facets=cuisine").await.json();
    assert_eq!(body["facets"]["cuisine"], counted(&[("fusion", 1), ("korean", 1)]));
}
