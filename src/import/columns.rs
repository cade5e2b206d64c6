//! What the columns of a table hold, told by their titles.

use std::fmt;

use crate::people::unaccented_capitals;

use super::aliases;
use super::refused::Reason;
use super::sheet::Row;

/// Known titles that make a row the one of titles.
const FEWEST_KNOWN: usize = 2;
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
    const ALL: [Self; 24] = [
        Self::Id,
        Self::FamilyName,
        Self::UsageName,
        Self::FirstName,
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

    /// Whether this is asked of a child on a guardian's row.
    pub(super) const fn tells_a_child(self) -> bool {
        use What::{Class, FamilyName, FirstName, Id, UsageName};
        matches!(self, Id | FamilyName | UsageName | FirstName | Class)
    }

    /// Whether this is asked of a relative on a pupil's row.
    pub(super) const fn tells_a_relative(self) -> bool {
        use What::{
            Address, Civility, Country, Email, FamilyName, FirstName, HomePhone, Id, MobilePhone,
            MoreAddress, Postcode, Town, UsageName, WorkPhone,
        };
        matches!(
            self,
            Id | FamilyName
                | UsageName
                | FirstName
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

    /// Every field, those of the row's own person first.
    pub fn all() -> impl Iterator<Item = Self> {
        [Whose::Own, Whose::FirstRelative, Whose::SecondRelative, Whose::Child]
            .into_iter()
            .flat_map(|whose| What::ALL.into_iter().map(move |what| Self { whose, what }))
            .filter(|field| match field.whose {
                Whose::Own => true,
                Whose::FirstRelative | Whose::SecondRelative => field.what.tells_a_relative(),
                Whose::Child => field.what.tells_a_child(),
            })
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

    /// The last thing said of this title.
    fn said_of(&self, title: &str) -> Option<&(String, Option<Field>)> {
        self.columns.iter().rev().find(|(other, _)| folded(other) == title)
    }
}

/// The titles of a table, understood.
pub(super) struct Head {
    titles: Vec<String>,
    folded: Vec<String>,
    fields: Vec<Option<Field>>,
}

impl Head {
    /// The titles of this row; `None` when too few of them are known.
    pub(super) fn of(row: &Row, maps: &[ColumnMap]) -> Option<Self> {
        let titles: Vec<String> = row.cells().map(str::to_owned).collect();
        let folded: Vec<String> = row.cells().map(folded).collect();
        let mut fields = aliases::fields(&folded);
        let head = folded.join(";");
        for map in maps.iter().filter(|map| map.head.as_ref().is_none_or(|other| *other == head)) {
            for (field, title) in fields.iter_mut().zip(&folded) {
                if let Some((_, said)) = map.said_of(title).filter(|_| !title.is_empty()) {
                    *field = *said;
                }
            }
        }
        let known = fields.iter().flatten().count();
        (known >= FEWEST_KNOWN).then_some(Self { titles, folded, fields })
    }

    /// Fits the titles to the rows below them: a column without a title is refused if it holds
    /// something, and the titles of the last child repeat for rows with more children.
    pub(super) fn fit(&mut self, rows: &[Row]) -> Result<(), Reason> {
        self.check_titles(rows)?;
        self.stretch(rows.iter().map(Row::len).max().unwrap_or(0));
        let beyond = rows.iter().filter(|row| row.reaches(self.width())).count();
        // One row that is too long is shifted; most of them are a column.
        if beyond > 1 && beyond * 2 > rows.len() {
            return Err(Reason::UntitledColumn(self.width() + 1));
        }
        Ok(())
    }

    fn check_titles(&mut self, rows: &[Row]) -> Result<(), Reason> {
        let width =
            self.folded.iter().rposition(|title| !title.is_empty()).map_or(0, |last| last + 1);
        self.titles.truncate(width);
        self.folded.truncate(width);
        self.fields.truncate(width);
        for (at, _) in self.folded.iter().enumerate().filter(|(_, title)| title.is_empty()) {
            if rows.iter().any(|row| !row.cell(at).is_empty()) {
                return Err(Reason::UntitledColumn(at + 1));
            }
        }
        Ok(())
    }

    fn stretch(&mut self, widest: usize) {
        let is_child = |field: &Option<Field>| field.is_some_and(|f| f.whose == Whose::Child);
        let Some(last) = self.fields.last().copied().flatten().filter(|f| is_child(&Some(*f)))
        else {
            return;
        };
        let before = self.fields.split_last().map_or(&[][..], |(_, before)| before);
        let group: Vec<Option<Field>> = match before.iter().rposition(|f| *f == Some(last)) {
            Some(at) => before.iter().skip(at + 1).copied().chain([Some(last)]).collect(),
            None => self.fields.iter().copied().skip_while(|field| !is_child(field)).collect(),
        };
        if group.iter().all(is_child) {
            let missing = widest.saturating_sub(self.fields.len());
            self.fields.extend(group.into_iter().cycle().take(missing));
        }
    }

    /// Whether a title, folded, is among them.
    pub(super) fn has_title(&self, title: &str) -> bool {
        self.folded.iter().any(|other| other == title)
    }

    /// Whether a column holds this.
    pub(super) fn has(&self, field: Field) -> bool {
        self.fields.contains(&Some(field))
    }

    /// Whether a column is about such a person.
    pub(super) fn tells_of(&self, whose: Whose) -> bool {
        self.fields.iter().flatten().any(|field| field.whose == whose)
    }

    /// The columns that hold this, from the left.
    pub(super) fn columns_of(&self, field: Field) -> impl Iterator<Item = usize> {
        let columns = self.fields.iter().enumerate();
        columns.filter(move |(_, other)| **other == Some(field)).map(|(at, _)| at)
    }

    /// The columns of each child: a new one begins where a field comes again.
    pub(super) fn children(&self) -> Vec<Vec<(What, usize)>> {
        let mut children: Vec<Vec<(What, usize)>> = Vec::new();
        for (at, field) in self.fields.iter().enumerate() {
            let Some(Field { whose: Whose::Child, what }) = field else { continue };
            let open = children.last_mut().filter(|child| child.iter().all(|(w, _)| w != what));
            match open {
                Some(child) => child.push((*what, at)),
                None => children.push(vec![(*what, at)]),
            }
        }
        children
    }

    /// How many columns are understood or at least titled.
    pub(super) fn width(&self) -> usize {
        self.fields.len()
    }

    /// Passes over what a table of these people has no use for, so that nobody thinks it was taken.
    pub(super) fn keep(&mut self, is_kept: impl Fn(Field) -> bool) {
        for field in &mut self.fields {
            *field = field.filter(|field| is_kept(*field));
        }
    }

    /// The row of titles, folded and joined.
    pub(super) fn joined(&self) -> String {
        self.folded.join(";")
    }

    /// Each title and what it was taken for.
    pub(super) fn understood(&self) -> Vec<(String, Option<String>)> {
        let words = self.fields.iter().map(|field| field.map(|field| field.to_string()));
        self.titles.iter().cloned().zip(words).collect()
    }

    /// The words of the fields that were understood.
    pub(super) fn words(&self) -> String {
        let words: Vec<String> = self.fields.iter().flatten().map(Field::to_string).collect();
        words.join(", ")
    }
}

/// A title without case, accents, blanks or signs: `Né(e) le` and `NEE LE` are one.
pub(super) fn folded(title: &str) -> String {
    let short: String = title.chars().take(LONGEST_TITLE).collect();
    let capitals = unaccented_capitals(&short).to_lowercase();
    capitals.chars().filter(|letter| letter.is_alphanumeric()).collect()
}
