use std::marker::PhantomData;

use common::db::types::{Guid, InstantSql};
use common::time::Instant;
use diesel::RunQueryDsl;
use diesel::backend::Backend;
use diesel::prelude::QueryResult;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, HasSqlType, Nullable, Text};

use crate::domain::ids::{HouseholdId, RecipeId};

/// A statement whose text depends on what is asked for, though not on its values: it is prepared for each shape.
pub struct Sql<Row> {
    pieces: Vec<Piece>,
    row: PhantomData<Row>,
}

enum Piece {
    Sql(String),
    Text(String),
    OptionalText(Option<String>),
    Time(Instant),
    Number(i64),
    Recipe(RecipeId),
    Household(HouseholdId),
}

impl<Row> Sql<Row> {
    pub fn new() -> Self {
        Self { pieces: Vec::new(), row: PhantomData }
    }

    /// Adds text of ours.
    pub fn push(&mut self, sql: &str) {
        match self.pieces.last_mut() {
            Some(Piece::Sql(before)) => before.push_str(sql),
            _ => self.pieces.push(Piece::Sql(sql.to_owned())),
        }
    }

    pub fn text(&mut self, text: &str) {
        self.pieces.push(Piece::Text(text.to_owned()));
    }

    pub fn optional_text(&mut self, text: Option<&str>) {
        self.pieces.push(Piece::OptionalText(text.map(str::to_owned)));
    }

    pub fn time(&mut self, time: Instant) {
        self.pieces.push(Piece::Time(time));
    }

    pub fn number(&mut self, number: i64) {
        self.pieces.push(Piece::Number(number));
    }

    pub fn recipe(&mut self, id: RecipeId) {
        self.pieces.push(Piece::Recipe(id));
    }

    pub fn household(&mut self, id: HouseholdId) {
        self.pieces.push(Piece::Household(id));
    }
}

impl<Row> QueryId for Sql<Row> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Row> Query for Sql<Row> {
    type SqlType = Row;
}

impl<C, Row> RunQueryDsl<C> for Sql<Row> {}

impl<DB, Row> QueryFragment<DB> for Sql<Row>
where
    DB: Backend + HasSqlType<Guid> + HasSqlType<InstantSql>,
    String: ToSql<Text, DB>,
    Option<String>: ToSql<Nullable<Text>, DB>,
    i64: ToSql<BigInt, DB>,
    RecipeId: ToSql<Guid, DB>,
    HouseholdId: ToSql<Guid, DB>,
    Instant: ToSql<InstantSql, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        for piece in &self.pieces {
            match piece {
                Piece::Sql(sql) => out.push_sql(sql),
                Piece::Text(text) => out.push_bind_param::<Text, _>(text)?,
                Piece::OptionalText(text) => out.push_bind_param::<Nullable<Text>, _>(text)?,
                Piece::Time(time) => out.push_bind_param::<InstantSql, _>(time)?,
                Piece::Number(number) => out.push_bind_param::<BigInt, _>(number)?,
                Piece::Recipe(id) => out.push_bind_param::<Guid, _>(id)?,
                Piece::Household(id) => out.push_bind_param::<Guid, _>(id)?,
            }
        }
        Ok(())
    }
}
