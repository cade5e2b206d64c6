//! The shipped file: what of it is only an example.

use toml::{Table, Value};

use super::{ConfigError, overlaid, overrides};

/// The shipped configuration, with a comment on every key: what a school begins with.
pub const SHIPPED: &str = include_str!("../../config/chappe.toml");

/// How the comment of a value begins that is nobody's.
pub(super) const MARK: &str = "(example)";

/// The keys of a configuration, the environment laid over it, whose value is still the example's:
/// `school.name`, `providers.relay.smtp.host`.
pub fn examples_left(
    text: &str,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<Vec<String>, ConfigError> {
    let (own, shipped) = (overlaid(text, &overrides(environment))?, overlaid(SHIPPED, &[])?);
    let left = marked().flat_map(|(table, key)| {
        let example = value_at(&shipped, &format!("{table}.{key}"));
        let places = places(&own, table).into_iter().map(move |table| format!("{table}.{key}"));
        let own = &own;
        places.filter(move |place| example.is_some() && value_at(own, place) == example)
    });
    Ok(left.collect())
}

/// The table and the key of each example.
fn marked() -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut table = "";
    SHIPPED.lines().filter_map(move |line| {
        if let Some(name) = line.strip_prefix('[') {
            table = name.split(']').next().unwrap_or_default();
        }
        let (key, rest) = line.split_once(" = ")?;
        let (_, comment) = rest.split_once("  # ")?;
        comment.starts_with(MARK).then_some((table, key))
    })
}

/// Where a table of the shipped file stands in another: a provider may have any name there.
fn places(own: &Table, table: &str) -> Vec<String> {
    let Some((_, kind)) = table.strip_prefix("providers.").and_then(|it| it.split_once('.')) else {
        return vec![table.to_owned()];
    };
    let providers = own.get("providers").and_then(Value::as_table);
    let names = providers.into_iter().flat_map(Table::keys);
    names.map(|name| format!("providers.{name}.{kind}")).collect()
}

fn value_at<'t>(table: &'t Table, path: &str) -> Option<&'t Value> {
    let (sections, key) = path.rsplit_once('.')?;
    let inner = |table: &'t Table, name: &str| table.get(name)?.as_table();
    sections.split('.').try_fold(table, inner)?.get(key)
}
