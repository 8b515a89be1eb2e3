//! The tests of recipe-service: what a recipe is, and what the service answers through its real servers.

mod authorization;
mod cli;
mod database;
mod documents;
mod domain;
mod exports;
mod images;
mod imports;
mod ingredients;
mod input;
mod issuer;
mod legacy;
mod openapi;
mod people;
mod recipes;
mod shelf;
mod start;
mod tokens;
mod wire;
mod written;
