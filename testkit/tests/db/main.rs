//! `common::db` on real servers. Whatever both databases promise is asked of both.

mod batches;
mod kitchen;
mod migrations;
mod opening;
mod outages;
mod statements;
mod transactions;
mod values;
