//! How it is typed what a column holds, where the file does not tell.

use crate::import::{Reason, Refused};

/// Of a file that cannot be imported.
pub(super) fn file(refused: &Refused) -> &'static str {
    match refused.reason {
        Reason::NoHead | Reason::UntoldPeople { .. } => " with --map \"TITLE=FIELD\"",
        Reason::TitleTwice(_) => " with --map \"TITLE 2=FIELD\"",
        Reason::NoFirstNames => " with --map \"TITLE=first-name\" or --map \"TITLE=full-name\"",
        Reason::AdultsAmongPupils(_) => " with --map \"TITLE=ignore\"",
        Reason::Unreadable(_)
        | Reason::NotAFile
        | Reason::Empty
        | Reason::DamagedArchive
        | Reason::NestedArchive
        | Reason::Encrypted
        | Reason::TooManyEntries(_)
        | Reason::TooMuchUnpacked(_)
        | Reason::OldWorkbook
        | Reason::MixedEncodings
        | Reason::Foreign(_)
        | Reason::UntoldEncoding
        | Reason::LostLetters
        | Reason::OpenQuote
        | Reason::UntitledColumn(_)
        | Reason::TooManyColumns(_)
        | Reason::TooManyRows(_)
        | Reason::TooManyCells(_)
        | Reason::TooManySheets(_)
        | Reason::TooManyFaults(_)
        | Reason::OtherTitles
        | Reason::NotXml
        | Reason::UnknownEncoding(_)
        | Reason::WrongEncoding { .. }
        | Reason::ControlCharacter(_)
        | Reason::Doctype
        | Reason::UnknownEntity
        | Reason::TooDeep(_)
        | Reason::TooLarge
        | Reason::Malformed(_)
        | Reason::Truncated
        | Reason::UnknownRoot { .. }
        | Reason::SecondOfItsKind(_)
        | Reason::PupilsMissing
        | Reason::Missing(_)
        | Reason::OtherSchool { .. }
        | Reason::OtherYear { .. }
        | Reason::ChangesOnly
        | Reason::SeveralSchools
        | Reason::FromTimetableEditor
        | Reason::NobodyInside => "",
    }
}
