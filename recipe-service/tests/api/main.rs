//! The tests of recipe-service: what a recipe is, and what the service answers through its real servers.

mod authorization;
mod database;
mod documents;
mod domain;
mod ingredients;
mod input;
mod issuer;
mod openapi;
mod people;
mod recipes;
mod shelf;
mod start;
mod tokens;
mod wire;
mod written;
