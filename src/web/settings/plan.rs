//! A plan: which ways are tried together, what is enough, how long it is waited for, and in which order.

use std::time::Duration;

use askama::Template;
use axum::extract::RawQuery;
use axum::response::{IntoResponse, Response};

use super::super::fault::Fault;
use super::super::field::{Faults, FieldKind, FormField};
use super::super::page::{Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::fields::{Typed, nth};
use super::{french, saving};
use crate::channel::Channel;
use crate::message::{Proof, Rung};
use crate::office::{SettingsChange, SettingsStand};

/// Of a rung that people carry: nobody waits for a clock there.
const UNHEEDED: Duration = Duration::from_hours(1);
/// Rungs that are read of a form.
const MOST: usize = 30;

#[derive(Template)]
#[template(path = "settings/plan.html", config = "src/web/askama.toml")]
struct PlanForm<'a> {
    csrf: &'a str,
    version: &'a str,
    title: &'a str,
    faults: Faults,
    /// Empty for a plan that is new.
    name: &'a str,
    /// The variable that has the last word, where one has.
    variable: Option<String>,
    named: Option<FormField>,
    rungs: Vec<RungShown>,
    can_go: bool,
}

impl PlanForm<'_> {
    fn query(&self) -> String {
        query(self.name)
    }
}

/// The query that names a plan, whatever letters it has.
pub(super) fn query(name: &str) -> String {
    form_urlencoded::Serializer::new(String::new()).append_pair("nom", name).finish()
}

/// One rung on the page.
struct RungShown {
    number: usize,
    /// Whether there is none yet.
    is_new: bool,
    channels: Vec<(String, &'static str, &'static str, bool)>,
    place: FormField,
    enough: FormField,
    patience: FormField,
    fault: Option<String>,
}

/// What was asked for: the plan of a name, or a new one.
fn asked(stand: &SettingsStand, name: &str) -> Result<Vec<Rung>, Fault> {
    if name.is_empty() {
        return Ok(Vec::new());
    }
    let plan = stand.config.plan(name).map_err(|_| Fault::NothingThere)?;
    Ok(plan.rungs().to_vec())
}

/// A plan to be changed, or a new one where none is named.
pub(super) async fn form(visitor: Visitor, RawQuery(query): RawQuery) -> Result<WebPage, Fault> {
    let query = Form::asked(query.as_deref().unwrap_or_default());
    if !query.has("nom") {
        return Err(Fault::NothingThere);
    }
    made(&visitor, query.text("nom"), None, Faults::default())
}

fn made(
    visitor: &Visitor,
    name: &str,
    posted: Option<&Form>,
    faults: Faults,
) -> Result<WebPage, Fault> {
    let stand = saving::stand(visitor)?;
    let rungs = asked(&stand, name)?;
    let slots = rungs.len() + 1;
    let shown = |at: usize| RungShown::of(at, slots, rungs.get(at), posted, &faults);
    let shown = (0..slots).map(shown).collect();
    let named = name.is_empty().then(|| {
        FormField::new("nouveau", "Nom du plan", FieldKind::Line)
            .hint("En petites lettres, chiffres et traits d’union : sortie-scolaire.")
            .typed(posted.map(|it| it.text("nouveau").to_owned()).unwrap_or_default())
            .required()
            .fault(faults.of("nouveau"))
    });
    let title =
        if name.is_empty() { "Nouveau plan".to_owned() } else { format!("Plan « {name} »") };
    let body = PlanForm {
        csrf: visitor.csrf(),
        version: &stand.version,
        title: &title,
        variable: stand.variable_over(&["plans", name]).filter(|_| !name.is_empty()),
        name,
        named,
        rungs: shown,
        can_go: stand.may_lose_plan(name),
        faults,
    };
    visitor.page(Section::Settings, &title, &body)
}

impl RungShown {
    fn of(
        at: usize,
        slots: usize,
        rung: Option<&Rung>,
        posted: Option<&Form>,
        faults: &Faults,
    ) -> Self {
        let (ways, place, enough, patience) = names(at);
        let said = |name: &str, said: String| posted.map_or(said, |it| it.text(name).to_owned());
        let is_ticked = |channel: Channel| match posted {
            Some(posted) => posted.all(&ways).any(|it| it == channel.as_str()),
            None => rung.is_some_and(|rung| rung.channels.contains(&channel)),
        };
        let channels = Channel::ALL.map(|channel| {
            let id =
                if channel == Channel::ALL[0] { ways.clone() } else { format!("{ways}-{channel}") };
            (id, channel.as_str(), channel.in_french(), is_ticked(channel))
        });
        let places = (1..=slots).map(|place| (place.to_string(), nth(place)));
        let gone = (rung.is_some()).then(|| ("0".to_owned(), "retirer cette étape".to_owned()));
        let proofs =
            Proof::ALL.map(|proof| (proof.as_str().to_owned(), enough_in_french(proof).to_owned()));
        let waits = rung.map_or("30 min".to_owned(), |it| french::shown_lasting(it.patience()));
        let is_enough = rung.map_or(Proof::Accepted, |it| it.enough).as_str().to_owned();
        Self {
            number: at + 1,
            is_new: rung.is_none(),
            channels: channels.into(),
            fault: faults.of(&ways),
            place: FormField::new(&place, "Place", FieldKind::OneOf(places.chain(gone).collect()))
                .typed(said(&place, (at + 1).to_string()))
                .required(),
            enough: FormField::new(&enough, "Ce qui suffit", FieldKind::OneOf(proofs.into()))
                .typed(said(&enough, is_enough))
                .required(),
            patience: FormField::new(&patience, "Attendre au plus", FieldKind::Line)
                .typed(said(&patience, waits))
                .required()
                .fault(faults.of(&patience)),
        }
    }
}

fn names(at: usize) -> (String, String, String, String) {
    (format!("voies-{at}"), format!("place-{at}"), format!("suffit-{at}"), format!("attendre-{at}"))
}

const fn enough_in_french(proof: Proof) -> &'static str {
    match proof {
        Proof::Accepted => "remis : le service l’a pris",
        Proof::Delivered => "arrivé : une preuve d’arrivée",
        Proof::Read => "vu : le message a été ouvert",
        Proof::Acknowledged => "répondu : la personne a répondu",
    }
}

/// Saves it.
pub(super) async fn save(visitor: Visitor, posted: Form) -> Result<Response, Fault> {
    let name = posted.text("nom").to_owned();
    let mut typed = Typed::of(&posted);
    let rungs = rungs(&mut typed);
    let is_new = name.is_empty();
    let named = if is_new { typed.line("nouveau").unwrap_or_default() } else { name.clone() };
    if typed.faults.is_none() {
        let change = SettingsChange::Plan { name: named, rungs, is_new };
        let version = posted.text("version");
        if let Some(answer) = saving::save(&visitor, version, change, &mut typed.faults).await? {
            return Ok(answer);
        }
    }
    Ok(made(&visitor, &name, Some(&posted), typed.faults)?.refused().into_response())
}

/// The rungs that were typed, in the order of their places: one that was moved comes before whoever stands there
/// already where it moved up, and after them where it moved down.
fn rungs(typed: &mut Typed<'_>) -> Vec<Rung> {
    let mut placed = Vec::new();
    for at in 0..MOST {
        let (ways, place, ..) = names(at);
        if !typed.posted.has(&place) {
            break;
        }
        let channels: Vec<Channel> =
            typed.posted.all(&ways).filter_map(|it| it.parse().ok()).collect();
        let to: usize = typed.posted.text(&place).parse().unwrap_or(at + 1);
        let is_last = !typed.posted.has(&names(at + 1).1);
        if to == 0 || (is_last && channels.is_empty()) {
            continue;
        }
        if let Some(rung) = rung(typed, at, channels) {
            placed.push((2 * to + usize::from(to > at + 1) + 1 - usize::from(to < at + 1), rung));
        }
    }
    placed.sort_by_key(|(place, _)| *place);
    placed.into_iter().map(|(_, rung)| rung).collect()
}

fn rung(typed: &mut Typed<'_>, at: usize, channels: Vec<Channel>) -> Option<Rung> {
    let (ways, _, enough, patience) = names(at);
    if channels.is_empty() {
        typed.faults.add(
            ways,
            format!("L’étape {} n’a pas de voie : cochez-en une, ou retirez l’étape.", at + 1),
        );
        return None;
    }
    let enough = Proof::from_word(typed.posted.text(&enough)).unwrap_or(Proof::Accepted);
    let by_people = channels.iter().all(|channel| channel.is_carried_by_people());
    let patience = if by_people { Some(UNHEEDED) } else { typed.lasting(&patience) };
    Some(Rung::new(channels, enough, patience?))
}
