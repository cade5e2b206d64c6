//! `chappe correct` and `chappe retry`: a message again, to those who had it, or to those who had not.

use std::io;

use super::context::Context;
use super::terminal::{Consent, Terminal};
use super::{asker, output, send, status, when, written};
use crate::clock::Moment;
use crate::message::{DraftVersion, Fields, Message, Urgency};
use crate::office::{self, Amendments, CorrectionShown, School};

/// Arguments of `chappe correct`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The code of the message whose text is put right.
    message: String,
    /// A field that says something else now, in Markdown; the others stay.
    #[arg(long = "set", value_name = "FIELD=VALUE", value_parser = written::field, required = true)]
    fields: Vec<(String, String)>,
    /// Before all others, or not; as the earlier message by default.
    #[arg(long, value_parser = written::urgency)]
    urgency: Option<Urgency>,
    /// What changed, in a few French words: "l’heure de reprise change"; the names of the fields by default.
    #[arg(long, value_name = "WORDS", value_parser = when::said)]
    what_changed: Option<String>,
    #[command(flatten)]
    when: when::When,
    #[command(flatten)]
    consent: Consent,
}

/// Arguments of `chappe retry`.
#[derive(Debug, clap::Args)]
pub(super) struct Retry {
    /// The code of the message.
    message: String,
    /// Also those who may have it and gave no sign.
    #[arg(long)]
    uncertain: bool,
    #[command(flatten)]
    when: when::When,
    #[command(flatten)]
    consent: Consent,
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let school = context.school_to_change().await?;
    let earlier = status::find(&school, &arguments.message).await?;
    let earlier = office::first_of(&school, earlier).await?;
    let changes = Amendments {
        fields: arguments.fields.into_iter().collect::<Fields>(),
        what_changed: arguments.what_changed,
        urgency: arguments.urgency,
        plans: school.config.plans_beside(&earlier.plan),
        terms: arguments.when.terms(&school)?,
    };
    let message = office::prepare_correction(&school, &earlier, changes).await?;
    let correction = TypedCorrection { earlier, message, draft: None };
    if !correction.leave(context, &school, &arguments.consent).await? {
        output::note(send::NOTHING_LEFT);
    }
    Ok(())
}

/// A correction, and the draft that it comes from.
pub(super) struct TypedCorrection {
    /// The message that it puts right.
    pub(super) earlier: Message,
    /// What it says.
    pub(super) message: Message,
    /// The draft, where it was kept as one.
    pub(super) draft: Option<DraftVersion>,
}

impl TypedCorrection {
    /// Launches it, or only shows it, as is meant; `false`: whoever was asked said no.
    pub(super) async fn leave(
        self,
        context: &Context,
        school: &School,
        consent: &Consent,
    ) -> anyhow::Result<bool> {
        let Self { earlier, message, draft } = self;
        if consent.dry_run {
            let looked_at = office::correctable(school, &earlier, &message).await?;
            context.answer(&looked_at, |it| present(school, it));
            return Ok(true);
        }
        if let Some(mut person) = consent.asked(context) {
            let looked_at = office::correctable(school, &earlier, &message).await?;
            if !is_wanted(&mut person, &looked_at, school.clock.now())? {
                return Ok(false);
            }
        }
        let cards_published = office::cards_published(school, &earlier).await?;
        let recall = office::recall_ahead(school, &earlier, &message).await?;
        let (sent, to) =
            office::correct_from(school, asker::here(), &earlier, message, draft).await?;
        let launched = CorrectionShown::launched(&sent, to);
        let shown = CorrectionShown { cards_published, recall, ..launched };
        context.answer(&shown, |it| present(school, it));
        Ok(true)
    }
}

/// Whether whoever sits at the terminal wants it to leave.
fn is_wanted(
    person: &mut Terminal<'_>,
    correction: &CorrectionShown,
    now: Moment,
) -> io::Result<bool> {
    for (channel, text) in &correction.preview {
        person.say(&format!("\n──── {} ────\n{text}", channel.in_french()))?;
    }
    let CorrectionShown { corrects, had_it, waited_for_it, .. } = correction;
    person.say(&format!(
        "\nRectificatif de {corrects} : {had_it} ont eu, ou peut-être eu, l’ancien texte ; {waited_for_it} \
         l’attendaient encore."
    ))?;
    for line in correction.recall.in_french(now) {
        person.say(&line)?;
    }
    let everybody = had_it + waited_for_it;
    let plural = if everybody == 1 { "personne" } else { "personnes" };
    person.says_yes(&format!("Envoyer à {everybody} {plural} ?"))
}

fn present(school: &School, corrected: &CorrectionShown) {
    match &corrected.message {
        Some(code) => output::line(format!("Message {code} corrects {}.", corrected.corrects)),
        None => output::line("Nothing was sent."),
    }
    if let Some(says) = &corrected.says {
        output::line(format!("It says what changed:\n  {}", says.what));
    }
    output::line(format!("{} had the earlier text, or may have had it.", corrected.had_it));
    output::line(format!(
        "{} still waited for it, and get the new one only.",
        corrected.waited_for_it
    ));
    for card in &corrected.cards_published {
        output::line(format!("Card {card} is published: edit or remove what stands there."));
    }
    for line in corrected.recall.in_french(school.clock.now()) {
        output::line(line);
    }
    for (channel, text) in &corrected.preview {
        output::line(format!("\n──── {channel} ────\n{text}"));
    }
    if let Some(code) = &corrected.message {
        send::tell_of_undo(school, code, corrected.starts_at);
    }
}

pub(super) async fn retry(context: &Context, arguments: Retry) -> anyhow::Result<()> {
    let school = context.school_to_change().await?;
    let earlier = status::find(&school, &arguments.message).await?;
    let terms = arguments.when.terms(&school)?;
    let request = office::again(&school, &earlier, arguments.uncertain, terms).await?;
    let ready = office::prepare(&school, request).await?;
    send::launch_with(context, &school, ready, &arguments.consent).await
}
