//! Telephone numbers in E.164, out of what a secretary typed.

use std::fmt;

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat};
use serde::{Deserialize, Serialize};

/// A valid number in E.164 (ITU-T): `+33639980001`. `Debug` masks it: logs never hold one.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PhoneNumber(String);

/// A text that holds no valid number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadPhoneNumber {
    /// Not a number at all, or letters among the digits.
    #[error("is not a telephone number")]
    NotANumber,
    /// Digits, but no number of the numbering plan.
    #[error("is not a number of the numbering plan")]
    NotInThePlan,
}

impl PhoneNumber {
    /// Reads `typed` as someone in `region` (ISO 3166, "FR", "RE", …) would dial it. Nine digits
    /// without their leading zero, as spreadsheets leave them, are taken for French ones.
    pub fn parse(typed: &str, region: &str) -> Result<Self, BadPhoneNumber> {
        let trimmed = typed.trim();
        if trimmed.is_empty() || trimmed.chars().any(char::is_alphabetic) {
            return Err(BadPhoneNumber::NotANumber);
        }
        let number = PHONE_NUMBER_UTIL
            .parse(trimmed, region.parse().ok())
            .map_err(|_| BadPhoneNumber::NotANumber)?;
        if !PHONE_NUMBER_UTIL.is_valid_number(&number) {
            return Err(BadPhoneNumber::NotInThePlan);
        }
        Ok(Self(PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164).into_owned()))
    }

    /// A number that was checked before and kept in E.164; `None` for any other text.
    #[must_use]
    pub fn from_e164(kept: &str) -> Option<Self> {
        let digits = kept.strip_prefix('+')?;
        let sound = (6..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        sound.then(|| Self(kept.to_owned()))
    }

    /// The number in E.164, `+` included.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is a French mobile (06, 07), so that an SMS can reach it.
    #[must_use]
    pub fn takes_sms(&self) -> bool {
        !self.0.starts_with("+33") || self.0.starts_with("+336") || self.0.starts_with("+337")
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PhoneNumber(…)")
    }
}
