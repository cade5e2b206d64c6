//! What people ask the office for, by the word of the journal.

use serde::{Serialize, Serializer};

/// One thing that somebody can ask for, as the journal names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// A draft was saved.
    SaveDraft,
    /// A draft was discarded.
    DiscardDraft,
    /// An announcement was tried out: whoever writes it had it sent to themselves.
    Try,
    /// A service was tried out: whoever asked had a message of it sent to themselves.
    TryService,
    /// A message was launched.
    Launch,
    /// A message was put right.
    Correct,
    /// A message was tried again.
    Retry,
    /// A message was paused.
    Pause,
    /// A paused message goes on.
    Resume,
    /// A message was cancelled.
    Cancel,
    /// A channel was closed.
    CloseChannel,
    /// A channel was opened.
    OpenChannel,
    /// All sending stopped.
    Hold,
    /// All sending goes on.
    Release,
    /// A batch of letters was posted.
    Post,
    /// That a batch of letters was posted was taken back.
    Unpost,
    /// Somebody was asked to publish a card.
    AssignCard,
    /// Whoever is to publish a card was reminded of it by e-mail.
    RemindOfCard,
    /// A card was published.
    Publish,
    /// That a card was published was taken back.
    Unpublish,
    /// What a call gave was noted.
    NoteCall,
    /// What was noted of a call was taken back.
    TakeBackCall,
    /// Calls were shared out among colleagues.
    ShareCalls,
    /// Calls were taken along, on sheets or in a table.
    TakeCallsAlong,
    /// Somebody rang the school.
    NoteIncomingCall,
    /// A letter came back.
    TakeBack,
    /// Something that waited for a person was given to one.
    Assign,
    /// Something that waited for a person was seen to.
    Settle,
    /// That it was seen to was taken back.
    Reopen,
    /// Somebody was answered.
    Answer,
    /// The direction was told by e-mail of what is urgent and waits too long.
    AlertInbox,
    /// The school's files were read.
    Import,
    /// The last import was taken back.
    UndoImport,
    /// Somebody was added by hand.
    AddPerson,
    /// Somebody was changed by hand.
    ChangePerson,
    /// Somebody was archived by hand.
    ArchivePerson,
    /// A restriction was noted.
    Restrict,
    /// A restriction was lifted.
    Lift,
    /// Addresses were said to be safe for a pupil.
    Trust,
    /// How a household is connected was noted.
    Connect,
    /// A contact was put right.
    CorrectContact,
    /// What is known of an adult was looked at.
    LookAtPerson,
    /// What is known of a pupil was looked at.
    LookAtPupil,
    /// The roll of a class was looked at.
    LookAtClass,
    /// What became of an addressee was looked at.
    LookAtAddressee,
    /// Those whom people must see to were looked at, with their numbers.
    LookAtCharges,
    /// Something that was attached to an answer was taken out.
    TakeAttachment,
    /// A batch of letters, or one of them, was looked at.
    LookAtBatch,
    /// Ways to people in some state were looked at.
    LookAtContacts,
    /// An announcement was looked at as somebody would get it.
    LookAsFamily,
    /// A list of names was handed out.
    HandOut,
    /// A letter was handed over by itself.
    HandOver,
    /// That it was handed over was taken back.
    TakeBackHandover,
    /// A batch was given to a printer of the network.
    PrintOnPaper,
    /// A batch was sealed for a partner who prints it.
    SealBatch,
    /// Documents were left for pupils.
    LeaveDocuments,
    /// A document that was left was taken away.
    RemoveDocument,
    /// A page of a pupil's work was taken in.
    TakeWork,
    /// A page of a pupil's work was taken out.
    TakeOutWork,
    /// The work of pupils was looked at.
    LookAtWorks,
    /// Recipients were saved under a name.
    SaveList,
    /// A saved list was removed.
    RemoveList,
    /// The school's own copy of a template was saved.
    EditTemplate,
    /// Settings of the school were changed.
    ChangeSettings,
    /// Somebody signed in.
    SignIn,
    /// An account was added.
    AddAccount,
    /// What an account is or may was changed.
    ChangeAccount,
    /// An account was disabled.
    DisableAccount,
    /// A disabled account was enabled again.
    EnableAccount,
    /// A password was chosen.
    ChangePassword,
    /// A code to choose a password with was made.
    MakeCode,
    /// A link to sign in by was made.
    MakeLink,
    /// A session was ended by somebody else, or from elsewhere.
    EndSession,
    /// A second factor is asked for from then on.
    AddSecondFactor,
    /// No second factor is asked for any more.
    RemoveSecondFactor,
    /// An account was tied to who an OpenID provider says that they are.
    TieIdentity,
    /// An account is tied to nobody of an OpenID provider any more.
    UntieIdentity,
    /// The addressees of a message were taken out as a table.
    Export,
    /// A second person was asked for their yes.
    AskApproval,
    /// A second person said yes.
    Approve,
    /// A second person said no.
    Decline,
    /// The next one of the chain was asked for their yes.
    PassOn,
    /// Whoever asked for a yes took it back.
    TakeBackApproval,
    /// A login may be tried again at once.
    UnlockAccount,
    /// An answer that somebody gave was typed.
    NoteAnswer,
    /// A slip that came back was typed, or read off a scan.
    CloseSlip,
    /// A slip that is nobody's was kept for somebody to look at.
    KeepSlip,
    /// Slips that were read off a scan were looked at.
    LookAtSlips,
    /// Somebody who wanted no more messages by a way gets them again.
    UndoStop,
}

impl Act {
    /// Every act.
    pub const ALL: [Self; 89] = [
        Self::SaveDraft,
        Self::DiscardDraft,
        Self::Try,
        Self::TryService,
        Self::Launch,
        Self::Correct,
        Self::Retry,
        Self::Pause,
        Self::Resume,
        Self::Cancel,
        Self::CloseChannel,
        Self::OpenChannel,
        Self::Hold,
        Self::Release,
        Self::Post,
        Self::Unpost,
        Self::AssignCard,
        Self::RemindOfCard,
        Self::Publish,
        Self::Unpublish,
        Self::NoteCall,
        Self::TakeBackCall,
        Self::ShareCalls,
        Self::TakeCallsAlong,
        Self::NoteIncomingCall,
        Self::TakeBack,
        Self::Assign,
        Self::Settle,
        Self::Reopen,
        Self::Answer,
        Self::AlertInbox,
        Self::Import,
        Self::UndoImport,
        Self::AddPerson,
        Self::ChangePerson,
        Self::ArchivePerson,
        Self::Restrict,
        Self::Lift,
        Self::Trust,
        Self::Connect,
        Self::CorrectContact,
        Self::LookAtPerson,
        Self::LookAtPupil,
        Self::LookAtClass,
        Self::LookAtAddressee,
        Self::LookAtCharges,
        Self::TakeAttachment,
        Self::LookAtBatch,
        Self::LookAtContacts,
        Self::LookAsFamily,
        Self::HandOut,
        Self::HandOver,
        Self::TakeBackHandover,
        Self::PrintOnPaper,
        Self::SealBatch,
        Self::LeaveDocuments,
        Self::RemoveDocument,
        Self::TakeWork,
        Self::TakeOutWork,
        Self::LookAtWorks,
        Self::SaveList,
        Self::RemoveList,
        Self::EditTemplate,
        Self::ChangeSettings,
        Self::SignIn,
        Self::AddAccount,
        Self::ChangeAccount,
        Self::DisableAccount,
        Self::EnableAccount,
        Self::ChangePassword,
        Self::MakeCode,
        Self::MakeLink,
        Self::EndSession,
        Self::AddSecondFactor,
        Self::RemoveSecondFactor,
        Self::TieIdentity,
        Self::UntieIdentity,
        Self::Export,
        Self::AskApproval,
        Self::Approve,
        Self::Decline,
        Self::PassOn,
        Self::TakeBackApproval,
        Self::UnlockAccount,
        Self::NoteAnswer,
        Self::CloseSlip,
        Self::KeepSlip,
        Self::LookAtSlips,
        Self::UndoStop,
    ];

    /// The word for it in the database and in JSON.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "one match: an act without a word does not compile")]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SaveDraft => "save_draft",
            Self::DiscardDraft => "discard_draft",
            Self::Try => "try",
            Self::TryService => "try_service",
            Self::Launch => "launch",
            Self::Correct => "correct",
            Self::Retry => "retry",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Cancel => "cancel",
            Self::CloseChannel => "close_channel",
            Self::OpenChannel => "open_channel",
            Self::Hold => "hold",
            Self::Release => "release",
            Self::Post => "post",
            Self::Unpost => "unpost",
            Self::AssignCard => "assign_card",
            Self::RemindOfCard => "remind_of_card",
            Self::Publish => "publish",
            Self::Unpublish => "unpublish",
            Self::NoteCall => "note_call",
            Self::TakeBackCall => "take_back_call",
            Self::ShareCalls => "share_calls",
            Self::TakeCallsAlong => "take_calls_along",
            Self::NoteIncomingCall => "note_incoming_call",
            Self::TakeBack => "take_back",
            Self::Assign => "assign",
            Self::Settle => "settle",
            Self::Reopen => "reopen",
            Self::Answer => "answer",
            Self::AlertInbox => "alert_inbox",
            Self::Import => "import",
            Self::UndoImport => "undo_import",
            Self::AddPerson => "add_person",
            Self::ChangePerson => "change_person",
            Self::ArchivePerson => "archive_person",
            Self::Restrict => "restrict",
            Self::Lift => "lift",
            Self::Trust => "trust",
            Self::Connect => "connect",
            Self::CorrectContact => "correct_contact",
            Self::LookAtPerson => "look_at_person",
            Self::LookAtPupil => "look_at_pupil",
            Self::LookAtClass => "look_at_class",
            Self::LookAtAddressee => "look_at_addressee",
            Self::LookAtCharges => "look_at_charges",
            Self::TakeAttachment => "take_attachment",
            Self::LookAtBatch => "look_at_batch",
            Self::LookAtContacts => "look_at_contacts",
            Self::LookAsFamily => "look_as_family",
            Self::HandOut => "hand_out",
            Self::HandOver => "hand_over",
            Self::TakeBackHandover => "take_back_handover",
            Self::PrintOnPaper => "print_on_paper",
            Self::SealBatch => "seal_batch",
            Self::LeaveDocuments => "leave_documents",
            Self::RemoveDocument => "remove_document",
            Self::TakeWork => "take_work",
            Self::TakeOutWork => "take_out_work",
            Self::LookAtWorks => "look_at_works",
            Self::SaveList => "save_list",
            Self::RemoveList => "remove_list",
            Self::EditTemplate => "edit_template",
            Self::ChangeSettings => "change_settings",
            Self::SignIn => "sign_in",
            Self::AddAccount => "add_account",
            Self::ChangeAccount => "change_account",
            Self::DisableAccount => "disable_account",
            Self::EnableAccount => "enable_account",
            Self::ChangePassword => "change_password",
            Self::MakeCode => "make_code",
            Self::MakeLink => "make_link",
            Self::EndSession => "end_session",
            Self::AddSecondFactor => "add_second_factor",
            Self::RemoveSecondFactor => "remove_second_factor",
            Self::TieIdentity => "tie_identity",
            Self::UntieIdentity => "untie_identity",
            Self::Export => "export",
            Self::AskApproval => "ask_approval",
            Self::Approve => "approve",
            Self::Decline => "decline",
            Self::PassOn => "pass_on",
            Self::TakeBackApproval => "take_back_approval",
            Self::UnlockAccount => "unlock_account",
            Self::NoteAnswer => "note_answer",
            Self::CloseSlip => "close_slip",
            Self::KeepSlip => "keep_slip",
            Self::LookAtSlips => "look_at_slips",
            Self::UndoStop => "undo_stop",
        }
    }

    /// Whether somebody put something of people right by hand with it, other than by noting a restriction.
    #[must_use]
    pub const fn changes_people(self) -> bool {
        matches!(
            self,
            Self::Lift
                | Self::Trust
                | Self::Connect
                | Self::CorrectContact
                | Self::AddPerson
                | Self::ChangePerson
                | Self::ArchivePerson
        )
    }

    /// Whether what an import was compared with is another after it.
    #[must_use]
    pub const fn changes_directory(self) -> bool {
        self.changes_people() || matches!(self, Self::Restrict | Self::Import | Self::UndoImport)
    }

    /// The act of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.as_str() == word)
    }
}

impl Serialize for Act {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_act_is_known_again_by_its_word() {
        assert!(Act::ALL.into_iter().all(|act| Act::from_word(act.as_str()) == Some(act)));
    }
}
