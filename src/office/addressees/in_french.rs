//! What was tried for an addressee, as the office reads it.

use crate::channel::Channel;
use crate::delivery::FailureKind;
use crate::delivery::lifecycle::DeliveryState;
use crate::message::Proof;
use crate::store::attempts::AttemptOutcome;
use crate::store::places::TracedWay;

impl TracedWay {
    /// In one line: `courriel : adresse inconnue ou compte jamais activé`.
    #[must_use]
    pub fn in_french(&self) -> String {
        let led = if self.is_led { ", avec celui d’un proche à la même adresse" } else { "" };
        format!("{} : {}{led}", self.channel.in_french(), self.told())
    }

    fn told(&self) -> &'static str {
        let why = self.failure.map(FailureKind::in_french);
        match self.state {
            DeliveryState::Waiting => why.unwrap_or("en attente"),
            DeliveryState::Sending => in_hand(self.channel),
            DeliveryState::Uncertain => "parti, mais personne ne sait s’il est arrivé",
            DeliveryState::Failed => why.unwrap_or("échec"),
            DeliveryState::Withdrawn => why.unwrap_or("plus nécessaire, rien n’est parti par là"),
            DeliveryState::Accepted | DeliveryState::Proven => proven(self.channel, self.proof),
        }
    }
}

const fn in_hand(channel: Channel) -> &'static str {
    match channel {
        Channel::Letter => "dans un lot, pas encore posté ni remis",
        Channel::Phone => "sur la liste d’appels",
        _ => "en train de partir",
    }
}

/// What a proof says of a way, and no more.
const fn proven(channel: Channel, proof: Option<Proof>) -> &'static str {
    match (proof, channel) {
        (None | Some(Proof::Accepted), Channel::Letter) => "posté ou remis à l’élève",
        (None | Some(Proof::Accepted), _) => "remis au service",
        (Some(Proof::Delivered), _) => "arrivé",
        (Some(Proof::Read), _) => "vu",
        (Some(Proof::Acknowledged), _) => "répondu",
    }
}

/// What a try came to: `pris en charge`, `service saturé`.
pub(super) const fn outcome(outcome: AttemptOutcome) -> &'static str {
    match outcome {
        AttemptOutcome::Accepted => "pris en charge",
        AttemptOutcome::Failed(kind) => kind.in_french(),
        AttemptOutcome::NeverArrived => "interrogé, le service dit ne l’avoir jamais reçu",
        AttemptOutcome::Asked => "interrogé, le service ne sait pas",
    }
}
