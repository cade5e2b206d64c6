//! The examples of the shipped templates: an office copies them, and what they get wrong is sent.

use super::*;
use chappe::wording::dates::in_full;
use jiff::civil::{Date, date};

/// The school year of the examples; whoever moves them to another one moves all of them.
const BEGINS: Date = date(2026, 9, 1);

const DAYS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];

/// Each field of each template, by their names, with its example.
fn examples() -> Vec<(String, String)> {
    let templates = Templates::load(None).unwrap();
    let fields = templates.list().flat_map(|(template, info)| {
        info.fields.iter().map(move |it| (format!("{template}: {}", it.name), it.example.clone()))
    });
    fields.collect()
}

/// The words that make dates: `lundi 15 au vendredi 19 mars` is two days of one month.
fn dates_of(text: &str) -> Vec<(String, String)> {
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split(|sign: char| !sign.is_alphanumeric()).collect();
    let months: Vec<String> = (1..=12)
        .map(|month| in_full(date(2026, month, 2)).split(' ').nth(2).unwrap().to_owned())
        .collect();
    let dates = words.windows(2).enumerate().filter(|(_, pair)| DAYS.contains(&pair[0]));
    dates
        .map(|(at, pair)| {
            let month = words[at..].iter().find(|word| months.iter().any(|it| it == *word));
            (pair.join(" "), format!("{} {}", pair[1], month.expect("a month follows")))
        })
        .collect()
}

#[test]
fn the_weekday_of_every_example_fits_its_date() {
    let year: Vec<String> =
        (0..365).map(|day| in_full(BEGINS.saturating_add(jiff::Span::new().days(day)))).collect();
    let mut seen = 0;
    for (field, text) in examples() {
        for (day, written) in dates_of(&text) {
            let found = year.iter().find(|it| it.contains(&format!(" {written} "))).unwrap();
            assert!(found.starts_with(&day), "{field}: {day}, but {found}");
            seen += 1;
        }
    }
    assert!(seen >= 13, "{seen} dates: they are no longer found");
    assert_eq!(
        dates_of("du lundi 15 au vendredi 19 mars")[0],
        ("lundi 15".into(), "15 mars".into())
    );
}

#[test]
fn no_example_says_tomorrow_or_types_an_apostrophe_of_a_machine() {
    for (field, text) in examples() {
        assert!(!text.contains("demain") && !text.contains('\''), "{field}: {text}");
    }
}

#[test]
fn the_examples_leave_their_text_message_in_the_cheap_alphabet() {
    let templates = Templates::load(None).unwrap();
    for (name, info) in templates.list().filter(|(_, info)| info.channels.contains(&Channel::Sms)) {
        let given = info.fields.iter().map(|it| (it.name.clone(), it.example.clone())).collect();
        let (text, _) = sms(&templates.prepare(name, &given, &school()).unwrap(), &ines());
        assert_eq!(
            chappe::wording::sms::segments(&text).encoding,
            Encoding::Gsm7,
            "{name}: {text}"
        );
    }
}
