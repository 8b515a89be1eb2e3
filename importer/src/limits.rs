//! Cuts a recipe to what is kept of one, and says so.

use serde_json::{Map, Value};
use url::Url;

use crate::duration::MAX_SECONDS;
use crate::recipe::{Ingredient, Recipe};
use crate::report::{Notes, Reason, Source};

const MAX_TITLE_CHARS: usize = 200;
const MAX_DESCRIPTION_CHARS: usize = 4_000;
const MAX_LINE_CHARS: usize = 1_000;
const MAX_STEP_CHARS: usize = 10_000;
const MAX_NAME_CHARS: usize = 200;
const MAX_UNIT_CHARS: usize = 100;
const MAX_GROUPS: usize = 50;
const MAX_ITEMS: usize = 500;
const MAX_WORDS: usize = 100;
const MAX_WORD_CHARS: usize = 200;
const MAX_ADDRESS_CHARS: usize = 2_048;
const MAX_IMAGES: usize = 10;
const MAX_FREE_BYTES: usize = 16 * 1024;
/// Ingredients, steps and words together, in bytes of JSON. The rest of a document's 512 KiB is for all else.
const MAX_TEXT_BYTES: usize = 400 * 1024;
/// What is read of a line may say it all once more, in two parts.
const INGREDIENT_WEIGHT: usize = 3;

/// Cuts a recipe to its limits.
pub fn keep_to(recipe: &mut Recipe, notes: &mut Notes) {
    let mut cut = Cutter { notes, bytes: 0 };
    cut.text("title", &mut recipe.title, MAX_TITLE_CHARS);
    cut.optional("description", &mut recipe.description, MAX_DESCRIPTION_CHARS);
    recipe.language = cut.language(recipe.language.take());
    if let Some(amount) = &mut recipe.r#yield {
        cut.text("yield", &mut amount.raw, MAX_LINE_CHARS);
    }
    let times = &mut recipe.times;
    for (field, time) in [
        ("times.prep", &mut times.prep),
        ("times.cook", &mut times.cook),
        ("times.rest", &mut times.rest),
        ("times.total", &mut times.total),
    ] {
        if time.is_some_and(|seconds| seconds > MAX_SECONDS) {
            *time = None;
            cut.dropped(field, Reason::TooLong);
        }
    }
    cut.ingredients(recipe);
    cut.steps(recipe);
    for (field, words) in [
        ("tags", &mut recipe.tags),
        ("cuisines", &mut recipe.cuisines),
        ("categories", &mut recipe.categories),
        ("diets", &mut recipe.diets),
        ("tools", &mut recipe.tools),
    ] {
        cut.words(field, words);
    }
    let origin = &mut recipe.origin;
    origin.url = cut.address("source.url", origin.url.take());
    cut.optional("source.name", &mut origin.name, MAX_LINE_CHARS);
    cut.optional("source.author", &mut origin.author, MAX_LINE_CHARS);
    cut.images(&mut recipe.extras);
    cut.free("nutrition", &mut recipe.nutrition);
    cut.free("extras", &mut recipe.extras);
}

struct Cutter<'n> {
    notes: &'n mut Notes,
    /// Of the texts that may be many.
    bytes: usize,
}

impl Cutter<'_> {
    fn dropped(&mut self, field: &str, reason: Reason) {
        let found = self
            .notes
            .source_of(field)
            .or_else(|| self.notes.source_of(field.split('.').next().unwrap_or(field)));
        let (source, member) = found.unwrap_or((Source::Request, field.to_owned()));
        self.notes.dropped(source, &member, reason);
    }

    fn text(&mut self, field: &str, text: &mut String, max: usize) {
        if text.contains('\0') {
            text.retain(|character| character != '\0');
        }
        if let Some((end, _)) = text.char_indices().nth(max) {
            text.truncate(end);
            self.dropped(field, Reason::TooLong);
        }
    }

    fn optional(&mut self, field: &str, text: &mut Option<String>, max: usize) {
        if let Some(text) = text {
            self.text(field, text, max);
        }
        text.take_if(|text| text.trim().is_empty());
    }

    fn language(&mut self, tag: Option<String>) -> Option<String> {
        let tag = tag?.trim().replace('_', "-");
        let mut subtags = tag.split('-');
        let is_primary = subtags
            .next()
            .is_some_and(|it| (2..=3).contains(&it.len()) && it.bytes().all(|b| b.is_ascii_alphabetic()));
        let is_rest =
            subtags.all(|it| (2..=8).contains(&it.len()) && it.bytes().all(|b| b.is_ascii_alphanumeric()));
        if is_primary && is_rest && tag.len() <= 64 {
            return Some(tag);
        }
        if !tag.is_empty() {
            self.dropped("language", Reason::Unreadable);
        }
        self.notes.lost("language");
        None
    }

    fn address(&mut self, field: &str, address: Option<String>) -> Option<String> {
        let address = address?;
        let is_web =
            Url::parse(&address).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        if is_web && address.chars().count() <= MAX_ADDRESS_CHARS && !address.contains('\0') {
            return Some(address);
        }
        self.dropped(field, if is_web { Reason::TooLong } else { Reason::Unreadable });
        self.notes.lost(field);
        None
    }

    fn words(&mut self, field: &str, words: &mut Vec<String>) {
        words.iter_mut().for_each(|word| self.text(field, word, MAX_WORD_CHARS));
        words.retain(|word| !word.trim().is_empty());
        let fitting = words.iter().take_while(|word| self.fits(word, 1)).count();
        self.at_most(field, words, fitting.min(MAX_WORDS));
    }

    fn at_most<T>(&mut self, field: &str, list: &mut Vec<T>, max: usize) {
        if list.len() > max {
            list.truncate(max);
            self.dropped(field, Reason::TooMany);
        }
    }

    fn ingredients(&mut self, recipe: &mut Recipe) {
        const FIELD: &str = "ingredient_groups";
        self.at_most(FIELD, &mut recipe.ingredient_groups, MAX_GROUPS);
        let mut left = MAX_ITEMS;
        for group in &mut recipe.ingredient_groups {
            self.optional("ingredient_groups.title", &mut group.title, MAX_NAME_CHARS);
            self.at_most(FIELD, &mut group.items, left);
            group.items.iter_mut().for_each(|item| self.ingredient(item));
            let fitting =
                group.items.iter().take_while(|item| self.fits(item.raw(), INGREDIENT_WEIGHT)).count();
            self.at_most(FIELD, &mut group.items, fitting);
            left -= group.items.len();
        }
        recipe.ingredient_groups.retain(|group| !group.items.is_empty());
    }

    fn ingredient(&mut self, ingredient: &mut Ingredient) {
        const FIELD: &str = "ingredient_groups";
        match ingredient {
            Ingredient::Line(raw) => self.text(FIELD, raw, MAX_LINE_CHARS),
            Ingredient::Known(known) => {
                self.text(FIELD, &mut known.raw, MAX_LINE_CHARS);
                self.optional(FIELD, &mut known.unit, MAX_UNIT_CHARS);
                self.optional(FIELD, &mut known.item, MAX_LINE_CHARS);
                self.optional(FIELD, &mut known.preparation, MAX_LINE_CHARS);
                self.optional(FIELD, &mut known.note, MAX_LINE_CHARS);
            }
        }
    }

    fn steps(&mut self, recipe: &mut Recipe) {
        const FIELD: &str = "step_groups";
        self.at_most(FIELD, &mut recipe.step_groups, MAX_GROUPS);
        let ingredients = recipe.ingredient_groups.iter().map(|group| group.items.len()).sum::<usize>();
        for group in &mut recipe.step_groups {
            self.optional(FIELD, &mut group.title, MAX_NAME_CHARS);
            self.at_most(FIELD, &mut group.items, MAX_ITEMS);
            for step in &mut group.items {
                self.text(FIELD, &mut step.text, MAX_STEP_CHARS);
                self.optional(FIELD, &mut step.name, MAX_NAME_CHARS);
                step.uses.retain(|used| *used < ingredients);
            }
            let fitting = group.items.iter().take_while(|step| self.fits(&step.text, 1)).count();
            self.at_most(FIELD, &mut group.items, fitting);
        }
        recipe.step_groups.retain(|group| !group.items.is_empty() || group.title.is_some());
    }

    fn fits(&mut self, text: &str, weight: usize) -> bool {
        // What JSON writes for quotes and control characters, and an id for each.
        let escapes = text.bytes().filter(|byte| *byte == b'"' || *byte == b'\\' || *byte < 0x20).count();
        self.bytes += weight * (text.len() + 5 * escapes) + 200;
        self.bytes <= MAX_TEXT_BYTES
    }

    fn images(&mut self, extras: &mut Map<String, Value>) {
        let Some(Value::Array(images)) = extras.get_mut("images") else { return };
        images.retain(|image| {
            let is_web = |address: &str| {
                address.len() <= MAX_ADDRESS_CHARS
                    && Url::parse(address).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
            };
            image.as_str().is_some_and(is_web)
        });
        if images.len() > MAX_IMAGES {
            images.truncate(MAX_IMAGES);
            self.notes.dropped(Source::Page, "image", Reason::TooMany);
        }
        if images.is_empty() {
            extras.remove("images");
            self.notes.lost("extras.images");
        }
    }

    fn free(&mut self, field: &str, object: &mut Map<String, Value>) {
        let bytes =
            |object: &Map<String, Value>| serde_json::to_vec(object).map_or(usize::MAX, |json| json.len());
        if bytes(object) > MAX_FREE_BYTES || has_nul(object) {
            object.clear();
            self.dropped(field, Reason::TooLong);
            self.notes.lost(field);
        }
    }
}

fn has_nul(object: &Map<String, Value>) -> bool {
    object
        .iter()
        .any(|(name, value)| name.contains('\0') || value.as_str().is_some_and(|text| text.contains('\0')))
}
