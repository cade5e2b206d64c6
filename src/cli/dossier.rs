//! What `chappe people show` answers: one person, and all that went between them and the school.

use super::context::Context;
use super::{output, when};
use crate::delivery::lifecycle::DeliveryState;
use crate::office::{self, Dossier, DossierContact, DossierMessage, Ruling, School, StopFrom};
use crate::people::Profile;
use crate::store::history::Way;

/// Messages on a screen; all of them in JSON.
const SHOWN: usize = 20;

pub(super) fn present(context: &Context, school: &School, dossier: &Dossier) {
    if context.json {
        output::json(dossier);
        return;
    }
    output::line(&dossier.name);
    for pupil in &dossier.pupils {
        let class = pupil.class.as_deref().unwrap_or("no class");
        let standing = pupil.standing.as_str().replace('_', " ");
        output::line(format!("  {standing} of {} ({class})", pupil.name));
    }
    for contact in &dossier.contacts {
        output::line(format!("  {}", reach(school, contact)));
    }
    if let Some(profile) = &dossier.profile {
        present_profile(profile);
    }
    for Ruling { pupil, why, note } in &dossier.restrictions {
        let line = format!("  restricted: nothing about {pupil} ({}) {note}", why.as_str());
        output::line(line.trim_end());
    }
    present_messages(school, &dossier.messages);
    for reply in &dossier.replies {
        output::line(format!("  answered on {}: {}", when::shown(school, reply.at), reply.body));
    }
}

/// `email   anne@example.org  working, seen on 2026-11-27 10:12`.
fn reach(school: &School, contact: &DossierContact) -> String {
    let DossierContact { channel, value, state, proof, proven_at, stop_from, .. } = contact;
    let whence = match stop_from {
        Some(StopFrom::Reply) => {
            " (a message that names it as its sender, which anybody can forge)"
        }
        Some(StopFrom::Service) => " (says the service)",
        None => "",
    };
    let proven = proof
        .zip(*proven_at)
        .map(|(proof, at)| format!(", {} on {}", proof.level(), when::shown(school, at)));
    format!(
        "{:<7} {value}  {}{whence}{}",
        channel.as_str(),
        state.as_str().replace('_', " "),
        proven.unwrap_or_default()
    )
}

fn present_profile(profile: &Profile) {
    let Profile { connectivity, printer, language, call, large_print, pick_up } = profile;
    let printer = if *printer { "prints" } else { "does not print" };
    let language = language.as_deref().unwrap_or("fr");
    let print = if *large_print { " in large print" } else { "" };
    let connected = connectivity.as_str();
    output::line(format!("  connected: {connected}, {printer}, reads {language}{print}"));
    if let Some(place) = pick_up {
        output::line(format!("  fetches letters at: {place}"));
    }
    let call = call.as_deref().unwrap_or("nothing noted");
    output::line(format!("  whom to call, and when: {call}"));
}

fn present_messages(school: &School, messages: &[DossierMessage]) {
    if messages.is_empty() {
        output::line("  No message concerned them yet.");
    }
    for message in messages.iter().take(SHOWN) {
        let DossierMessage { message: code, subject, launched_at, about, state, ways } = message;
        let about =
            if about.is_empty() { String::new() } else { format!(", for {}", about.join(", ")) };
        let launched = when::shown(school, *launched_at);
        let state = state.as_str().replace('_', " ");
        output::line(format!("  {launched}  {code}  {subject}{about}: {state}"));
        for way in ways {
            output::line(format!("    {}", taken(school, way)));
            if let Some((recall, at)) = way.recall.zip(way.recall_at) {
                output::line(format!("      {}", office::recall_in_french(school, recall, at)));
            }
        }
    }
    if messages.len() > SHOWN {
        output::line(format!("  and {} earlier ones; --json shows all", messages.len() - SHOWN));
    }
}

/// `sms: arrived, 2026-11-27 10:12`; where several providers serve a channel, `sms by sms-b: …`.
fn taken(school: &School, way: &Way) -> String {
    // What failed at first may have left since.
    let has_left = matches!(way.state, DeliveryState::Accepted | DeliveryState::Proven);
    let what = match (way.failure.filter(|_| !has_left), way.proof) {
        (Some(failure), _) => failure.as_str(),
        (None, Some(proof)) => proof.level(),
        (None, None) => way.state.as_str(),
    };
    let at = way.at.map(|at| format!(", {}", when::shown(school, at))).unwrap_or_default();
    let is_one_of_several = school.config.routes(way.channel).len() > 1;
    let carrier = way.carrier.as_ref().filter(|_| is_one_of_several);
    let by = carrier.map(|carrier| format!(" by {carrier}")).unwrap_or_default();
    format!("{}{by}: {}{at}", way.channel, what.replace('_', " "))
}
