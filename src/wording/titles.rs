//! Functions, as those who hold them sign.

/// What begins a function, and the article that goes before it.
const ARTICLES: [(&str, &str); 10] = [
    ("principale", "La"),
    ("principal", "Le"),
    ("proviseure", "La"),
    ("proviseur", "Le"),
    ("directrice", "La"),
    ("directeur", "Le"),
    ("cheffe", "La"),
    ("chef", "Le"),
    ("conseillère", "La"),
    ("conseiller", "Le"),
];

/// A function as a signature names it: `La principale` for `Principale`. Any other is signed as typed,
/// since its gender is not ours to guess.
#[must_use]
pub fn in_signature(title: &str) -> String {
    let title = title.trim();
    let mut signs = title.chars();
    let low: String = signs.next().into_iter().flat_map(char::to_lowercase).chain(signs).collect();
    let first = low.split(' ').next().unwrap_or_default();
    match ARTICLES.iter().find(|(begins, _)| first == *begins) {
        Some((_, article)) => format!("{article} {low}"),
        None => title.to_owned(),
    }
}
