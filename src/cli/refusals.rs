//! Why a command failed, in the words of whoever typed it. An error says what is so; what to type about it is
//! said here, each type in one `match`, so that a new case without words does not compile.

mod accounts;
mod database;
mod people;
mod tables;

use std::error::Error;
use std::iter::successors;

use crate::batches::BatchError;
use crate::import::{BadCallSheet, CallSheetFault};
use crate::office::{
    AnswerRefusal, AttachedScanRefusal, CallRefusal, CardRefusal, DocumentsRefusal,
    ElsewhereRefusal, InboxRefusal, LettersRefusal, MailedRefusal, PaperRefusal, Refusal,
    ReleaseRefusal,
};
use crate::sealed_file::SealError;

/// The error and its causes, each said once, and what to type about the first that there is something to type
/// about.
pub(super) fn worded(error: &(dyn Error + 'static)) -> String {
    let mut advice = causes(error).filter_map(about).filter(|said| !said.is_empty());
    without_echo(error) + advice.next().unwrap_or_default()
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    successors(Some(error), |error| (*error).source())
}

/// The first of an error and its causes that is of this type.
pub(super) fn cause<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

/// Many of ours quote their cause already.
fn without_echo(error: &(dyn Error + 'static)) -> String {
    let mut told = String::new();
    for cause in causes(error).map(ToString::to_string) {
        if told.is_empty() {
            told = cause;
        } else if !told.contains(&cause) {
            told = format!("{told}: {cause}");
        }
    }
    told
}

/// What to type about this cause alone; `None` where it is of no type that has such words.
fn about(cause: &(dyn Error + 'static)) -> Option<&'static str> {
    None.or_else(|| cause.downcast_ref().map(message))
        .or_else(|| cause.downcast_ref().map(printing))
        .or_else(|| cause.downcast_ref().map(letters))
        .or_else(|| cause.downcast_ref().map(documents))
        .or_else(|| cause.downcast_ref().map(paper))
        .or_else(|| cause.downcast_ref().map(elsewhere))
        .or_else(|| cause.downcast_ref().map(cards))
        .or_else(|| cause.downcast_ref().map(entry))
        .or_else(|| cause.downcast_ref().map(answer))
        .or_else(|| cause.downcast_ref().map(mailed))
        .or_else(|| cause.downcast_ref().map(attached))
        .or_else(|| cause.downcast_ref().map(call))
        .or_else(|| cause.downcast_ref().map(call_sheet))
        .or_else(|| cause.downcast_ref().map(release))
        .or_else(|| cause.downcast_ref().map(accounts::account))
        .or_else(|| cause.downcast_ref().map(database::work))
        .or_else(|| cause.downcast_ref().map(database::backup))
        .or_else(|| cause.downcast_ref().map(database::removal))
        .or_else(|| cause.downcast_ref().map(people::rule))
        .or_else(|| cause.downcast_ref().map(people::name))
        .or_else(|| cause.downcast_ref().map(people::contact))
        .or_else(|| cause.downcast_ref().map(people::home))
        .or_else(|| cause.downcast_ref().map(people::tie))
        .or_else(|| cause.downcast_ref().map(people::by_hand))
        .or_else(|| cause.downcast_ref().map(people::change))
        .or_else(|| cause.downcast_ref().map(tables::file))
}

/// Of a batch that a printer of the network does not print.
const fn paper(refusal: &PaperRefusal) -> &'static str {
    match refusal {
        PaperRefusal::NoSuchPrinter { .. } => ": name it under [printers] of the configuration",
        PaperRefusal::BadUrl { .. } => "; see its url under [printers]",
        PaperRefusal::StandsStill(_) => ": see to it, then say it again",
        PaperRefusal::GivenUp(_) => " (--from-page)",
        PaperRefusal::Letters(_)
        | PaperRefusal::Printer(_)
        | PaperRefusal::Lost { .. }
        | PaperRefusal::Store(_) => "",
    }
}

/// Of a batch that somebody else prints.
const fn elsewhere(refusal: &ElsewhereRefusal) -> &'static str {
    match refusal {
        ElsewhereRefusal::NoSuchPartner { .. } => ": name it under [partners] of the configuration",
        ElsewhereRefusal::Seal(SealError::NotInstalled) => ": apt-get install age",
        ElsewhereRefusal::Seal(SealError::Refused(_)) => "; see its key under [partners]",
        ElsewhereRefusal::NoWordOfOurs => ": ask for the file that was sent with the letters",
        ElsewhereRefusal::Letters(_)
        | ElsewhereRefusal::Package(_)
        | ElsewhereRefusal::Seal(SealError::Run(_) | SealError::TooSlow)
        | ElsewhereRefusal::Store(_) => "",
    }
}

/// Of a message that cannot leave.
fn message(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::NoRecipient(_) => {
            ": import the school's files first (`chappe import`), or widen the audience"
        }
        Refusal::NoDocuments(_) => ": `chappe documents add FOLDER --week DAY` keeps some",
        Refusal::NoCarrier(_) => "; configure one under [providers], or choose another plan",
        Refusal::QuietHours { .. } => {
            ": wait until then, or say why families must be disturbed and who says so (--reason, --by)"
        }
        Refusal::SentAlready { .. } => ": to say it once more, add --again",
        Refusal::NoSuchDraft(_) | Refusal::DraftDiscarded { .. } => {
            "; `chappe drafts` lists those that there are"
        }
        Refusal::DraftLaunched { .. } => ": look at it with `chappe show`",
        Refusal::DraftChanged { .. } | Refusal::FollowedAlready { .. } => {
            ": read it with `chappe drafts show`"
        }
        Refusal::Unlinked { .. } => {
            "; to do without the ENT: chappe channel close ent --reason \"…\""
        }
        Refusal::AskedAlready => ": `chappe status` shows the campaign",
        Refusal::StartPast(_) => ": say another hour with --starts",
        Refusal::NotUrgent => ": add --urgent, or leave --reason and --by out",
        Refusal::NeedsApproval { .. }
        | Refusal::DraftFollows { .. }
        | Refusal::Audience(_)
        | Refusal::Beyond
        | Refusal::Template(_)
        | Refusal::Stale(_)
        | Refusal::NoSuchPlan(_)
        | Refusal::Corrected(..)
        | Refusal::RefusedInSms(_)
        | Refusal::NobodyHadIt(_)
        | Refusal::NobodyLeft(_)
        | Refusal::Digest
        | Refusal::Store(_) => "",
    }
}

/// Of a hold that stands, or does not.
fn release(refusal: &ReleaseRefusal) -> &'static str {
    match refusal {
        ReleaseRefusal::NothingHeld => "; `chappe status` shows where messages stand",
        ReleaseRefusal::NothingRestored => ": leave --uncertain out",
        ReleaseRefusal::Store(_) => "",
    }
}

/// Of letters that people see to.
fn letters(refusal: &LettersRefusal) -> &'static str {
    match refusal {
        LettersRefusal::NoSuchBatch(_) => "; `chappe letters list` shows them",
        LettersRefusal::NotPrinted(_) => "; print it with `chappe letters`",
        LettersRefusal::PostedAlready { .. } => ": to take that back, add --undo",
        LettersRefusal::FileGone(_) => "; `chappe letters again` prints it anew",
        LettersRefusal::NotPosted(_)
        | LettersRefusal::NoSuchPage { .. }
        | LettersRefusal::NoSuchLetter { .. }
        | LettersRefusal::NoSuchPile(_)
        | LettersRefusal::NoSuchLabel { .. }
        | LettersRefusal::Folder(_)
        | LettersRefusal::Pdf(_)
        | LettersRefusal::Cancelled { .. }
        | LettersRefusal::Batch(_)
        | LettersRefusal::Store(_) => "",
    }
}

/// Of documents that are left.
fn documents(refusal: &DocumentsRefusal) -> &'static str {
    match refusal {
        DocumentsRefusal::NoSuch(_) => "; `chappe documents` lists those that there are",
        DocumentsRefusal::Nothing
        | DocumentsRefusal::TooMany
        | DocumentsRefusal::Refused(_)
        | DocumentsRefusal::AskedBack(_)
        | DocumentsRefusal::Coming
        | DocumentsRefusal::Disk(_)
        | DocumentsRefusal::Unread(_)
        | DocumentsRefusal::Unset(_)
        | DocumentsRefusal::Store(_) => "",
    }
}

/// Of calls, and what is said of them.
fn call(refusal: &CallRefusal) -> &'static str {
    match refusal {
        CallRefusal::NoSuchCall(_) | CallRefusal::NothingSaid(_) => {
            "; `chappe calls` lists those that wait"
        }
        CallRefusal::Already { .. } => "; to take that back: chappe calls undo",
        CallRefusal::NoWord(_) => ": say it after the outcome, in quotes",
        CallRefusal::Over { .. } | CallRefusal::TooLate(_) => {
            "; `chappe status` shows where they stand"
        }
        CallRefusal::NotReached(_) => ": say reached or asks-for",
        CallRefusal::AsksNothing(_)
        | CallRefusal::NotOfKind { .. }
        | CallRefusal::Restricted(_)
        | CallRefusal::Store(_) => "",
    }
}

/// Of a sheet of calls.
fn call_sheet(bad: &BadCallSheet) -> &'static str {
    match bad.what {
        CallSheetFault::NoTitles => "; `chappe calls --csv` writes such a table",
        CallSheetFault::UnknownOutcome(_) => {
            ": write joint, message laissé, pas de réponse, occupé, faux numéro, refus or demande"
        }
        CallSheetFault::UnknownAnswer(_) => ": write oui, non or a mark from 1 to 5",
        CallSheetFault::NotReached => ": write joint or demande with it",
        CallSheetFault::Unreadable(_)
        | CallSheetFault::TooLong
        | CallSheetFault::NoReference
        | CallSheetFault::BadTry
        | CallSheetFault::NoWord
        | CallSheetFault::LongWord => "",
    }
}

/// Of what people publish by hand.
fn cards(refusal: &CardRefusal) -> &'static str {
    match refusal {
        CardRefusal::NoSuchCard(_) => "; `chappe cards` lists them",
        CardRefusal::Several { .. } => ": say which one",
        CardRefusal::PublishedAlready { .. } => "; to take that back: chappe cards take-back",
        CardRefusal::Expired { .. } => "; `chappe status` shows where they stand",
        CardRefusal::OddHour { .. } => ": say the hour of today, or the day and the hour",
        CardRefusal::HeldBack { .. }
        | CardRefusal::NotPublished(_)
        | CardRefusal::Template(_)
        | CardRefusal::Store(_) => "",
    }
}

/// Of what waits for a person.
fn entry(refusal: &InboxRefusal) -> &'static str {
    match refusal {
        InboxRefusal::NoSuchEntry(_) => "; `chappe inbox` lists them",
        InboxRefusal::SettledAlready { .. } => "; to put it back: chappe inbox reopen",
        InboxRefusal::NotInHands { .. } | InboxRefusal::NotSettled(_) | InboxRefusal::Store(_) => {
            ""
        }
    }
}

/// Of whoever was not answered.
fn answer(refusal: &AnswerRefusal) -> &'static str {
    match refusal {
        AnswerRefusal::OnHold => "; `chappe release` shows what else is kept back",
        AnswerRefusal::Closed(_) => "; `chappe channel` says until when",
        AnswerRefusal::NoAddress(_) | AnswerRefusal::Stopped(_) => {
            "; call them, or write by a message"
        }
        AnswerRefusal::NoText
        | AnswerRefusal::NoCarrier(_)
        | AnswerRefusal::Refuses(_)
        | AnswerRefusal::NoRoom(_)
        | AnswerRefusal::Entry(_)
        | AnswerRefusal::Carrier(_)
        | AnswerRefusal::Provider(_)
        | AnswerRefusal::Store(_) => "",
    }
}

/// Of documents that came by e-mail.
fn mailed(refusal: &MailedRefusal) -> &'static str {
    match refusal {
        MailedRefusal::ForNobody => ": say it with --to",
        MailedRefusal::NoWeek => ": say it with --week",
        MailedRefusal::NotThere(_) => ": name others with --only",
        MailedRefusal::Stranger(_) | MailedRefusal::NotTheirs(_) => {
            "; save them with `chappe inbox attachment`, and keep them with `chappe documents add`"
        }
        // The mail waits as it did.
        MailedRefusal::Documents(_) | MailedRefusal::Entry(_) | MailedRefusal::Store(_) => "",
    }
}

/// Of pages that are attached to a mail.
fn attached(refusal: &AttachedScanRefusal) -> &'static str {
    match refusal {
        AttachedScanRefusal::Nothing(_) => "; `chappe inbox show` lists what is attached",
        AttachedScanRefusal::Entry(_)
        | AttachedScanRefusal::Scan(_)
        | AttachedScanRefusal::Store(_) => "",
    }
}

/// Of letters that were not printed.
fn printing(error: &BatchError) -> &'static str {
    match error {
        BatchError::Press(_) | BatchError::Documents(_) | BatchError::List(_) => {
            ": run `chappe letters` again"
        }
        BatchError::Store(_)
        | BatchError::Template(_)
        | BatchError::SetAside(_)
        | BatchError::Folder { .. } => "",
    }
}
