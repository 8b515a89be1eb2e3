//! For who comes from Flask-JWT-Extended: its header, its errors, and the guide that maps one to the other.

mod errors;
mod guide;
mod header;
