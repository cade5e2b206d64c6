//! Where an announcement stands: its sum, written out so that it adds up, what it came to over time, why those wait
//! who wait, and what each channel did. It names nobody: whoever looks is shown the same.

use askama::Template;

use super::super::fault::Fault;
use super::super::words::{count, readable};
use super::chart::ReachChart;
use super::list;
use crate::channel::Channel;
use crate::delivery::AddresseePlace;
use crate::message::Message;
use crate::office::{self, Overview, School};
use crate::queue::{ChannelCount, Status};

/// Where an announcement stands.
#[derive(Template)]
#[template(path = "announcements/sum.html", config = "src/web/askama.toml")]
pub(super) struct SumPart {
    code: String,
    /// Whether its numbers lead to the names.
    leads_on: bool,
    state: &'static str,
    terms: Vec<SumTerm>,
    addition: String,
    chart: Option<ReachChart>,
    waits: Vec<String>,
    cards: Vec<(String, String)>,
    channels: Vec<ChannelDid>,
}

struct SumTerm {
    place: &'static str,
    name: &'static str,
    number: String,
    meaning: &'static str,
    is_bad: bool,
}

/// What one channel did.
struct ChannelDid {
    name: &'static str,
    waiting: usize,
    sent: usize,
    proven: usize,
    failed: usize,
    uncertain: usize,
    withdrawn: usize,
}

impl SumPart {
    /// As it stands now.
    pub(super) async fn now(
        school: &School,
        message: &Message,
        overview: &Overview,
        leads_on: bool,
    ) -> Result<Self, Fault> {
        let steps = office::progress(school, message).await?;
        let status = &overview.status;
        let channels = status.channels.iter().filter(|(_, did)| moved(did));
        Ok(Self {
            code: status.message.clone(),
            leads_on,
            state: list::state(status.state),
            terms: terms(status),
            addition: addition(status),
            chart: ReachChart::of(school, message.launched_at, status.addressees.total, &steps),
            waits: overview.waits.iter().map(|wait| wait.in_french(school)).collect(),
            cards: overview
                .cards
                .iter()
                .map(|it| (it.card.clone(), it.in_french(school)))
                .collect(),
            channels: channels.map(|(channel, did)| ChannelDid::of(*channel, did)).collect(),
        })
    }
}

/// Every place of the sum with its number, in its order: the four levels always, the others where somebody stands.
fn terms(status: &Status) -> Vec<SumTerm> {
    let all = AddresseePlace::ALL.into_iter().map(|place| (place, number(status, place)));
    all.filter(|(place, number)| *number > 0 || is_level(*place))
        .map(|(place, number)| SumTerm {
            place: place.as_str(),
            name: title(place),
            number: readable(number),
            meaning: meaning(place),
            is_bad: place == AddresseePlace::Unreached,
        })
        .collect()
}

const fn is_level(place: AddresseePlace) -> bool {
    matches!(
        place,
        AddresseePlace::HandedOver
            | AddresseePlace::Arrived
            | AddresseePlace::Seen
            | AddresseePlace::Answered
    )
}

const fn number(status: &Status, place: AddresseePlace) -> usize {
    let (all, levels) = (&status.addressees, &status.levels);
    match place {
        AddresseePlace::HandedOver => levels.handed_over,
        AddresseePlace::Arrived => levels.arrived,
        AddresseePlace::Seen => levels.seen,
        AddresseePlace::Answered => levels.answered,
        AddresseePlace::OnLetter => all.on_letter,
        AddresseePlace::OnCall => all.on_call,
        AddresseePlace::Unreached => all.unreached,
        AddresseePlace::Uncertain => all.uncertain,
        AddresseePlace::Waiting => all.waiting,
        AddresseePlace::Cancelled => all.cancelled,
    }
}

const fn title(place: AddresseePlace) -> &'static str {
    match place {
        AddresseePlace::HandedOver => "Remis",
        AddresseePlace::Arrived => "Arrivé",
        AddresseePlace::Seen => "Vu",
        AddresseePlace::Answered => "Répondu",
        AddresseePlace::OnLetter => "Sur papier",
        AddresseePlace::OnCall => "À appeler",
        AddresseePlace::Unreached => "Non joints",
        AddresseePlace::Uncertain => "Incertains",
        AddresseePlace::Waiting => "En chemin",
        AddresseePlace::Cancelled => "Annulés",
    }
}

/// What a place says, and no more.
const fn meaning(place: AddresseePlace) -> &'static str {
    match place {
        AddresseePlace::HandedOver => "au service, ou posté",
        AddresseePlace::Arrived => "le service le confirme",
        AddresseePlace::Seen => "ouvert par eux",
        AddresseePlace::Answered => "coupon, SMS, appel",
        AddresseePlace::OnLetter => "à imprimer ou à poster",
        AddresseePlace::OnCall => "par quelqu’un",
        AddresseePlace::Unreached => "par leur nom, plus bas",
        AddresseePlace::Uncertain => "parti, arrivé peut-être",
        AddresseePlace::Waiting => "une voie reste",
        AddresseePlace::Cancelled => "rien n’est parti",
    }
}

/// `412 + 189 + 96 = 697 destinataires.`
fn addition(status: &Status) -> String {
    let total = count(status.addressees.total, "destinataire", "destinataires");
    let parts = AddresseePlace::ALL.into_iter().map(|place| number(status, place));
    let parts: Vec<String> = parts.filter(|part| *part > 0).map(readable).collect();
    match parts.as_slice() {
        [] => "Aucun destinataire.".to_owned(),
        parts => format!("{} = {total}.", parts.join(" + ")),
    }
}

const fn moved(did: &ChannelCount) -> bool {
    did.waiting + did.sent + did.failed + did.uncertain + did.withdrawn > 0
}

impl ChannelDid {
    const fn of(channel: Channel, did: &ChannelCount) -> Self {
        Self {
            name: channel.in_french(),
            waiting: did.waiting,
            sent: did.sent,
            proven: did.proven,
            failed: did.failed,
            uncertain: did.uncertain,
            withdrawn: did.withdrawn,
        }
    }
}
