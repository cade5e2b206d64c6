//! `chappe contacts correct`: a contact put right by hand.

use anyhow::bail;

use crate::cli::context::Context;
use crate::cli::who::{self, Named};
use crate::cli::{asker, output, typed, when};
use crate::directory::RightContact;
use crate::office::{self, School};

/// Arguments of `chappe contacts correct`.
#[derive(Debug, clap::Args)]
pub(super) struct Correct {
    /// Whose.
    #[command(flatten)]
    who: Named,
    /// The right e-mail address; empty when there is none any more.
    #[arg(long, group = "what")]
    email: Option<String>,
    /// The right telephone number; empty when there is none any more.
    #[arg(long, group = "what")]
    phone: Option<String>,
    /// The right address in a messenger; empty when there is none any more.
    #[arg(long, group = "what")]
    chat: Option<String>,
    /// The right postal address, its lines between `;`: `12 rue des Lilas; 31000 TOULOUSE`.
    #[arg(long, group = "what", value_parser = when::one_line)]
    address: Option<String>,
    /// The address or the number that was wrong.
    #[arg(long)]
    was: Option<String>,
}

pub(super) async fn run(
    context: &Context,
    school: &School,
    correct: Correct,
) -> anyhow::Result<()> {
    let right = right(&correct, &school.config.school.region)?;
    let who = correct.who.into();
    let corrected = office::correct_contact(school, asker::here(), &who, right).await;
    context.answer(&who::found(corrected)?, |_| {
        output::line("Corrected; it stands on the list to-correct until the source says the same.");
    });
    Ok(())
}

fn right(correct: &Correct, region: &str) -> anyhow::Result<RightContact> {
    let Correct { email, phone, chat, address, was, .. } = correct;
    let given = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    let (was, mailbox) = (given(was), |text: String| typed::email(&text));
    if email.is_some() {
        let is = given(email).map(mailbox).transpose()?;
        return Ok(RightContact::Email { was: was.map(mailbox).transpose()?, is });
    }
    let number = |text: String| typed::phone(&text, region);
    if phone.is_some() {
        let is = given(phone).map(number).transpose()?;
        return Ok(RightContact::Phone { was: was.map(number).transpose()?, is });
    }
    let account = |text: String| typed::chat(&text);
    if chat.is_some() {
        let is = given(chat).map(account).transpose()?;
        return Ok(RightContact::Chat { was: was.map(account).transpose()?, is });
    }
    match given(address) {
        Some(text) => typed::postal_address(&text).map(RightContact::Post),
        None => {
            bail!("say what is right: --email, --phone, --chat or --address; nothing was changed")
        }
    }
}
