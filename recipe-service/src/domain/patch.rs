use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde_json::{Map, Value};
use serde_path_to_error::{Path, Segment};

use super::document::Document;
use super::draft::Draft;
use super::ids::PartId;
use super::inspection::Violation;
use super::json::FreeObject;
use super::recipe::written_members;
use super::visibility::Visibility;

/// Applies a merge patch (RFC 7396) to a recipe as it is answered, and reads the result as a draft.
///
/// The result need not be within the limits yet. A member of a wrong type or unknown is answered alone.
pub fn patched(recipe: Map<String, Value>, patch: FreeObject) -> Result<Draft, Violation> {
    let mut recipe = Value::Object(recipe);
    merge(&mut recipe, Value::Object(patch.0));
    let mut track = serde_path_to_error::Track::new();
    let reader = serde_path_to_error::Deserializer::new(recipe.into_deserializer(), &mut track);
    Draft::deserialize(reader).map_err(|_| wrong_type(&track.path()))
}

/// Reads a document that is kept.
pub fn kept_document(text: &str, visibility: Visibility) -> Result<Document, Vec<Violation>> {
    let draft = patched(written_members(text, visibility), FreeObject::default()).map_err(|one| vec![one])?;
    // Every part of it has an id.
    draft.accept(&mut PartId::new)
}

fn wrong_type(path: &Path) -> Violation {
    let pointer = path.iter().map(pointer_step).collect();
    let detail = "Has a member that is not known or not of its type once the patch is applied.".into();
    Violation { pointer, code: "wrong_type", detail }
}

/// One step of a JSON Pointer (RFC 6901 §3).
fn pointer_step(segment: &Segment) -> String {
    match segment {
        Segment::Seq { index } => format!("/{index}"),
        Segment::Map { key } => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
        // Neither comes of JSON that is read into structs.
        Segment::Enum { .. } | Segment::Unknown => String::new(),
    }
}

/// RFC 7396 §2, `MergePatch`.
fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let members = target.as_object_mut().expect("BUG: the target was just made an object");
    for (name, value) in patch {
        if value.is_null() {
            members.remove(&name);
        } else {
            merge(members.entry(name).or_insert(Value::Null), value);
        }
    }
}
