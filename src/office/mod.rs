//! The office: what people of a school, or programs for them, can ask for. One file an act; every door calls
//! it, and words its answer and its refusal in the door's own language. Nothing here names a command, an
//! option or a page.

mod accounts;
mod addressees;
mod answers;
mod approval;
mod approve;
mod audience;
mod calls;
mod cards;
mod carriers;
mod channels;
mod classes;
mod contacts;
mod correct;
mod decide;
mod departures;
mod documents;
pub mod draft;
mod expense;
mod follow;
mod handouts;
mod health;
mod hold;
mod import;
mod inbox;
mod incoming;
mod inspect;
mod journal;
mod launch;
mod launched;
mod letter_lengths;
mod letters;
mod lists;
mod looks;
mod needs_approval;
mod note_look;
mod outlook;
mod outside;
mod overview;
mod page;
mod paper;
mod people;
mod plan_costs;
mod preview;
mod progress;
mod rates;
mod reach;
mod reading;
mod ready;
mod ready_draft;
mod recalls;
mod refusal;
mod request;
mod retry;
mod scans;
mod school;
mod seen;
mod sent;
mod settings;
mod settings_file;
mod sheets;
mod show;
pub mod slips;
mod templates;
mod text;
mod today;
mod trial;
mod unseen;
mod uploads;
mod waits;
mod waits_in_french;
mod within;
mod works;

pub use crate::people::Actor;
pub use crate::store::gates::GateState;
pub use accounts::{
    AccountChange, AccountRefusal, AccountSeenTo, Enrolment, NewAccount, PupilsOfAccount,
    SignInRefusal, SignedIn, account, account_now, account_seen_to, accounts, add_account,
    begin_second_factor, begin_tie, change_account, change_password, claim_first, claim_password,
    confirm_code, confirm_second_factor, disable_account, drop_second_factor, enable_account,
    end_sessions, first_code, give_pupil, listed_accounts, make_link, pupils_of_account,
    recovery_codes_left, remove_second_factor, require_second_factor, reset_code, revoke_session,
    session, sessions, sign_in, sign_in_by_identity, sign_in_by_link, sign_out, take_pupil,
    tie_identity, unlock_account, untie_identity,
};
pub use addressees::{
    ADDRESSEES_A_PAGE, AddresseeLine, AddresseePage, AddresseeTable, AddresseeTrace, Happened,
    Sought, TableRefusal, TraceEvent, WayShown, addressee, addressee_table, addressees,
};
pub use answers::{
    AnswerCounts, AnswerNoted, AnswerTable, AnswersGiven, AskedLine, AskingMessage,
    NoteAnswerRefusal, answer_counts, answer_table, answers, newest_asking, note_answer,
};
pub use approval::{
    ApprovalRefusal, AskedApproval, AskedPerson, Declined, approvals, ask_approval, ask_to_follow,
    asked_first, decline, take_back_approval,
};
pub use approve::{approve, approved_by};
pub use audience::{Audience, Concerned, audience, audience_within};
pub use calls::{
    CallAt, CallInHand, CallList, CallNoted, CallRefusal, CallSaid, CallShown, CallTable,
    CallTried, CallerNamed, IncomingCall, IncomingNoted, IncomingRefusal, OutcomeTakenBack,
    SheetNoted, SheetRefusal, call_table, calls, count_to_call, leave_calls, look_at_call,
    note_call, note_incoming_call, print_call_sheets, read_call_sheet, share_calls, take_back_call,
    take_call,
};
pub use cards::{
    Card, CardRefusal, CardReminder, CardShown, CardState, Destination, Published, ReadThere,
    assign_card, card_reminders, cards, cards_published, publish_card, send_card_reminders,
    show_card, take_back_card,
};
pub use carriers::{can_be_asked, make_ready, providers, read_secret, secret_files};
pub use channels::{
    ChannelClosed, ChannelOpened, ChannelRefusal, ChannelStands, Close, Closed, channels,
    close_channel, open_channel,
};
pub use classes::{KnownClass, classes};
pub use contacts::{
    Campaign, ContactCorrected, ContactCounts, ContactsSought, CorrectContactRefusal,
    ListedContact, StopUndone, UndoStopRefusal, contact_states, contact_table, contacts,
    correct_contact, count_contacts, how_many, prepare_slips, prepare_verification, undo_stop,
};
pub use correct::{CorrectionShown, correct, correct_from, correctable, prepare_correction};
pub use decide::{DecideRefusal, Decided, LyingLetters, decide};
pub use departures::Departures;
pub use documents::{
    DocumentFault, DocumentShown, DocumentsGiven, DocumentsLeft, DocumentsRefusal, GivenBack,
    GivenDocument, IncomingDocuments, MOST_DOCUMENTS, PlaceFault, begin_documents, booklet,
    documents, leave_documents, leave_incoming, remove_documents, sweep_documents,
};
pub use expense::{Expense, Spending};
pub use follow::{Follow, Snapshot};
pub use handouts::{Column, Handout, HandoutError, HandoutRequest, hand_out, handed_out};
pub use health::{Check, ClockTime, Finding, Inspection, Severity, Why, health};
pub use hold::{
    KeptBack, KeptOnChannel, OnHold, ReleaseRefusal, Standstill, hold, kept_back, release,
    standstill,
};
pub use import::{
    ChangedRecord, Doubt, EachChange, HouseholdTotal, ImportAnswer, ImportError, ImportFile,
    ImportRequest, ImportStep, Proposal, Sure, apply_import, import_to_undo, propose_import,
    undo_import,
};
pub use inbox::{
    AnswerLeft, AnswerRefusal, AttachedScanRefusal, AttachmentGiven, AttachmentShown, BadName,
    EntryKind, EntryName, InboxEntry, InboxList, InboxRefusal, InboxSought, LeaveMailed,
    MailedDocuments, MailedRefusal, SeenTo, ToldApplied, ToldContact, ToldRefusal, answer_entry,
    apply_told_contact, assign_entry, count_inbox, inbox, inbox_entry, keep_attached_scan,
    leave_mailed_documents, reopen_entry, send_inbox_alert, settle_entry,
};
pub use incoming::{IncomingFile, IncomingFiles};
pub use inspect::{inspect, try_provider};
pub use journal::{Noted, journal, journal_length, journal_page};
pub use launch::{chosen_start, launch};
pub use launched::{Launched, launched};
pub use letters::{
    BatchDates, BatchFile, BatchLetter, BatchPile, BatchShown, BatchState, ElsewhereRefusal,
    HandedOver, LabelsRequest, LettersRefusal, LettersRequest, LettersWaiting, ListedBatch,
    PostedBatch, ReturnedLetters, SealedBatch, SplitPile, batch_file, batch_list,
    hand_over_letters, labels_of_batch, letter_batch, letter_batches, letters_held_back,
    letters_of_batch, letters_waiting, pile_file, piles_of_batch, post_by_word, post_letters,
    print_again, print_letter_again, print_letters, return_letters, seal_batch, split_batch,
    take_back_handovers, take_back_posting,
};
pub use lists::{
    ListHolds, ListRemoved, Listed, ListedPupil, Lists, NamesSaved, RuleSaved, ShowListError,
    remove_list, save_names, save_rule, saved_lists, show_list,
};
pub use looks::{
    look_at_addressee, look_at_batch, look_at_batch_file, look_at_batch_list, look_at_contacts,
    look_at_entry, look_at_inbox, look_at_labels, look_at_letter, look_at_pile, look_at_reader,
    look_at_those_left, take_attachment,
};
pub use needs_approval::needs_approval;
pub use outlook::{Foreseen, Outlook, Unlinked, Waiting, outlook, unlinked, unseen};
pub use overview::{
    Overview, StatusReport, ToSeeTo, Tried, message_of, newest, overview, status_report,
};
pub use page::{Page, PageRefusal, page};
pub use paper::{PaperOrder, PaperPrinted, PaperProgress, PaperRefusal, print_on_paper};
pub use people::{
    AddRefusal, ArchivedByHand, ChangeRefusal, ChangedByHand, ClassRoll, ClassSize, ConnectRefusal,
    Connected, Dossier, DossierContact, DossierMessage, DossierPupil, DossierReply, FoundPerson,
    FoundPupil, GuardianOf, GuardianOfPupil, InBrief, Lifted, LookedUp, Newcomer, OnRoll,
    PupilFile, RestrictRequest, Restricted, Ruling, RulingAbout, Sight, StopFrom, TieRefusal,
    Trusted, add_guardian, add_pupil, add_staff, archive, change_adult, change_pupil, class_roll,
    classes_seen, connect, dossier_at, dossiers, lift, look_at_class, look_at_person,
    look_at_pupil, look_up, person_at, pick_ups, pupil_at, pupil_file, restrict, trust,
};
pub use plan_costs::cost_by_plan;
pub use progress::progress;
pub use rates::{RatesInUse, WindowInUse, rates_in_use};
pub use reading::{advice, sms_size};
pub use ready::{Ready, prepare};
pub use ready_draft::{ReadyCorrection, ReadyDraft, launch_draft, ready_draft};
pub use recalls::{Recalled, recall_ahead, recall_in_french, recalls};
pub use refusal::Refusal;
pub use request::{Amendments, Among, Request};
use retry::still_waiting;
pub use retry::{ToTryAgain, again, first_of, may_have_it, retried_by, to_try_again};
pub use scans::{
    FileRefused, KeptScan, PageAt, ReadScanError, ScanRefusal, ScanReport, ScanShown, SlipBecame,
    SlipOnPage, SlipStands, SlipsExpected, WorkOnPage, begin_scan, discard_scan, keep_scan,
    kept_scan, kept_scans, look_at_slips, read_files, read_kept_scan, scan_picture, sweep_scans,
    take_typed_page, unread_scans,
};
pub use school::{School, press, this_program};
pub use seen::{
    PictureError, Reader, ReaderSought, SeenOn, SeenSms, WayTurn, letter_picture, reader,
    seen_email, seen_on,
};
pub use sent::{SENT_A_PAGE, SentListed, SentPage, sent};
pub use settings::{
    BadSetting, SettingsChange, SettingsChanged, SettingsRefusal, SettingsStand, change_settings,
    settings_stand, take_up_settings,
};
pub use settings_file::{Renewal, SettingsFile, TakeUp, TakenUp};
pub use sheets::{
    FactSheet, SecretStands, ServiceStands, SettingsPart, SheetError, SheetPart, circuits, guide,
    services, settings,
};
pub use show::{Shown, show};
pub use templates::{
    TemplateListed, TemplateRefusal, TemplateShown, save_template, show_template, template_sample,
    template_version, templates, try_template,
};
pub use today::{Going, OthersGoing, ToDo, Today, today};
pub use trial::{
    MOST_TRIALS, TRIAL_CHANNELS, TrialRefusal, own_addresses, send_service_trial, send_trial,
    trial_channels, tried_on,
};
pub use unseen::Unseen;
pub use uploads::{
    Upload, UploadPlace, UploadRefusal, abandon_upload, apply_upload, begin_upload, keep_upload,
    propose_upload, say_columns, sweep_uploads, upload_columns, waiting_upload,
};
pub use waits::{Wait, waits};
pub use within::first_audience;
pub use works::{
    DocumentWorks, WorkBecame, WorkFile, WorkRefusal, WorkStands, take_out_page, work_file,
    works_asked_back,
};
