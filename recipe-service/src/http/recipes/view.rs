use common::web::{Problem, codes};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::domain::view::{Amount, Positive, Units, View};

/// How a recipe is wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ViewQuery {
    /// For so many servings; the recipe must say for how many it is. In JSON amounts and the yield are seen so, and `raw` stays
    /// the line that was written; other forms have lines with these amounts.
    #[param(value_type = Option<String>, example = "6")]
    servings: Option<Positive>,
    /// So many times what was written, as a whole number or a fraction.
    #[param(value_type = Option<String>, example = "3/2")]
    scale: Option<Positive>,
    /// In which units, temperatures too.
    units: Option<Units>,
}

impl ViewQuery {
    pub fn view(&self) -> Result<View, Problem> {
        let amount = match (self.servings, self.scale) {
            (Some(_), Some(_)) => {
                let detail = "The parameters \"servings\" and \"scale\" do not go together.";
                return Err(Problem::new(&codes::INVALID_PARAMETER).detail(detail));
            }
            (Some(servings), None) => Some(Amount::Servings(servings.0)),
            (None, Some(factor)) => Some(Amount::Times(factor.0)),
            (None, None) => None,
        };
        Ok(View { amount, units: self.units })
    }
}
