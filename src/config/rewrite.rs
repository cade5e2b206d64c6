//! The file with other values: the keys that change, and not a byte beside them. Comments, the order of the keys
//! and what nobody asked about stay as somebody wrote them.

use std::time::Duration;

use jiff::civil::Date;
use toml_edit::{
    Array, ArrayOfTables, Decor, DocumentMut, InlineTable, Item, Table, TableLike, Value,
};

use super::StandIn;
use super::hours::{written_days, written_point, written_span};
use super::shipped::MARK;
use crate::delivery::QuietSpan;
use crate::message::Rung;
use crate::settings::{Price, Span};

/// A key of the file and what it says from now on.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// Its tables and its own name: `hours`, `sms`, `quiet`.
    pub key: Vec<String>,
    /// What it says.
    pub value: NewValue,
}

/// What a key says from now on.
#[derive(Debug, Clone, PartialEq)]
pub enum NewValue {
    /// A text.
    Text(String),
    /// Several texts.
    Texts(Vec<String>),
    /// A number.
    Number(u32),
    /// Yes or no.
    Flag(bool),
    /// A price.
    Price(Price),
    /// A span of time.
    Lasting(Duration),
    /// Hours at which a channel leaves people in peace.
    QuietSpans(Vec<QuietSpan>),
    /// Days on which it does, first and last one.
    DaysOff(Vec<(Date, Date)>),
    /// A time of the week, in minutes since Monday.
    TimeOfWeek(i64),
    /// Who is asked for a yes, in this order.
    Chain(Vec<StandIn>),
    /// The rungs of a plan.
    Rungs(Vec<Rung>),
    /// Who carries on a channel, place after place; those of one place share it.
    Route(Vec<Vec<String>>),
    /// Nothing: the key goes.
    Gone,
}

impl Setting {
    /// A key by its tables and its name.
    pub fn new<'k>(key: impl IntoIterator<Item = &'k str>, value: NewValue) -> Self {
        Self { key: key.into_iter().map(str::to_owned).collect(), value }
    }

    /// The key as people write it: `hours.sms.quiet`.
    #[must_use]
    pub fn name(&self) -> String {
        self.key.join(".")
    }
}

/// The text of a file with these settings; `None` where it is no TOML, or has no table where one is due.
#[must_use]
pub fn rewritten(text: &str, settings: &[Setting]) -> Option<String> {
    let (mark, body) = match text.strip_prefix('\u{feff}') {
        Some(body) => ("\u{feff}", body),
        None => ("", text),
    };
    let mut file: DocumentMut = body.parse().ok()?;
    for setting in settings {
        put(file.as_table_mut(), setting)?;
    }
    let written = file.to_string();
    // The editor ends every line as Unix does; a file that ends them all as Windows does goes on so.
    let is_of_windows = body.contains('\n') && body.replace("\r\n", "").find('\n').is_none();
    let written = if is_of_windows { written.replace('\n', "\r\n") } else { written };
    Some(format!("{mark}{written}"))
}

fn put(root: &mut Table, Setting { key, value }: &Setting) -> Option<()> {
    let (name, tables) = key.split_last()?;
    let mut place: &mut dyn TableLike = root;
    let mut is_inline = false;
    for table in tables {
        let entry = place.entry(table).or_insert_with(new_table);
        is_inline = entry.is_inline_table();
        place = entry.as_table_like_mut()?;
    }
    let is_new = !place.contains_key(name);
    match value {
        NewValue::Gone => drop(place.remove(name)),
        NewValue::Rungs(rungs) => put_rungs(place, name, rungs),
        other => put_value(place, name, value_of(other)),
    }
    if is_inline && is_new {
        // Its blanks stand where the last key was.
        place.fmt();
    }
    Some(())
}

/// It has no heading of its own as long as it holds nothing but tables.
fn new_table() -> Item {
    let mut table = Table::new();
    table.set_implicit(true);
    Item::Table(table)
}

/// Gives a key its value, between the blanks and before the comment of the old one.
fn put_value(place: &mut dyn TableLike, name: &str, mut value: Value) {
    match place.get_mut(name) {
        Some(item) => {
            if let Some(old) = item.as_value() {
                *value.decor_mut() = kept(old);
            }
            *item = Item::Value(value);
        }
        None => drop(place.insert(name, Item::Value(value))),
    }
}

/// What stands around a value, without the word that it is only an example.
fn kept(old: &Value) -> Decor {
    let mut decor = old.decor().clone();
    let suffix = decor.suffix().and_then(|it| it.as_str()).map(str::to_owned);
    if let Some(suffix) = suffix {
        let comment = suffix.replacen(&format!("# {MARK}"), "#", 1);
        let is_empty = comment.trim() == "#";
        decor.set_suffix(if is_empty { String::new() } else { comment });
    }
    decor
}

fn value_of(value: &NewValue) -> Value {
    match value {
        NewValue::Text(text) => Value::from(text.as_str()),
        NewValue::Texts(texts) => Value::Array(texts.iter().map(String::as_str).collect()),
        NewValue::Number(number) => Value::from(i64::from(*number)),
        NewValue::Flag(flag) => Value::from(*flag),
        NewValue::Price(price) => Value::from(price.written()),
        NewValue::Lasting(span) => Value::from(Span(*span).written()),
        NewValue::QuietSpans(spans) => Value::Array(spans.iter().map(written_span).collect()),
        NewValue::DaysOff(days) => Value::Array(days.iter().copied().map(written_days).collect()),
        NewValue::TimeOfWeek(minutes) => Value::from(written_point(*minutes)),
        NewValue::Chain(chain) => Value::Array(chain.iter().map(stand_in).collect()),
        NewValue::Rungs(rungs) => Value::Array(rungs.iter().map(inline_rung).collect()),
        NewValue::Route(places) => Value::Array(places.iter().map(|it| place_of(it)).collect()),
        NewValue::Gone => Value::Array(Array::new()),
    }
}

fn place_of(names: &[String]) -> Value {
    match names {
        [alone] => Value::from(alone.as_str()),
        shared => Value::Array(shared.iter().map(String::as_str).collect()),
    }
}

fn stand_in(StandIn { login, from, until }: &StandIn) -> InlineTable {
    let mut table = InlineTable::new();
    table.insert("login", login.as_str().into());
    let dates = [("from", from), ("until", until)];
    for (key, date) in dates.into_iter().filter_map(|(key, date)| Some((key, (*date)?))) {
        table.insert(key, date.to_string().into());
    }
    table
}

fn inline_rung(rung: &Rung) -> InlineTable {
    let mut table = InlineTable::new();
    put_rung(&mut table, rung);
    table
}

/// A table a rung, where the plan has tables or is new: what a rung says already stays as it is written.
fn put_rungs(place: &mut dyn TableLike, name: &str, rungs: &[Rung]) {
    match place.get_mut(name) {
        Some(Item::ArrayOfTables(tables)) => put_tables(tables, rungs),
        Some(_) => put_value(place, name, value_of(&NewValue::Rungs(rungs.to_vec()))),
        None => {
            let mut tables = ArrayOfTables::new();
            put_tables(&mut tables, rungs);
            place.insert(name, Item::ArrayOfTables(tables));
        }
    }
}

fn put_tables(tables: &mut ArrayOfTables, rungs: &[Rung]) {
    for (at, rung) in rungs.iter().enumerate() {
        if at == tables.len() {
            tables.push(Table::new());
        }
        if let Some(table) = tables.get_mut(at) {
            put_rung(table, rung);
        }
    }
    while tables.len() > rungs.len() {
        tables.remove(rungs.len());
    }
}

/// Writes what a rung says otherwise than its table does.
fn put_rung(table: &mut dyn TableLike, rung: &Rung) {
    let channels: Vec<&str> = rung.channels.iter().map(|channel| channel.as_str()).collect();
    let said = table.get("channels").and_then(Item::as_array);
    let said = said.map(|said| said.iter().filter_map(Value::as_str).collect::<Vec<_>>());
    if said.as_ref() != Some(&channels) {
        put_value(table, "channels", Value::Array(channels.iter().copied().collect()));
    }
    let enough = rung.enough.as_str();
    if table.get("enough").and_then(Item::as_str).unwrap_or("accepted") != enough {
        put_value(table, "enough", enough.into());
    }
    if rung.is_carried_by_people() {
        return;
    }
    let said = table.get("patience").and_then(Item::as_str).and_then(Span::of);
    if said != Some(Span(rung.patience())) {
        put_value(table, "patience", Span(rung.patience()).written().into());
    }
}
