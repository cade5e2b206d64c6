//! How the exports write names, dates, yes and no, and ways to reach a person.

use jiff::civil::Date;

use crate::email_address::EmailAddress;
use crate::people::{Civility, ContactPoint, PostalAddress};
use crate::phone_number::{CellNumbers, PhoneNumber};
use crate::plain_text;

use super::file_to_read::FileToRead;
use super::reading::{Cause, Origin, SetAside};
use super::record::Record;

/// Where a remark belongs: the file, the line, and whom it is about.
#[derive(Clone)]
pub(super) struct RemarkPlace<'a> {
    pub(super) file: FileToRead<'a>,
    pub(super) line: u64,
    pub(super) what: String,
}

impl RemarkPlace<'_> {
    pub(super) fn origin(&self) -> Origin {
        let line = u32::try_from(self.line).unwrap_or(u32::MAX);
        Origin { file: self.file.number, line }
    }

    pub(super) fn set_aside(&self, cause: Cause, reason: impl Into<String>) -> SetAside {
        SetAside {
            file: self.file.label.to_owned(),
            line: Some(self.line),
            what: self.what.clone(),
            cause,
            reason: reason.into(),
        }
    }
}

/// Family name and, where it differs, the name in use.
pub(super) struct FamilyNames {
    pub(super) family: String,
    pub(super) usage: Option<String>,
}

/// `NOM` (the old schema), else `NOM_USAGE`, else `NOM_DE_FAMILLE` is what the school calls a
/// person; the family name is `NOM_DE_FAMILLE` where there is one. `None`: no name at all.
pub(super) fn names(record: Record<'_>) -> Option<FamilyNames> {
    let first_of = |elements: [&str; 3]| {
        elements.into_iter().map(|element| record.text_of(element)).find(|text| !text.is_empty())
    };
    let in_use = first_of(["NOM", "NOM_USAGE", "NOM_DE_FAMILLE"])?;
    let family = first_of(["NOM_DE_FAMILLE", "NOM", "NOM_USAGE"])?;
    let usage = (in_use != family).then(|| in_use.to_owned());
    Some(FamilyNames { family: family.to_owned(), usage })
}

/// `M.`, `MME`, `MLLE`, `MONSIEUR`, `MADAME`, or the digits of STS.
pub(super) fn civility(text: &str) -> Option<Civility> {
    match text.to_uppercase().trim_end_matches('.') {
        "M" | "MR" | "MONSIEUR" | "1" => Some(Civility::M),
        "MME" | "MLLE" | "MADAME" | "MADEMOISELLE" | "2" | "3" => Some(Civility::Mme),
        _ => None,
    }
}

/// `true` or `false`, `1` or `0`, `O` or `N`, `OUI` or `NON`; `None` for anything else.
pub(super) fn flag(text: &str) -> Option<bool> {
    match text.to_uppercase().as_str() {
        "TRUE" | "1" | "O" | "OUI" | "VRAI" => Some(true),
        "FALSE" | "0" | "N" | "NON" | "FAUX" => Some(false),
        _ => None,
    }
}

/// `03/04/2026` (SIECLE) or `2026-04-03` (STS).
pub(super) fn date(text: &str) -> Option<Date> {
    let read = |year: &str, month: &str, day: &str| {
        Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
    };
    let parts: Vec<&str> = text.split(['/', '-']).collect();
    match parts.as_slice() {
        [day, month, year] if text.contains('/') => read(year, month, day),
        [year, month, day] => read(year, month, day),
        _ => None,
    }
}

/// A date as the office reads it.
pub(super) fn in_french(date: Date) -> String {
    format!("{:02}/{:02}/{}", date.day(), date.month(), date.year())
}

/// The telephones and e-mail addresses of a PERSONNE, mobile first. What cannot be used is set
/// aside with its raw text.
pub(super) fn contact_points(
    record: Record<'_>,
    region: &str,
    place: &RemarkPlace<'_>,
    set_aside: &mut Vec<SetAside>,
) -> Ways {
    let mut ways = Ways::default();
    for element in ["TEL_PORTABLE", "TEL_PERSONNEL", "TEL_PROFESSIONNEL"] {
        let typed = record.text_of(element);
        set_aside.extend(take_phones(element, typed, region, place, &mut ways));
    }
    set_aside.extend(take_emails("MEL", record.text_of("MEL"), place, &mut ways.points));
    ways.points.shrink_to_fit();
    ways
}

/// The ways to reach a person, while they are gathered.
#[derive(Default)]
pub(super) struct Ways {
    pub(super) points: Vec<ContactPoint>,
    /// What was typed for a number, where it says more than the number.
    pub(super) typed: Vec<(PhoneNumber, String)>,
}

/// Bytes beyond which a field holds no telephone or e-mail of a person.
const LONGEST_FIELD: usize = 1_000;
/// Ways to reach one person; more are a mistake, and each is compared with all others.
const MOST_POINTS: usize = 100;
/// Bytes of an address: four lines of 38 letters, a town and a country, many times over.
const LONGEST_ADDRESS: usize = 2_000;

/// A remark, if the field is beyond what a person has.
fn too_much(
    field: &str,
    typed: &str,
    cause: Cause,
    place: &RemarkPlace<'_>,
    points: &[ContactPoint],
) -> Option<SetAside> {
    let is_too_much = typed.len() > LONGEST_FIELD || points.len() >= MOST_POINTS;
    is_too_much.then(|| {
        let shown: String = typed.chars().take(40).collect();
        let reason =
            format!("{field} : « {shown}… » est trop long pour une personne : non repris.");
        place.set_aside(cause, reason)
    })
}

/// Adds every whole number of one field; a remark if anything is left over, or there is none.
pub(super) fn take_phones(
    field: &str,
    typed: &str,
    region: &str,
    place: &RemarkPlace<'_>,
    ways: &mut Ways,
) -> Option<SetAside> {
    if let Some(remark) = too_much(field, typed, Cause::BadPhone, place, &ways.points) {
        return Some(remark);
    }
    let CellNumbers { numbers, left_over } = PhoneNumber::find(typed, region);
    let has_numbers = !numbers.is_empty();
    for number in numbers {
        if says_more(typed) {
            ways.typed.push((number.clone(), plain_text::one_line(typed).into_owned()));
        }
        ContactPoint::of_phone(&number).for_each(|point| add(point, &mut ways.points));
    }
    let left = left_over.join(" », « ");
    let reason = match (has_numbers, left.is_empty()) {
        (true, true) => return None,
        (true, false) => {
            format!("{field} : « {left} » n’est pas un numéro utilisable ; le reste est repris.")
        }
        (false, _) if typed.is_empty() => return None,
        (false, _) => format!("{field} : « {typed} » n’est pas un numéro utilisable."),
    };
    Some(place.set_aside(Cause::BadPhone, reason))
}

/// Whether a text holds more than a number: "(mère)", "après 18 h", a second number.
fn says_more(typed: &str) -> bool {
    let digits = typed.bytes().filter(u8::is_ascii_digit).count();
    digits > 13 || typed.chars().any(char::is_alphabetic)
}

/// Adds every whole address of one field; a remark if anything is left over, or there is none.
pub(super) fn take_emails(
    field: &str,
    typed: &str,
    place: &RemarkPlace<'_>,
    points: &mut Vec<ContactPoint>,
) -> Option<SetAside> {
    if let Some(remark) = too_much(field, typed, Cause::BadEmail, place, points) {
        return Some(remark);
    }
    let (addresses, left_over) = EmailAddress::find(typed);
    let has_addresses = !addresses.is_empty();
    for address in addresses {
        add(ContactPoint::Email(address), points);
    }
    let left = left_over.join(" », « ");
    let reason = match (has_addresses, left.is_empty()) {
        (true, true) => return None,
        (true, false) => {
            format!(
                "{field} : « {left} » n’est pas une adresse électronique ; le reste est repris."
            )
        }
        (false, _) if typed.is_empty() => return None,
        (false, _) => format!("{field} : « {typed} » n’est pas une adresse électronique."),
    };
    Some(place.set_aside(Cause::BadEmail, reason))
}

fn add(point: ContactPoint, points: &mut Vec<ContactPoint>) {
    if !points.contains(&point) {
        points.push(point);
    }
}

/// An ADRESSE; `None` when it holds neither street nor town, or more than any envelope takes: one
/// address may be that of very many.
pub(super) fn postal_address(record: Record<'_>) -> Option<PostalAddress> {
    let free = ["LIGNE1_ADRESSE", "LIGNE2_ADRESSE", "LIGNE3_ADRESSE", "LIGNE4_ADRESSE"];
    let mut lines: Vec<String> = free
        .into_iter()
        .map(|line| record.text_of(line).to_owned())
        .filter(|line| !line.is_empty())
        .collect();
    // Most have one; there may be very many addresses.
    lines.shrink_to_fit();
    let town = ["LIBELLE_POSTAL", "COMMUNE_ETRANGERE", "LL_COMMUNE_INSEE"]
        .into_iter()
        .map(|element| record.text_of(element))
        .find(|town| !town.is_empty())
        .unwrap_or_default();
    let country = record.text_of("LL_PAYS");
    let length = lines.iter().map(String::len).sum::<usize>() + town.len() + country.len();
    if (lines.is_empty() && town.is_empty()) || length > LONGEST_ADDRESS {
        return None;
    }
    let is_abroad = !country.is_empty() && !country.eq_ignore_ascii_case("FRANCE");
    Some(PostalAddress {
        lines,
        postcode: record.text_of("CODE_POSTAL").to_owned(),
        town: town.to_owned(),
        country: is_abroad.then(|| country.to_owned()),
    })
}
