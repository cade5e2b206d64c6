//! `chappe people`: what the office notes of people by hand, beside what the files say.

use anyhow::bail;
use serde_json::json;

use super::context::Context;
use super::output;
use crate::directory;
use crate::people::{Connectivity, Person, Profile, RestrictedTie, Restriction};

/// Arguments of `chappe people`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Note how a household is connected: it chooses the plan of its messages.
    Connect(Connect),
    /// Note that nothing about a pupil goes to one of their guardians.
    Restrict {
        /// The guardian: a name as on the roll, or a key.
        who: String,
        /// The pupil.
        #[arg(long)]
        pupil: String,
        /// `court`: a ruling of which the school holds a copy; `objection`: an adult pupil's own.
        #[arg(long, value_parser = why)]
        why: Restriction,
        /// The day of the ruling and where its copy lies; never what it says.
        #[arg(long, default_value = "")]
        note: String,
    },
    /// Show what was noted of a person by hand.
    Show {
        /// A name as on the roll, or a key.
        who: String,
    },
    /// Lift a restriction.
    Lift {
        /// The guardian.
        who: String,
        /// The pupil.
        #[arg(long)]
        pupil: String,
    },
}

/// What was known, with what is said now; what is not said stays.
fn profile(known: Option<Profile>, said: Connect) -> anyhow::Result<Profile> {
    let Connect { connectivity, printer, language, call, .. } = said;
    let told = connectivity.or(known.as_ref().map(|known| known.connectivity));
    let Some(connectivity) = told else {
        bail!("say how the household is connected: --connectivity; nothing was noted");
    };
    let (was_printer, was_language, was_call) =
        known.map_or((false, None, None), |known| (known.printer, known.language, known.call));
    Ok(Profile {
        connectivity,
        printer: printer.unwrap_or(was_printer),
        language: language.or(was_language),
        call: call.or(was_call),
    })
}

/// Arguments of `chappe people connect`.
#[derive(Debug, clap::Args)]
struct Connect {
    /// One who lives there: a name as on the roll, or a key.
    who: String,
    /// `none`, `phone_only`, `smartphone`, `shared_computer` or `full`.
    #[arg(long, value_parser = connectivity)]
    connectivity: Option<Connectivity>,
    /// Whether the household can print.
    #[arg(long)]
    printer: Option<bool>,
    /// The language that it reads best, where that is not French (ISO 639: ar, tr, pt, …).
    #[arg(long, value_parser = language)]
    language: Option<String>,
    /// Whom to call, and when.
    #[arg(long)]
    call: Option<String>,
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let app = context.app_to(!matches!(arguments.command, Command::Show { .. })).await?;
    let (store, school, now) = (app.store(), app.queue.school(), app.clock.now());
    match arguments.command {
        Command::Connect(home) => {
            let person = directory::find_person(store, school, &home.who).await?;
            let known = directory::profile_of(store, school, &person.key).await?;
            let profile = profile(known, home)?;
            let names = directory::connect(store, school, &person.key, profile, now).await?;
            let said = format!("Noted for {}.", names.join(", "));
            answer(context, &json!({ "noted": names }), &said);
        }
        Command::Restrict { who, pupil, why, note } => {
            let person = directory::find_person(store, school, &who).await?.key;
            let pupil = directory::find_pupil(store, school, &pupil).await?.key;
            let tie = RestrictedTie { pupil, person, why, note };
            directory::restrict(store, school, tie, now).await?;
            answer(context, &json!({ "restricted": true }), "Noted; imports do not change it.");
        }
        Command::Show { who } => {
            let person = directory::find_person(store, school, &who).await?;
            let profile = directory::profile_of(store, school, &person.key).await?;
            let ties = directory::restrictions_of(store, school, &person.key).await?;
            present(context, &person, profile.as_ref(), &ties);
        }
        Command::Lift { who, pupil } => {
            let person = directory::find_person(store, school, &who).await?.key;
            let pupil = directory::find_pupil(store, school, &pupil).await?.key;
            let lifted = directory::lift(store, school, &pupil, &person).await?;
            let said = if lifted { "Lifted." } else { "There was no restriction." };
            answer(context, &json!({ "lifted": lifted }), said);
        }
    }
    Ok(())
}

fn present(
    context: &Context,
    person: &Person,
    profile: Option<&Profile>,
    ties: &[(String, RestrictedTie)],
) {
    if context.json {
        let ties: Vec<_> = ties
            .iter()
            .map(|(pupil, tie)| json!({ "pupil": pupil, "why": tie.why, "note": tie.note }))
            .collect();
        output::json(&json!({
            "person": person.key,
            "name": person.display_name(),
            "profile": profile,
            "restrictions": ties,
        }));
        return;
    }
    output::line(format!("{} ({})", person.display_name(), person.key.0));
    if let Some(Profile { connectivity, printer, language, call }) = profile {
        let printer = if *printer { "prints" } else { "does not print" };
        let language = language.as_deref().unwrap_or("fr");
        let call = call.as_deref().unwrap_or("nothing noted");
        output::line(format!(
            "  connected: {}, {printer}, reads {language}",
            connectivity.as_str()
        ));
        output::line(format!("  whom to call, and when: {call}"));
    }
    for (pupil, tie) in ties {
        output::line(format!(
            "  restricted: nothing about {pupil} ({}) {}",
            tie.why.as_str(),
            tie.note
        ));
    }
    if profile.is_none() && ties.is_empty() {
        output::line("  Nothing was noted by hand.");
    }
}

fn answer(context: &Context, as_json: &serde_json::Value, said: &str) {
    if context.json {
        output::json(as_json);
    } else {
        output::line(said);
    }
}

fn connectivity(word: &str) -> Result<Connectivity, String> {
    Connectivity::from_word(word).ok_or_else(|| {
        let known = Connectivity::ALL.map(Connectivity::as_str).join(", ");
        format!("\"{word}\" is no connectivity; there are: {known}")
    })
}

fn why(word: &str) -> Result<Restriction, String> {
    Restriction::from_word(word)
        .ok_or_else(|| format!("\"{word}\" is no reason; there are: court, objection"))
}

/// ISO 639: two or three letters.
fn language(word: &str) -> Result<String, String> {
    let sound = (2..=3).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_alphabetic());
    if sound {
        Ok(word.to_lowercase())
    } else {
        Err(format!("\"{word}\" is no language; write it by its ISO 639 code: ar, tr, pt"))
    }
}
