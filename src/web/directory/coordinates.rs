//! Which ways to families and staff work and which do not: counted by state, then those of one state by name, each leading
//! to the person.

use askama::Template;
use axum::extract::RawQuery;

use super::super::fault::Fault;
use super::super::numbered::Numbered;
use super::super::page::{Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::super::words::{count, named};
use super::words;
use crate::channel::Channel;
use crate::office::{self, ContactsSought, ListedContact, School};
use crate::people::ContactState;
use crate::store::contact_points::StateCount;

const TITLE: &str = "Coordonnées";
const PATH: &str = "/annuaire/coordonnees";
/// Ways on a page.
const EACH: usize = 100;

/// The states, first what somebody should see to.
const STATES: [ContactState; 5] = [
    ContactState::Failing,
    ContactState::Dead,
    ContactState::OptedOut,
    ContactState::Unverified,
    ContactState::Working,
];

#[derive(Template)]
#[template(path = "directory/coordinates.html", config = "src/web/askama.toml")]
struct CoordinatesPage {
    channels: Vec<&'static str>,
    counts: Vec<StateRow>,
    states: Vec<ContactChoice>,
    ways: Vec<ContactChoice>,
    found: String,
    rows: Vec<WayRow>,
    pages: Numbered,
}

/// How many there are of a state, by channel and in all, each with where they are listed.
struct StateRow {
    name: &'static str,
    tone: &'static str,
    cells: Vec<(usize, String)>,
}

/// One that may be chosen of a list.
struct ContactChoice {
    value: &'static str,
    words: &'static str,
    is_chosen: bool,
}

struct WayRow {
    path: String,
    name: String,
    way: &'static str,
    value: String,
    since: String,
}

/// The page, for the state and the channel that are asked for.
pub(super) async fn page(visitor: Visitor, RawQuery(query): RawQuery) -> Result<WebPage, Fault> {
    visitor.sees_everybody()?;
    let (school, asked) = (visitor.school(), Form::asked(query.as_deref().unwrap_or_default()));
    let sought = ContactsSought {
        state: ContactState::from_word(asked.text("etat")).unwrap_or(STATES[0]),
        channel: asked.text("voie").parse().ok(),
    };
    let counts = office::contact_states(school).await?;
    let total = office::how_many(&counts, sought);
    let path = format!("{}&page=", address(sought.state, sought.channel));
    let pages = Numbered::of(path, asked.text("page"), total, EACH);
    let listed =
        office::look_at_contacts(school, visitor.actor(), &counts, sought, pages.range()).await?;
    let channels: Vec<Channel> = Channel::ALL.into_iter().filter(|it| has(&counts, *it)).collect();
    let body = CoordinatesPage {
        counts: STATES.into_iter().map(|it| StateRow::of(&counts, it, &channels)).collect(),
        channels: channels.iter().map(|it| it.in_french()).collect(),
        states: STATES.into_iter().map(|it| ContactChoice::of_state(it, sought.state)).collect(),
        ways: Channel::ALL
            .into_iter()
            .map(|it| ContactChoice::of_channel(it, sought.channel))
            .collect(),
        found: count(total, "coordonnée", "coordonnées"),
        rows: listed.into_iter().map(|it| WayRow::of(school, it)).collect(),
        pages,
    };
    visitor.page(Section::Directory, TITLE, &body)
}

/// Where those of a state, and of a channel alone, are listed.
pub(crate) fn address(state: ContactState, channel: Option<Channel>) -> String {
    format!("{PATH}?etat={}&voie={}", state.as_str(), channel.map_or("", Channel::as_str))
}

fn has(counts: &[StateCount], channel: Channel) -> bool {
    counts.iter().any(|it| it.channel == channel && it.count > 0)
}

impl StateRow {
    fn of(counts: &[StateCount], state: ContactState, channels: &[Channel]) -> Self {
        let (name, tone) = words::state(state);
        let columns = channels.iter().copied().map(Some).chain([None]);
        let cell = |channel| {
            let many = office::how_many(counts, ContactsSought { state, channel });
            (many, address(state, channel))
        };
        Self { name, tone, cells: columns.map(cell).collect() }
    }
}

impl ContactChoice {
    fn of_state(state: ContactState, chosen: ContactState) -> Self {
        let words = words::state(state).0;
        Self { value: state.as_str(), words, is_chosen: state == chosen }
    }

    fn of_channel(channel: Channel, chosen: Option<Channel>) -> Self {
        let is_chosen = chosen == Some(channel);
        Self { value: channel.as_str(), words: words::way(channel), is_chosen }
    }
}

impl WayRow {
    fn of(school: &School, listed: ListedContact) -> Self {
        let ListedContact { handle, name, channel, value, proof, since } = listed;
        let since = since.map(|at| format!("depuis {}", named(school, at)));
        let proof = proof.map(|(proof, at)| words::proven(school, proof, at));
        Self {
            path: format!("/annuaire/personnes/{handle}"),
            name,
            way: words::way(channel),
            value: if value.is_empty() { "a un compte".to_owned() } else { value },
            since: since.into_iter().chain(proof).collect::<Vec<_>>().join(" ; "),
        }
    }
}
