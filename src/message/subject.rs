//! What school subjects are called: a timetable has the names of the national nomenclature, teachers have their own.

use crate::people::unaccented_capitals;

/// Words that tell no subject apart: the rank of a language (`ANGLAIS LV1`, `ESPAGNOL LVB`) and what joins words.
const IDLE: [&str; 15] = [
    "LV1", "LV2", "LV3", "LVA", "LVB", "LVC", "LV", "ET", "DE", "DES", "DU", "LA", "LE", "LES", "L",
];
/// Short names, as schools write them, and the subject that is meant, both without idle words. SIECLE and PRONOTE have
/// the names of the national nomenclature (`MATHEMATIQUES`, `SCIENCES VIE & TERRE`, `HISTOIRE-GEOGRAPHIE`).
const SHORT: [(&str, &[&str]); 15] = [
    ("MATHEMATIQUES", &["MATHS", "MATH"]),
    ("FRANCAIS", &["FR", "FRANC", "LETTRES"]),
    (
        "HISTOIRE GEOGRAPHIE",
        &[
            "HG",
            "HIST GEO",
            "HISTOIRE GEO",
            "HIST GEOGRAPHIE",
            "HISTOIRE GEO EMC",
            "HIST GEO EMC",
            "HIST GEOGRAPHIE EMC",
            "HISTOIRE GEOGRAPHIE EMC",
            "HGEMC",
            "HISTOIRE GEOGRAPHIE ENSEIGNEMENT MORAL CIVIQUE",
        ],
    ),
    ("ENSEIGNEMENT MORAL CIVIQUE", &["EMC", "ENS MORAL CIVIQUE", "EDUCATION MORALE CIVIQUE"]),
    ("SCIENCES VIE TERRE", &["SVT", "SC VIE TERRE", "SCIENCES VIE"]),
    ("PHYSIQUE CHIMIE", &["PC", "PHYSIQUE", "PHYS CHIMIE", "SCIENCES PHYSIQUES", "SC PHYSIQUES"]),
    ("TECHNOLOGIE", &["TECHNO"]),
    (
        "EDUCATION PHYSIQUE SPORTIVE",
        &["EPS", "SPORT", "ED PHYSIQUE SPORTIVE", "ED PHYSIQUE SPORT", "EDUCATION PHYSIQUE SPORT"],
    ),
    ("EDUCATION MUSICALE", &["MUSIQUE", "ED MUSICALE", "EDUC MUSICALE"]),
    ("ARTS PLASTIQUES", &["ARTS PLA", "ARTS", "ART PLASTIQUE"]),
    ("ANGLAIS", &["ANG", "ANGL"]),
    ("ESPAGNOL", &["ESP"]),
    ("ALLEMAND", &["ALL", "ALLD"]),
    ("ITALIEN", &["ITA"]),
    ("SCIENCES ECONOMIQUES SOCIALES", &["SES"]),
];

/// By what a subject is known, however it is written: `Maths`, `MATHEMATIQUES` and `mathématiques` are one.
#[must_use]
pub fn subject_key(name: &str) -> String {
    let folded = unaccented_capitals(name);
    let words: Vec<&str> = folded.split(' ').filter(|word| !IDLE.contains(word)).collect();
    let words = words.join(" ");
    let meant = SHORT.into_iter().find(|(_, short)| short.contains(&words.as_str()));
    meant.map_or(words, |(subject, _)| subject.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_known_however_it_is_written() {
        for alike in [
            &["Mathématiques", "maths", "MATHS", "MATHEMATIQUES"][..],
            &["HIST.-GEOGRAPHIE & EMC", "Histoire-géo", "HISTOIRE-GEOGRAPHIE", "HG"],
            &["ANGLAIS LV1", "Anglais", "ANGLAIS LVA", "ANGL."],
            &["SCIENCES VIE & TERRE", "SVT", "Sciences de la vie et de la Terre"],
            &["ED.PHYSIQUE & SPORT.", "EPS", "Éducation physique et sportive"],
            &["PHYSIQUE-CHIMIE", "Physique", "Sciences physiques"],
        ] {
            let keys: Vec<String> = alike.iter().map(|name| subject_key(name)).collect();
            assert!(keys.iter().all(|key| *key == keys[0]), "{keys:?}");
        }
        assert_ne!(subject_key("Anglais"), subject_key("Allemand"));
        assert_ne!(subject_key("Arts plastiques"), subject_key("Éducation musicale"));
        assert_ne!(subject_key("EMC"), subject_key("Histoire"));
    }
}
