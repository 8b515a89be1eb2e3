//! Variables that look like ours and are not: a typing error would else silently leave a default.

use super::Variables;

/// A variable with our prefix that no setting reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    pub variable: String,
    /// The known name that was probably meant.
    pub nearest: Option<String>,
}

/// More changes than this make another word.
const FARTHEST: usize = 3;

/// Finds the variables that begin with `prefix` and are not among `known`.
pub fn find_unknown(prefix: &str, known: &[String], variables: &Variables) -> Vec<Unknown> {
    let strangers =
        variables.names().filter(|name| name.starts_with(prefix) && !known.iter().any(|one| one == name));
    strangers.map(|name| Unknown { variable: name.to_owned(), nearest: nearest(name, known) }).collect()
}

fn nearest(name: &str, known: &[String]) -> Option<String> {
    let distances = known.iter().map(|one| (distance(name, one), one));
    distances.filter(|(distance, _)| *distance <= FARTHEST).min().map(|(_, one)| one.clone())
}

/// How many bytes must be inserted, deleted or replaced (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in to.bytes().enumerate() {
            let replaced = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_suggested() {
        let variables: Variables =
            [("AUTH_ACESS_TTL", "15m"), ("AUTH_LISTEN", ":0"), ("PATH", "/")].into_iter().collect();
        let known = ["AUTH_ACCESS_TTL".to_owned(), "AUTH_LISTEN".to_owned()];

        let unknown = find_unknown("AUTH_", &known, &variables);

        let nearest = Some("AUTH_ACCESS_TTL".to_owned());
        assert_eq!(unknown, [Unknown { variable: "AUTH_ACESS_TTL".into(), nearest }]);
    }
}
