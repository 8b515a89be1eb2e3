//! The text of a statement, rendered once for each database.

use super::conn::Dialect;

/// A statement's text, cut for each database where a bind goes.
///
/// Diesel numbers binds by their occurrence, so a bind that occurs twice is sent twice.
#[doc(hidden)]
pub struct Template {
    postgres: Vec<Piece>,
    sqlite: Vec<Piece>,
}

/// Text, and the bind that follows it.
#[doc(hidden)]
pub struct Piece {
    pub text: String,
    pub bind: Option<usize>,
}

impl Template {
    #[doc(hidden)]
    pub fn new(text: &str, binds: &[&str]) -> Self {
        let cut = |dialect| {
            let pieces = cut(&expand(text, dialect));
            for bind in pieces.iter().filter_map(|piece| piece.bind) {
                assert!(bind < binds.len(), "BUG: ${} in a statement with {binds:?}: {text}", bind + 1);
            }
            pieces
        };
        assert!(
            !text.contains("{now}") || binds.first() == Some(&"offset_us"),
            "BUG: a statement with {{now}} binds offset_us first: {text}"
        );
        Self { postgres: cut(Dialect::Postgres), sqlite: cut(Dialect::Sqlite) }
    }

    #[doc(hidden)]
    pub fn pieces(&self, dialect: Dialect) -> &[Piece] {
        match dialect {
            Dialect::Postgres => &self.postgres,
            Dialect::Sqlite => &self.sqlite,
        }
    }
}

/// Replaces the placeholders and leaves the binds.
fn expand(text: &str, dialect: Dialect) -> String {
    let mut expanded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        expanded.push_str(&rest[..at]);
        let doubled = rest[at + 1..].starts_with(&rest[at..=at]);
        if doubled {
            expanded.push_str(&rest[at..=at]);
            rest = &rest[at + 2..];
        } else {
            let inside = closed(&rest[at..]);
            expanded.push_str(&placeholder(inside, dialect));
            rest = &rest[at + inside.len() + 2..];
        }
    }
    expanded.push_str(rest);
    expanded
}

/// The inside of the braces that `text` begins with.
fn closed(text: &str) -> &str {
    let mut depth = 0_usize;
    for (at, character) in text.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 1 => return &text[1..at],
            '}' if depth > 1 => depth -= 1,
            _ => {}
        }
    }
    panic!("BUG: braces of a statement do not match: {text}")
}

fn placeholder(inside: &str, dialect: Dialect) -> String {
    use Dialect::{Postgres, Sqlite};
    let (word, argument) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
    let argument = expand(argument, dialect);
    match (word, dialect) {
        ("now", Postgres) => "(clock_timestamp() + $1::bigint * interval '1 microsecond')".to_owned(),
        // Rounded to whole milliseconds, which is all that there are: a product of a fraction is off by one.
        ("now", Sqlite) => "(CAST(round(unixepoch('subsec') * 1000) AS INTEGER) * 1000 + $1)".to_owned(),
        ("micros", Postgres) => format!("(({argument})::bigint * interval '1 microsecond')"),
        ("micros_of", Postgres) => format!("((extract(epoch FROM {argument}) * 1000000)::bigint)"),
        ("micros" | "micros_of", Sqlite) => format!("({argument})"),
        ("postgres", Postgres) | ("sqlite", Sqlite) => argument,
        ("postgres", Sqlite) | ("sqlite", Postgres) => String::new(),
        _ => panic!("BUG: unknown placeholder {{{inside}}} in a statement"),
    }
}

/// Cuts a text where `$1`, `$2`, … stand.
fn cut(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut piece = String::new();
    while let Some(at) = rest.find('$') {
        piece.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        match after[..digits].parse::<usize>() {
            Ok(number @ 1..) => {
                pieces.push(Piece { text: std::mem::take(&mut piece), bind: Some(number - 1) });
                rest = &after[digits..];
            }
            _ => {
                piece.push('$');
                rest = after;
            }
        }
    }
    piece.push_str(rest);
    pieces.push(Piece { text: piece, bind: None });
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(text: &str, dialect: Dialect) -> String {
        let binds = ["offset_us", "a", "b"];
        let template = Template::new(text, &binds);
        let mut sql = String::new();
        for piece in template.pieces(dialect) {
            sql.push_str(&piece.text);
            sql.extend(piece.bind.map(|bind| format!("<{}>", binds[bind])));
        }
        sql
    }

    #[test]
    fn placeholders_are_spelled_for_each_database() {
        let text = "SET at = {now} + {micros $3}{postgres ::timestamptz} WHERE id = $2 AND tags = '{{}}'";
        assert_eq!(
            rendered(text, Dialect::Postgres),
            "SET at = (clock_timestamp() + <offset_us>::bigint * interval '1 microsecond') \
             + ((<b>)::bigint * interval '1 microsecond')::timestamptz WHERE id = <a> AND tags = '{}'"
        );
        assert_eq!(
            rendered(text, Dialect::Sqlite),
            "SET at = (CAST(round(unixepoch('subsec') * 1000) AS INTEGER) * 1000 + <offset_us>) \
             + (<b>) WHERE id = <a> AND tags = '{}'"
        );
    }

    #[test]
    fn placeholders_nest() {
        assert_eq!(rendered("{micros_of {sqlite $2}}", Dialect::Sqlite), "(<a>)");
    }

    #[test]
    #[should_panic = "unknown placeholder"]
    fn an_unknown_placeholder_is_a_bug() {
        rendered("{today}", Dialect::Sqlite);
    }

    #[test]
    #[should_panic = "$4"]
    fn a_missing_bind_is_a_bug() {
        rendered("SELECT $4", Dialect::Sqlite);
    }

    #[test]
    #[should_panic = "offset_us first"]
    fn the_time_needs_the_offset() {
        Template::new("SELECT {now}", &["id"]);
    }
}
