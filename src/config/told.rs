//! What is wrong with a configuration, told without any value of it: a secret may stand where none is due.

use std::ops::Range;

/// How the words begin in which serde quotes what it found; what it expected follows.
const QUOTING: [&str; 3] = ["invalid type: ", "invalid value: ", UNKNOWN];
const UNKNOWN: &str = "unknown variant ";
const EXPECTED: &str = ", expected ";

/// The line, the column and the key where `text` is wrong, and what is due there.
pub(super) fn of_file(text: &str, error: &toml::de::Error) -> String {
    let span = error.span().unwrap_or_default();
    let found = text.get(span.clone()).and_then(value);
    let told = if error.message().starts_with(UNKNOWN) && is_key(text, &span) {
        error.message().to_owned()
    } else {
        without(error.message(), found.as_ref())
    };
    let before = text.get(..span.start).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    match keys(error) {
        Some(keys) => format!("line {line}, column {column}, {keys}: {told}"),
        None => format!("line {line}, column {column}: {told}"),
    }
}

/// The same of a configuration over which these values were laid.
pub(super) fn of_values<'v>(
    values: impl IntoIterator<Item = &'v str>,
    error: &toml::de::Error,
) -> String {
    let found = values.into_iter().map(as_toml).collect();
    let told = without(error.message(), Some(&toml::Value::Array(found)));
    keys(error).map_or(told.clone(), |keys| format!("{keys}: {told}"))
}

/// A text as TOML where it reads as such (`8080`, `true`), else as itself.
pub(super) fn as_toml(text: &str) -> toml::Value {
    value(text).unwrap_or_else(|| toml::Value::String(text.to_owned()))
}

/// Whether a key stands at this place, and no value: some keys are known words, as the channels under `[hours]`.
fn is_key(text: &str, span: &Range<usize>) -> bool {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    let Some(before) = text.get(..span.start).and_then(|text| text.rsplit('\n').next()) else {
        return false;
    };
    let (key, after) = (text.get(span.clone()), text.get(span.end..));
    before.chars().all(|c| is_bare(c) || ".[ ".contains(c))
        && key.is_some_and(|key| !key.is_empty() && key.chars().all(is_bare))
        && after.is_some_and(|after| after.trim_start_matches(' ').starts_with([']', '.', '=']))
}

fn value(text: &str) -> Option<toml::Value> {
    let mut table = format!("v = {text}").parse::<toml::Table>().ok()?;
    table.remove("v").filter(|_| table.is_empty())
}

/// `school.zone`: which key it is about. The error tells it last, where it was not given the text.
fn keys(error: &toml::de::Error) -> Option<String> {
    let mut error = error.clone();
    error.set_input(None);
    let told = error.to_string();
    let (_, keys) = told.trim_end().rsplit_once("\nin `")?;
    keys.strip_suffix('`').map(str::to_owned)
}

fn without(message: &str, found: Option<&toml::Value>) -> String {
    for start in QUOTING {
        let quoted = message.strip_prefix(start).and_then(|rest| rest.rsplit_once(EXPECTED));
        if let Some((found, expected)) = quoted {
            let kind = found.split(['"', '`']).next().unwrap_or_default();
            return format!("{}{EXPECTED}{expected}", format!("{start}{kind}").trim_end());
        }
    }
    let mut told = message.to_owned();
    let mut texts = Vec::new();
    gather(found, &mut texts);
    for text in texts {
        told = told.replace(&format!("\"{text}\""), "this");
    }
    told
}

/// Every text in a value.
fn gather<'v>(value: Option<&'v toml::Value>, texts: &mut Vec<&'v str>) {
    match value {
        Some(toml::Value::String(text)) => texts.push(text),
        Some(toml::Value::Array(values)) => values.iter().for_each(|it| gather(Some(it), texts)),
        Some(toml::Value::Table(table)) => table.values().for_each(|it| gather(Some(it), texts)),
        _ => {}
    }
}
