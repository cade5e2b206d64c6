//! Where one addressee stands, in the words of the sum: reached by the best proof held, or on somebody's list.

use serde::Serialize;

use super::lifecycle::AddresseeState;
use crate::message::Proof;

/// A place in the sum of a message: every addressee stands in exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AddresseePlace {
    /// Reached: a provider has it, or people posted it.
    HandedOver,
    /// Reached: it arrived.
    Arrived,
    /// Reached: it was opened.
    Seen,
    /// Reached: they answered.
    Answered,
    /// On the list of letters.
    OnLetter,
    /// On the list of calls.
    OnCall,
    /// Every way failed.
    Unreached,
    /// One way may have arrived.
    Uncertain,
    /// A machine is still at work.
    Waiting,
    /// A person stopped the message before it left for them.
    Cancelled,
}

impl AddresseePlace {
    /// Every place, in the order of the sum.
    pub const ALL: [Self; 10] = [
        Self::HandedOver,
        Self::Arrived,
        Self::Seen,
        Self::Answered,
        Self::OnLetter,
        Self::OnCall,
        Self::Unreached,
        Self::Uncertain,
        Self::Waiting,
        Self::Cancelled,
    ];

    /// The place of somebody in this state, of whose ways this is the best proof.
    #[must_use]
    pub const fn of(state: AddresseeState, best: Option<Proof>) -> Self {
        match state {
            AddresseeState::Reached => match best {
                None | Some(Proof::Accepted) => Self::HandedOver,
                Some(Proof::Delivered) => Self::Arrived,
                Some(Proof::Read) => Self::Seen,
                Some(Proof::Acknowledged) => Self::Answered,
            },
            AddresseeState::OnLetter => Self::OnLetter,
            AddresseeState::OnCall => Self::OnCall,
            AddresseeState::Unreached => Self::Unreached,
            AddresseeState::Uncertain => Self::Uncertain,
            AddresseeState::Waiting => Self::Waiting,
            AddresseeState::Cancelled => Self::Cancelled,
        }
    }

    /// The state of whoever stands there.
    #[must_use]
    pub const fn state(self) -> AddresseeState {
        match self {
            Self::HandedOver | Self::Arrived | Self::Seen | Self::Answered => {
                AddresseeState::Reached
            }
            Self::OnLetter => AddresseeState::OnLetter,
            Self::OnCall => AddresseeState::OnCall,
            Self::Unreached => AddresseeState::Unreached,
            Self::Uncertain => AddresseeState::Uncertain,
            Self::Waiting => AddresseeState::Waiting,
            Self::Cancelled => AddresseeState::Cancelled,
        }
    }

    /// The word for it in JSON and in addresses of pages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HandedOver => "handed_over",
            Self::Arrived => "arrived",
            Self::Seen => "seen",
            Self::Answered => "answered",
            Self::OnLetter => "on_letter",
            Self::OnCall => "on_call",
            Self::Unreached => "unreached",
            Self::Uncertain => "uncertain",
            Self::Waiting => "waiting",
            Self::Cancelled => "cancelled",
        }
    }

    /// The place of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|place| place.as_str() == word)
    }

    /// What the office reads of one addressee, in French.
    #[must_use]
    pub const fn in_french(self) -> &'static str {
        match self {
            Self::HandedOver => "remis",
            Self::Arrived => "arrivé",
            Self::Seen => "vu",
            Self::Answered => "répondu",
            Self::OnLetter => "sur papier",
            Self::OnCall => "à appeler",
            Self::Unreached => "non joint",
            Self::Uncertain => "incertain",
            Self::Waiting => "en chemin",
            Self::Cancelled => "annulé",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_says_no_more_than_it_is_and_every_place_has_its_word() {
        let reached = |proof| AddresseePlace::of(AddresseeState::Reached, proof);
        let proofs = Proof::ALL.map(|proof| reached(Some(proof)));
        assert_eq!(
            proofs,
            [
                AddresseePlace::HandedOver,
                AddresseePlace::Arrived,
                AddresseePlace::Seen,
                AddresseePlace::Answered
            ]
        );
        assert_eq!(reached(None), AddresseePlace::HandedOver);
        assert_eq!(
            AddresseePlace::of(AddresseeState::Uncertain, Some(Proof::Delivered)),
            AddresseePlace::Uncertain
        );
        assert!(
            AddresseePlace::ALL
                .into_iter()
                .all(|it| AddresseePlace::from_word(it.as_str()) == Some(it))
        );
    }
}
