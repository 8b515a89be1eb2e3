use serde::Deserialize;
use url::Url;
use utoipa::IntoParams;

use crate::service::imports::{Body, Posted};
use crate::service::recipes::OnDuplicate;

/// The parameters of an import.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ImportQuery {
    /// Whether it is only said what would come of it. Nothing is kept then.
    #[serde(default)]
    #[param(value_type = bool, default = false)]
    pub dry_run: bool,
    /// Where the body is from. It goes before what the body says of itself, and before where it was fetched from.
    #[param(value_type = Option<String>)]
    source_url: Option<WebAddress>,
    /// What happens where one has a recipe of the same page; without, 409 `duplicate_source`. The scheme, `www.`, a slash
    /// at the end, the fragment and parameters of campaigns make no other page.
    #[param(inline)]
    on_duplicate: Option<OnDuplicate>,
}

#[derive(Deserialize)]
#[serde(try_from = "String")]
struct WebAddress(String);

const MAX_ADDRESS_CHARS: usize = 2_048;

impl ImportQuery {
    /// What was posted, with what is wanted of it.
    pub fn posted(self, body: Body) -> Posted {
        Posted { body, source_url: self.source_url.map(|address| address.0), on_duplicate: self.on_duplicate }
    }
}

impl TryFrom<String> for WebAddress {
    type Error = &'static str;

    fn try_from(address: String) -> Result<Self, Self::Error> {
        let is_web =
            Url::parse(&address).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        if is_web && address.chars().count() <= MAX_ADDRESS_CHARS {
            Ok(Self(address))
        } else {
            Err("not an address of the web")
        }
    }
}
