//! What every service does alike on the wire, through a real server with a few routes of its own.

mod bodies;
mod conditions;
mod connections;
mod cursors;
mod documents;
mod edge;
mod harness;
mod lines;
mod methods;
mod operations;
mod problems;
mod queries;
mod requests;
mod settings;
mod sieges;
mod slow;
