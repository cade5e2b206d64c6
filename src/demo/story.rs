//! What happens to the announcement, told as it happens: turns, found between one look at it and the next.
//! Pure; in French, as the office reads it.

use std::collections::BTreeMap;
use std::time::Duration;

use super::look::Look;
use crate::channel::Channel;
use crate::queue::ChannelCount;

/// So many are worth a line.
const WORTH_A_LINE: usize = 20;
/// What a family answers who wants no more of them.
const STOP: &str = "STOP";

/// How a turn is felt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// It goes on.
    Plain,
    /// Something is in the way.
    Trouble,
    /// Something is well again, or done.
    Relief,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// How long after the launch.
    pub after: Duration,
    /// How it is felt.
    pub mood: Mood,
    /// What happened.
    pub told: String,
}

impl Turn {
    /// `0:04  L’ENT ne répond plus : 312 responsables attendent`.
    #[must_use]
    pub fn line(&self) -> String {
        let seconds = self.after.as_secs();
        format!("{}:{:02}  {}", seconds / 60, seconds % 60, self.told)
    }
}

/// Who tells; remembers what was told.
#[derive(Debug, Default)]
pub struct Story {
    has_begun: bool,
    choked: Option<Choked>,
    has_doubted: bool,
    outcomes: BTreeMap<Channel, (usize, usize)>,
    arrived: usize,
    replies: usize,
    given_back: usize,
    has_ended: bool,
}

/// The ENT takes nothing.
#[derive(Debug)]
struct Choked {
    /// Why, as it was told last.
    reason: String,
    /// What it had taken before.
    sent: usize,
}

type Remark = Option<(Mood, String)>;

impl Story {
    /// What happened since the look before.
    pub fn hear(&mut self, look: &Look) -> Vec<Turn> {
        let found = [
            self.beginning(look),
            self.ent(look),
            self.outcome(look, Channel::Ent),
            self.doubt(look),
            self.outcome(look, Channel::Email),
            self.returns(look),
            self.outcome(look, Channel::Sms),
            self.receipts(look),
            self.reply(look),
            self.end(look),
        ];
        let turn = |(mood, told)| Turn { after: look.after, mood, told };
        found.into_iter().flatten().map(turn).collect()
    }

    /// By which way each of them is looked for first.
    fn beginning(&mut self, look: &Look) -> Remark {
        if std::mem::replace(&mut self.has_begun, true) {
            return None;
        }
        let by = |channel| {
            let ChannelCount { waiting, sent, failed, .. } = look.count(channel);
            waiting + sent + failed
        };
        let (ent, email) = (by(Channel::Ent), by(Channel::Email));
        let (sms, letter, phone) = (by(Channel::Sms), by(Channel::Letter), by(Channel::Phone));
        let told = format!(
            "D’abord {ent} par l’ENT, {email} courriels, {sms} SMS, {letter} lettres, {phone} appels"
        );
        Some((Mood::Plain, told))
    }

    fn ent(&mut self, look: &Look) -> Remark {
        let ChannelCount { waiting, sent, .. } = look.count(Channel::Ent);
        match (&mut self.choked, &look.ent_refuses) {
            (None, Some(reason)) if waiting > 0 => {
                self.choked = Some(Choked { reason: reason.clone(), sent });
                let told = format!("L’ENT ne répond plus ({reason}) : {waiting} attendent");
                Some((Mood::Trouble, told))
            }
            (Some(choked), Some(reason)) if choked.reason != *reason => {
                choked.reason.clone_from(reason);
                Some((Mood::Trouble, format!("L’ENT ne va pas mieux ({reason})")))
            }
            (Some(choked), None) if sent > choked.sent => {
                self.choked = None;
                Some((Mood::Relief, "L’ENT répond de nouveau : les messages repartent".to_owned()))
            }
            _ => None,
        }
    }

    /// What came of a channel, once nothing waits for it.
    fn outcome(&mut self, look: &Look, channel: Channel) -> Remark {
        let ChannelCount { waiting, mut sent, mut failed, .. } = look.count(channel);
        if channel == Channel::Email {
            // Taken once, and told of by itself.
            sent += look.given_back;
            failed = failed.saturating_sub(look.given_back);
        }
        let (sent_before, failed_before) = self.outcomes.get(&channel).copied().unwrap_or_default();
        let more = sent.saturating_sub(sent_before);
        if waiting > 0 || more < WORTH_A_LINE {
            return None;
        }
        self.outcomes.insert(channel, (sent, failed));
        let failed = failed.saturating_sub(failed_before);
        let told =
            format!("{} : {more} remis ; {failed} en échec, à leur voie suivante", named(channel));
        Some((Mood::Plain, told))
    }

    /// The e-mails that the relay took, and that come back.
    fn returns(&mut self, look: &Look) -> Remark {
        let more = look.given_back - self.given_back;
        if more == 0 || look.coming_back > 0 {
            return None;
        }
        self.given_back = look.given_back;
        let told = if more == 1 {
            "1 courriel revient, personne à cette adresse : à sa voie suivante".to_owned()
        } else {
            format!("{more} courriels reviennent, personne à ces adresses : à leur voie suivante")
        };
        Some((Mood::Trouble, told))
    }

    /// Whom the ENT may have told, or not, once nothing waits for it.
    fn doubt(&mut self, look: &Look) -> Remark {
        let ChannelCount { waiting, uncertain, .. } = look.count(Channel::Ent);
        if waiting > 0 || uncertain == 0 || std::mem::replace(&mut self.has_doubted, true) {
            return None;
        }
        let told =
            format!("L’ENT laisse un doute sur {uncertain} : sans preuve, leur voie suivante");
        Some((Mood::Trouble, told))
    }

    /// What the operator says: its first words, and the last ones.
    fn receipts(&mut self, look: &Look) -> Remark {
        let ChannelCount { proven, .. } = look.count(Channel::Sms);
        let is_last = look.is_over() && !self.has_ended;
        if proven == self.arrived || (self.arrived > 0 && !is_last) {
            return None;
        }
        self.arrived = proven;
        let have = if proven > 1 { "SMS sont arrivés" } else { "SMS est arrivé" };
        Some((Mood::Relief, format!("L’opérateur le confirme : {proven} {have}")))
    }

    fn reply(&mut self, look: &Look) -> Remark {
        let new = look.replies.get(self.replies..).unwrap_or_default();
        let first = new.first()?;
        self.replies = look.replies.len();
        if new.iter().any(|reply| reply == STOP) {
            let told = format!("Une famille répond « {STOP} » : ce numéro n’aura plus de SMS");
            return Some((Mood::Plain, told));
        }
        Some((Mood::Plain, format!("Une famille répond « {first} »")))
    }

    fn end(&mut self, look: &Look) -> Remark {
        let all = look.status.addressees;
        if !look.is_over() || std::mem::replace(&mut self.has_ended, true) {
            return None;
        }
        let told = format!("Plus personne n’attend : {} joints sur {}", all.reached, all.total);
        Some((Mood::Relief, told))
    }
}

/// Whether the ENT told whoever uses their account there: of so many in use, so many.
#[must_use]
pub fn notified(after: Duration, (in_use, told): (usize, usize), calls: usize) -> Turn {
    if told == in_use {
        let told =
            format!("L’ENT a prévenu chacun des {in_use} comptes ouverts, en {calls} envois");
        return Turn { after, mood: Mood::Relief, told };
    }
    let untold = in_use - told;
    let told = format!("L’ENT n’a pas prévenu {untold} des {in_use} comptes ouverts");
    Turn { after, mood: Mood::Trouble, told }
}

const fn named(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "Courriel",
        other => other.in_french(),
    }
}
