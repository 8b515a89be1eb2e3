//! Who may do what with a recipe, as SQL on `recipes AS r`. The subject is a bind such as `"$2"`; that of an anonymous
//! reader is null, and a member of no household.

use common::db::Dialect;

/// The subject is a member of the recipe's household.
macro_rules! at_home {
    ($sub:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM household_members m WHERE m.sub = ",
            $sub,
            " AND m.household_id = r.household_id)"
        )
    };
}

/// The subject, who knows the recipe's id, may read it.
macro_rules! readable {
    ($sub:literal) => {
        concat!("(r.deleted_at IS NULL AND (r.visibility <> 'private' OR ", at_home!($sub), "))")
    };
}

/// The recipe is the subject's, in a household of theirs, and they have not been deleted.
macro_rules! owned {
    ($sub:literal) => {
        concat!(
            "(r.owner_sub = ",
            $sub,
            " AND ",
            at_home!($sub),
            " AND NOT EXISTS (SELECT 1 FROM people d WHERE d.sub = r.owner_sub AND d.deleted_at IS NOT NULL))"
        )
    };
}

/// The subject may change the recipe.
macro_rules! writable {
    ($sub:literal) => {
        concat!("(r.deleted_at IS NULL AND ", owned!($sub), ")")
    };
}

/// Who has the token of this hash may read the recipe now, by a link in `shares AS s`.
macro_rules! shared {
    ($token_hash:literal, $now:literal) => {
        concat!("(r.deleted_at IS NULL AND s.token_hash = ", $token_hash, " AND s.expires_at > ", $now, ")")
    };
}

/// The recipe is in the subject's trash.
macro_rules! in_trash {
    ($sub:literal) => {
        concat!("(r.deleted_at IS NOT NULL AND ", owned!($sub), ")")
    };
}

/// What `shown_to` says of a recipe that lists show to everyone.
pub fn everyone(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => "'00000000-0000-0000-0000-000000000000'::uuid",
        Dialect::Sqlite => "x'00000000000000000000000000000000'",
    }
}

/// A list shows the recipe to everyone. Together with [`AT_HOME`] each recipe counts once.
pub const PUBLIC: &str = "r.deleted_at IS NULL AND r.visibility = 'public'";

/// A list shows the recipe to its household alone: what stands before the bind for the subject, and behind it.
pub const AT_HOME: (&str, &str) = (
    "r.deleted_at IS NULL AND r.visibility <> 'public' AND \
     EXISTS (SELECT 1 FROM household_members m WHERE m.sub = ",
    " AND m.household_id = r.household_id)",
);
