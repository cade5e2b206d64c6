//! `chappe people add`: the family that comes on Monday.

use crate::cli::context::Context;
use crate::cli::who::{self, Named};
use crate::cli::{asker, output, typed, when};
use crate::directory::{NewAdult, NewPupil};
use crate::office::{self, GuardianOf, School};
use crate::people::{Civility, Standing};

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
    /// Their address in a messenger: `@ines.durand:example.org`.
    #[arg(long)]
    chat: Option<String>,
    /// Their postal address, its lines between `;`: `12 rue des Lilas; 31000 TOULOUSE`.
    #[arg(long, value_parser = when::one_line)]
    address: Option<String>,
}

pub(super) async fn run(context: &Context, school: &School, add: Add) -> anyhow::Result<()> {
    let actor = asker::here();
    let added = match add {
        Add::Pupil { name: Name { first_name, family_name }, class } => {
            office::add_pupil(school, actor, NewPupil { first_name, family_name, class }).await?
        }
        Add::Guardian { adult, of, class, standing, somebody_else } => {
            let pupil = Named::pupil(of, class).into();
            let of = GuardianOf { pupil, standing, is_somebody_else: somebody_else };
            who::found(office::add_guardian(school, actor, checked(adult, school)?, of).await)?
        }
        Add::Staff { adult, function } => {
            office::add_staff(school, actor, checked(adult, school)?, function).await?
        }
    };
    context.answer(&added, |it| {
        output::line(format!("{} is added, until a file brings them.", it.name));
    });
    Ok(())
}

/// What was typed of an adult, once it is sound.
fn checked(adult: Adult, school: &School) -> anyhow::Result<NewAdult> {
    let Adult { name: Name { first_name, family_name }, civility, email, phone, chat, address } =
        adult;
    let region = &school.config.school.region;
    Ok(NewAdult {
        civility,
        first_name,
        family_name,
        email: email.as_deref().map(typed::email).transpose()?,
        phone: phone.map(|it| typed::phone(&it, region)).transpose()?,
        chat: chat.as_deref().map(typed::chat).transpose()?,
        postal_address: address.as_deref().map(typed::postal_address).transpose()?,
    })
}

fn standing(word: &str) -> Result<Standing, String> {
    Standing::from_word(word).ok_or_else(|| {
        format!(
            "\"{word}\" is no standing; there are: legal_representative, caretaker, emergency_contact"
        )
    })
}

pub(super) fn civility(word: &str) -> Result<Civility, String> {
    Civility::from_word(word)
        .ok_or_else(|| format!("\"{word}\" is no civility; there are: Mme, M."))
}
