//! `chappe people`: what the office notes of people by hand, beside what the files say.

use serde_json::json;

use super::context::Context;
use super::output;
use crate::directory;
use crate::people::{Connectivity, Profile, RestrictedTie, Restriction};

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
        /// A court ruling of which the school holds a copy, or an adult pupil's objection.
        #[arg(long, value_parser = why)]
        why: Restriction,
        /// The day of the ruling and where its copy lies; never what it says.
        #[arg(long, default_value = "")]
        note: String,
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

/// Arguments of `chappe people connect`.
#[derive(Debug, clap::Args)]
struct Connect {
    /// One who lives there: a name as on the roll, or a key.
    who: String,
    /// `none`, `phone_only`, `smartphone`, `shared_computer` or `full`.
    #[arg(long, value_parser = connectivity)]
    connectivity: Connectivity,
    /// The household can print.
    #[arg(long)]
    printer: bool,
    /// The language that it reads best, where that is not French (ISO 639: ar, tr, pt, …).
    #[arg(long, value_parser = language)]
    language: Option<String>,
    /// Whom to call, and when.
    #[arg(long)]
    call: Option<String>,
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let app = context.app()?;
    let (store, school, now) = (app.store(), app.queue.school(), app.clock.now());
    match arguments.command {
        Command::Connect(home) => {
            let person = directory::find_person(store, school, &home.who).await?;
            let Connect { connectivity, printer, language, call, .. } = home;
            let profile = Profile { connectivity, printer, language, call };
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
