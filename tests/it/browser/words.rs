//! Where the words stand that a person reads: paths (`XPath`) of links, buttons and fields.

/// What a person presses: a link, a button, the line that opens a part, a label.
const PRESSED: &str = "self::a[@href] or self::button or self::summary or self::label";
/// What a person fills.
const FIELD: &str = "self::input or self::select or self::textarea";

/// What an element shows, with plain spaces.
const SHOWN: &str = "normalize-space(translate(., '\u{a0}\u{202f}', '  '))";

/// The words with plain spaces, as one types them: those that do not break look the same.
pub(super) fn plain(words: &str) -> String {
    let spaced = words.replace(['\u{a0}', '\u{202f}'], " ");
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What has these words on it, and can be pressed.
pub(super) fn pressed(words: &str) -> String {
    let (has, named) = (has(words), quoted(words));
    format!("//*[{PRESSED}][{has}] | //*[{PRESSED}][@aria-label = {named}]")
}

/// The field whose label says these words.
pub(super) fn field(label: &str) -> String {
    let (has, named) = (of_field(label), quoted(label));
    let beside = format!("//*[{FIELD}][@id = //label[{has}]/@for]");
    format!("{beside} | //label[{has}]//*[{FIELD}] | //*[{FIELD}][@aria-label = {named}]")
}

/// The label itself: what is pressed to choose one of several.
pub(super) fn label(words: &str) -> String {
    format!("//label[{}]", of_field(words))
}

/// One line of a list of choices.
pub(super) fn option(label: &str, words: &str) -> String {
    let list = format!("//select[@id = //label[{}]/@for]", of_field(label));
    format!("{list}//option[{}]", has(words))
}

fn has(words: &str) -> String {
    format!("{SHOWN} = {}", quoted(words))
}

/// What a label adds in brackets need not be said: `Objet (facultatif)`.
fn of_field(label: &str) -> String {
    format!("{} or starts-with({SHOWN}, {})", has(label), quoted(&format!("{label} (")))
}

/// A text within a path, which knows no escapes.
fn quoted(words: &str) -> String {
    let words = plain(words);
    if words.contains('"') { format!("'{words}'") } else { format!("\"{words}\"") }
}
