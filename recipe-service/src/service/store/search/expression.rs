use common::db::Dialect;

use crate::domain::search::{Mark, Term, Terms};

/// Where words are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Anywhere,
    Title,
    Ingredients,
}

/// What the words of a title begin with in a `tsvector`. (A weight would do, but the planner does not count by weights: it
/// would take sugar to be in as many titles as there are recipes with sugar.)
pub const IN_TITLE: &str = "\u{e001}";

/// The condition on `recipes AS r` that its words match a bind: what stands before the bind, and behind it.
pub fn matching(dialect: Dialect) -> (&'static str, &'static str) {
    match dialect {
        Dialect::Postgres => {
            ("r.id IN (SELECT s.recipe_id FROM recipe_search s WHERE s.words @@ ", "::tsquery)")
        }
        Dialect::Sqlite => (
            "r.id IN (SELECT s.recipe_id FROM recipe_words w JOIN recipe_search s ON s.number = w.rowid \
             WHERE w.recipe_words MATCH ",
            ")",
        ),
    }
}

/// The ids of the recipes whose words match a bind, from `recipe_search AS s`: what stands before the bind, and behind it.
pub fn found(dialect: Dialect) -> (&'static str, &'static str) {
    match dialect {
        Dialect::Postgres => ("SELECT s.recipe_id AS id FROM recipe_search s WHERE s.words @@ ", "::tsquery"),
        Dialect::Sqlite => (
            "SELECT s.recipe_id AS id FROM recipe_words w JOIN recipe_search s ON s.number = w.rowid \
             WHERE w.recipe_words MATCH ",
            "",
        ),
    }
}

/// The same condition, for what few or nearly all recipes may fulfil: Postgres chooses whether it looks at each recipe or
/// gathers those that have the words.
pub fn having(dialect: Dialect) -> (&'static str, &'static str) {
    match dialect {
        Dialect::Postgres => {
            ("EXISTS (SELECT 1 FROM recipe_search s WHERE s.recipe_id = r.id AND s.words @@ ", "::tsquery)")
        }
        Dialect::Sqlite => matching(dialect),
    }
}

/// Words and marks as the database asks for them, all of which must be there. Tokens are letters and digits, so nothing in them
/// means anything to it.
pub fn all_of<'a>(
    terms: impl Iterator<Item = (&'a Terms, Field)>,
    marks: &[Mark],
    dialect: Dialect,
) -> String {
    let terms = terms.flat_map(|(terms, field)| terms.iter().map(move |term| (term, field)));
    let terms = terms.map(|(term, field)| match dialect {
        Dialect::Postgres => for_postgres(term, field),
        Dialect::Sqlite => for_sqlite(term, field),
    });
    let marks = marks.iter().map(|mark| match dialect {
        Dialect::Postgres => format!("'{}'", mark.as_str()),
        Dialect::Sqlite => format!("\"{}\"", mark.as_str()),
    });
    let each: Vec<String> = terms.chain(marks).collect();
    match dialect {
        Dialect::Postgres => each.join(" & "),
        Dialect::Sqlite => each.join(" AND "),
    }
}

/// What the one finds and the other does not.
pub fn but_not(found: &str, other: &str, dialect: Dialect) -> String {
    match dialect {
        Dialect::Postgres => format!("{found} & !({other})"),
        Dialect::Sqlite => format!("({found}) NOT ({other})"),
    }
}

fn for_postgres(term: &Term, field: Field) -> String {
    let (mark, weight) = match field {
        Field::Anywhere => ("", ""),
        Field::Title => (IN_TITLE, ""),
        Field::Ingredients => ("", "B"),
    };
    let last = term.tokens().len() - 1;
    let token = |(index, token)| {
        let star = if term.is_prefix() && index == last { "*" } else { "" };
        let colon = if star.is_empty() && weight.is_empty() { "" } else { ":" };
        format!("'{mark}{token}'{colon}{star}{weight}")
    };
    let tokens: Vec<String> = term.tokens().iter().enumerate().map(token).collect();
    format!("({})", tokens.join(" <-> "))
}

fn for_sqlite(term: &Term, field: Field) -> String {
    let column = match field {
        Field::Anywhere => "",
        Field::Title => "title : ",
        Field::Ingredients => "ingredients : ",
    };
    let prefix = if term.is_prefix() { " *" } else { "" };
    format!("{column}\"{}\"{prefix}", term.tokens().join(" "))
}
