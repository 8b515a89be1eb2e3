use serde_json::{Value, json};
use testkit::{TestStack, both};

use super::{ADDRESS, imported, page, stew};
use crate::shelf::Shelf;

/// Every member of the page's recipe is in the report: as a field, or as dropped with the reason.
#[both]
async fn no_member_is_lost_in_silence(stack: TestStack) {
    let session = stack.logged_in().await;
    let mut recipe = stew("국");
    recipe["aggregateRating"] = json!({ "@type": "AggregateRating", "ratingValue": 4.5 });
    recipe["video"] = json!({ "@type": "VideoObject", "name": "how" });
    recipe["cookTime"] = json!("a while");
    recipe["recipeCuisine"] = json!("");
    recipe["x-own"] = json!(1);

    let answer = stack.import_recipe(&session, "?dry_run=true", "text/html", page(ADDRESS, &recipe)).await;

    let report = imported(&answer, 200)["report"].clone();
    let named = |list: &str| -> Vec<Value> {
        report[list].as_array().unwrap().iter().map(|entry| entry["member"].clone()).collect()
    };
    let (fields, dropped) = (named("fields"), named("dropped"));
    let members = recipe.as_object().unwrap().keys().filter(|name| !name.starts_with('@'));
    for member in members {
        let is_named = fields.contains(&json!(member)) || dropped.contains(&json!(member));
        assert!(is_named, "{member} is in neither list of {report:#}");
    }
    let reason = |member: &str| {
        let entries = report["dropped"].as_array().unwrap();
        entries.iter().find(|entry| entry["member"] == member).unwrap()["reason"].clone()
    };
    assert_eq!(reason("aggregateRating"), "no_place");
    assert_eq!(reason("cookTime"), "unreadable");
    assert_eq!(reason("recipeCuisine"), "blank");
    let title = json!({ "field": "title", "source": "json_ld", "member": "name" });
    assert!(report["fields"].as_array().unwrap().contains(&title));
}

#[both]
async fn what_holds_no_recipe_is_refused_with_what_was_there(stack: TestStack) {
    let session = stack.logged_in().await;
    let broken = "<script type=\"application/ld+json\">{\"@type\": \"Recipe\", \"name\": </script>";
    for (media_type, text) in [
        ("text/html", "<html><body><h1>News</h1><p>Nothing to eat.</p></body></html>"),
        ("text/html", broken),
        ("text/html", ""),
        ("application/ld+json", "[]"),
        ("application/ld+json", "no JSON"),
        ("text/plain", "Dear reader"),
        ("text/markdown", "# News"),
        ("text/x-cooklang", "---\ntitle: none\n---\n"),
    ] {
        let refused = stack.import_recipe(&session, "", media_type, text).await;
        let problem = refused.assert_problem(422, "no_recipe_found");
        assert!(problem["report"]["dropped"].is_array(), "{media_type}: {text}");
    }
    let refused = stack.import_recipe(&session, "", "text/html", broken).await;
    let problem = refused.assert_problem(422, "no_recipe_found");
    assert_eq!(problem["report"]["dropped"][0]["reason"], "broken");
    assert_eq!(Shelf::of(&stack).contents().await.recipes, 0);
}
