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

/// Something that costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PricedThing {
    /// A segment of a text message.
    Sms,
    /// A sheet of paper, printed.
    Sheet,
    /// An envelope with its stamp.
    Post,
    /// A call.
    Call,
}

impl PricedThing {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Sms, Self::Sheet, Self::Post, Self::Call];

    /// Its key in the file.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Sheet => "sheet",
            Self::Post => "post",
            Self::Call => "call",
        }
    }
}

impl PriceSettings {
    /// What one of these costs, where the school says so.
    #[must_use]
    pub const fn of(&self, thing: PricedThing) -> Option<Price> {
        match thing {
            PricedThing::Sms => self.sms,
            PricedThing::Sheet => self.sheet,
            PricedThing::Post => self.post,
            PricedThing::Call => self.call,
        }
    }
}
