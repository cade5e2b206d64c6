//! Documents that a class has each week, known by what they are called: they stand before the others.

use crate::people::unaccented_capitals;

/// A document of each week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StandingDocument {
    /// The *cahier de textes*.
    Diary,
    /// The timetable.
    Timetable,
}

impl StandingDocument {
    /// What it is called on paper.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Diary => "Cahier de textes",
            Self::Timetable => "Emploi du temps",
        }
    }

    /// The one that is called so, however it is written.
    #[must_use]
    pub fn called(title: &str) -> Option<Self> {
        let title = unaccented_capitals(title);
        let is_so = |it: &Self| unaccented_capitals(it.title()) == title;
        [Self::Diary, Self::Timetable].into_iter().find(is_so)
    }

    /// Which of both a table or a calendar is whose file is called so: a timetable says it, as PRONOTE's `Edt.ics` does.
    #[must_use]
    pub fn of_file(name: &str) -> Self {
        let name = unaccented_capitals(name);
        let is_timetable =
            name.starts_with("EMPLOI DU TEMPS") || name.split(' ').next() == Some("EDT");
        if is_timetable { Self::Timetable } else { Self::Diary }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timetable_says_what_it_is() {
        for name in ["emploi du temps.ics", "Emploi_du_temps 6A.xlsx", "Edt.ics", "EDT_6A.csv"] {
            assert_eq!(StandingDocument::of_file(name), StandingDocument::Timetable, "{name}");
        }
        for name in ["semaine.csv", "cahier de textes.ics", "editorial.csv"] {
            assert_eq!(StandingDocument::of_file(name), StandingDocument::Diary, "{name}");
        }
        assert_eq!(StandingDocument::called("cahier_de_textes"), Some(StandingDocument::Diary));
        assert_eq!(StandingDocument::called("fractions"), None);
    }
}
