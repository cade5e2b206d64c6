//! What to type where it is not clear who is meant, or which of their addresses.

use crate::audience::RuleError;
use crate::directory::{ByHandError, ChangeError, ConnectError, CorrectError, TieError, WhoError};

/// Of an audience.
pub(super) fn rule(error: &RuleError) -> &'static str {
    match error {
        RuleError::NoSuchMessage(_) => "; `chappe status` lists them",
        RuleError::AsksNothing(_) => ": only what was sent with --question can be answered",
        RuleError::Empty
        | RuleError::UnknownWord { .. }
        | RuleError::NamesNothing(_)
        | RuleError::TakesNothing(_)
        | RuleError::OpenQuote(_)
        | RuleError::TooLate(_)
        | RuleError::TooLong(_)
        | RuleError::NoSuchName { .. }
        | RuleError::NotFor { .. }
        | RuleError::UsesItself(_)
        | RuleError::BadList { .. }
        | RuleError::TooDeep { .. } => "",
    }
}

/// Of a name.
pub(super) fn name(error: &WhoError) -> &'static str {
    match error {
        WhoError::Several { .. } => {
            ": say which one you mean by a pupil, a class or an address of theirs (--pupil, --class, --at)"
        }
        WhoError::Nobody(_) => {
            ": write the whole name as on the roll; `chappe people show` finds a part of it too"
        }
        WhoError::NotTied(_) | WhoError::Store(_) => "",
    }
}

/// Of a contact that is put right.
pub(super) fn contact(error: &CorrectError) -> &'static str {
    match error {
        CorrectError::NotTheirs => ": look at `chappe contacts list all`",
        CorrectError::Which => ": say it with --was",
        CorrectError::None | CorrectError::Store(_) => "",
    }
}

/// Of a household.
pub(super) fn home(error: &ConnectError) -> &'static str {
    match error {
        ConnectError::NoConnectivity => ": say it with --connectivity",
        ConnectError::LongPickUp | ConnectError::Store(_) => "",
    }
}

/// Of a tie that is restricted.
pub(super) fn tie(error: &TieError) -> &'static str {
    match error {
        TieError::NoAdultPupil => ": a ruling is noted with --why court",
        TieError::NotTied | TieError::Store(_) => "",
    }
}

/// Of somebody who is added or changed by hand.
pub(super) fn by_hand(error: &ByHandError) -> &'static str {
    match error {
        ByHandError::Known => ": look with `chappe people show`",
        ByHandError::Restricted => ": if it is somebody else, say --somebody-else",
        ByHandError::NoName | ByHandError::Store(_) => "",
    }
}

/// Of somebody who is changed by hand.
pub(super) fn change(error: &ChangeError) -> &'static str {
    match error {
        ChangeError::Nothing => {
            ": say it with --first-name, --family-name, --civility, --email, --phone, --chat, --address, or --in \
             for a pupil's class"
        }
        ChangeError::NoName
        | ChangeError::Gone
        | ChangeError::Contact(_)
        | ChangeError::Store(_) => "",
    }
}
