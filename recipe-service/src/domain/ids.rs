//! The ids of this service: UUIDv7, made by us.

common::id! {
    /// A recipe's.
    pub struct RecipeId;
}

common::id! {
    /// A household's: the people whom a recipe belongs to.
    pub struct HouseholdId;
}

common::id! {
    /// A share link's. It names the link to its maker; who has only this reads nothing.
    pub struct ShareId;
}

common::id! {
    /// An ingredient's or a step's, unique in its document.
    pub struct PartId;
}
