use std::fmt::Write;

use common::db::types::Guid;
use common::db::{Conn, QueryResult, statement};
use diesel::sql_types::{SmallInt, Text};

use super::expression::IN_TITLE;
use super::labels::label;
use crate::domain::ids::RecipeId;
use crate::domain::search::{Indexed, Mark, SEARCH_FORMAT, Token};

/// Makes a recipe, which was just written, be found by these words and no others.
pub fn index(conn: &mut Conn, id: RecipeId, words: &Indexed) -> QueryResult<()> {
    label(conn, id, &words.labels)?;
    match conn {
        Conn::Pg(_) => {
            IndexVector { id, format: SEARCH_FORMAT, words: &vector(words) }.execute(conn).map(drop)
        }
        Conn::Sqlite(_) => {
            Number { id, format: SEARCH_FORMAT }.execute(conn)?;
            Forget { id }.execute(conn)?;
            let (title, ingredients) = (row(&words.title), row(&words.ingredients));
            let others = row(&words.others) + &marked(&words.marks);
            Learn { id, title: &title, ingredients: &ingredients, others: &others }.execute(conn).map(drop)
        }
    }
}

statement! {
    struct IndexVector<'a> { id: Guid = RecipeId, format: SmallInt = i16, words: Text = &'a str }
    "INSERT INTO recipe_search (recipe_id, version, format, shown_to, words) \
     SELECT r.id, r.version, $2, r.shown_to, $3{postgres ::tsvector} FROM recipes AS r WHERE r.id = $1 \
     ON CONFLICT (recipe_id) DO UPDATE \
     SET version = excluded.version, format = excluded.format, words = excluded.words"
}

statement! {
    struct Number { id: Guid = RecipeId, format: SmallInt = i16 }
    "INSERT INTO recipe_search (recipe_id, version, format, shown_to) \
     SELECT r.id, r.version, $2, r.shown_to FROM recipes AS r WHERE r.id = $1 \
     ON CONFLICT (recipe_id) DO UPDATE SET version = excluded.version, format = excluded.format"
}

statement! {
    struct Forget { id: Guid = RecipeId }
    "DELETE FROM recipe_words WHERE rowid = (SELECT number FROM recipe_search WHERE recipe_id = $1)"
}

statement! {
    struct Learn<'a> { id: Guid = RecipeId, title: Text = &'a str, ingredients: Text = &'a str, others: Text = &'a str }
    "INSERT INTO recipe_words (rowid, title, ingredients, others) \
     SELECT number, $2, $3, $4 FROM recipe_search WHERE recipe_id = $1"
}

statement! {
    struct KeepPace { id: Guid = RecipeId }
    "UPDATE recipe_search SET version = (SELECT r.version FROM recipes AS r WHERE r.id = $1) WHERE recipe_id = $1"
}

/// Notes that a recipe's newest version has the words of the one before.
pub fn keep_pace(conn: &mut Conn, id: RecipeId) -> QueryResult<()> {
    KeepPace { id }.execute(conn).map(drop)
}

/// The text of a `tsvector`: ingredient lines have the weight B, and words of the title stand in it once more, marked; marks stand
/// nowhere.
fn vector(words: &Indexed) -> String {
    let mut vector = String::new();
    let title = [(&words.title, "", ""), (&words.title, IN_TITLE, "")];
    for (tokens, mark, weight) in
        title.into_iter().chain([(&words.ingredients, "", "B"), (&words.others, "", "")])
    {
        for Token { text, position } in tokens {
            let _ = write!(vector, "'{mark}{text}':{position}{weight} ");
        }
    }
    for mark in &words.marks {
        let _ = write!(vector, "'{}' ", mark.as_str());
    }
    vector
}

/// A field of FTS5: tokens between blanks, and where a position is left out something that nobody can ask for.
fn row(tokens: &[Token]) -> String {
    let mut row = String::new();
    let mut before = None;
    for Token { text, position } in tokens {
        if before.is_some_and(|before| before + 1 < *position) {
            row.push_str(BETWEEN_LINES);
        }
        row.push_str(text);
        row.push(' ');
        before = Some(*position);
    }
    row
}

/// Marks, behind words that no phrase goes beyond.
fn marked(marks: &[Mark]) -> String {
    marks.iter().fold(String::from(BETWEEN_LINES), |row, mark| row + mark.as_str() + " ")
}

/// A letter to FTS5, which takes those for private use as such, and none to the tokenizer.
const BETWEEN_LINES: &str = "\u{e000} ";
