use common::db::types::Guid;
use common::db::{Conn, QueryResult, statement};
use diesel::sql_types::Text;

use crate::domain::ids::RecipeId;
use crate::domain::search::LabelKind;

statement! {
    struct Unlabel { id: Guid = RecipeId }
    "DELETE FROM recipe_labels WHERE recipe_id = $1"
}

statement! {
    struct Label<'a> { id: Guid = RecipeId, labels: Text = &'a str }
    "INSERT INTO recipe_labels (recipe_id, shown_to, kind, label) SELECT r.id, r.shown_to, \
     {postgres t.value ->> 0, t.value ->> 1}{sqlite json_extract(t.value, '$[0]'), json_extract(t.value, '$[1]')} \
     FROM recipes AS r, {postgres jsonb_array_elements($2::jsonb) AS t(value)}{sqlite json_each($2) AS t} \
     WHERE r.id = $1"
}

/// Gives a recipe, which was just written, these labels and no others.
pub fn label(conn: &mut Conn, id: RecipeId, labels: &[(LabelKind, String)]) -> QueryResult<()> {
    Unlabel { id }.execute(conn)?;
    if labels.is_empty() {
        return Ok(());
    }
    let labels = serde_json::to_string(labels).expect("BUG: labels do not serialise");
    Label { id, labels: &labels }.execute(conn).map(drop)
}
