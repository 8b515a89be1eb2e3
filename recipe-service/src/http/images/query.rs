use serde::Deserialize;
use utoipa::IntoParams;

/// In which size an image is wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SizeQuery {
    /// Neither side is longer, in pixels; without, as large as there is.
    #[param(value_type = Option<u32>, inline)]
    size: Option<Bound>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
struct Bound(u32);

impl SizeQuery {
    pub fn bound(&self) -> u32 {
        self.size.map_or(u32::MAX, |bound| bound.0)
    }
}

impl TryFrom<String> for Bound {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match text.as_str() {
            "320" => Ok(Self(320)),
            "960" => Ok(Self(960)),
            "1920" => Ok(Self(1_920)),
            _ => Err("no size that there is"),
        }
    }
}
