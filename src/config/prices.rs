//! `[prices]`: what things cost the school. None is known unless it says so: contracts differ.

use serde::Deserialize;

use crate::settings::Price;

/// What a school pays, each for one; what it does not say is counted without a price.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PriceSettings {
    /// A segment of a text message.
    pub sms: Option<Price>,
    /// A sheet of paper, printed.
    pub sheet: Option<Price>,
    /// An envelope with its stamp.
    pub post: Option<Price>,
    /// A call.
    pub call: Option<Price>,
}
