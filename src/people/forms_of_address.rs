//! How those who get one copy are addressed: in its greeting, on its envelope, at the telephone.

use super::envelope_lines::WIDTH;
use super::person::Civility;

/// A person's civility, where known, and shown name: `Inès DURAND`.
pub type Addressed<'a> = (Option<Civility>, &'a str);

/// The greeting of all these persons, without its comma: `Madame`, `Messieurs`, `Madame, Monsieur`; the
/// latter also where a civility is not known.
#[must_use]
pub fn salutation(civilities: &[Option<Civility>]) -> &'static str {
    let count = |of: Civility| civilities.iter().filter(|civility| **civility == Some(of)).count();
    match (count(Civility::Mme), count(Civility::M)) {
        (women, men) if women + men < civilities.len() => "Madame, Monsieur",
        (1, 0) => "Madame",
        (0, 1) => "Monsieur",
        (0, 0) | (1, 1) => "Madame, Monsieur",
        (_, 0) => "Mesdames",
        (0, _) => "Messieurs",
        (1, _) => "Madame, Messieurs",
        (_, 1) => "Mesdames, Monsieur",
        _ => "Mesdames, Messieurs",
    }
}

/// Everybody who lives at an address, as the envelope names them: `M. et Mme ABDALLAH`, `Mme Inès DURAND et
/// M. Paul MARTIN`, `Mme DURAND et M. MARTIN`; on two lines where one is too short for that. Nobody is left
/// out.
#[must_use]
pub fn on_the_envelope(persons: &[Addressed<'_>]) -> Vec<String> {
    let short: Vec<Addressed<'_>> =
        persons.iter().map(|(civility, name)| (*civility, family_name(name))).collect();
    let [full, short] = [persons, &short].map(|them| all_titled(them).join(" et "));
    let on_one_line = couple(persons).into_iter().chain([full, short]);
    if let Some(line) = on_one_line.into_iter().find(|line| line.chars().count() <= WIDTH) {
        return vec![line];
    }
    let mut each = all_titled(persons).into_iter();
    let first = each.next();
    let others = each.collect::<Vec<_>>().join(" et ");
    first.into_iter().chain(Some(others).filter(|line| !line.is_empty())).collect()
}

/// Whom a caller asks for: `Mme Inès DURAND ou M. Paul DURAND`.
#[must_use]
pub fn at_the_telephone(persons: &[Addressed<'_>]) -> String {
    all_titled(persons).join(" ou ")
}

/// Two persons of one family name: `M. et Mme ABDALLAH`, `Mmes ABDALLAH`; `Inès et Paul ABDALLAH` where a
/// civility is not known.
fn couple(persons: &[Addressed<'_>]) -> Option<String> {
    let [(one, first), (other, second)] = persons else { return None };
    let family = family_name(first);
    let is_one_name = family == family_name(second) && family != *first && family != *second;
    is_one_name.then(|| match (one, other) {
        (Some(Civility::Mme), Some(Civility::Mme)) => format!("Mmes {family}"),
        (Some(Civility::M), Some(Civility::M)) => format!("MM. {family}"),
        (Some(_), Some(_)) => format!("M. et Mme {family}"),
        _ => {
            let [first, second] = [first, second].map(|name| name.trim_end_matches(family).trim());
            format!("{first} et {second} {family}")
        }
    })
}

fn all_titled(persons: &[Addressed<'_>]) -> Vec<String> {
    let titled = |(civility, name): &Addressed<'_>| match civility {
        Some(civility) => format!("{} {name}", civility.as_str()),
        None => (*name).to_owned(),
    };
    persons.iter().map(titled).collect()
}

/// The part of a shown name that is in capitals: `DE LA TOUR` of `Anne-Sophie DE LA TOUR`.
fn family_name(name: &str) -> &str {
    let in_capitals =
        |word: &&str| word.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
    let Some(first) = name.split(' ').find(in_capitals) else { return name };
    name.find(first).and_then(|at| name.get(at..)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MME: Option<Civility> = Some(Civility::Mme);
    const M: Option<Civility> = Some(Civility::M);

    #[test]
    fn everybody_who_gets_the_copy_is_greeted() {
        let cases: [(&[Option<Civility>], &str); 10] = [
            (&[MME], "Madame"),
            (&[M], "Monsieur"),
            (&[None], "Madame, Monsieur"),
            (&[], "Madame, Monsieur"),
            (&[M, MME], "Madame, Monsieur"),
            (&[MME, MME], "Mesdames"),
            (&[M, M], "Messieurs"),
            (&[MME, None], "Madame, Monsieur"),
            (&[MME, M, MME], "Mesdames, Monsieur"),
            (&[M, MME, M], "Madame, Messieurs"),
        ];
        for (civilities, greeting) in cases {
            assert_eq!(salutation(civilities), greeting, "{civilities:?}");
        }
    }

    #[test]
    fn a_couple_of_one_name_is_named_once_and_others_each_by_their_own() {
        let cases: [(&[Addressed<'_>], &[&str]); 8] = [
            (&[(MME, "Inès ABDALLAH")], &["Mme Inès ABDALLAH"]),
            (&[(MME, "Inès ABDALLAH"), (M, "Paul ABDALLAH")], &["M. et Mme ABDALLAH"]),
            (&[(MME, "Inès ABDALLAH"), (MME, "Rosa ABDALLAH")], &["Mmes ABDALLAH"]),
            (&[(M, "Jean DE LA TOUR"), (M, "Luc DE LA TOUR")], &["MM. DE LA TOUR"]),
            (&[(None, "Inès ABDALLAH"), (M, "Paul ABDALLAH")], &["Inès et Paul ABDALLAH"]),
            (&[(MME, "Inès DURAND"), (M, "Paul MARTIN")], &["Mme Inès DURAND et M. Paul MARTIN"]),
            (
                &[(MME, "Marie-Françoise DURAND"), (M, "Jean-Christophe MARTIN")],
                &["Mme DURAND et M. MARTIN"],
            ),
            (
                &[(MME, "Anne DE LA TOUR DU PIN-CHAMBLY"), (M, "Paul LEFEBVRE-DESNOUETTES")],
                &["Mme Anne DE LA TOUR DU PIN-CHAMBLY", "M. Paul LEFEBVRE-DESNOUETTES"],
            ),
        ];
        for (persons, lines) in cases {
            assert_eq!(on_the_envelope(persons), lines);
        }
    }

    #[test]
    fn names_without_a_first_name_are_never_taken_for_one_family() {
        assert_eq!(
            on_the_envelope(&[(MME, "INES DURAND"), (M, "INES DURAND")]),
            ["Mme INES DURAND et M. INES DURAND"]
        );
    }
}
