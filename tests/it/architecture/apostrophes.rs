//! The apostrophe of what people read is ’. A keyboard's own is for what machines and keyboards say.

use std::path::Path;

use super::sources;

/// Files with French in which a keyboard's apostrophe has its reason.
const EXCEPT: [(&str, &str); 5] = [
    ("audience/rule.rs", "an audience is typed, and told as it would be typed"),
    ("demo/school/names.rs", "exports of schools write names so"),
    ("mail/words.rs", "what programs write above what they quote"),
    ("providers/smtp/verdict.rs", "what mail servers answer"),
    ("wording/typed_dates.rs", "dates are typed"),
];

/// Words that lose their vowel before another; no English word is one of them before an apostrophe.
const ELIDED: [&str; 13] =
    ["l", "d", "qu", "n", "s", "c", "j", "m", "t", "aujourd", "jusqu", "lorsqu", "puisqu"];

/// The string literals of a file, without those of its tests.
fn literals(code: &str) -> Vec<String> {
    let code = code.split("#[cfg(test)]").next().unwrap_or_default();
    let mut found = Vec::new();
    let mut literal: Option<String> = None;
    let mut signs = code.chars().peekable();
    let mut before = '\n';
    while let Some(sign) = signs.next() {
        match (&mut literal, sign) {
            (Some(text), '\\') => {
                text.push(sign);
                text.extend(signs.next());
            }
            (Some(_), '"') => found.extend(literal.take()),
            (Some(text), _) => text.push(sign),
            (None, '"') if !matches!(before, '\'' | '\\') => literal = Some(String::new()),
            (None, '/') if before == '/' => while signs.next_if(|next| *next != '\n').is_some() {},
            (None, _) => {}
        }
        before = sign;
    }
    found
}

fn has_straight_apostrophe(text: &str) -> bool {
    let pieces: Vec<&str> = text.split('\'').collect();
    pieces.windows(2).any(|both| {
        let word = both[0].rsplit(|sign: char| !sign.is_alphabetic()).next().unwrap_or_default();
        let follows = both[1].starts_with(|sign: char| sign.is_alphabetic() || sign == '{');
        follows && ELIDED.contains(&word.to_lowercase().as_str())
    })
}

#[test]
fn what_people_read_in_french_has_typographic_apostrophes() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut wrong, mut excepted) = (Vec::new(), Vec::new());
    for (path, code) in sources() {
        let file = path.strip_prefix(&src).unwrap().to_str().unwrap();
        let straight = literals(&code).into_iter().filter(|text| has_straight_apostrophe(text));
        let straight: Vec<String> = straight.map(|text| format!("{file}: {text}")).collect();
        match EXCEPT.iter().find(|(name, _)| *name == file) {
            Some((name, _)) if !straight.is_empty() => excepted.push(*name),
            Some(_) => {}
            None => wrong.extend(straight),
        }
    }
    assert!(wrong.is_empty(), "write ’ for ':\n{}", wrong.join("\n"));
    assert_eq!(excepted, EXCEPT.map(|(name, _)| name), "an exception that excepts nothing");
}

#[test]
fn the_look_for_apostrophes_sees_them() {
    let code =
        "let a = 'l'; // \"l'heure\"\nlet b = \"aujourd'hui\"; // c\nlet c = '\"'; \"don't\"";
    assert_eq!(literals(code), ["aujourd'hui", "don't"]);
    assert!(has_straight_apostrophe("Aujourd'hui") && has_straight_apostrophe("de l'{name}"));
    assert!(!has_straight_apostrophe("the school's own, don't") && !has_straight_apostrophe("'l'"));
}
