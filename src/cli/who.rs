//! Naming somebody on the command line, also where several have the name.

use std::error::Error;

use super::{output, refusals};
use crate::directory::{Namesake, Who, WhoError};

/// Somebody, by name and by what tells namesakes apart.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Named {
    /// A name as on the roll; to look at somebody, a part of it, an e-mail address or a number will do.
    who: String,
    /// A pupil of theirs, where several have the name.
    #[arg(long)]
    pupil: Option<String>,
    #[command(flatten)]
    beside: Beside,
}

/// What tells those apart whom a name and a pupil leave.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Beside {
    /// The class of the pupil, where several have the name.
    #[arg(long)]
    class: Option<String>,
    /// A part of the postal address, an e-mail address or a number, where several have the name.
    #[arg(long)]
    at: Option<String>,
}

impl Named {
    /// A pupil, by name and class.
    pub(super) fn pupil(who: String, class: Option<String>) -> Self {
        Self { who, pupil: None, beside: Beside { class, at: None } }
    }
}

impl From<Named> for Who {
    fn from(Named { who, pupil, beside: Beside { class, at } }: Named) -> Self {
        Self { name: who, point: None, pupil, class, address: at }
    }
}

impl Beside {
    /// A person, who has this pupil.
    pub(super) fn of(self, name: String, pupil: String) -> Who {
        Who { pupil: Some(pupil), ..Named { who: name, pupil: None, beside: self }.into() }
    }
}

/// Shows who has the name, before the error says how to tell them apart: names stay out of errors.
pub(super) fn found<T, E: Error + 'static>(found: Result<T, E>) -> Result<T, E> {
    let who = found.as_ref().err().and_then(|error| refusals::cause::<WhoError>(error));
    if let Some(WhoError::Several { among, of, .. }) = who {
        for Namesake { name, pupils, addresses } in among {
            let told = [pupils.as_slice(), addresses.as_slice()].concat().join(", ");
            output::note(&format!("  {name}: {told}"));
        }
        if *of > among.len() {
            output::note(&format!("  and {} more", of - among.len()));
        }
    }
    found
}
