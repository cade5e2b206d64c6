//! A channel that stays as it is, and a hold that is not lifted.

use super::super::fault::{Explained, Fault};
use crate::office::{ChannelRefusal, ReleaseRefusal};

impl From<ChannelRefusal> for Fault {
    fn from(refusal: ChannelRefusal) -> Self {
        let told = match refusal {
            ChannelRefusal::Store(error) => return error.into(),
            ChannelRefusal::Past(at) => Explained::new(
                format!("Le {at} est déjà passé : rien n’a été fermé."),
                "Choisissez un moment à venir.",
            ),
            ChannelRefusal::WasOpen(channel) => Explained::new(
                format!("Le canal {} était déjà ouvert.", channel.in_french()),
                "Il n’y a rien à rouvrir.",
            ),
        };
        Self::Refused(told.by("/canaux", "Voir les canaux"))
    }
}

impl From<ReleaseRefusal> for Fault {
    fn from(refusal: ReleaseRefusal) -> Self {
        let told = match refusal {
            ReleaseRefusal::Store(error) => return error.into(),
            ReleaseRefusal::NothingHeld => {
                Explained::new("Les envois ne sont pas suspendus.", "Il n’y a rien à reprendre.")
            }
            ReleaseRefusal::NothingRestored => Explained::new(
                "Aucune sauvegarde n’a été restaurée ici : ce qui attend n’est pas parti.",
                "Reprenez simplement les envois.",
            ),
        };
        Self::Refused(told.by("/canaux", "Voir les canaux"))
    }
}
