//! What the columns of a table hold, told by their titles.

use std::fmt;

use crate::people::unaccented_capitals;

/// Letters beyond which a text is no title.
const LONGEST_TITLE: usize = 60;
/// The word for a column that is passed over.
const IGNORE: &str = "ignore";

/// Whom a column is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Whose {
    /// The person of the row.
    Own,
    /// The first relative of the pupil of the row.
    FirstRelative,
    /// The second.
    SecondRelative,
    /// A child of the guardian of the row; one row may have many.
    Child,
}

/// What a column tells of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum What {
    /// Their id in the source.
    Id,
    /// Family name.
    FamilyName,
    /// Name in use.
    UsageName,
    /// First name.
    FirstName,
    /// Family name and first name in one cell: `DURAND Zoé`.
    FullName,
    /// Birth date; used to tell two people of one name apart, never kept.
    BirthDate,
    /// National pupil number; used for the key, never kept.
    Ine,
    /// Class.
    Class,
    /// Teaching groups.
    Group,
    /// Year level.
    Level,
    /// Madame or Monsieur.
    Civility,
    /// Mobile phone.
    MobilePhone,
    /// Phone at home.
    HomePhone,
    /// Phone at work.
    WorkPhone,
    /// E-mail address.
    Email,
    /// First lines of the address.
    Address,
    /// Further lines of it.
    MoreAddress,
    /// Postcode.
    Postcode,
    /// Town.
    Town,
    /// Country.
    Country,
    /// What a member of staff does.
    Function,
    /// What they teach; it tells that a table is of staff.
    Subject,
    /// What else they can do.
    Skills,
    /// The classes whose form teacher they are.
    FormTeacher,
    /// Whether they head the school.
    Head,
}

impl What {
    const ALL: [Self; 25] = [
        Self::Id,
        Self::FamilyName,
        Self::UsageName,
        Self::FirstName,
        Self::FullName,
        Self::BirthDate,
        Self::Ine,
        Self::Class,
        Self::Group,
        Self::Level,
        Self::Civility,
        Self::MobilePhone,
        Self::HomePhone,
        Self::WorkPhone,
        Self::Email,
        Self::Address,
        Self::MoreAddress,
        Self::Postcode,
        Self::Town,
        Self::Country,
        Self::Function,
        Self::Subject,
        Self::Skills,
        Self::FormTeacher,
        Self::Head,
    ];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::FamilyName => "family-name",
            Self::UsageName => "usage-name",
            Self::FirstName => "first-name",
            Self::FullName => "full-name",
            Self::BirthDate => "birth-date",
            Self::Ine => "ine",
            Self::Class => "class",
            Self::Group => "group",
            Self::Level => "level",
            Self::Civility => "civility",
            Self::MobilePhone => "mobile-phone",
            Self::HomePhone => "home-phone",
            Self::WorkPhone => "work-phone",
            Self::Email => "email",
            Self::Address => "address",
            Self::MoreAddress => "more-address",
            Self::Postcode => "postcode",
            Self::Town => "town",
            Self::Country => "country",
            Self::Function => "function",
            Self::Subject => "subject",
            Self::Skills => "skills",
            Self::FormTeacher => "form-teacher",
            Self::Head => "head",
        }
    }

    /// Whether this is a part of what somebody is called.
    pub(super) const fn is_name(self) -> bool {
        matches!(self, Self::FamilyName | Self::UsageName | Self::FirstName | Self::FullName)
    }

    /// Whether this is asked of a child on a guardian's row.
    pub(super) const fn tells_a_child(self) -> bool {
        use What::{BirthDate, Class, FamilyName, FirstName, FullName, Id, UsageName};
        matches!(self, Id | FamilyName | UsageName | FirstName | FullName | BirthDate | Class)
    }

    /// Whether this is asked of a relative on a pupil's row.
    pub(super) const fn tells_a_relative(self) -> bool {
        use What::{
            Address, Civility, Country, Email, FamilyName, FirstName, FullName, HomePhone, Id,
            MobilePhone, MoreAddress, Postcode, Town, UsageName, WorkPhone,
        };
        matches!(
            self,
            Id | FamilyName
                | UsageName
                | FirstName
                | FullName
                | Civility
                | MobilePhone
                | HomePhone
                | WorkPhone
                | Email
                | Address
                | MoreAddress
                | Postcode
                | Town
                | Country
        )
    }
}

/// What a column of a table is taken for; in words `first-name`, `relative-1-email`, `child-class`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Field {
    /// About whom.
    pub whose: Whose,
    /// What.
    pub what: What,
}

/// A word that names no field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" names no field; known are ignore, {known}", known = Field::words().join(", "))]
pub struct UnknownField(pub String);

impl Field {
    pub(super) const fn own(what: What) -> Self {
        Self { whose: Whose::Own, what }
    }

    /// This, if it is asked of such a person.
    pub(super) fn if_asked(self) -> Option<Self> {
        let is_asked = match self.whose {
            Whose::Own => true,
            Whose::FirstRelative | Whose::SecondRelative => self.what.tells_a_relative(),
            Whose::Child => self.what.tells_a_child(),
        };
        is_asked.then_some(self)
    }

    /// Every field, those of the row's own person first.
    pub fn all() -> impl Iterator<Item = Self> {
        [Whose::Own, Whose::FirstRelative, Whose::SecondRelative, Whose::Child]
            .into_iter()
            .flat_map(|whose| What::ALL.into_iter().map(move |what| Self { whose, what }))
            .filter_map(Self::if_asked)
    }

    /// The words of every field.
    #[must_use]
    pub fn words() -> Vec<String> {
        Self::all().map(|field| field.to_string()).collect()
    }

    /// The field of this word.
    pub fn from_word(word: &str) -> Result<Self, UnknownField> {
        let unknown = || UnknownField(word.chars().take(LONGEST_TITLE).collect());
        Self::all().find(|field| field.to_string() == word).ok_or_else(unknown)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = match self.whose {
            Whose::Own => "",
            Whose::FirstRelative => "relative-1-",
            Whose::SecondRelative => "relative-2-",
            Whose::Child => "child-",
        };
        write!(f, "{prefix}{}", self.what.as_str())
    }
}

/// What somebody said of the columns of a table; it goes before what their titles tell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnMap {
    /// The [`HeaderMap::head`](super::HeaderMap::head) that it is for; `None`: for every table.
    pub head: Option<String>,
    /// Each title with its field; `None`: the column is passed over.
    pub columns: Vec<(String, Option<Field>)>,
}

impl ColumnMap {
    /// Adds a correction as it is typed: `Né(e) le=ignore`, `Portable 2=mobile-phone`.
    pub fn add(&mut self, typed: &str) -> Result<(), UnknownField> {
        let (title, word) = typed.rsplit_once('=').ok_or_else(|| UnknownField(String::new()))?;
        let word = word.trim();
        let field = if word == IGNORE { None } else { Some(Field::from_word(word)?) };
        self.columns.push((title.trim().to_owned(), field));
        Ok(())
    }

    /// Whether two titles are one, however they are typed.
    #[must_use]
    pub fn is_same_title(one: &str, other: &str) -> bool {
        folded_title(one) == folded_title(other)
    }

    /// The last thing said of this title, folded.
    pub(super) fn said_of(&self, title: &str) -> Option<&(String, Option<Field>)> {
        self.columns.iter().rev().find(|(other, _)| folded_title(other) == title)
    }
}

/// A title without case, accents, blanks or signs: `Né(e) le` and `NEE LE` are one, `N°` and `Nº` too.
pub(super) fn folded_title(title: &str) -> String {
    let short: String = title.chars().take(LONGEST_TITLE).collect();
    let capitals = unaccented_capitals(&short).to_lowercase();
    capitals.chars().filter(|letter| letter.is_alphanumeric() && *letter != 'º').collect()
}
