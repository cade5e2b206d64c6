//! `[school]`: who sends.

use serde::Deserialize;

use crate::people::SchoolId;
use crate::phone_number::region;

/// The school, as letters and messages name it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchoolSettings {
    /// Its UAI: imports of another school are refused.
    pub uai: SchoolId,
    /// Its name, as families know it.
    pub name: String,
    /// The lines of its address, for the letterhead.
    #[serde(default)]
    pub address: Vec<String>,
    /// The town from which letters are dated.
    #[serde(default)]
    pub town: String,
    /// The telephone of the secretariat, as it is printed.
    #[serde(default)]
    pub phone: String,
    /// The e-mail address of the secretariat, as it is printed.
    #[serde(default)]
    pub email: String,
    /// Where the full text of announcements stands.
    #[serde(default)]
    pub website: String,
    /// Who signs.
    #[serde(default)]
    pub signatory_name: String,
    /// In which function.
    #[serde(default)]
    pub signatory_title: String,
    /// The zone in which the school lives (IANA): `Europe/Paris`, `Indian/Reunion`.
    #[serde(default = "paris")]
    pub zone: String,
    /// The country or territory whose telephone numbers are typed without prefix (ISO 3166).
    #[serde(default = "france")]
    pub region: String,
}

/// A place overseas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overseas {
    /// The first digits of a UAI there: the département.
    digits: &'static str,
    /// Its time zone.
    pub zone: &'static str,
    /// Whose telephone numbers are typed without prefix (ISO 3166).
    pub region: &'static str,
}

const OVERSEAS: [Overseas; 5] = [
    Overseas { digits: "971", zone: "America/Guadeloupe", region: "GP" },
    Overseas { digits: "972", zone: "America/Martinique", region: "MQ" },
    Overseas { digits: "973", zone: "America/Cayenne", region: "GF" },
    Overseas { digits: "974", zone: "Indian/Reunion", region: "RE" },
    Overseas { digits: "976", zone: "Indian/Mayotte", region: "YT" },
];

/// Where a school lives that is overseas, as its UAI tells.
#[must_use]
pub fn overseas(uai: &SchoolId) -> Option<Overseas> {
    OVERSEAS.into_iter().find(|place| uai.as_str().starts_with(place.digits))
}

impl SchoolSettings {
    pub(super) fn check(&self) -> Result<(), String> {
        if !region::is_known(&self.region) {
            return Err(format!(
                "school.region: this is no country or territory with telephone numbers; known are {}, and the \
                 two letters of any other country (ISO 3166: BE, CH, …)",
                region::french_ones()
            ));
        }
        jiff::tz::TimeZone::get(&self.zone).map(|_| ()).map_err(|_| {
            "school.zone: this is no time zone; write for example Europe/Paris".to_owned()
        })
    }

    /// What looks like a slip of the hand, though it can be used: for whoever reads it.
    #[must_use]
    pub fn doubt(&self) -> Option<String> {
        let due = self.uai.due_letter().filter(|letter| !self.uai.as_str().ends_with(*letter))?;
        Some(format!(
            "school.uai: {} is perhaps mistyped: the letter of its seven digits would be {due}; files of \
             another school are refused at import",
            self.uai
        ))
    }

    /// The school's time zone; checked when the configuration was read.
    #[must_use]
    pub fn time_zone(&self) -> jiff::tz::TimeZone {
        jiff::tz::TimeZone::get(&self.zone).unwrap_or(jiff::tz::TimeZone::UTC)
    }
}

fn paris() -> String {
    "Europe/Paris".to_owned()
}

fn france() -> String {
    "FR".to_owned()
}
