use importer::{Format, import};

use super::{groups, said};

#[test]
fn what_was_meant_is_plain() {
    for (json, what) in [
        (
            r#"{"@type": "Recipe", "name": "Stew", "recipeIngredient": ["water", "salt",],}"#,
            "a comma too many",
        ),
        (
            "{\"@type\": \"Recipe\", \"name\": \"Stew\", \"recipeIngredient\": [\"water\", \"sa\nlt\"]}",
            "a line break in a text was not escaped",
        ),
        (
            "{\"@type\": \"Recipe\", \"name\": \"Stew\"\n\"recipeIngredient\": [\"water\", \"salt\"]}",
            "a comma was missing",
        ),
        (
            r#"{"@type": "Recipe", "name": "The "best" stew", "recipeIngredient": ["water", "salt"]}"#,
            "a quote in a text was not escaped",
        ),
        (
            r#"{"@type": "Recipe", "name": "Bo\'s stew", "recipeIngredient": ["water", "salt"]}"#,
            "an escape that JSON does not have",
        ),
        (
            "<!-- {\"@type\": \"Recipe\", \"name\": \"Stew\", \"recipeIngredient\": [\"water\", \"salt\"]} -->",
            "wrapped in a comment",
        ),
        (
            "//<![CDATA[\n{\"@type\": \"Recipe\", \"name\": \"Stew\", \"recipeIngredient\": [\"water\", \"salt\"]}\n//]]>",
            "wrapped in a comment",
        ),
        (
            "/* stew */ {\"@type\": \"Recipe\", \"name\": \"Stew\", // it\n \"recipeIngredient\": [\"water\", \"salt\"]}",
            "a comment",
        ),
        (
            "{\"@type\": \"WebSite\"}\n{\"@type\": \"Recipe\", \"name\": \"Stew\", \"recipeIngredient\": [\"water\", \"salt\"]}",
            "several values in a row",
        ),
    ] {
        let imported = said(json);
        assert!(imported.recipe.title.contains("tew"), "{json}");
        assert_eq!(groups(&imported.recipe)[0].replace("sa lt", "salt"), "-: water | salt", "{json}");
        let mended: Vec<&str> = imported.report.mended.iter().map(|mended| mended.what.as_str()).collect();
        assert!(mended.contains(&what), "{mended:?} of {json}");
    }
}

/// A page that ends in the middle may lack half of its steps: what is left is no recipe.
#[test]
fn what_was_meant_is_not_guessed() {
    for json in [
        r#"{"@type": "Recipe", "name": "Stew", "recipeIngredient": ["water", "sa"#,
        r#"{"@type": "Recipe", "name": "Stew", "recipeIngredient": [water]}"#,
        r#"{"@type": "Recipe", "name": "Stew", "recipeIngredient": ["water"}]"#,
        "function () { return 1 }",
    ] {
        assert!(import(json, Format::JsonLd, None).is_err(), "{json}");
    }
}
