//! Why they wait, as the office reads it.

use super::{School, Wait};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::waiting::WaitReason;
use crate::wording::dates;

impl Wait {
    /// In one line: `3 attendent l’ouverture des SMS, lundi 30 à 7 h`.
    #[must_use]
    pub fn in_french(&self, school: &School) -> String {
        let until = self.until.map(|until| to_come(school, until));
        let why = self.why.as_ref().map(|why| format!(" ({why})")).unwrap_or_default();
        format!("{} {}{why}", self.count, self.said(school, until.as_deref()))
    }

    fn said(&self, school: &School, until: Option<&str>) -> String {
        let wait = if self.count == 1 { "attend" } else { "attendent" };
        let leave = if self.count == 1 { "partira" } else { "partiront" };
        let told = |before: &str| until.map(|at| format!("{before}{at}")).unwrap_or_default();
        let (then, channel) = (told(", "), self.channel);
        match self.reason {
            WaitReason::Hold => format!("{wait} la reprise des envois, tous suspendus"),
            WaitReason::Paused => {
                let by = self.by.as_ref().map(|by| format!(" par {by}")).unwrap_or_default();
                format!("{wait} la fin de la pause décidée{by}")
            }
            WaitReason::Digest => format!("{wait} le récapitulatif{then}"),
            WaitReason::Proof => {
                format!("{wait} une preuve de remise{}", told(" ; sinon, voie suivante "))
            }
            WaitReason::Undo => format!("{leave}{} : annulation possible d’ici là", told(" ")),
            WaitReason::Closed => format!("{wait} la réouverture {}{then}", of(channel)),
            WaitReason::QuietHours => format!("{wait} l’ouverture {}{then}", of(channel)),
            WaitReason::Wave => format!("{wait} la vague de leur niveau{then}"),
            WaitReason::Retry => format!("{wait} un nouvel essai {}{then}", by(channel)),
            WaitReason::NobodyAtWork => format!("{wait} : aucun programme n’est au travail"),
            WaitReason::Publication => {
                let be = if self.count == 1 { "être prévenue" } else { "être prévenues" };
                format!("{wait} d’{be} par une publication{}", published_in(school, channel))
            }
            WaitReason::NoCarrier => format!("{wait} : plus personne ne porte {}", the(channel)),
            WaitReason::Idle => {
                format!("{wait} que {} soit réglé sur cet ordinateur", service(channel))
            }
            WaitReason::Refusing => {
                format!("{wait} que {} réponde de nouveau{}", service(channel), told(", essai "))
            }
            WaitReason::Turn => format!("{leave} {} à leur tour{then}", by(channel)),
        }
    }
}

/// ` dans PRONOTE`, or in each of the programs in which people publish on a channel.
fn published_in(school: &School, channel: Option<Channel>) -> String {
    let routes = channel.map(|channel| school.config.routes(channel)).unwrap_or_default();
    let names = routes.iter().filter_map(|(_, it)| Some(it.by_hand()?.called()));
    let names: Vec<&str> = names.collect();
    if names.is_empty() { String::new() } else { format!(" dans {}", names.join(" ou ")) }
}

fn to_come(school: &School, at: Moment) -> String {
    let hours = &school.queue.timing().hours;
    dates::to_come(hours.wall(at), hours.wall(school.clock.now()))
}

const fn the(channel: Option<Channel>) -> &'static str {
    match channel {
        Some(Channel::Ent) => "l’ENT",
        Some(Channel::Email) => "les courriels",
        Some(Channel::Sms) => "les SMS",
        Some(Channel::Phone) => "les appels",
        Some(Channel::Letter) => "les lettres",
        Some(Channel::Chat) => "les messages instantanés",
        None => "cette voie",
    }
}

const fn of(channel: Option<Channel>) -> &'static str {
    match channel {
        Some(Channel::Ent) => "de l’ENT",
        Some(Channel::Email) => "des courriels",
        Some(Channel::Sms) => "des SMS",
        Some(Channel::Phone) => "des appels",
        Some(Channel::Letter) => "des lettres",
        Some(Channel::Chat) => "des messages instantanés",
        None => "de cette voie",
    }
}

const fn by(channel: Option<Channel>) -> &'static str {
    match channel {
        Some(Channel::Ent) => "par l’ENT",
        Some(Channel::Email) => "par courriel",
        Some(Channel::Sms) => "par SMS",
        Some(Channel::Phone) => "par téléphone",
        Some(Channel::Letter) => "par lettre",
        Some(Channel::Chat) => "par message instantané",
        None => "par cette voie",
    }
}

const fn service(channel: Option<Channel>) -> &'static str {
    match channel {
        Some(Channel::Ent) => "l’ENT",
        Some(Channel::Email) => "le service des courriels",
        Some(Channel::Sms) => "le service des SMS",
        Some(Channel::Phone) => "le service des appels",
        Some(Channel::Letter) => "le service des lettres",
        Some(Channel::Chat) => "la messagerie",
        None => "le service",
    }
}
