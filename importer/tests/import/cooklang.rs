use importer::{Format, Ingredient, Scaling};

use super::{groups, read, steps};

#[test]
fn a_text_becomes_a_recipe() {
    let text = "---\ntitle: Stew\nservings: 2|4\ntime.prep: 10 min\ntags:\n  - soup\n  - winter\nmood: calm\n---\n> Serve hot.\n\n== Broth ==\n\nBoil @water{1 1/2%l} in a #large pot{} for ~{10-15%minutes}.\n\n\
                == Stew ==\nAdd @tofu{1}(diced) [- or not -] and @?salt{=1%tsp}. -- to taste\nStir in @soy sauce{2-3%tbsp} with the #large pot{}.\n";
    let imported = read(text, Format::Cooklang);
    let recipe = &imported.recipe;
    assert_eq!((recipe.title.as_str(), recipe.tags.join("|")), ("Stew", "soup|winter".into()));
    let amount = recipe.r#yield.as_ref().unwrap();
    assert_eq!((amount.raw.as_str(), amount.quantity.as_deref()), ("2|4", Some("2")));
    assert_eq!(recipe.times.prep, Some(600));
    assert_eq!(groups(recipe), ["-: 1 1/2 l water | 1 tofu, diced | 1 tsp salt | 2-3 tbsp soy sauce"]);
    assert_eq!(
        steps(recipe),
        [
            "Broth: Boil water in a large pot for 10-15 minutes.",
            "Stew: Add tofu and salt. Stir in soy sauce with the large pot."
        ]
    );
    assert_eq!(recipe.tools, ["large pot"]);
    assert_eq!(recipe.step_groups[0].items[0].duration, Some(900));
    assert_eq!(recipe.step_groups[1].items[0].uses, [1, 2, 3]);
    assert_eq!(recipe.extras["notes"], "Serve hot.");
    let Ingredient::Known(salt) = &recipe.ingredient_groups[0].items[2] else {
        panic!("its parts are known")
    };
    assert_eq!(
        (salt.optional, salt.scaling, salt.unit.as_deref()),
        (Some(true), Scaling::Fixed, Some("tsp"))
    );
    assert_eq!(imported.report.dropped[0].member, "mood");
}

#[test]
fn metadata_of_the_old_form_is_read() {
    let recipe = read(">> title: Tea\n>> servings: 2\nSteep @tea{1%bag}.", Format::Cooklang).recipe;
    assert_eq!((recipe.title.as_str(), steps(&recipe)), ("Tea", vec!["-: Steep tea.".to_owned()]));
}
