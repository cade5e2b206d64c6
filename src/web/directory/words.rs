//! What is known of people, in the pages' French.

use super::super::words::{hour_of, named};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::lifecycle::{AddresseeState, DeliveryState};
use crate::message::Proof;
use crate::office::{DossierContact, School, StopFrom};
use crate::people::{Connectivity, ContactState, Standing};
use crate::store::history::Way;

/// What somebody is to a pupil.
pub(super) const fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::LegalRepresentative => "responsable légal",
        Standing::Caretaker => "a l’élève en charge",
        Standing::EmergencyContact => "à prévenir en cas d’urgence",
    }
}

/// What is known of a way, and how good that is.
pub(crate) const fn state(state: ContactState) -> (&'static str, &'static str) {
    match state {
        ContactState::Unverified => ("jamais vérifié", "soft"),
        ContactState::Working => ("fonctionne", "good"),
        ContactState::Failing => ("en échec la dernière fois", "wait"),
        ContactState::Dead => ("n’existe plus", "bad"),
        ContactState::OptedOut => ("la personne n’en veut plus", "bad"),
    }
}

/// Whence a STOP came, and how far that can be believed.
pub(super) const fn whence(from: Option<StopFrom>) -> &'static str {
    match from {
        Some(StopFrom::Reply) => {
            "STOP reçu d’un message qui porte ce numéro ou cette adresse : un expéditeur peut être falsifié."
        }
        _ => "Le service d’envoi dit que la personne ne veut plus de messages par cette voie.",
    }
}

/// The proof of it, or since when it is known: `vu hier à 8 h`.
pub(super) fn proof(school: &School, contact: &DossierContact) -> String {
    match (contact.proof.zip(contact.proven_at), contact.since) {
        (Some((proof, at)), _) => proven(school, proof, at),
        (None, Some(at)) => format!("depuis {}", named(school, at)),
        (None, None) => String::new(),
    }
}

/// `vu hier à 8 h`.
pub(super) fn proven(school: &School, proof: Proof, at: Moment) -> String {
    format!("{} {}", level(proof), hour_of(school, at))
}

const fn level(proof: Proof) -> &'static str {
    match proof {
        Proof::Accepted => "remis",
        Proof::Delivered => "arrivé",
        Proof::Read => "vu",
        Proof::Acknowledged => "répondu",
    }
}

/// How a household is connected.
pub(super) const fn connectivity(kind: Connectivity) -> &'static str {
    match kind {
        Connectivity::None => "aucun écran : papier, ou un appel",
        Connectivity::PhoneOnly => "un téléphone sans Internet : appels et SMS",
        Connectivity::Smartphone => "un smartphone",
        Connectivity::SharedComputer => "un ordinateur pour toute la famille",
        Connectivity::Full => "tout ce qu’il faut",
    }
}

/// A channel, as a way to somebody: `courriel`.
pub(super) const fn way(channel: Channel) -> &'static str {
    channel.in_french()
}

/// Where a message stands for somebody, and how good that is.
pub(super) const fn addressee(state: AddresseeState) -> (&'static str, &'static str) {
    match state {
        AddresseeState::Waiting => ("en chemin", "soft"),
        AddresseeState::Reached => ("joint", "good"),
        AddresseeState::OnLetter => ("à remettre sur papier", "wait"),
        AddresseeState::OnCall => ("à appeler", "wait"),
        AddresseeState::Unreached => ("non joint", "bad"),
        AddresseeState::Uncertain => ("incertain", "wait"),
        AddresseeState::Cancelled => ("annulé", "soft"),
    }
}

/// A way that a message took: `SMS : arrivé, hier à 8 h`.
pub(super) fn taken(school: &School, way: &Way) -> String {
    // What failed at first may have left since.
    let has_left = matches!(way.state, DeliveryState::Accepted | DeliveryState::Proven);
    let what = match (way.failure.filter(|_| !has_left), way.proof) {
        (Some(failure), _) => failure.in_french(),
        (None, Some(proof)) => level(proof),
        (None, None) => delivery(way.state),
    };
    let at = way.at.map(|at| format!(", {}", hour_of(school, at))).unwrap_or_default();
    format!("{} : {what}{at}", way.channel.in_french())
}

const fn delivery(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Waiting => "en attente",
        DeliveryState::Sending => "en cours d’envoi",
        DeliveryState::Accepted => "remis",
        DeliveryState::Proven => "arrivé",
        DeliveryState::Uncertain => "peut-être parti",
        DeliveryState::Failed => "échoué",
        DeliveryState::Withdrawn => "retiré",
    }
}
