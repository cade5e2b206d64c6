//! `chappe people add`: the family that comes on Monday.

use anyhow::anyhow;

use crate::cli::context::Context;
use crate::cli::who::{self, Named};
use crate::cli::{asker, contacts, output, when};
use crate::directory::{self, NewAdult, NewPupil, Place};
use crate::email_address::EmailAddress;
use crate::office::{self, Newcomer, School};
use crate::people::{Civility, Standing};
use crate::phone_number::PhoneNumber;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Add {
    /// A pupil; add their guardians then.
    Pupil {
        #[command(flatten)]
        name: Name,
        /// The class, as the others of it have it.
        #[arg(long = "in", value_name = "CLASS", value_parser = when::one_line)]
        class: Option<String>,
    },
    /// A guardian of a pupil.
    Guardian {
        #[command(flatten)]
        adult: Adult,
        /// The pupil: a name as on the roll.
        #[arg(long, value_name = "PUPIL")]
        of: String,
        /// The class of the pupil, where several have the name.
        #[arg(long)]
        class: Option<String>,
        /// `legal_representative`, `caretaker` or `emergency_contact`.
        #[arg(long = "as", default_value = "legal_representative", value_parser = standing)]
        standing: Standing,
        /// Add them although a restriction is noted about the pupil: it is not the restricted person.
        #[arg(long)]
        somebody_else: bool,
    },
    /// A member of staff.
    Staff {
        #[command(flatten)]
        adult: Adult,
        /// What they do: `ENS`, `AED`, or another word of the school's.
        #[arg(long, default_value = "", value_parser = when::one_line)]
        function: String,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct Name {
    /// The first name.
    #[arg(value_parser = when::one_line)]
    first_name: String,
    /// The family name.
    #[arg(value_parser = when::one_line)]
    family_name: String,
}

#[derive(Debug, clap::Args)]
pub(super) struct Adult {
    #[command(flatten)]
    name: Name,
    /// `Mme` or `M.`
    #[arg(long, value_parser = civility)]
    civility: Option<Civility>,
    /// Their e-mail address.
    #[arg(long)]
    email: Option<String>,
    /// Their telephone number.
    #[arg(long)]
    phone: Option<String>,
    /// Their postal address, its lines between `;`: `12 rue des Lilas; 31000 TOULOUSE`.
    #[arg(long, value_parser = when::one_line)]
    address: Option<String>,
}

pub(super) async fn run(context: &Context, app: &School, add: Add) -> anyhow::Result<()> {
    let by = asker::by(app);
    let added = match add {
        Add::Pupil { name: Name { first_name, family_name }, class } => {
            office::add_pupil(app, by, NewPupil { first_name, family_name, class }).await?
        }
        Add::Guardian { adult, of, class, standing, somebody_else } => {
            let whose = Named::pupil(of, class).into();
            let (store, school) = (app.store(), app.queue.school());
            let pupil = who::found(directory::find_pupil(store, school, &whose).await)?;
            let place = Place::GuardianOf { pupil, standing, is_somebody_else: somebody_else };
            office::add_adult(app, by, checked(adult, app)?, place).await?
        }
        Add::Staff { adult, function } => {
            office::add_adult(app, by, checked(adult, app)?, Place::Staff(function)).await?
        }
    };
    present(context, &added);
    Ok(())
}

fn present(context: &Context, added: &Newcomer) {
    if context.json {
        output::json(added);
    } else {
        let name = &added.name;
        output::line(format!("{name} is added, until a file brings them."));
    }
}

/// What was typed of an adult, once it is sound.
fn checked(adult: Adult, app: &School) -> anyhow::Result<NewAdult> {
    let Adult { name: Name { first_name, family_name }, civility, email, phone, address } = adult;
    let region = &app.config.school.region;
    let email = email.map(|typed| {
        EmailAddress::parse(&typed)
            .map_err(|_| anyhow!("\"{typed}\" is no e-mail address; nothing was changed"))
    });
    let phone = phone.map(|typed| {
        PhoneNumber::parse(&typed, region)
            .map_err(|bad| anyhow!("\"{typed}\" {bad}; nothing was changed"))
    });
    Ok(NewAdult {
        civility,
        first_name,
        family_name,
        email: email.transpose()?,
        phone: phone.transpose()?,
        postal_address: address.as_deref().map(contacts::postal_address).transpose()?,
    })
}

fn standing(word: &str) -> Result<Standing, String> {
    Standing::from_word(word).ok_or_else(|| {
        format!(
            "\"{word}\" is no standing; there are: legal_representative, caretaker, emergency_contact"
        )
    })
}

fn civility(word: &str) -> Result<Civility, String> {
    let known = [Civility::Mme, Civility::M].into_iter().find(|it| it.as_str() == word);
    known.ok_or_else(|| format!("\"{word}\" is no civility; there are: Mme, M."))
}
