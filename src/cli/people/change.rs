//! `chappe people change`: what a file has wrong, or the office typed wrong.

use super::add::civility;
use crate::cli::context::Context;
use crate::cli::who::{self, Named};
use crate::cli::{asker, output, typed, when};
use crate::directory::{AdultChanges, PupilChanges, RightContact};
use crate::office::{self, School};
use crate::people::Civility;

/// Arguments of `chappe people change`.
#[derive(Debug, clap::Args)]
pub(super) struct Changing {
    #[command(flatten)]
    who: Named,
    /// The first name as it is.
    #[arg(long, value_parser = when::said)]
    first_name: Option<String>,
    /// The family name as it is in use.
    #[arg(long, value_parser = when::said)]
    family_name: Option<String>,
    /// The class; it is a pupil. Empty for none.
    #[arg(long = "in", value_name = "CLASS", value_parser = when::one_line, conflicts_with = "pupil")]
    to_class: Option<String>,
    /// It is a pupil.
    #[arg(long, conflicts_with = "pupil")]
    is_pupil: bool,
    #[command(flatten)]
    of_adults: OfAdults,
}

/// What a pupil has not.
#[derive(Debug, clap::Args)]
#[group(multiple = true, conflicts_with_all = ["to_class", "is_pupil"])]
struct OfAdults {
    /// `Mme` or `M.`
    #[arg(long, value_parser = civility)]
    civility: Option<Civility>,
    /// Their e-mail address; where they have several, `chappe contacts correct` says which.
    #[arg(long)]
    email: Option<String>,
    /// Their telephone number; where they have several, `chappe contacts correct` says which.
    #[arg(long)]
    phone: Option<String>,
    /// Their address in a messenger; where they have several, `chappe contacts correct` says which.
    #[arg(long)]
    chat: Option<String>,
    /// Their postal address, its lines between `;`: `12 rue des Lilas; 31000 TOULOUSE`.
    #[arg(long, value_parser = when::one_line)]
    address: Option<String>,
}

pub(super) async fn run(
    context: &Context,
    school: &School,
    change: Changing,
) -> anyhow::Result<()> {
    let Changing { who, first_name, family_name, to_class: class, is_pupil, of_adults } = change;
    let (actor, who) = (asker::here(), who.into());
    let changed = if is_pupil || class.is_some() {
        let changes = PupilChanges { first_name, family_name, class };
        office::change_pupil(school, actor, &who, changes).await
    } else {
        let OfAdults { civility, .. } = of_adults;
        let contacts = contacts(&of_adults, &school.config.school.region)?;
        let changes = AdultChanges { civility, first_name, family_name, contacts };
        office::change_adult(school, actor, &who, changes).await
    };
    context.answer(&who::found(changed)?, |it| {
        output::line(format!("{} is changed; imports do not change it back.", it.name));
    });
    Ok(())
}

fn contacts(said: &OfAdults, region: &str) -> anyhow::Result<Vec<RightContact>> {
    let OfAdults { email, phone, chat, address, .. } = said;
    let mut contacts = Vec::new();
    if let Some(email) = email {
        contacts.push(RightContact::Email { was: None, is: Some(typed::email(email)?) });
    }
    if let Some(phone) = phone {
        contacts.push(RightContact::Phone { was: None, is: Some(typed::phone(phone, region)?) });
    }
    if let Some(chat) = chat {
        contacts.push(RightContact::Chat { was: None, is: Some(typed::chat(chat)?) });
    }
    if let Some(address) = address {
        contacts.push(RightContact::Post(typed::postal_address(address)?));
    }
    Ok(contacts)
}
