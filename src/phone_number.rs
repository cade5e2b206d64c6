//! Telephone numbers in E.164, out of what a secretary typed.

mod cell;
pub mod region;

use std::fmt;

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, PhoneNumberType, Region};
use serde::{Deserialize, Serialize};

pub use cell::{BadPhoneNumber, CellNumbers};

/// How the mobile numbers begin that ARCEP keeps for fiction, `06 39 98 xx xx`. No numbering plan
/// lists them, and no family has one: they let a demonstration run without ringing anybody.
const FICTIONAL_MOBILES: &str = "+3363998";

/// How a number of Saint-Pierre-et-Miquelon is dialled from the rest of France; its own plan has the six
/// digits after it alone, and the library takes some for mainland ones.
const SAINT_PIERRE: &str = "0508";

/// Country codes of France whose numbers are dialled with a zero in their place, in the groups in which
/// they are read there: `06 39 98 00 01`, `0692 12 34 56`.
const READ_IN_GROUPS: [(&str, &[usize]); 6] = [
    ("+33", &[2, 2, 2, 2, 2]),
    ("+262", &[4, 2, 2, 2]),
    ("+590", &[4, 2, 2, 2]),
    ("+594", &[4, 2, 2, 2]),
    ("+596", &[4, 2, 2, 2]),
    ("+508", &[4, 2, 2, 2]),
];

/// A valid number in E.164 (ITU-T): `+33639980001`. `Debug` masks it: logs never hold one.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PhoneNumber(Box<str>);

impl PhoneNumber {
    /// The number that these digits, after a `+` perhaps, reach when they are dialled from there.
    fn dialled(digits: &str, region: &str) -> Option<Self> {
        let home: Region = region.parse().ok()?;
        ten_digits(digits, home)
            .and_then(|ten| dialled_in_france(&ten, home))
            .or_else(|| parse_in(digits, Some(home)))
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

    /// The number as people read it: a French one as it is dialled in France, in pairs, `06 39 98 00 01`,
    /// overseas `0692 12 34 56`; one of elsewhere in the international form, `+32 470 12 34 56`.
    #[must_use]
    pub fn in_pairs(&self) -> String {
        self.in_groups().or_else(|| self.international()).unwrap_or_else(|| self.0.to_string())
    }

    fn in_groups(&self) -> Option<String> {
        let (digits, groups) = READ_IN_GROUPS.into_iter().find_map(|(code, groups)| {
            let rest = self.0.strip_prefix(code)?;
            let zero = if code.ends_with("508") { SAINT_PIERRE } else { "0" };
            Some((format!("{zero}{rest}"), groups))
        })?;
        if digits.len() != groups.iter().sum::<usize>() {
            return None;
        }
        let mut rest = digits.as_str();
        let groups = groups.iter().filter_map(|length| {
            let (group, after) = rest.split_at_checked(*length)?;
            rest = after;
            Some(group)
        });
        Some(groups.collect::<Vec<_>>().join(" "))
    }

    fn international(&self) -> Option<String> {
        let number = PHONE_NUMBER_UTIL.parse(&self.0, None).ok()?;
        Some(PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::International).into())
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

/// How a number may begin in E.164 whose first digits were typed: `0639 98` gives `+3363998`, and what it would be
/// overseas.
#[must_use]
pub fn beginnings(typed: &str) -> Vec<String> {
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let has_code = typed.trim_start().starts_with('+');
    if has_code {
        // `+33 (0)6`: the zero is dialled within France alone.
        let kept = READ_IN_GROUPS.into_iter().find_map(|(code, _)| {
            let rest = digits.strip_prefix(code.trim_start_matches('+'))?.strip_prefix('0')?;
            Some(format!("{code}{rest}"))
        });
        return vec![kept.unwrap_or_else(|| format!("+{digits}"))];
    }
    if let Some(abroad) = digits.strip_prefix("00") {
        return vec![format!("+{abroad}")];
    }
    if let Some(rest) = digits.strip_prefix(SAINT_PIERRE) {
        return vec![format!("+508{rest}"), format!("+33508{rest}")];
    }
    match digits.strip_prefix('0') {
        Some(rest) => READ_IN_GROUPS.map(|(code, _)| format!("{code}{rest}")).into(),
        // The code without its sign, or a French number without its zero.
        None => vec![format!("+{digits}"), format!("+33{digits}")],
    }
}

/// The ten digits that reach a number from anywhere in France; `None` for another sort of number.
fn ten_digits(digits: &str, home: Region) -> Option<String> {
    let dials_france = region::dials_france(home);
    let nine = ["+33", "0033"]
        .into_iter()
        .find_map(|code| digits.strip_prefix(code))
        .or_else(|| digits.strip_prefix("33").filter(|rest| dials_france && rest.len() == 9))
        .or_else(|| Some(digits).filter(|_| dials_france))?;
    let nine = nine.strip_prefix('0').unwrap_or(nine);
    let is_one = nine.len() == 9 && !nine.starts_with('0') && !nine.starts_with('+');
    is_one.then(|| format!("0{nine}"))
}

fn dialled_in_france(ten: &str, home: Region) -> Option<PhoneNumber> {
    if let Some(six) = ten.strip_prefix(SAINT_PIERRE) {
        return parse_in(&format!("+508{six}"), None);
    }
    region::plans(ten, home).find_map(|region| parse_in(ten, Some(region)))
}

fn parse_in(dialled: &str, region: Option<Region>) -> Option<PhoneNumber> {
    let number = PHONE_NUMBER_UTIL.parse(dialled, region).ok()?;
    let e164 = PhoneNumber(PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164).into());
    let is_valid = PHONE_NUMBER_UTIL.is_valid_number(&number);
    (is_valid || e164.is_fictional_mobile()).then_some(e164)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(typed: &str, region: &str) -> Result<String, BadPhoneNumber> {
        PhoneNumber::parse(typed, region).map(|number| number.as_str().to_owned())
    }

    #[test]
    fn the_first_digits_find_a_number_however_they_are_typed() {
        let number = PhoneNumber::parse("06 39 98 00 01", "FR").unwrap();
        for typed in [
            "0639 98",
            "06.39.98.00",
            "+33 6 39 98",
            "+33 (0)6 39 98 00 01",
            "0033639980",
            "63998 0001",
        ] {
            let begins = |it: &String| number.as_str().starts_with(it.as_str());
            assert!(beginnings(typed).iter().any(begins), "{typed}");
        }
        assert!(beginnings("0692 12").contains(&"+26269212".to_owned()));
        assert!(!beginnings("0639 99").iter().any(|it| number.as_str().starts_with(it.as_str())));
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

    fn found(typed: &str) -> (Vec<String>, Vec<String>) {
        let CellNumbers { numbers, left_over } = PhoneNumber::find(typed, "FR");
        (numbers.iter().map(|number| number.as_str().to_owned()).collect(), left_over)
    }

    #[test]
    fn every_whole_number_of_a_cell_is_kept() {
        for typed in [
            "06 39 98 00 01 ou 05 36 49 00 02",
            "0639980001/0536490002",
            "06 39 98 00 01\n05 36 49 00 02",
            "06 39 98 00 01 - 05 36 49 00 02",
            "0639980001 0536490002",
            "06.39.98.00.01 05.36.49.00.02",
            "06-39-98-00-01 – 05-36-49-00-02",
            "06/39/98/00/01 05/36/49/00/02",
            "06,39,98,00,01, 05,36,49,00,02",
            "639980001 536490002",
            "639980001.0;536490002,0",
            "0639980001+0536490002",
            "06 39 98 00 01 + 05 36 49 00 02",
            "+33 (0)6 39 98 00 01 / +33 (0)5 36 49 00 02",
            "+33639980001+33536490002",
            "06 39 98 00 01 (05 36 49 00 02)",
            "Mme 06 39 98 00 01 (depuis le 01/09/2026)\nM. 05 36 49 00 02 de 18h à 20h30",
            "06 39 98 00 01 | 05 36 49 00 02 poste 12",
            "06 39 98 00 01 (Hélène) 05 36 49 00 02 Hors ligne",
            "06 39 98 00 01 H, 05 36 49 00 02 18h",
            "06 39 98 00 01 dès 8 heures, 05 36 49 00 02 de 18 h à 20h30",
        ] {
            let both = ["+33639980001", "+33536490002"].map(str::to_owned).to_vec();
            assert_eq!(found(typed), (both, Vec::new()), "{typed}");
        }
        assert_eq!(read("0639980001/0536490002", "FR"), Err(BadPhoneNumber::Several));
    }

    #[test]
    fn a_half_number_is_left_over_and_never_completed() {
        for (typed, left) in [
            ("06 39 98 00 01 / 02", "02"),
            ("06 39 98 00 01 ou 05 36 49", "05 36 49"),
            ("06 39 98 00 01 ou 3949", "3949"),
            ("06 39 98 00 01 / 05 36 49 00 0", "05 36 49 00 0"),
        ] {
            assert_eq!(found(typed), (vec!["+33639980001".to_owned()], vec![left.to_owned()]));
        }
        // One digit too many is no number and a digit.
        assert_eq!(found("06 39 98 00 01 5").0, [""; 0]);
        assert_eq!(found("06 39 98 00 012").0, [""; 0]);
        assert_eq!(read("06 39 98 00 01 / 02", "FR"), Err(BadPhoneNumber::Several));
    }

    #[test]
    fn blanks_dashes_and_marks_of_the_web_are_plain_ones() {
        for blank in
            ['\u{202f}', '\u{a0}', '\u{2009}', '\u{200b}', '\u{2212}', '\u{2011}', '\u{202c}']
        {
            let typed = format!("{blank}06{blank}39{blank}98{blank}00{blank}01{blank}");
            assert_eq!(read(&typed, "FR").as_deref(), Ok("+33639980001"), "{blank:?}");
        }
        assert_eq!(read("０６３９９８０００１", "FR").as_deref(), Ok("+33639980001"));
    }

    #[test]
    fn what_a_spreadsheet_made_of_a_number_is_that_number() {
        for typed in [
            "639980001",
            "639980001.0",
            "639980001,00",
            "6.39980001E8",
            "33639980001",
            "33639980001.0",
        ] {
            assert_eq!(read(typed, "FR").as_deref(), Ok("+33639980001"), "{typed}");
        }
        assert!(read("6.4E+08", "FR").is_err());
    }

    #[test]
    fn an_overseas_landline_is_one_of_its_territory() {
        for (typed, number) in [
            ("0596 50 00 00", "+596596500000"),
            ("+33 5 96 50 00 00", "+596596500000"),
            ("0269 61 00 00", "+262269610000"),
            ("0508 41 00 00", "+508410000"),
            ("0590 20 00 00", "+590590200000"),
            ("0262 20 00 00", "+262262200000"),
        ] {
            for region in ["FR", "RE", "MQ", "MF", "BL", "PM", "NC"] {
                assert_eq!(read(typed, region).as_deref(), Ok(number), "{typed} from {region}");
            }
        }
        assert_eq!(read("41 00 00", "PM").as_deref(), Ok("+508410000"));
        assert_eq!(read("25 00 00", "NC").as_deref(), Ok("+687250000"));
        assert_eq!(read("05 61 00 00 00", "FR").as_deref(), Ok("+33561000000"));
        assert_eq!(read("0800 00 00 00", "FR").as_deref(), Ok("+33800000000"));
    }

    #[test]
    fn overseas_schools_read_mainland_numbers() {
        for region in ["MF", "BL", "PM", "NC", "PF", "WF", "YT", "GP", "MQ", "GF", "RE"] {
            assert_eq!(read("06 39 98 00 01", region).as_deref(), Ok("+33639980001"), "{region}");
            assert_eq!(read("639980001", region).as_deref(), Ok("+33639980001"), "{region}");
        }
    }

    #[test]
    fn a_region_is_a_country_that_has_a_numbering_plan() {
        assert!(["FR", "RE", "NC", "BE"].into_iter().all(region::is_known));
        assert!(!["France", "ZZ", "", "fr", "001", "33"].into_iter().any(region::is_known));
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
    fn a_number_is_shown_as_people_read_it() {
        let shown = |kept: &str| PhoneNumber::from_e164(kept).unwrap().in_pairs();
        assert_eq!(shown("+33639980001"), "06 39 98 00 01");
        assert_eq!(shown("+262692123456"), "0692 12 34 56");
        assert_eq!(shown("+262262123456"), "0262 12 34 56");
        assert_eq!(shown("+596596500000"), "0596 50 00 00");
        assert_eq!(shown("+508410000"), "0508 41 00 00");
        assert_eq!(shown("+687250000"), "+687 25.00.00");
        assert_eq!(shown("+32470123456"), "+32 470 12 34 56");
    }
}
