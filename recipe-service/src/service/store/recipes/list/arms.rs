use common::db::{Conn, QueryResult};

use super::Selection;
use crate::domain::ids::HouseholdId;
use crate::domain::visibility::Visibility;
use crate::service::store::households;

/// A part of the recipes that a reader may see. Each has an index in the order of the list, so that a page costs its
/// own rows; one predicate with OR would cost all that sort before them.
pub enum Arm<'a> {
    Public,
    Home { reader: &'a str, household: HouseholdId },
}

/// The parts in which a selection may find something.
pub fn arms<'a>(conn: &mut Conn, selection: &'a Selection) -> QueryResult<Vec<Arm<'a>>> {
    let visibility = selection.filters.visibility;
    let mut arms = Vec::new();
    if matches!(visibility, None | Some(Visibility::Public)) {
        arms.push(Arm::Public);
    }
    if let (Some(reader), None | Some(Visibility::Private | Visibility::Unlisted)) =
        (&selection.reader, visibility)
    {
        let households = households::of(conn, reader)?;
        arms.extend(households.into_iter().map(|household| Arm::Home { reader, household }));
    }
    Ok(arms)
}
