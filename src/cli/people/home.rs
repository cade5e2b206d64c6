//! `chappe people connect`: how a household is connected.

use crate::cli::context::Context;
use crate::cli::who::{self, Named};
use crate::cli::{asker, output, when};
use crate::office::{self, School};
use crate::people::{Connectivity, SaidOfHome};

/// Arguments of `chappe people connect`.
#[derive(Debug, clap::Args)]
pub(super) struct Connect {
    #[command(flatten)]
    who: Named,
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
    /// Whether somebody there reads large print alone: letters are set in 17 points.
    #[arg(long)]
    large_print: Option<bool>,
    /// Where the household fetches its letters: "Mairie de Saint-Martin"; `none`: they go by post.
    #[arg(long, value_name = "PLACE", value_parser = when::one_line)]
    pick_up: Option<String>,
}

pub(super) async fn run(context: &Context, school: &School, home: Connect) -> anyhow::Result<()> {
    let Connect { who, connectivity, printer, language, call, large_print, pick_up } = home;
    let pick_up = pick_up.map(|it| if it == "none" { String::new() } else { it });
    let said = SaidOfHome { connectivity, printer, language, call, large_print, pick_up };
    let connected = office::connect(school, asker::here(), &who.into(), said).await;
    context.answer(&who::found(connected)?, |it| {
        output::line(format!("Noted for {}.", it.noted.join(", ")));
    });
    Ok(())
}

fn connectivity(word: &str) -> Result<Connectivity, String> {
    Connectivity::from_word(word).ok_or_else(|| {
        let known = Connectivity::ALL.map(Connectivity::as_str).join(", ");
        format!("\"{word}\" is no connectivity; there are: {known}")
    })
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
