//! What an office calls functions and languages that files write as codes.

use crate::people::unaccented_capitals;

/// Words, folded, and the code of STS that each stands for; the first of a code is the one shown.
const FUNCTIONS: [(&str, &str); 25] = [
    ("ENSEIGNANT", "ENS"),
    ("ENSEIGNANTE", "ENS"),
    ("ENSEIGNANTS", "ENS"),
    ("PROFESSEUR", "ENS"),
    ("PROFESSEURE", "ENS"),
    ("PROFESSEURS", "ENS"),
    ("PROF", "ENS"),
    ("PROFS", "ENS"),
    ("DIRECTION", "DIR"),
    ("DIRECTEUR", "DIR"),
    ("DIRECTRICE", "DIR"),
    ("PRINCIPAL", "DIR"),
    ("PRINCIPALE", "DIR"),
    ("PROVISEUR", "DIR"),
    ("PROVISEURE", "DIR"),
    ("VIE SCOLAIRE", "EDU"),
    ("CPE", "EDU"),
    ("EDUCATION", "EDU"),
    ("DOCUMENTALISTE", "DOC"),
    ("DOCUMENTALISTES", "DOC"),
    ("DOCUMENTATION", "DOC"),
    ("CDI", "DOC"),
    ("PROFESSEUR DOCUMENTALISTE", "DOC"),
    ("PROFESSEURE DOCUMENTALISTE", "DOC"),
    ("PROFESSEUR DES ECOLES", "ENS"),
];

/// Names of languages, folded, and their codes (ISO 639).
const LANGUAGES: [(&str, &str); 27] = [
    ("ALBANAIS", "SQ"),
    ("ALLEMAND", "DE"),
    ("ANGLAIS", "EN"),
    ("ARABE", "AR"),
    ("ARMENIEN", "HY"),
    ("BAMBARA", "BM"),
    ("BENGALI", "BN"),
    ("CHINOIS", "ZH"),
    ("ESPAGNOL", "ES"),
    ("GEORGIEN", "KA"),
    ("ITALIEN", "IT"),
    ("KURDE", "KU"),
    ("LINGALA", "LN"),
    ("NEERLANDAIS", "NL"),
    ("OURDOU", "UR"),
    ("PACHTO", "PS"),
    ("PERSAN", "FA"),
    ("POLONAIS", "PL"),
    ("PORTUGAIS", "PT"),
    ("ROUMAIN", "RO"),
    ("RUSSE", "RU"),
    ("SOMALI", "SO"),
    ("SONINKE", "SNK"),
    ("TAMOUL", "TA"),
    ("TURC", "TR"),
    ("UKRAINIEN", "UK"),
    ("VIETNAMIEN", "VI"),
];

/// A function such that equal ones are one: the code of STS, or the folded word of another source.
pub(super) fn function_code(word: &str) -> String {
    code(word, &FUNCTIONS)
}

/// A language such that equal ones are one: its code.
pub(super) fn language_code(word: &str) -> String {
    code(word, &LANGUAGES)
}

/// What an office calls a function.
pub(super) fn function_name(function: &str) -> String {
    name(function, &FUNCTIONS)
}

/// What an office calls a language.
pub(super) fn language_name(language: &str) -> String {
    name(language, &LANGUAGES)
}

fn code(word: &str, table: &[(&str, &str)]) -> String {
    let folded = unaccented_capitals(word);
    let known = table.iter().find(|(name, _)| *name == folded);
    known.map_or(folded, |(_, code)| (*code).to_owned())
}

fn name(word: &str, table: &[(&str, &str)]) -> String {
    let folded = unaccented_capitals(word);
    let known = table.iter().find(|(_, code)| *code == folded);
    known.map_or_else(|| word.to_owned(), |(name, _)| name.to_lowercase().replace(' ', "-"))
}
