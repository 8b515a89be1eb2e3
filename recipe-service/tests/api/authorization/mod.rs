//! Who may do what.

mod matrix;
mod rows;
mod scopes;
