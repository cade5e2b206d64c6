//! Documents that came by e-mail from somebody of the staff, as the subject says of them. A sender's address can be
//! forged: what it says is shown, and a person's press alone leaves them for pupils.

use jiff::civil::Date;
use serde::Serialize;

use super::subject_line::{SubjectLine, WeekSaid};
use crate::audience::Roll;
use crate::channel::Channel;
use crate::delivery::ReplyKind;
use crate::email_address::EmailAddress;
use crate::message::Week;
use crate::office::PlaceFault;
use crate::office::documents::{is_within, meant_for};
use crate::people::{ContactPoint, Duties, MeantFor, Pupil, Role, SchoolId, Whom};
use crate::store::replies::KeptReply;
use crate::store::{StoreError, Tx, contact_points, people};

/// Documents that came by e-mail, as the subject says of them.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct MailedDocuments {
    /// For whom, as a folder says it: `6A`, `DURAND Zoé`; empty where the subject names nobody.
    pub folder: String,
    /// Those who are meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meant_for: Option<MeantFor>,
    /// Why nobody is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<PlaceFault>,
    /// Whether these are pupils of whoever wrote, as far as the directory knows whom they teach.
    pub are_theirs: bool,
    /// About what; may be empty.
    pub subject: String,
    /// For which week: the next one where none is named; none where the one that is named cannot be read.
    pub week: Option<Week>,
}

impl std::fmt::Debug for MailedDocuments {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MailedDocuments({:?})", self.week)
    }
}

/// Whoever of the staff has the address that a mail was written from, as far as anybody can tell.
pub(super) struct MailSender {
    duties: Duties,
    /// Whether nobody's guardian has it as well: what they write may be about a child of theirs.
    is_staff_alone: bool,
}

impl MailSender {
    /// None where nobody of the staff has it, or where it is no mail.
    pub(super) fn of(
        tx: &Tx<'_>,
        school: &SchoolId,
        reply: &KeptReply,
    ) -> Result<Option<Self>, StoreError> {
        if reply.kind != ReplyKind::Reply || reply.channel != Channel::Email {
            return Ok(None);
        }
        let written = reply.sender.as_deref().and_then(|it| EmailAddress::parse(it).ok());
        let Some(address) = written else { return Ok(None) };
        let (mut duties, mut is_staff_alone): (Option<Duties>, _) = (None, true);
        for key in contact_points::owners(tx, school, &ContactPoint::Email(address))? {
            match people::kept_person(tx, school, &key)?.map(|kept| kept.person.role) {
                // Which of several writes, nobody knows.
                Some(Role::Staff(theirs)) => {
                    duties = Some(duties.map_or(*theirs, |_| Duties::default()));
                }
                Some(Role::Guardian) => is_staff_alone = false,
                None => {}
            }
        }
        Ok(duties.map(|duties| Self { duties, is_staff_alone }))
    }

    /// Whether they teach those who are meant; of whom nobody knows whom they teach, that is not asked.
    pub(super) fn teaches(&self, meant_for: &MeantFor, pupil: Option<&Pupil>) -> bool {
        let Duties { form_teacher_of, teaches, .. } = &self.duties;
        let has = |name: &String| form_teacher_of.contains(name) || teaches.contains(name);
        if teaches.is_empty() {
            return true;
        }
        match meant_for {
            MeantFor::Everybody | MeantFor::Level(_) => false,
            MeantFor::Class(name) | MeantFor::Group(name) => has(name),
            MeantFor::Pupil(_) => {
                pupil.is_some_and(|it| it.class.iter().chain(&it.groups).any(has))
            }
        }
    }
}

impl MailedDocuments {
    /// What the subject of a mail of theirs says.
    pub(super) fn of(reply: &KeptReply, by: &MailSender, (roll, today): (&Roll, Date)) -> Self {
        let line = reply.subject.as_deref().unwrap_or_default();
        let read = SubjectLine::read(line, |name| meant_for(roll, today, name));
        let week = match read.week {
            WeekSaid::No => Some(Week::of(today).next()),
            WeekSaid::On(week) => Some(week),
            WeekSaid::Unread => None,
        };
        let are_theirs =
            read.meant_for.as_ref().is_ok_and(|meant| by.teaches(meant, pupil_of(roll, meant)));
        let (meant_for, fault) = match read.meant_for {
            Ok(meant) => (Some(meant), None),
            Err(why) => (None, Some(why)),
        };
        Self { folder: read.folder, meant_for, fault, are_theirs, subject: read.subject, week }
    }

    /// Whether whoever has to do with some pupils alone sees the mail: it names these, and is of staff alone.
    pub(super) fn are_seen_by(&self, whom: &Whom, by: &MailSender, roll: &Roll) -> bool {
        let is_own = |meant: &MeantFor| is_within(whom, meant, pupil_of(roll, meant));
        by.is_staff_alone && self.meant_for.as_ref().is_some_and(is_own)
    }
}

/// The one pupil who is meant.
pub(super) fn pupil_of<'a>(roll: &'a Roll, meant_for: &MeantFor) -> Option<&'a Pupil> {
    match meant_for {
        MeantFor::Pupil(key) => roll.pupils.iter().find(|pupil| pupil.key == *key),
        _ => None,
    }
}
