//! Telephone numbers in E.164, out of what a secretary typed.

use std::fmt;

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, PhoneNumberType, Region};
use serde::{Deserialize, Serialize};

/// Regions that dial as France does, ten digits after a zero, each with a plan of its own: a family
/// in Toulouse may well have kept its number of La Réunion.
const FRENCH_REGIONS: [Region; 6] =
    [Region::FR, Region::RE, Region::GP, Region::MQ, Region::GF, Region::YT];

/// How the mobile numbers begin that ARCEP keeps for fiction, `06 39 98 xx xx`. No numbering plan
/// lists them, and no family has one: they let a demonstration run without ringing anybody.
const FICTIONAL_MOBILES: &str = "+3363998";

/// Digits without which a run is a remark beside the number ("poste 12"), not a number.
const FEWEST_DIGITS: usize = 6;

/// A valid number in E.164 (ITU-T): `+33639980001`. `Debug` masks it: logs never hold one.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PhoneNumber(Box<str>);

/// A text that holds no valid number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadPhoneNumber {
    /// Not a number at all, or letters among the digits.
    #[error("is not a telephone number")]
    NotANumber,
    /// Digits, but no number of the numbering plan.
    #[error("is not a number of the numbering plan")]
    NotInThePlan,
    /// Two numbers or more where one was due.
    #[error("holds several telephone numbers")]
    Several,
}

impl PhoneNumber {
    /// Reads `typed` as someone in `region` (ISO 3166, "FR", "RE", …) would dial it; a remark beside
    /// the number ("06 39 98 00 01 (mère)") is left out. Nine digits without their leading zero, as
    /// spreadsheets leave them, are taken for French ones.
    pub fn parse(typed: &str, region: &str) -> Result<Self, BadPhoneNumber> {
        let mut numbers = Self::parse_all(typed, region)?;
        match (numbers.pop(), numbers.is_empty()) {
            (Some(number), true) => Ok(number),
            (Some(_), false) => Err(BadPhoneNumber::Several),
            (None, _) => Err(BadPhoneNumber::NotANumber),
        }
    }

    /// Reads every number in `typed`, at least one: "06 39 98 00 01 ou 05 36 49 00 02". One bad
    /// number makes the whole text bad: half of it would look complete.
    pub fn parse_all(typed: &str, region: &str) -> Result<Vec<Self>, BadPhoneNumber> {
        let numbers = typed
            .split(|c: char| !is_dialling(c))
            .filter(|run| count_digits(run) >= FEWEST_DIGITS)
            .map(|run| parse_run(run, region))
            .collect::<Result<Vec<_>, _>>()?
            .concat();
        if numbers.is_empty() { Err(BadPhoneNumber::NotANumber) } else { Ok(numbers) }
    }

    /// A number that was checked before and kept in E.164; `None` for any other text.
    #[must_use]
    pub fn from_e164(kept: &str) -> Option<Self> {
        let digits = kept.strip_prefix('+')?;
        let sound = (6..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        sound.then(|| Self(kept.into()))
    }

    /// The number in E.164, `+` included.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number as it is dialled and read in France, in pairs: `06 39 98 00 01`; a number of
    /// elsewhere stays in E.164.
    #[must_use]
    pub fn in_pairs(&self) -> String {
        let Some(digits) = self.0.strip_prefix("+33").filter(|digits| digits.len() == 9) else {
            return self.0.to_string();
        };
        let mut shown = String::with_capacity(14);
        for (at, digit) in std::iter::once('0').chain(digits.chars()).enumerate() {
            if at > 0 && at % 2 == 0 {
                shown.push(' ');
            }
            shown.push(digit);
        }
        shown
    }

    /// Whether an SMS can reach it: a mobile (06, 07), or one of a country whose plan does not
    /// tell mobiles from landlines.
    #[must_use]
    pub fn takes_sms(&self) -> bool {
        use PhoneNumberType::{FixedLineOrMobile, Mobile};
        self.is_fictional_mobile()
            || PHONE_NUMBER_UTIL
                .parse(&self.0, None)
                .map(|number| PHONE_NUMBER_UTIL.get_number_type(&number))
                .is_ok_and(|kind| matches!(kind, Mobile | FixedLineOrMobile))
    }

    fn is_fictional_mobile(&self) -> bool {
        self.0.starts_with(FICTIONAL_MOBILES) && self.0.len() == "+33639980000".len()
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PhoneNumber(…)")
    }
}

fn is_dialling(c: char) -> bool {
    c.is_ascii_digit() || c.is_whitespace() || "+-.()/\u{2010}\u{2011}\u{2013}".contains(c)
}

fn count_digits(run: &str) -> usize {
    run.bytes().filter(u8::is_ascii_digit).count()
}

/// A slash groups the digits of one number, or stands between two: the plan tells.
fn parse_run(run: &str, region: &str) -> Result<Vec<PhoneNumber>, BadPhoneNumber> {
    match parse_one(run, region) {
        Ok(number) => Ok(vec![number]),
        Err(_) if run.contains('/') => run.split('/').map(|part| parse_one(part, region)).collect(),
        Err(bad) => Err(bad),
    }
}

fn parse_one(run: &str, region: &str) -> Result<PhoneNumber, BadPhoneNumber> {
    let home: Option<Region> = region.parse().ok();
    let Some(home) = home.filter(|home| FRENCH_REGIONS.contains(home)) else {
        return parse_in(run, home);
    };
    let dialled = with_leading_zero(run);
    let elsewhere = FRENCH_REGIONS.into_iter().filter(|region| *region != home);
    std::iter::once(home)
        .chain(elsewhere)
        .find_map(|region| parse_in(&dialled, Some(region)).ok())
        .ok_or(BadPhoneNumber::NotInThePlan)
}

/// Gives nine bare digits the zero that a spreadsheet took from them.
fn with_leading_zero(run: &str) -> String {
    let digits: String = run.chars().filter(char::is_ascii_digit).collect();
    let is_bare = digits.len() == 9 && !digits.starts_with('0') && !run.contains('+');
    if is_bare { format!("0{digits}") } else { run.trim().to_owned() }
}

fn parse_in(dialled: &str, region: Option<Region>) -> Result<PhoneNumber, BadPhoneNumber> {
    let number =
        PHONE_NUMBER_UTIL.parse(dialled, region).map_err(|_| BadPhoneNumber::NotANumber)?;
    let e164 = PhoneNumber(PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164).into());
    let is_valid = PHONE_NUMBER_UTIL.is_valid_number(&number);
    if is_valid || e164.is_fictional_mobile() {
        Ok(e164)
    } else {
        Err(BadPhoneNumber::NotInThePlan)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(typed: &str, region: &str) -> Result<String, BadPhoneNumber> {
        PhoneNumber::parse(typed, region).map(|number| number.as_str().to_owned())
    }

    #[test]
    fn every_way_to_type_a_french_number_gives_the_same_one() {
        for typed in [
            "0639980001",
            " 06 39 98 00 01 ",
            "06.39.98.00.01",
            "06-39-98-00-01",
            "06/39/98/00/01",
            "06\u{a0}39\u{a0}98\u{a0}00\u{a0}01",
            "639980001",
            "+33639980001",
            "+33 (0)6 39 98 00 01",
            "0033 6 39 98 00 01",
            "06 39 98 00 01 (mère)",
            "maman : 06 39 98 00 01, après 18h",
            "Tél. 06 39 98 00 01 poste 12",
        ] {
            assert_eq!(read(typed, "FR").as_deref(), Ok("+33639980001"), "{typed}");
        }
    }

    #[test]
    fn a_number_of_an_overseas_region_is_found_from_france() {
        assert_eq!(read("06 92 12 34 56", "FR").as_deref(), Ok("+262692123456"));
        assert_eq!(read("0536490001", "RE").as_deref(), Ok("+33536490001"));
    }

    #[test]
    fn a_foreign_number_keeps_its_country() {
        assert_eq!(read("+32 2 555 12 12", "FR").as_deref(), Ok("+3225551212"));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for typed in ["", "   ", "néant", "poste 12", "06 39 98 OO O1", "06 39 98 00", "3639"] {
            assert!(read(typed, "FR").is_err(), "{typed}");
        }
        assert_eq!(read("0000000000", "FR"), Err(BadPhoneNumber::NotInThePlan));
    }

    #[test]
    fn several_numbers_are_all_read_or_none() {
        let both = PhoneNumber::parse_all("06 39 98 00 01 ou 05 36 49 00 02", "FR");
        let values: Vec<String> = both.unwrap().iter().map(|n| n.as_str().to_owned()).collect();
        assert_eq!(values, ["+33639980001", "+33536490002"]);
        assert_eq!(PhoneNumber::parse_all("0639980001/0536490002", "FR").unwrap().len(), 2);
        assert_eq!(read("0639980001/0536490002", "FR"), Err(BadPhoneNumber::Several));
        assert!(PhoneNumber::parse_all("06 39 98 00 01 ou 05 36 49", "FR").is_err());
    }

    #[test]
    fn only_a_mobile_takes_sms() {
        let takes_sms = |typed| PhoneNumber::parse(typed, "FR").unwrap().takes_sms();
        assert!(takes_sms("0639980001"));
        assert!(takes_sms("0692123456"));
        assert!(!takes_sms("0536490001"));
        assert!(!takes_sms("+262262123456"));
    }

    #[test]
    fn a_french_number_is_read_in_pairs_and_a_foreign_one_as_it_is() {
        let shown = |kept: &str| PhoneNumber::from_e164(kept).unwrap().in_pairs();
        assert_eq!(shown("+33639980001"), "06 39 98 00 01");
        assert_eq!(shown("+32470123456"), "+32470123456");
        assert_eq!(shown("+262692123456"), "+262692123456");
    }
}
