//! What waits for a person: what families wrote, those whom nothing reached, those of whom nobody knows.

use askama::Template;
use axum::extract::RawQuery;

use super::super::fault::Fault;
use super::super::numbered::Numbered;
use super::super::page::{Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::super::words::{count, hour_of};
use super::entry_words;
use crate::office::{self, EntryKind, InboxEntry, InboxSought, School};

/// Entries on a page.
const EACH: usize = 40;
/// In an address: what is given to whoever looks.
const MINE: &str = "moi";
/// Where all of them stand.
const ALL: &str = "/a-traiter/boite";

/// Some of what waits.
#[derive(Template)]
#[template(path = "to_do/waiting.html", config = "src/web/askama.toml")]
pub(super) struct WaitingEntries {
    lines: Vec<EntryLine>,
    total: usize,
    nothing: &'static str,
    /// How many there are, where not all are shown.
    more: Option<String>,
}

/// One entry, in a line.
struct EntryLine {
    path: String,
    who: String,
    about: String,
    what: String,
    said: String,
    given: String,
    since: String,
    tone: &'static str,
}

impl EntryLine {
    fn of(school: &School, entry: &InboxEntry) -> Self {
        let presses = entry.is_urgent || entry.kind == EntryKind::Unreached;
        Self {
            path: entry_words::path(&entry.name),
            who: entry_words::who(entry),
            about: entry.about.join(", "),
            what: entry_words::what(entry),
            said: said(entry),
            given: entry
                .assigned_to
                .as_ref()
                .map(|to| format!("confié à {to}"))
                .unwrap_or_default(),
            since: hour_of(school, entry.since),
            tone: if presses { "wait" } else { "soft" },
        }
    }
}

/// As much of what was written as tells what it is about.
fn said(entry: &InboxEntry) -> String {
    const SHOWN: usize = 160;
    let written = [&entry.subject_line, &entry.said].into_iter().flatten();
    let line = written.flat_map(|text| text.split_whitespace()).collect::<Vec<_>>().join(" ");
    let mut shown: String = line.chars().take(SHOWN).collect();
    if shown.len() < line.len() {
        shown.push('…');
    }
    shown
}

impl WaitingEntries {
    /// What was asked for.
    pub(super) async fn of(visitor: &Visitor, sought: InboxSought) -> Result<Self, Fault> {
        let (school, kind) = (visitor.school(), sought.kind);
        let found = office::look_at_inbox(school, visitor.actor(), &visitor.whom(), sought).await?;
        let all = format!("Voir les {}", count(found.total, "chose à traiter", "choses à traiter"));
        Ok(Self {
            more: (found.entries.len() < found.total).then_some(all),
            lines: found.entries.iter().map(|it| EntryLine::of(school, it)).collect(),
            total: found.total,
            nothing: entry_words::nothing(kind),
        })
    }
}

#[derive(Template)]
#[template(path = "to_do/box.html", config = "src/web/askama.toml")]
struct BoxPage {
    title: &'static str,
    then: &'static str,
    /// The other kinds: their address, their words, whether this is the one that is shown.
    kinds: Vec<(String, String, bool)>,
    /// Whether those alone are shown that are given to whoever looks.
    is_mine: bool,
    part: WaitingEntries,
    pages: Numbered,
}

/// All that waits, or what was asked for of it.
pub(super) async fn all(visitor: Visitor, RawQuery(query): RawQuery) -> Result<WebPage, Fault> {
    let asked = Form::asked(query.as_deref().unwrap_or_default());
    let kind = entry_words::kind(asked.text("type"));
    page(&visitor, &asked, kind).await
}

/// Everybody whom nothing reached.
pub(super) async fn unreached(
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<WebPage, Fault> {
    let asked = Form::asked(query.as_deref().unwrap_or_default());
    page(&visitor, &asked, Some(EntryKind::Unreached)).await
}

/// Everybody of whom nobody knows.
pub(super) async fn uncertain(
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<WebPage, Fault> {
    let asked = Form::asked(query.as_deref().unwrap_or_default());
    page(&visitor, &asked, Some(EntryKind::Uncertain)).await
}

/// Everything that families wrote.
pub(super) async fn replies(visitor: Visitor, RawQuery(query): RawQuery) -> Result<WebPage, Fault> {
    let asked = Form::asked(query.as_deref().unwrap_or_default());
    page(&visitor, &asked, Some(EntryKind::Reply)).await
}

async fn page(visitor: &Visitor, asked: &Form, kind: Option<EntryKind>) -> Result<WebPage, Fault> {
    let (school, whom) = (visitor.school(), visitor.whom());
    let is_mine = asked.text("a") == MINE;
    let assigned_to = is_mine.then(|| visitor.session().account.name.clone());
    let sought = InboxSought { kind, assigned_to, ..InboxSought::default() };
    let counted = office::count_inbox(school, &whom).await?;
    let total = if is_mine {
        office::inbox(school, &whom, sought.clone()).await?.total
    } else {
        counted.iter().filter(|(it, _)| kind.is_none_or(|kind| *it == kind)).map(|(_, it)| it).sum()
    };
    let mut path = format!("{ALL}?");
    if let Some(kind) = kind {
        path = format!("{path}type={}&", entry_words::word(kind));
    }
    if is_mine {
        path = format!("{path}a={MINE}&");
    }
    let pages = Numbered::of(format!("{path}page="), asked.text("page"), total, EACH);
    let sought = InboxSought { skipped: pages.range().start, most: EACH, ..sought };
    let part = WaitingEntries { more: None, ..WaitingEntries::of(visitor, sought).await? };
    let (title, then) = entry_words::title(kind);
    let kinds = kinds(counted, kind);
    visitor.page(Section::ToDo, title, &BoxPage { title, then, kinds, is_mine, part, pages })
}

/// Every kind of which something waits, and how much.
fn kinds(
    counted: Vec<(EntryKind, usize)>,
    shown: Option<EntryKind>,
) -> Vec<(String, String, bool)> {
    let of_kind = counted.into_iter().filter(|(_, count)| *count > 0).map(|(kind, count)| {
        let path = format!("{ALL}?type={}", entry_words::word(kind));
        (path, format!("{} ({count})", entry_words::short(kind)), shown == Some(kind))
    });
    let all = (ALL.to_owned(), "Tout".to_owned(), shown.is_none());
    std::iter::once(all).chain(of_kind).collect()
}
