//! The tests of recipe-service: what a recipe is, and what the service answers.

mod domain;
mod openapi;
