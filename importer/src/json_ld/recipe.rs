//! From the members of a schema.org Recipe to ours.

use serde_json::{Map, Value};

use super::find::{Graph, Object, is_a};
use super::members::Members;
use super::{steps, value};
use crate::amount::read_yield;
use crate::duration;
use crate::plain::one_line;
use crate::recipe::{Ingredient, IngredientGroup, Origin, Recipe, Times, Yield};
use crate::report::{Notes, Reason};

/// Reads a recipe. What is not taken from `members` is reported by whoever made them.
pub fn read(members: &mut Members, graph: &Graph, notes: &mut Notes) -> Recipe {
    let mut from = From { members, graph, notes };
    Recipe {
        title: from.text("title", &["name", "headline"]).unwrap_or_default(),
        description: from.text("description", &["description"]),
        language: from.text("language", &["inLanguage", "language"]),
        r#yield: from.r#yield(),
        times: from.times(),
        ingredient_groups: from.ingredients(),
        step_groups: from.steps(),
        nutrition: from.nutrition(),
        tags: from.words("tags", &["keywords"]),
        cuisines: from.words("cuisines", &["recipeCuisine"]),
        categories: from.words("categories", &["recipeCategory"]),
        diets: from.diets(),
        tools: from.tools(),
        origin: from.origin(),
        extras: from.images(),
        whole: from.whole(),
    }
}

struct From<'r, 'v> {
    members: &'r mut Members,
    graph: &'r Graph<'v>,
    notes: &'r mut Notes,
}

impl From<'_, '_> {
    /// Takes a member for a field, as far as it can be read.
    fn field<T>(
        &mut self,
        field: &str,
        names: &[&str],
        read: impl FnOnce(&Value, &Graph) -> Option<T>,
    ) -> Option<T> {
        let (name, value) = self.members.take(names)?;
        let read = read(&value, self.graph);
        match read {
            Some(_) => self.notes.found(field, self.members.source, &name),
            None => {
                let said = value.as_str().map(str::to_owned).unwrap_or_else(|| value.to_string());
                self.notes.dropped_saying(self.members.source, &name, Reason::Unreadable, Some(&said));
            }
        }
        read
    }

    fn text(&mut self, field: &str, names: &[&str]) -> Option<String> {
        self.field(field, names, value::text)
    }

    fn words(&mut self, field: &str, names: &[&str]) -> Vec<String> {
        self.list(field, names, value::words)
    }

    fn list(
        &mut self,
        field: &str,
        names: &[&str],
        read: impl FnOnce(&Value, &Graph) -> Vec<String>,
    ) -> Vec<String> {
        let list =
            self.field(field, names, |value, graph| Some(read(value, graph)).filter(|list| !list.is_empty()));
        list.unwrap_or_default()
    }

    fn r#yield(&mut self) -> Option<Yield> {
        self.field("yield", &["recipeYield", "yield"], |value, graph| read_yield(&best_yield(value, graph)?))
    }

    fn times(&mut self) -> Times {
        Times {
            prep: self.time("times.prep", "prepTime"),
            cook: self.time("times.cook", "cookTime"),
            rest: None,
            total: self.time("times.total", "totalTime"),
        }
    }

    fn time(&mut self, field: &str, name: &str) -> Option<u32> {
        let (name, value) = self.members.take(&[name])?;
        let text = time_text(&value, self.graph)?;
        let seconds = duration::seconds(&text);
        match seconds {
            Some(_) => self.notes.found(field, self.members.source, &name),
            None => {
                let reason = if duration::is_zero(&text) { Reason::Blank } else { Reason::Unreadable };
                self.notes.dropped_saying(self.members.source, &name, reason, Some(&text));
            }
        }
        seconds
    }

    fn ingredients(&mut self) -> Vec<IngredientGroup> {
        let lines = self.list(
            "ingredient_groups",
            &["recipeIngredient", "ingredients", "ingredient"],
            |value, graph| {
                let mut lines = Vec::new();
                ingredient_lines(value, graph, &mut lines);
                lines.retain(|line| !line.is_empty());
                lines
            },
        );
        if lines.is_empty() {
            return Vec::new();
        }
        let items = lines.into_iter().map(Ingredient::Line).collect();
        vec![IngredientGroup { title: None, items }]
    }

    fn steps(&mut self) -> Vec<crate::recipe::StepGroup> {
        let Some((name, value)) = self.members.take(&["recipeInstructions", "instructions", "step"]) else {
            return Vec::new();
        };
        let groups = steps::read(&value, self.graph, self.members.source, self.notes);
        if groups.is_empty() {
            self.notes.dropped(self.members.source, &name, Reason::Unreadable);
        } else {
            self.notes.found("step_groups", self.members.source, &name);
        }
        groups
    }

    fn nutrition(&mut self) -> Map<String, Value> {
        let nutrition = self.field("nutrition", &["nutrition"], |value, graph| match value {
            Value::Object(object) => Some(nutrients(graph.resolved(object))).filter(|it| !it.is_empty()),
            Value::Array(elements) => {
                let first = elements.iter().find_map(Value::as_object)?;
                Some(nutrients(graph.resolved(first))).filter(|it| !it.is_empty())
            }
            _ => None,
        });
        nutrition.unwrap_or_default()
    }

    fn diets(&mut self) -> Vec<String> {
        self.list("diets", &["suitableForDiet"], |value, graph| {
            let diets = value::addresses(value, graph).into_iter();
            let names = diets.flat_map(|diet| diet.split(',').map(diet_name).collect::<Vec<_>>());
            value::without_twins(names.filter(|name| !name.is_empty()).collect())
        })
    }

    fn tools(&mut self) -> Vec<String> {
        self.list("tools", &["tool"], |value, graph| value::without_twins(value::texts(value, graph)))
    }

    fn origin(&mut self) -> Origin {
        let author = self.list("source.author", &["author", "creator"], |value, graph| {
            value::without_twins(value::texts(value, graph))
        });
        let publisher = self.text("source.name", &["publisher"]);
        let url = self.field("source.url", &["url", "mainEntityOfPage"], |value, graph| {
            value::addresses(value, graph).into_iter().find(|address| address.starts_with("http"))
        });
        Origin { url, name: publisher, author: (!author.is_empty()).then(|| author.join(", ")) }
    }

    /// What an export has beside the words of schema.org.
    fn whole(&mut self) -> Option<Map<String, Value>> {
        self.field("document", &["jipbap"], |value, _| value.as_object().cloned())
    }

    fn images(&mut self) -> Map<String, Value> {
        let mut images = self.list("extras.images", &["image", "images"], value::addresses);
        images.retain(|address| !address.is_empty());
        images.dedup();
        let mut extras = Map::new();
        if !images.is_empty() {
            extras.insert("images".into(), images.into());
        }
        extras
    }
}

/// Of several ways to say it the first that names a unit, which says the most.
fn best_yield(value: &Value, graph: &Graph) -> Option<String> {
    let candidates = match value {
        Value::Array(elements) => elements.iter().filter_map(|element| one_yield(element, graph)).collect(),
        other => one_yield(other, graph).into_iter().collect::<Vec<_>>(),
    };
    let has_unit = |text: &&String| text.contains(char::is_alphabetic);
    let best = candidates.iter().find(has_unit).or_else(|| candidates.first());
    best.cloned()
}

fn one_yield(value: &Value, graph: &Graph) -> Option<String> {
    if let Value::Object(object) = value {
        let part = |name: &str| object.get(name).and_then(|value| value::text(value, graph));
        if let Some(amount) = part("value") {
            let unit = part("unitText").or_else(|| part("unitCode")).unwrap_or_default();
            return Some(one_line(&format!("{amount} {unit}")));
        }
    }
    value::text(value, graph)
}

/// A duration, or one in an object; of a range the longer end.
fn time_text(value: &Value, graph: &Graph) -> Option<String> {
    match value {
        Value::Object(object) => {
            let found =
                ["maxValue", "value", "@value", "duration", "name"].iter().find_map(|name| object.get(*name));
            found.and_then(|value| value::text(value, graph))
        }
        other => value::text(other, graph),
    }
}

fn ingredient_lines(value: &Value, graph: &Graph, lines: &mut Vec<String>) {
    let Some(_reading) = graph.begin(value) else { return };
    match value {
        Value::Array(elements) => {
            for element in elements {
                match element {
                    // A line may be wrapped; it is one all the same.
                    Value::String(text) => lines.push(crate::plain::plain(text)),
                    other => ingredient_lines(other, graph, lines),
                }
            }
        }
        Value::Object(object) => {
            let object = graph.resolved(object);
            if let Some(list) = object.get("itemListElement") {
                ingredient_lines(list, graph, lines);
            } else {
                lines.extend(ingredient_line(object, graph));
            }
        }
        other => lines.extend(value::texts(other, graph)),
    }
}

fn ingredient_line(object: &Object, graph: &Graph) -> Option<String> {
    let part = |name: &str| object.get(name).and_then(|value| value::text(value, graph));
    let name = part("name").or_else(|| part("text")).or_else(|| part("item"));
    let amount = if is_a(object, "PropertyValue") || object.contains_key("value") {
        part("value")
    } else {
        part("amount").or_else(|| part("requiredQuantity"))
    };
    let unit = part("unitText").or_else(|| part("unitCode"));
    let parts: Vec<String> = [amount, unit, name].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn nutrients(object: &Object) -> Map<String, Value> {
    let kept = object.iter().filter(|(name, value)| {
        !name.starts_with('@')
            && *name != "type"
            && (value.is_number() || value.is_string())
            && !value::is_blank(value)
    });
    kept.map(|(name, value)| {
        let value = value.as_str().map_or_else(|| value.clone(), |text| crate::plain::plain(text).into());
        (name.clone(), value)
    })
    .collect()
}

/// `https://schema.org/VeganDiet` is `VeganDiet`.
fn diet_name(diet: &str) -> String {
    one_line(diet.rsplit(['/', '#']).next().unwrap_or_default())
}
