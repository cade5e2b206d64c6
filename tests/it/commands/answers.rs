//! The answers of `--json`, each held whole as a file of `answers/`: what a door promises to whoever reads it.
//! `INSTA_UPDATE=always cargo test --test it` writes them anew; the difference is read before it is kept.

use serde_json::Value;

/// What differs from run to run, and what stands in its place.
const OF_THE_RUN: [(&str, &str); 4] = [
    ("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "[id]"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "[moment]"),
    (r"\d{4}-\d\d-\d\d", "[day]"),
    (r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{3}[A-Z]", "[reference]"),
];

/// Holds an answer to the file `answers/NAME.snap`: a field that is gone, renamed or of another kind fails.
pub fn holds(name: &str, answer: &Value) {
    insta::with_settings!({
        snapshot_path => "answers",
        prepend_module_to_snapshot => false,
        omit_expression => true,
        filters => OF_THE_RUN.to_vec(),
    }, {
        insta::assert_json_snapshot!(name, answer);
    });
}

/// The same but for these words of the run, each with what stands in its place: a code, who runs the tests.
pub fn holds_but_for(name: &str, answer: &Value, words: &[(&str, &str)]) {
    let quoted = |word: &str| format!("\"{word}\"");
    let mut text = answer.to_string();
    for (word, place) in words {
        text = text.replace(&quoted(word), &quoted(place));
    }
    holds(name, &serde_json::from_str(&text).unwrap());
}
