use common::db::types::{Guid, InstantSql};
use common::db::{Conn, Dialect, QueryResult, each};
use common::time::Instant;
use diesel::RunQueryDsl;
use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, HasSqlType, Nullable, Text};

use super::super::search::{self, Field, all_of};
use super::super::{access, households};
use super::read::visibility_of;
use super::tiers::{Tier, tiers};
use crate::domain::ids::{HouseholdId, RecipeId};
use crate::domain::listing::{Filters, Position, PositionKey, Sort, SortKey};
use crate::domain::recipe::{Owner, Summary};
use crate::domain::visibility::Visibility;

/// What a page shows.
pub struct Selection {
    /// Whose own recipes are shown beside the public ones.
    pub reader: Option<String>,
    pub filters: Filters,
    pub sort: Sort,
    pub after: Option<Position>,
    /// How many at most.
    pub count: i64,
}

/// A recipe in a list, and where in it.
pub struct Listed {
    pub summary: Summary,
    pub position: Position,
}

/// The recipes of a page, in its order: two statements, or one for an anonymous reader.
pub fn list(conn: &mut Conn, selection: &Selection) -> QueryResult<Vec<Listed>> {
    if selection.filters.find_nothing() {
        return Ok(Vec::new());
    }
    let page = Page::of(conn, selection)?;
    if page.arms.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = each!(conn, c => page.load(c))?;
    Ok(rows.into_iter().map(|row| listed(row, selection.sort.by)).collect())
}

type SqlRow = (
    Guid,
    Text,
    Text,
    Nullable<Text>,
    Text,
    Text,
    Nullable<Text>,
    Nullable<Text>,
    BigInt,
    InstantSql,
    InstantSql,
    Text,
    BigInt,
);

type Row = (
    RecipeId,
    String,
    String,
    Option<String>,
    String,
    String,
    Option<String>,
    Option<String>,
    i64,
    Instant,
    Instant,
    String,
    i64,
);

fn listed(row: Row, by: SortKey) -> Listed {
    let (
        id,
        title,
        sub,
        name,
        visibility,
        tags,
        cover,
        times,
        version,
        created_at,
        updated_at,
        title_key,
        score,
    ) = row;
    let key = match by {
        SortKey::Relevance => PositionKey::Relevance(score, updated_at),
        SortKey::Updated => PositionKey::Time(updated_at),
        SortKey::Created => PositionKey::Time(created_at),
        SortKey::Title => PositionKey::Title(title_key),
    };
    let (owner, visibility) = (Owner { sub, name }, visibility_of(&visibility));
    let summary =
        Summary { id, title, owner, visibility, tags, cover, times, version, created_at, updated_at };
    Listed { summary, position: Position { key, id } }
}

/// A part of the recipes that a reader may see. Each has an index in the order of the list, so that a page costs its
/// own rows; one predicate with OR would cost all that sort before them.
enum Arm<'a> {
    Public,
    Home { reader: &'a str, household: HouseholdId },
}

fn arms<'a>(conn: &mut Conn, selection: &'a Selection) -> QueryResult<Vec<Arm<'a>>> {
    let visibility = selection.filters.visibility;
    let mut arms = Vec::new();
    if matches!(visibility, None | Some(Visibility::Public)) {
        arms.push(Arm::Public);
    }
    if let (Some(reader), None | Some(Visibility::Private | Visibility::Unlisted)) =
        (&selection.reader, visibility)
    {
        let households = households::of(conn, reader)?;
        arms.extend(households.into_iter().map(|household| Arm::Home { reader, household }));
    }
    Ok(arms)
}

/// The statement. Its text depends on the filters that are given, not on their values, so it is prepared for each shape.
struct Page<'a> {
    selection: &'a Selection,
    arms: Vec<Arm<'a>>,
    tiers: Vec<Tier>,
    dialect: Dialect,
    /// What may not be found by words, in the database's own terms.
    unwanted: Vec<String>,
}

impl<'a> Page<'a> {
    fn of(conn: &mut Conn, selection: &'a Selection) -> QueryResult<Self> {
        let dialect = conn.dialect();
        let unwanted = selection.filters.not_ingredients.iter().filter(|words| !words.is_empty());
        let unwanted = unwanted.map(|words| all_of([(words, Field::Ingredients)].into_iter(), dialect));
        Ok(Self {
            selection,
            arms: arms(conn, selection)?,
            tiers: tiers(selection, dialect),
            dialect,
            unwanted: unwanted.collect(),
        })
    }
}

impl QueryId for Page<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Page<'_> {
    type SqlType = SqlRow;
}

impl<C> RunQueryDsl<C> for Page<'_> {}

impl<DB> QueryFragment<DB> for Page<'_>
where
    DB: Backend + HasSqlType<Guid> + HasSqlType<InstantSql>,
    str: ToSql<Text, DB>,
    i64: ToSql<BigInt, DB>,
    RecipeId: ToSql<Guid, DB>,
    HouseholdId: ToSql<Guid, DB>,
    Instant: ToSql<InstantSql, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(
            "SELECT c.id, c.title, c.owner_sub, p.name, c.visibility, c.tags, c.cover, c.times, c.version, \
             c.created_at, c.updated_at, c.title_key, c.score FROM (",
        );
        let parts = self.arms.iter().flat_map(|arm| self.tiers.iter().map(move |tier| (arm, tier)));
        for (index, (arm, tier)) in parts.enumerate() {
            if index > 0 {
                out.push_sql(" UNION ALL ");
            }
            self.push_part(arm, tier, out.reborrow())?;
            out.push_sql(&format!(") AS part_{index}"));
        }
        out.push_sql(") AS c LEFT JOIN people p ON p.sub = c.owner_sub");
        self.push_order("c", true, out)
    }
}

impl Page<'_> {
    fn push_part<'b, DB>(
        &'b self,
        arm: &'b Arm,
        tier: &'b Tier,
        mut out: AstPass<'_, 'b, DB>,
    ) -> QueryResult<()>
    where
        DB: Backend + HasSqlType<Guid> + HasSqlType<InstantSql>,
        str: ToSql<Text, DB>,
        i64: ToSql<BigInt, DB>,
        RecipeId: ToSql<Guid, DB>,
        HouseholdId: ToSql<Guid, DB>,
        Instant: ToSql<InstantSql, DB>,
    {
        out.push_sql(
            "SELECT * FROM (SELECT r.id, r.title, r.owner_sub, r.visibility, r.tags, r.cover, r.times, r.version, \
             r.created_at, r.updated_at, r.title_key, CAST(",
        );
        out.push_sql(&format!("{} AS BIGINT) AS score FROM recipes AS r WHERE ", tier.score));
        match arm {
            Arm::Public => out.push_sql(access::PUBLIC),
            Arm::Home { reader, household } => {
                // The predicate says who may see; the household, which index has them in order.
                let (before, behind) = access::AT_HOME;
                out.push_sql(before);
                out.push_bind_param::<Text, str>(reader)?;
                out.push_sql(behind);
                out.push_sql(" AND r.household_id = ");
                out.push_bind_param::<Guid, HouseholdId>(household)?;
            }
        }
        self.push_words(tier, out.reborrow())?;
        self.push_filters(out.reborrow())?;
        self.push_after(tier, out.reborrow())?;
        self.push_order("r", false, out)
    }

    fn push_words<'b, DB>(&'b self, tier: &'b Tier, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()>
    where
        DB: Backend,
        str: ToSql<Text, DB>,
    {
        let (before, behind) = search::matching(self.dialect);
        for (negation, expressions) in [("", tier.sought.as_slice()), ("NOT ", self.unwanted.as_slice())] {
            for expression in expressions {
                out.push_sql(&format!(" AND {negation}{before}"));
                out.push_bind_param::<Text, str>(expression)?;
                out.push_sql(behind);
            }
        }
        Ok(())
    }

    fn push_filters<'b, DB>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()>
    where
        DB: Backend + HasSqlType<InstantSql>,
        str: ToSql<Text, DB>,
        Instant: ToSql<InstantSql, DB>,
    {
        let filters = &self.selection.filters;
        // That a recipe is public is said by its arm, in the words of the index.
        if let Some(visibility @ (Visibility::Private | Visibility::Unlisted)) = filters.visibility {
            out.push_sql(" AND r.visibility = ");
            out.push_bind_param::<Text, str>(visibility.as_str())?;
        }
        if let Some(owner) = &filters.owner {
            out.push_sql(" AND r.owner_sub = ");
            out.push_bind_param::<Text, str>(owner)?;
        }
        for (negation, tags) in [("", &filters.tags), ("NOT ", &filters.not_tags)] {
            for tag in tags {
                out.push_sql(&format!(
                    " AND {negation}EXISTS (SELECT 1 FROM recipe_tags t WHERE t.recipe_id = r.id"
                ));
                out.push_sql(" AND t.tag = ");
                out.push_bind_param::<Text, str>(tag)?;
                out.push_sql(")");
            }
        }
        if let Some(seconds) = &filters.max_total_time {
            out.push_sql(match self.dialect {
                Dialect::Postgres => " AND (r.times::jsonb ->> 'total')::bigint <= ",
                Dialect::Sqlite => " AND json_extract(r.times, '$.total') <= ",
            });
            // A number of ours: it needs no bind.
            out.push_sql(&seconds.to_string());
        }
        if let Some(language) = &filters.language {
            out.push_sql(" AND (r.language = ");
            out.push_bind_param::<Text, str>(language)?;
            // A language tag has no character that means something here.
            out.push_sql(" OR r.language LIKE ");
            out.push_bind_param::<Text, str>(language)?;
            out.push_sql(" || '-%')");
        }
        if let Some(since) = &filters.updated_since {
            out.push_sql(" AND r.updated_at >= ");
            out.push_bind_param::<InstantSql, Instant>(since)?;
        }
        Ok(())
    }

    fn push_after<'b, DB>(&'b self, tier: &'b Tier, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()>
    where
        DB: Backend + HasSqlType<Guid> + HasSqlType<InstantSql>,
        str: ToSql<Text, DB>,
        RecipeId: ToSql<Guid, DB>,
        Instant: ToSql<InstantSql, DB>,
    {
        let Some(after) = &self.selection.after else { return Ok(()) };
        if matches!(after.key, PositionKey::Relevance(score, _) if score != tier.score) {
            // All of this tier lies beyond.
            return Ok(());
        }
        let beyond = if self.selection.sort.descending { "<" } else { ">" };
        out.push_sql(&format!(" AND (r.{}, r.id) {beyond} (", self.column()));
        match &after.key {
            PositionKey::Time(time) | PositionKey::Relevance(_, time) => {
                out.push_bind_param::<InstantSql, Instant>(time)?;
            }
            PositionKey::Title(title) => out.push_bind_param::<Text, str>(title)?,
        }
        out.push_sql(", ");
        out.push_bind_param::<Guid, RecipeId>(&after.id)?;
        out.push_sql(")");
        Ok(())
    }

    fn push_order<'b, DB>(
        &'b self,
        table: &str,
        is_whole: bool,
        mut out: AstPass<'_, 'b, DB>,
    ) -> QueryResult<()>
    where
        DB: Backend,
        i64: ToSql<BigInt, DB>,
    {
        let direction = if self.selection.sort.descending { "DESC" } else { "ASC" };
        let column = self.column();
        let by_score = match is_whole {
            true => format!("{table}.score {direction}, "),
            // A part has one score.
            false => String::new(),
        };
        out.push_sql(&format!(
            " ORDER BY {by_score}{table}.{column} {direction}, {table}.id {direction} LIMIT "
        ));
        out.push_bind_param::<BigInt, i64>(&self.selection.count)
    }

    fn column(&self) -> &'static str {
        match self.selection.sort.by {
            SortKey::Relevance | SortKey::Updated => "updated_at",
            SortKey::Created => "created_at",
            SortKey::Title => "title_key",
        }
    }
}
