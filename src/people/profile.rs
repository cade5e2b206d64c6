//! What a household can be reached by, as it told the school (the memo: *prendre en compte des
//! difficultés de connexion ou matérielles des familles*).

use serde::{Deserialize, Serialize};

use crate::channel::Channel;

/// How a household is connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Connectivity {
    /// No screen at all: paper, or somebody who passes on a call.
    None,
    /// A telephone that calls and takes text messages, no Internet.
    PhoneOnly,
    /// A smartphone.
    Smartphone,
    /// One computer for all.
    SharedComputer,
    /// Whatever is needed.
    Full,
}

impl Connectivity {
    /// Every kind, least connected first.
    pub const ALL: [Self; 5] =
        [Self::None, Self::PhoneOnly, Self::Smartphone, Self::SharedComputer, Self::Full];

    /// The word in configuration, database and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::PhoneOnly => "phone_only",
            Self::Smartphone => "smartphone",
            Self::SharedComputer => "shared_computer",
            Self::Full => "full",
        }
    }

    /// The kind of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Whether a message on this channel is any use there.
    #[must_use]
    pub const fn can_use(self, channel: Channel) -> bool {
        match self {
            Self::None => matches!(channel, Channel::Letter | Channel::Phone),
            Self::PhoneOnly => matches!(channel, Channel::Letter | Channel::Phone | Channel::Sms),
            Self::Smartphone | Self::SharedComputer | Self::Full => true,
        }
    }
}

/// What the school knows of a household beside its address. Kept with each of its persons, so that it
/// outlives a move and a separation.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// How it is connected.
    pub connectivity: Connectivity,
    /// Whether it can print.
    pub printer: bool,
    /// The language that it reads best (ISO 639), where that is not French.
    pub language: Option<String>,
    /// Whom to call, and when: "la grand-mère, après 18 h".
    pub call: Option<String>,
    /// Whether somebody there reads large print alone.
    #[serde(default)]
    pub large_print: bool,
    /// Where it fetches its letters: "Mairie de Saint-Martin"; `None`: they go by post.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub pick_up: Option<String>,
}

impl std::fmt::Debug for Profile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Profile({})", self.connectivity.as_str())
    }
}

/// What somebody says of a household; what is not said stays as it was known. `Debug` hides it.
#[derive(Clone, Default)]
pub struct SaidOfHome {
    /// How it is connected.
    pub connectivity: Option<Connectivity>,
    /// Whether it can print.
    pub printer: Option<bool>,
    /// The language that it reads best (ISO 639).
    pub language: Option<String>,
    /// Whom to call, and when.
    pub call: Option<String>,
    /// Whether somebody there reads large print alone.
    pub large_print: Option<bool>,
    /// Where it fetches its letters; empty: they go by post.
    pub pick_up: Option<String>,
}

impl std::fmt::Debug for SaidOfHome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SaidOfHome(…)")
    }
}

impl SaidOfHome {
    /// What is known then; `None` while nobody said how the household is connected.
    #[must_use]
    pub fn over(self, known: Option<Profile>) -> Option<Profile> {
        let connectivity = self.connectivity.or(known.as_ref().map(|known| known.connectivity))?;
        let known_print = known.as_ref().is_some_and(|it| it.large_print);
        let known_pick_up = known.as_ref().and_then(|it| it.pick_up.clone());
        let pick_up = self.pick_up.or(known_pick_up).filter(|it| !it.is_empty());
        let (printer, language, call) =
            known.map_or((false, None, None), |it| (it.printer, it.language, it.call));
        Some(Profile {
            large_print: self.large_print.unwrap_or(known_print),
            connectivity,
            printer: self.printer.unwrap_or(printer),
            language: self.language.or(language),
            call: self.call.or(call),
            pick_up,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_no_screen_is_never_sent_to_one() {
        let usable = |kind: Connectivity| {
            Channel::ALL.into_iter().filter(|channel| kind.can_use(*channel)).collect::<Vec<_>>()
        };
        assert_eq!(usable(Connectivity::None), [Channel::Phone, Channel::Letter]);
        assert_eq!(
            usable(Connectivity::PhoneOnly),
            [Channel::Sms, Channel::Phone, Channel::Letter]
        );
        assert_eq!(usable(Connectivity::Smartphone), Channel::ALL);
    }

    #[test]
    fn a_place_to_fetch_letters_stays_until_it_is_taken_away() {
        let known = |pick_up: Option<&str>| {
            let connectivity = Some(Connectivity::None);
            let said = SaidOfHome { connectivity, ..SaidOfHome::default() };
            said.over(None).map(|it| Profile { pick_up: pick_up.map(str::to_owned), ..it })
        };
        for (said, before, after) in [
            (None, None, None),
            (None, Some("Mairie"), Some("Mairie")),
            (Some("Loge"), Some("Mairie"), Some("Loge")),
            (Some(""), Some("Mairie"), None),
            (Some(""), None, None),
        ] {
            let pick_up = said.map(str::to_owned);
            let said = SaidOfHome { pick_up, ..SaidOfHome::default() };
            assert_eq!(said.over(known(before)).unwrap().pick_up.as_deref(), after);
        }
    }
}
