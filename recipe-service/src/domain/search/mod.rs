//! Finding recipes by words, Korean ones too.
//!
//! One tokenizer makes the words of documents and of questions, so that both databases index the same tokens and find the
//! same recipes: their own ones cut each text in a way of its own, and neither finds 찌개 in 김치찌개.

mod highlight;
mod labels;
mod marks;
mod query;
mod text;
mod tokens;

pub use highlight::{Highlight, highlights};
pub use labels::LabelKind;
pub use marks::Mark;
pub use query::{Term, Terms};
pub use text::{Indexed, SEARCH_FORMAT, Token};
pub use tokens::tokens;
