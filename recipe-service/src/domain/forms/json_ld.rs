use common::time::Instant;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Shown;
use crate::domain::document::{Document, FORMAT};
use crate::domain::steps::StepGroup;
use crate::domain::view::Viewed;

/// The name of the member that holds the document as it is: schema.org has no place for groups of ingredients, nor for
/// what is known of a line.
pub const WHOLE: &str = "jipbap";

/// What that name stands for.
const TERM: &str = "https://github.com/jipbap/jipbap/ns#recipe";

/// A recipe as schema.org's (JSON-LD 1.1): what every reader of recipes understands, and the whole document beside it.
pub fn json_ld(shown: &Shown) -> Value {
    let (recipe, viewed, document) = (shown.recipe, shown.viewed, &shown.viewed.document);
    let mut members = Members(Map::new());
    members
        .some("@context", Some(json!(["https://schema.org", { WHOLE: { "@id": TERM, "@type": "@json" } }])));
    members.some("@type", Some("Recipe"));
    members.some("identifier", Some(recipe.id.to_string()));
    members.some("name", Some(&document.title));
    members.some("image", shown.cover.map(|cover| &cover.url));
    members.some("description", document.description.as_ref());
    members.some("inLanguage", document.language.as_ref());
    members.some("recipeYield", viewed.serves());
    members.times(document);
    members.list("recipeIngredient", &lines(viewed));
    members.list("recipeInstructions", &instructions(&document.step_groups));
    members.list("keywords", &document.tags);
    members.list("recipeCuisine", &document.cuisines);
    members.list("recipeCategory", &document.categories);
    members.list("suitableForDiet", &diets(&document.diets));
    members.list("tool", &document.tools);
    members.some("nutrition", nutrition(document));
    members.source(document);
    members.some("dateCreated", Some(date(recipe.created_at)));
    members.some("dateModified", Some(date(recipe.updated_at)));
    members.some("datePublished", recipe.published_at.map(date));
    members.some("aggregateRating", recipe.rating.map(|rating| {
        json!({ "@type": "AggregateRating", "ratingValue": rating.mean(), "ratingCount": rating.count() })
    }));
    members.some(WHOLE, Some(json!({ "format": FORMAT, "document": document })));
    Value::Object(members.0)
}

struct Members(Map<String, Value>);

impl Members {
    fn some(&mut self, name: &str, value: Option<impl Serialize>) {
        if let Some(value) = value {
            self.0.insert(name.to_owned(), json!(value));
        }
    }

    fn list<T: Serialize>(&mut self, name: &str, values: &[T]) {
        self.some(name, (!values.is_empty()).then_some(values));
    }

    fn times(&mut self, document: &Document) {
        let Some(times) = &document.times else { return };
        for (name, seconds) in
            [("prepTime", times.prep), ("cookTime", times.cook), ("totalTime", times.total)]
        {
            self.some(name, seconds.map(duration));
        }
    }

    fn source(&mut self, document: &Document) {
        let Some(source) = &document.source else { return };
        self.some("url", source.url.as_deref());
        self.some(
            "publisher",
            source.name.as_ref().map(|name| json!({ "@type": "Organization", "name": name })),
        );
        self.some("author", source.author.as_ref().map(|name| json!({ "@type": "Person", "name": name })));
    }
}

/// ISO 8601-1 §5.5.2.
fn duration(seconds: u32) -> String {
    let (hours, minutes, rest) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let part = |count: u32, unit: char| if count > 0 { format!("{count}{unit}") } else { String::new() };
    let parts = [part(hours, 'H'), part(minutes, 'M'), part(rest, 'S')].concat();
    format!("PT{}", if parts.is_empty() { "0S" } else { &parts })
}

fn date(instant: Instant) -> String {
    instant.to_string()
}

fn lines(viewed: &Viewed) -> Vec<&str> {
    let items = viewed.document.ingredient_groups.iter().flat_map(|group| &group.items);
    items.map(|item| viewed.line(item)).collect()
}

/// A section for each group; of a single group without a title the steps alone.
fn instructions(groups: &[StepGroup]) -> Vec<Value> {
    if let [StepGroup { title: None, items: _ }] = groups {
        return steps(&groups[0]);
    }
    let section = |group: &StepGroup| {
        let mut section = Members(Map::new());
        section.some("@type", Some("HowToSection"));
        section.some("name", group.title.as_ref());
        section.list("itemListElement", &steps(group));
        Value::Object(section.0)
    };
    groups.iter().map(section).collect()
}

fn steps(group: &StepGroup) -> Vec<Value> {
    let step = |step: &crate::domain::steps::Step| {
        let mut members = Members(Map::new());
        members.some("@type", Some("HowToStep"));
        members.some("name", step.name.as_ref());
        members.some("text", Some(&step.text));
        members.some("image", step.image.as_ref().map(|image| &image.url));
        Value::Object(members.0)
    };
    group.items.iter().map(step).collect()
}

/// The diets that schema.org has a name for are called by it.
fn diets(diets: &[String]) -> Vec<String> {
    let diet =
        |diet: &String| match diet.ends_with("Diet") && diet.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            true => format!("https://schema.org/{diet}"),
            false => diet.clone(),
        };
    diets.iter().map(diet).collect()
}

fn nutrition(document: &Document) -> Option<Value> {
    let mut members = document.nutrition.as_ref()?.0.clone();
    members.insert("@type".to_owned(), "NutritionInformation".into());
    Some(Value::Object(members))
}
