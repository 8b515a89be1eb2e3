//! Recipes as people write them down: a title, headings, lists.
//!
//! Text and Markdown are cut into the same blocks, and read by the same rules. A block belongs to the part whose heading
//! stands before it; where there are none, lists are ingredients and numbers are steps.

pub(crate) mod facts;
mod headings;
mod lines;
mod markdown;

use self::facts::Fact;
use self::headings::Part;
use crate::amount::read_yield;
use crate::duration;
use crate::recipe::{Ingredient, IngredientGroup, Recipe, Step, StepGroup};
use crate::report::{Notes, Reason, Source};

/// A piece of a text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Block {
    /// Of level 1 to 6; 0 where only its words or marks make it one.
    Heading {
        level: u8,
        text: String,
    },
    /// An entry of a list.
    Item {
        numbered: bool,
        text: String,
    },
    Line(String),
    /// An empty line.
    Gap,
}

pub fn read_text(text: &str, notes: &mut Notes) -> Option<Recipe> {
    read(&lines::blocks(text), Source::Text, notes)
}

pub fn read_markdown(text: &str, notes: &mut Notes) -> Option<Recipe> {
    let (front, body) = crate::front_matter::split(text);
    let mut recipe = Recipe::default();
    front.apply(&mut recipe, Source::Markdown, notes);
    let read = read(&markdown::blocks(body), Source::Markdown, notes)?;
    Some(crate::front_matter::merged(recipe, read))
}

/// Reads what stands on a page, without what stands around it: only what is below a heading for it counts.
pub(crate) fn read_page(blocks: &[Block], notes: &mut Notes) -> Option<Recipe> {
    let recipe = read(blocks, Source::Page, notes)?;
    let is_whole = recipe.ingredient_groups.iter().map(|group| group.items.len()).sum::<usize>() > 1
        && !recipe.step_groups.is_empty();
    ["title", "description", "extras.notes"].into_iter().for_each(|field| notes.lost(field));
    let kept = Recipe {
        ingredient_groups: recipe.ingredient_groups,
        step_groups: recipe.step_groups,
        r#yield: recipe.r#yield,
        times: recipe.times,
        ..Recipe::default()
    };
    is_whole.then_some(kept)
}

/// Reads blocks. None where neither something to take nor something to do is in them.
fn read(blocks: &[Block], source: Source, notes: &mut Notes) -> Option<Recipe> {
    let mut reader = Reader::new(source, notes);
    reader.has_headings = blocks.iter().any(|block| heading_of(block).is_some());
    let mut blocks = blocks.iter().peekable();
    while let Some(block) = blocks.next() {
        reader.block(block, blocks.peek().copied());
    }
    reader.finish()
}

/// The part that begins with a block, and what its heading says besides.
fn heading_of(block: &Block) -> Option<(Part, Option<String>)> {
    match block {
        Block::Heading { text, .. } | Block::Line(text) => headings::part(text),
        Block::Item { .. } | Block::Gap => None,
    }
}

struct Reader<'n> {
    source: Source,
    notes: &'n mut Notes,
    recipe: Recipe,
    part: Option<Part>,
    has_headings: bool,
    /// The level of the heading that began the part.
    level: u8,
    about: Vec<String>,
    remarks: Vec<String>,
}

impl<'n> Reader<'n> {
    fn new(source: Source, notes: &'n mut Notes) -> Self {
        Self {
            source,
            notes,
            recipe: Recipe::default(),
            part: None,
            has_headings: false,
            level: 0,
            about: Vec::new(),
            remarks: Vec::new(),
        }
    }

    fn block(&mut self, block: &Block, next: Option<&Block>) {
        match block {
            Block::Gap => {}
            Block::Heading { level, text } => self.heading(*level, text),
            Block::Line(text) => self.line(text, next),
            Block::Item { numbered, text } => self.item(*numbered, text),
        }
    }

    fn heading(&mut self, level: u8, text: &str) {
        if self.part == Some(Part::Steps)
            && level > self.level
            && headings::group_of_ingredients(text).is_some()
        {
            // 육수 below a heading for the steps is how it is made.
            self.group(Part::Steps, text);
        } else if let Some((part, rest)) = headings::part(text) {
            self.begin(part, level, text, rest);
        } else if self.recipe.title.is_empty() && self.part.is_none() {
            self.title(text);
        } else if let Some(part) = self.part.filter(|_| self.goes_on_below(level)) {
            self.group(part, text);
        } else if self.part.is_some() && level > 0 {
            // A part that nobody knows.
            self.part = Some(Part::Remarks);
            self.level = level;
            self.remarks.push(text.to_owned());
        } else {
            self.about.push(text.to_owned());
        }
    }

    /// True for a heading that is of a group of the present part. Where a page does not say how high the part's own is,
    /// any other ends it.
    fn goes_on_below(&self, level: u8) -> bool {
        level == 0 || (level > self.level && (self.level > 0 || self.source != Source::Page))
    }

    fn line(&mut self, text: &str, next: Option<&Block>) {
        if let Some((part, rest)) = headings::part(text) {
            return self.begin(part, 0, text, rest);
        }
        if self.fact(text) {
            return;
        }
        match self.part {
            None if self.recipe.title.is_empty() => self.title(text),
            None if !self.has_headings
                && next.is_some_and(|next| matches!(next, Block::Item { .. }))
                && headings::is_group(text) =>
            {
                self.part = Some(Part::Ingredients);
                self.group(Part::Ingredients, text);
            }
            None => self.about.push(text.to_owned()),
            Some(part @ Part::Ingredients) if headings::is_group(text) => self.group(part, text),
            Some(Part::Ingredients) => self.ingredients(text),
            Some(part @ Part::Steps) if headings::is_group(text) => self.group(part, text),
            Some(Part::Steps) => self.step(text),
            Some(Part::Remarks) => self.remarks.push(text.to_owned()),
        }
    }

    fn item(&mut self, numbered: bool, text: &str) {
        match self.part {
            Some(Part::Ingredients) if numbered && !self.has_headings => {
                self.part = Some(Part::Steps);
                self.step(text);
            }
            Some(Part::Ingredients) => self.ingredients(text),
            Some(Part::Steps) => self.step(text),
            Some(Part::Remarks) => self.remarks.push(text.to_owned()),
            None if self.has_headings || self.source == Source::Page => {
                if !self.fact(text) {
                    self.about.push(text.to_owned());
                }
            }
            None if numbered => {
                self.part = Some(Part::Steps);
                self.step(text);
            }
            None => {
                self.part = Some(Part::Ingredients);
                self.ingredients(text);
            }
        }
    }

    fn begin(&mut self, part: Part, level: u8, heading: &str, rest: Option<String>) {
        self.part = Some(part);
        self.level = level;
        match part {
            Part::Ingredients => {
                self.notes.found("ingredient_groups", self.source, heading);
                let title = headings::group_of_ingredients(heading);
                if title.is_some() || !self.recipe.ingredient_groups.is_empty() {
                    self.recipe.ingredient_groups.push(IngredientGroup { title, items: Vec::new() });
                }
            }
            Part::Steps => self.notes.found("step_groups", self.source, heading),
            Part::Remarks => {}
        }
        if let Some(rest) = rest {
            self.line(&rest, None);
        }
    }

    fn title(&mut self, text: &str) {
        self.recipe.title = text.to_owned();
        self.notes.found("title", self.source, "first line");
    }

    fn group(&mut self, part: Part, title: &str) {
        let (title, rest) = headings::group_title(title);
        match part {
            Part::Ingredients => {
                self.recipe.ingredient_groups.push(IngredientGroup { title, items: Vec::new() });
                if let Some(rest) = rest {
                    self.ingredients(&rest);
                }
            }
            Part::Steps => self.recipe.step_groups.push(StepGroup { title, items: Vec::new() }),
            Part::Remarks => self.remarks.extend(title),
        }
    }

    fn ingredients(&mut self, text: &str) {
        for piece in headings::pieces(text) {
            match piece {
                headings::Piece::Group(title) => {
                    self.recipe
                        .ingredient_groups
                        .push(IngredientGroup { title: Some(title), items: Vec::new() });
                }
                headings::Piece::Line(line) => self.ingredient(line),
            }
        }
    }

    fn ingredient(&mut self, line: String) {
        self.notes.found("ingredient_groups", self.source, "list");
        let groups = &mut self.recipe.ingredient_groups;
        if groups.is_empty() {
            groups.push(IngredientGroup::default());
        }
        groups.last_mut().expect("BUG: there is one").items.push(Ingredient::Line(line));
    }

    fn step(&mut self, text: &str) {
        self.notes.found("step_groups", self.source, "numbered lines");
        let text = headings::without_number(text).to_owned();
        let groups = &mut self.recipe.step_groups;
        if groups.is_empty() {
            groups.push(StepGroup::default());
        }
        groups.last_mut().expect("BUG: there is one").items.push(Step { text, ..Step::default() });
    }

    /// Takes a line that says one thing, such as `4인분` or `Prep time: 10 min`.
    fn fact(&mut self, text: &str) -> bool {
        if self.part == Some(Part::Steps) {
            return false;
        }
        let Some((fact, said, name)) = facts::read(text, self.part.is_none()) else { return false };
        let field = fact.field();
        if self.notes.is_found(field) {
            return false;
        }
        let is_read = match fact {
            Fact::Yield => read_yield(&said).map(|it| self.recipe.r#yield = Some(it)).is_some(),
            Fact::Prep => take_time(&mut self.recipe.times.prep, &said),
            Fact::Cook => take_time(&mut self.recipe.times.cook, &said),
            Fact::Rest => take_time(&mut self.recipe.times.rest, &said),
            Fact::Total => take_time(&mut self.recipe.times.total, &said),
            Fact::Source if said.starts_with("http") => take(&mut self.recipe.origin.url, said.clone()),
            Fact::Source => take(&mut self.recipe.origin.name, said.clone()),
            Fact::Author => take(&mut self.recipe.origin.author, said.clone()),
            Fact::Tags => {
                self.recipe.tags.extend(
                    said.split([',', '#']).map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned),
                );
                true
            }
            Fact::Category => {
                self.recipe.categories.push(said.clone());
                true
            }
            Fact::Cuisine => {
                self.recipe.cuisines.push(said.clone());
                true
            }
        };
        if is_read {
            self.notes.found(field, self.source, &name);
        } else {
            self.notes.dropped_saying(self.source, &name, Reason::Unreadable, Some(&said));
        }
        true
    }

    fn finish(mut self) -> Option<Recipe> {
        self.recipe.ingredient_groups.retain(|group| !group.items.is_empty());
        self.recipe.step_groups.retain(|group| !group.items.is_empty());
        if !self.recipe.says_something() {
            return None;
        }
        if !self.about.is_empty() {
            self.recipe.description = Some(self.about.join("\n"));
            self.notes.found("description", self.source, "lines before the first heading");
        }
        if !self.remarks.is_empty() {
            self.recipe.extras.insert("notes".into(), self.remarks.join("\n").into());
            self.notes.found("extras.notes", self.source, "remarks");
        }
        Some(self.recipe)
    }
}

fn take_time(time: &mut Option<u32>, said: &str) -> bool {
    *time = duration::seconds(said);
    time.is_some()
}

fn take(text: &mut Option<String>, said: String) -> bool {
    *text = Some(said);
    true
}
