//! `chappe cards`: what people publish by hand, in a program that has no way in.

use super::context::Context;
use super::{asker, output, when};
use crate::office::{self, Card, CardState, Published, School};
use crate::store::cards::SaidDone;
use crate::wording::typed_dates::TypedDate;

/// Cards listed.
const LISTED: usize = 30;

/// Arguments of `chappe cards`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List the newest cards (also without a subcommand).
    List,
    /// Show a card: its text, where it is published and to whom.
    Show {
        /// The code of its message, with /PROGRAM where that has several: 7K4M/pronote.
        #[arg(value_name = "CARD")]
        card: String,
        /// Its text alone, as HTML: what a rich editor takes.
        #[arg(long, conflicts_with = "text")]
        html: bool,
        /// Its text alone, to be copied.
        #[arg(long)]
        text: bool,
    },
    /// Say that a card was published: whoever waits for it is told.
    Published {
        /// The code of its message, with /PROGRAM where that has several.
        #[arg(value_name = "CARD")]
        card: String,
        /// When; now without it.
        #[arg(long, value_name = "[DAY] HOUR", value_parser = hour)]
        at: Option<TypedDate>,
        /// Who published it; you without it.
        #[arg(long, value_name = "NAME", value_parser = when::said)]
        by: Option<String>,
    },
    /// Take that back: whoever was told by it alone waits for it again.
    TakeBack {
        /// The code of its message, with /PROGRAM where that has several.
        #[arg(value_name = "CARD")]
        card: String,
    },
    /// Ask a colleague to publish it.
    Assign {
        /// The code of its message, with /PROGRAM where that has several.
        #[arg(value_name = "CARD")]
        card: String,
        /// Whom.
        #[arg(value_parser = when::said)]
        name: String,
    },
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let command = arguments.command.unwrap_or(Command::List);
    let changes = !matches!(command, Command::List | Command::Show { .. });
    let school = context.school_to(changes).await?;
    match command {
        Command::List => list(context, &school).await,
        Command::Show { card, html, text } => show(context, &school, &card, html, text).await,
        Command::Published { card, at, by } => {
            let at = at.map(|at| when::moment(&school, at)).transpose()?;
            let at = at.unwrap_or_else(|| school.clock.now());
            let by = asker::said_by(by.unwrap_or_default());
            let done = SaidDone { at, by };
            let told = office::publish_card(&school, asker::here(), &card, done).await?;
            context.answer(&told, present_told);
            Ok(())
        }
        Command::TakeBack { card } => {
            let told = office::take_back_card(&school, asker::here(), &card).await?;
            context.answer(&told, present_told);
            Ok(())
        }
        Command::Assign { card, name } => {
            let card = office::assign_card(&school, asker::here(), &card, name).await?;
            context.answer(&card, |card| present(&school, card));
            Ok(())
        }
    }
}

/// An hour of today, or of a day.
fn hour(text: &str) -> Result<TypedDate, String> {
    let today = format!("aujourd’hui {text}");
    TypedDate::read(&today).map_or_else(|| when::day(text), Ok)
}

async fn list(context: &Context, school: &School) -> anyhow::Result<()> {
    let cards = office::cards(school, LISTED).await?;
    if context.json {
        cards.iter().for_each(output::json);
        return Ok(());
    }
    if cards.is_empty() {
        output::line(if school.queue.by_hand().is_empty() {
            "Nobody publishes by hand here: no [providers.NAME.manual] is configured."
        } else {
            "No card yet; a message makes one for each program in which people publish."
        });
    }
    for card in &cards {
        present(school, card);
    }
    Ok(())
}

fn present(school: &School, card: &Card) {
    let state = card.state.as_str().replace('_', " ");
    output::line(format!("{:<22} {state:<11}  {}", card.card, card.subject));
    output::line(format!("      {}: {}", card.audience, card.in_french(school)));
}

async fn show(
    context: &Context,
    school: &School,
    card: &str,
    html: bool,
    text: bool,
) -> anyhow::Result<()> {
    let shown = office::show_card(school, card).await?;
    if context.json {
        output::json(&shown);
        return Ok(());
    }
    if html || text {
        output::line(if html { shown.text.html.trim_end() } else { shown.text.text.trim_end() });
        return Ok(());
    }
    output::line(format!("Card {} of message {}", shown.card.card, shown.card.message));
    shown.in_french(school).iter().for_each(output::line);
    output::line(format!("\n──── title ────\n{}", shown.text.subject));
    output::line(format!("\n──── text ────\n{}", shown.text.text.trim_end()));
    let is_awaited = matches!(shown.card.state, CardState::ToPublish | CardState::TakenBack);
    if is_awaited {
        output::line(format!("\nOnce it is published: chappe cards published {card}"));
    }
    Ok(())
}

fn present_told(told: &Published) {
    let Published { card, addressees, undone } = told;
    output::line(if *undone {
        format!("Card {card} is to be published again: {addressees} addressees wait for it.")
    } else {
        format!("Card {card} is published: {addressees} addressees are told by it.")
    });
}
