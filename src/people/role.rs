//! What an account may do: a role says what is usual, rights say what is so.

use serde::{Deserialize, Serialize, Serializer};

/// What somebody with an account is at the school.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AccountRole {
    /// The secretariat.
    Secretariat,
    /// The head and the deputies.
    Direction,
    /// The conseiller principal d'éducation and the vie scolaire.
    Cpe,
    /// The professeur principal of a class or of several.
    HeadTeacher,
    /// Looks after a few pupils.
    Tutor,
    /// Sees to the machine and to the providers.
    It,
}

/// One thing that an account may do, or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Right {
    /// See pupils, families, their contacts and what went to them.
    SeeFamilies,
    /// Put families right: contacts, classes, imports.
    EditFamilies,
    /// See and note court rulings.
    SeeRulings,
    /// Write drafts.
    Write,
    /// Launch, pause, cancel and correct messages.
    Send,
    /// Launch what passes quiet hours.
    SendUrgent,
    /// Say yes to what somebody else wants to send.
    Approve,
    /// See to what people carry: letters, cards, calls.
    CarryByHand,
    /// Take lists of names out of the program.
    Export,
    /// Change the school's facts, plans, hours, channels and providers.
    Settings,
    /// Add, change and disable accounts.
    Accounts,
    /// Read who asked for what.
    SeeJournal,
}

impl AccountRole {
    /// Every role.
    pub const ALL: [Self; 6] =
        [Self::Secretariat, Self::Direction, Self::Cpe, Self::HeadTeacher, Self::Tutor, Self::It];

    /// The word for it in the database, in JSON and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Secretariat => "secretariat",
            Self::Direction => "direction",
            Self::Cpe => "cpe",
            Self::HeadTeacher => "head_teacher",
            Self::Tutor => "tutor",
            Self::It => "it",
        }
    }

    /// The role of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }

    /// What colleagues call it.
    #[must_use]
    pub const fn in_french(self) -> &'static str {
        match self {
            Self::Secretariat => "secrétariat",
            Self::Direction => "direction",
            Self::Cpe => "CPE",
            Self::HeadTeacher => "professeur principal",
            Self::Tutor => "tuteur",
            Self::It => "informatique",
        }
    }

    /// What this role usually may. Rulings are seen by those who act on them, the machine is left to who
    /// knows it, and who knows it has no business with families; each account may be given more or less.
    #[must_use]
    pub const fn usual(self) -> &'static [Right] {
        use Right::{
            Accounts, Approve, CarryByHand, EditFamilies, Export, SeeFamilies, SeeJournal,
            SeeRulings, Send, SendUrgent, Settings, Write,
        };
        match self {
            Self::Secretariat => &[
                SeeFamilies,
                EditFamilies,
                Write,
                Send,
                SendUrgent,
                CarryByHand,
                Export,
                SeeJournal,
            ],
            Self::Direction => &[
                SeeFamilies,
                EditFamilies,
                SeeRulings,
                Write,
                Send,
                SendUrgent,
                Approve,
                CarryByHand,
                Export,
                Accounts,
                SeeJournal,
            ],
            Self::Cpe => &[
                SeeFamilies,
                EditFamilies,
                SeeRulings,
                Write,
                Send,
                SendUrgent,
                CarryByHand,
                Export,
                SeeJournal,
            ],
            Self::HeadTeacher => &[SeeFamilies, Write, CarryByHand],
            Self::Tutor => &[SeeFamilies],
            Self::It => &[Settings, Accounts],
        }
    }

    /// Whether it has to do with pupils of its own alone, named on the account.
    #[must_use]
    pub const fn has_pupils_of_its_own(self) -> bool {
        matches!(self, Self::HeadTeacher | Self::Tutor)
    }
}

impl Right {
    /// Every right.
    pub const ALL: [Self; 12] = [
        Self::SeeFamilies,
        Self::EditFamilies,
        Self::SeeRulings,
        Self::Write,
        Self::Send,
        Self::SendUrgent,
        Self::Approve,
        Self::CarryByHand,
        Self::Export,
        Self::Settings,
        Self::Accounts,
        Self::SeeJournal,
    ];

    /// The word for it in the database, in JSON and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SeeFamilies => "see_families",
            Self::EditFamilies => "edit_families",
            Self::SeeRulings => "see_rulings",
            Self::Write => "write",
            Self::Send => "send",
            Self::SendUrgent => "send_urgent",
            Self::Approve => "approve",
            Self::CarryByHand => "carry_by_hand",
            Self::Export => "export",
            Self::Settings => "settings",
            Self::Accounts => "accounts",
            Self::SeeJournal => "see_journal",
        }
    }

    /// The right of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|right| right.as_str() == word)
    }

    /// What colleagues call it.
    #[must_use]
    pub const fn in_french(self) -> &'static str {
        match self {
            Self::SeeFamilies => "voir les familles",
            Self::EditFamilies => "modifier les familles",
            Self::SeeRulings => "voir les décisions de justice",
            Self::Write => "écrire des brouillons",
            Self::Send => "envoyer",
            Self::SendUrgent => "envoyer en urgence",
            Self::Approve => "approuver un envoi",
            Self::CarryByHand => "s’occuper des courriers, des publications et des appels",
            Self::Export => "sortir des listes",
            Self::Settings => "changer les réglages",
            Self::Accounts => "gérer les comptes",
            Self::SeeJournal => "lire le journal",
        }
    }
}

impl Serialize for AccountRole {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Serialize for Right {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for AccountRole {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        let words = || Self::ALL.map(Self::as_str).join(", ");
        let unknown = || serde::de::Error::custom(format!("no role is \"{word}\": {}", words()));
        Self::from_word(&word).ok_or_else(unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_says_one_role_and_one_right() {
        assert!(
            AccountRole::ALL.into_iter().all(|it| AccountRole::from_word(it.as_str()) == Some(it))
        );
        assert!(Right::ALL.into_iter().all(|it| Right::from_word(it.as_str()) == Some(it)));
    }

    #[test]
    fn who_sees_to_the_machine_sees_no_family_and_no_role_may_all() {
        let of_families =
            [Right::SeeFamilies, Right::EditFamilies, Right::SeeRulings, Right::Export];
        assert!(of_families.iter().all(|right| !AccountRole::It.usual().contains(right)));
        for role in AccountRole::ALL {
            assert!(role.usual().len() < Right::ALL.len());
            let sees = role.usual().contains(&Right::SeeFamilies);
            assert!(sees || !role.usual().contains(&Right::EditFamilies), "{role:?}");
        }
    }
}
