use common::db::Dialect;

use super::Selection;
use super::arms::Arm;
use crate::domain::listing::Filters;
use crate::domain::search::{LabelKind, Mark};
use crate::domain::visibility::Visibility;
use crate::service::store::access;
use crate::service::store::search::{self, Field, all_of};
use crate::service::store::sql::Sql;

/// The recipes that a selection is made of, as conditions on `recipes AS r`.
pub struct Matching<'a> {
    pub selection: &'a Selection,
    pub arms: Vec<Arm<'a>>,
    pub dialect: Dialect,
}

impl Matching<'_> {
    /// The condition that a recipe is in this part, has these words and marks, and passes every other filter.
    pub fn push<Row>(&self, arm: &Arm, sought: Option<&str>, sql: &mut Sql<Row>) {
        self.push_but_words(arm, sql);
        if let Some(sought) = sought {
            let (before, behind) = search::matching(self.dialect);
            sql.push(&format!(" AND {before}"));
            sql.text(sought);
            sql.push(behind);
        }
    }

    /// The same whatever words it has.
    pub fn push_but_words<Row>(&self, arm: &Arm, sql: &mut Sql<Row>) {
        self.push_arm(arm, sql);
        self.push_unwanted(sql);
        self.push_filters(sql);
    }

    /// All that must be found in the index of words, in the database's own terms.
    pub fn sought(&self) -> Option<String> {
        self.sought_in(Field::Anywhere)
    }

    /// The same with the words that may be anywhere in this field.
    pub fn sought_in(&self, field: Field) -> Option<String> {
        let Filters { words, ingredients, title, .. } = &self.selection.filters;
        let words = words.iter().map(|words| (words, field));
        let ingredients = ingredients.iter().map(|words| (words, Field::Ingredients));
        let title = title.iter().map(|words| (words, Field::Title));
        let sought = all_of(words.chain(ingredients).chain(title), &self.marks(), self.dialect);
        (!sought.is_empty()).then_some(sought)
    }

    /// The filters that the index of words knows.
    fn marks(&self) -> Vec<Mark> {
        let Filters { tags, cuisines, diets, language, .. } = &self.selection.filters;
        let tags = tags.iter().map(|tag| Mark::tag(tag));
        let cuisines = cuisines.iter().map(|label| Mark::label(LabelKind::Cuisine, label));
        let diets = diets.iter().map(|label| Mark::label(LabelKind::Diet, label));
        let language = language.iter().map(|language| Mark::language(language));
        tags.chain(cuisines).chain(diets).chain(language).collect()
    }

    fn push_arm<Row>(&self, arm: &Arm, sql: &mut Sql<Row>) {
        match arm {
            Arm::Public => sql.push(access::PUBLIC),
            Arm::Home { reader, household } => {
                // The predicate says who may see; the household, which index has them in order.
                let (before, behind) = access::AT_HOME;
                sql.push(before);
                sql.text(reader);
                sql.push(behind);
                sql.push(" AND r.household_id = ");
                sql.household(*household);
            }
        }
    }

    fn push_unwanted<Row>(&self, sql: &mut Sql<Row>) {
        let unwanted = self.selection.filters.not_ingredients.iter().filter(|words| !words.is_empty());
        let (before, behind) = search::having(self.dialect);
        for words in unwanted {
            sql.push(&format!(" AND NOT {before}"));
            sql.text(&all_of([(words, Field::Ingredients)].into_iter(), &[], self.dialect));
            sql.push(behind);
        }
    }

    fn push_filters<Row>(&self, sql: &mut Sql<Row>) {
        let filters = &self.selection.filters;
        // That a recipe is public is said by its arm, in the words of the index.
        if let Some(visibility @ (Visibility::Private | Visibility::Unlisted)) = filters.visibility {
            sql.push(" AND r.visibility = ");
            sql.text(visibility.as_str());
        }
        if let Some(owner) = &filters.owner {
            sql.push(" AND r.owner_sub = ");
            sql.text(owner);
        }
        if let Some(seconds) = filters.max_total_time {
            sql.push(" AND r.total_time <= ");
            sql.number(seconds.into());
        }
        if let Some(since) = filters.updated_since {
            sql.push(" AND r.updated_at >= ");
            sql.time(since);
        }
        for tag in &filters.not_tags {
            sql.push(" AND NOT EXISTS (SELECT 1 FROM recipe_tags t WHERE t.recipe_id = r.id AND t.tag = ");
            sql.text(tag);
            sql.push(")");
        }
        self.push_favourite(sql);
    }

    fn push_favourite<Row>(&self, sql: &mut Sql<Row>) {
        let Some(is_favourite) = self.selection.filters.favourite else { return };
        let negation = if is_favourite { "" } else { "NOT " };
        sql.push(&format!(
            " AND {negation}EXISTS (SELECT 1 FROM recipe_personal f WHERE f.recipe_id = r.id AND f.favourite AND f.sub = "
        ));
        sql.optional_text(self.selection.reader.as_deref());
        sql.push(")");
    }
}
