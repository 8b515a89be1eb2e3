//! What a recipe is: the document, its limits, how two of them differ.
//!
//! Pure: no web, no database, no clock. What comes from outside, such as new ids, is handed in.

pub mod archive;
pub mod backup;
pub mod changes;
pub mod document;
pub mod draft;
pub mod escaped;
pub mod forms;
pub mod ids;
mod ignored;
pub mod image;
pub mod imported;
pub mod ingredient;
pub mod inspection;
pub mod json;
pub mod kept;
pub mod language;
pub mod line;
pub mod listing;
pub mod patch;
pub mod personal;
pub mod rational;
pub mod recipe;
pub mod renewal;
pub mod search;
pub mod share;
pub mod slug;
pub mod steps;
pub mod view;
pub mod visibility;
