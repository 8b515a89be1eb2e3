//! What a recipe is: the document, its limits, how two of them differ.
//!
//! Pure: no web, no database, no clock. What comes from outside, such as new ids, is handed in.

pub mod changes;
pub mod document;
pub mod draft;
pub mod ids;
pub mod ingredient;
pub mod inspection;
pub mod json;
pub mod kept;
pub mod language;
pub mod line;
pub mod listing;
pub mod patch;
pub mod rational;
pub mod recipe;
pub mod search;
pub mod slug;
pub mod steps;
pub mod visibility;
