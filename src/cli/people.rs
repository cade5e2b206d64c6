//! `chappe people`: what the office notes of people by hand, beside what the files say.

mod add;

use anyhow::bail;
use serde_json::json;

use super::context::Context;
use super::who::{self, Beside, Named};
use super::{asker, card, output, when};
use crate::audience::{self, Spoilt};
use crate::channel::Channel;
use crate::directory::{self, Who};
use crate::office::{self, School};
use crate::people::{Connectivity, Profile, RestrictedTie, Restriction};
use crate::queue::Withheld;
use crate::store::restrictions::Left;

/// Messages that had left before a restriction, on a screen.
const SHOWN: usize = 20;

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
    /// Note that nothing about a pupil goes to one of their guardians; it holds at once, also for what is
    /// under way.
    Restrict {
        #[command(flatten)]
        tie: Tie,
        /// `court`: a ruling of which the school holds a copy; `objection`: an adult pupil's own.
        #[arg(long, value_parser = why)]
        why: Restriction,
        /// The day of the ruling and where its copy lies; never what it says.
        #[arg(long, default_value = "", value_parser = when::one_line)]
        note: String,
    },
    /// Say that addresses of a guardian may be used for a pupil, although somebody who must not hear of that
    /// pupil has them too.
    Trust {
        #[command(flatten)]
        tie: Tie,
        /// Which addresses: `email`, `sms`, `phone`, `letter`; may be said several times.
        #[arg(long = "channel", required = true)]
        channels: Vec<Channel>,
    },
    /// Show a person, by their name or by a pupil's: children, ways to reach them and whether those work, what
    /// was noted by hand, and every message and answer.
    Show(Named),
    /// Lift a restriction.
    Lift(Tie),
    /// Add a pupil, a guardian or a member of staff who is in no file yet; the file that brings them takes
    /// their place.
    #[command(subcommand)]
    Add(add::Add),
    /// Take an adult out of the directory, or a pupil; a complete file that still holds them brings them back.
    Archive {
        #[command(flatten)]
        who: Named,
        /// It is a pupil.
        #[arg(long, conflicts_with = "pupil")]
        is_pupil: bool,
    },
}

/// A guardian and a pupil of theirs.
#[derive(Debug, clap::Args)]
struct Tie {
    /// The guardian: a name as on the roll.
    who: String,
    /// The pupil.
    #[arg(long)]
    pupil: String,
    #[command(flatten)]
    beside: Beside,
}

impl From<Tie> for Who {
    fn from(Tie { who, pupil, beside }: Tie) -> Self {
        beside.of(who, pupil)
    }
}

/// What was known, with what is said now; what is not said stays.
fn profile(known: Option<Profile>, said: Said) -> anyhow::Result<Profile> {
    let Said { connectivity, printer, language, call } = said;
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
    #[command(flatten)]
    who: Named,
    #[command(flatten)]
    said: Said,
}

/// How a household is connected, as far as it is said.
#[derive(Debug, clap::Args)]
struct Said {
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
    #[arg(long, value_parser = when::one_line)]
    call: Option<String>,
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let app = context.app_to(!matches!(arguments.command, Command::Show(_))).await?;
    let (store, school, by) = (app.store(), app.queue.school(), asker::by(&app));
    let now = by.at;
    match arguments.command {
        Command::Connect(home) => {
            let Connect { who, said } = home;
            let person = who::found(directory::find_person(store, school, &who.into()).await)?;
            let known = directory::profile_of(store, school, &person.key).await?;
            let profile = profile(known, said)?;
            let names = directory::connect(store, school, &person.key, profile, by).await?;
            let said = format!("Noted for {}.", names.join(", "));
            answer(context, &json!({ "noted": names }), &said);
        }
        Command::Restrict { tie, why, note } => {
            let (person, pupil) =
                who::found(directory::find_tie(store, school, &tie.into()).await)?;
            let (name, key) = (pupil.display_name(), pupil.key.clone());
            let tie = RestrictedTie { pupil: pupil.key, person: person.key, why, note };
            directory::restrict(store, school, tie.clone(), by).await?;
            let withheld = app.queue.restrictions().obey(now).await?;
            let left = app.queue.restrictions().left_before(&tie).await?;
            let spoilt = audience::spoilt_about(store, school, &key).await?;
            present_restricted(context, &app, (&withheld, &left), (&name, &spoilt));
        }
        Command::Trust { tie, channels } => {
            let (person, pupil) =
                who::found(directory::find_tie(store, school, &tie.into()).await)?;
            let of = (&person, &pupil.key);
            let trusted = directory::trust(store, school, of, &channels, by).await?;
            let said = format!("{trusted} addresses may be used from the next message on.");
            answer(context, &json!({ "trusted": trusted }), &said);
        }
        Command::Show(who) => {
            for card in who::found(office::cards(&app, who.into()).await)? {
                card::present(context, &app, &card);
            }
        }
        Command::Add(add) => add::run(context, &app, add).await?,
        Command::Archive { who, is_pupil } => {
            let name = who::found(office::archive(&app, by, who.into(), is_pupil).await)?;
            answer(context, &json!({ "archived": name }), &format!("{name} is archived."));
        }
        Command::Lift(tie) => {
            let (person, pupil) =
                who::found(directory::find_tie(store, school, &tie.into()).await)?;
            let lifted = directory::lift(store, school, (&person, &pupil), by).await?;
            let said = if lifted { "Lifted." } else { "There was no restriction." };
            answer(context, &json!({ "lifted": lifted }), said);
        }
    }
    Ok(())
}

/// What a restriction withdrew, what had left, and whose addresses are not used for the pupil any more:
/// somebody may have to act on it.
fn present_restricted(
    context: &Context,
    app: &School,
    (withheld, left): (&[Withheld], &[Left]),
    (pupil, spoilt): (&str, &[Spoilt]),
) {
    if context.json {
        let answer = json!({
            "restricted": true,
            "withdrawn": withheld,
            "left": left,
            "not_used": spoilt,
        });
        output::json(&answer);
        return;
    }
    output::line("Noted; imports do not change it, and it holds for what is under way.");
    for Withheld { message, name, is_all, printed_in } in withheld {
        let what = if *is_all { "withdrawn" } else { "goes on with less" };
        output::line(format!("  {message} for {name}: {what}"));
        for batch in printed_in {
            output::line(format!("    a letter is printed in batch {batch}: take it out by hand"));
        }
    }
    for Left { message, channel, state, at, .. } in left.iter().take(SHOWN) {
        let when = at.map(|at| format!(" on {}", when::shown(app, at))).unwrap_or_default();
        let state = state.as_str();
        output::line(format!("  {message} had left before by {channel}{when} ({state})"));
    }
    if left.len() > SHOWN {
        output::line(format!("  and {} earlier ones; --json names all", left.len() - SHOWN));
    }
    for Spoilt { name, channels } in spoilt {
        let ways: Vec<&str> = channels.iter().map(|channel| channel.as_str()).collect();
        output::line(format!(
            "  {name} gets nothing about {pupil} by {}: the restricted person has the same address; where they \
             do not read it: chappe people trust \"{name}\" --pupil \"{pupil}\" --channel {}",
            ways.join(", "),
            ways.join(" --channel ")
        ));
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
