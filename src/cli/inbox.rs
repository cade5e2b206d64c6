//! `chappe inbox`: what waits for a person, what is done about it.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use super::context::Context;
use super::counted::counted;
use super::documents::{present_left, week};
use super::slips::answer_scan;
use super::{asker, output, when};
use crate::how_far::HowFar;
use crate::message::Week;
use crate::office::{
    self, AttachmentShown, EntryKind, EntryName, InboxEntry, InboxSought, LeaveMailed,
    MailedDocuments, ScanShown, School, SeenTo, ToldContact,
};
use crate::people::Whom;
use crate::private_file;
use crate::providers::Guard;

/// Entries listed when nobody says how many.
const LISTED: usize = 50;

/// Arguments of `chappe inbox`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    sought: WhatToList,
}

/// Which entries are listed.
#[derive(Debug, clap::Args)]
struct WhatToList {
    /// Those of one kind alone: reply, bounce, call, slip, unreached, uncertain.
    #[arg(long, value_parser = kind)]
    kind: Option<EntryKind>,
    /// Those that were given to a colleague alone.
    #[arg(long, value_name = "NAME")]
    to: Option<String>,
    /// How many at most.
    #[arg(long, default_value_t = LISTED, value_name = "N")]
    most: usize,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Show one entry, whether it still waits or not.
    Show {
        /// What the list calls it.
        #[arg(value_name = "ENTRY")]
        name: EntryName,
    },
    /// Give it to a colleague; to nobody without --to.
    Assign {
        /// What the list calls it.
        #[arg(value_name = "ENTRY")]
        name: EntryName,
        /// Whom.
        #[arg(long, value_name = "NAME", value_parser = when::said)]
        to: Option<String>,
    },
    /// Answer by the way by which it came; it leaves the list.
    Answer {
        /// What the list calls it.
        #[arg(value_name = "ENTRY")]
        name: EntryName,
        /// What to say.
        #[arg(value_parser = when::said)]
        text: String,
    },
    /// Save what is attached to it, as it came; nothing is opened.
    Attachment {
        /// What the list calls it.
        #[arg(value_name = "ENTRY")]
        name: EntryName,
        /// Which, as it is numbered there.
        #[arg(default_value_t = 1, value_name = "N")]
        number: usize,
        /// The folder that it is saved in.
        #[arg(long, default_value = ".", value_name = "FOLDER")]
        into: PathBuf,
    },
    /// Leave what a colleague attached for pupils, as the subject of the mail says ("6A maths", "6A / maths / semaine du
    /// 18/01/2027"); it leaves the list.
    Leave {
        /// What the list calls it.
        #[arg(value_name = "ENTRY")]
        name: EntryName,
        /// For whom, in the place of what the subject says: a class, a level, a group, a pupil, TOUS.
        #[arg(long, value_name = "WHOM")]
        to: Option<String>,
        /// About what, in the place of what the subject says.
        #[arg(long, value_name = "TEXT")]
        subject: Option<String>,
        /// The week of this day, in the place of the one that the subject names, or of the next one: 18/01/2027.
        #[arg(long, value_name = "DAY", value_parser = week)]
        week: Option<Week>,
        /// These attachments alone, as they are numbered there: 1,3.
        #[arg(long, value_name = "N", value_delimiter = ',')]
        only: Vec<usize>,
    },
    /// Read the slips and the pages of pupils' work on what is attached, by their codes; the rest waits there.
    Read {
        /// What the list calls it.
        #[arg(value_name = "ENTRY")]
        name: EntryName,
    },
    /// Say that somebody saw to it: it leaves the list.
    Done {
        /// What the list calls it.
        #[arg(value_name = "ENTRY")]
        name: EntryName,
        /// What was done.
        #[arg(default_value = "", value_name = "WHAT")]
        how: String,
    },
    /// Take that back: it is on the list again.
    Reopen {
        /// What the list calls it.
        #[arg(value_name = "ENTRY")]
        name: EntryName,
    },
}

fn kind(word: &str) -> Result<EntryKind, String> {
    let known = || EntryKind::ALL.map(EntryKind::as_str).join(", ");
    EntryKind::from_word(word).ok_or_else(|| format!("is none of {}", known()))
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let Some(command) = arguments.command else {
        return list(context, arguments.sought).await;
    };
    let changes = !matches!(command, Command::Show { .. });
    let school = context.school_to(changes).await?;
    let (actor, whom) = (asker::here(), Whom::Everybody);
    let seen_to = match command {
        Command::Show { name } => return show(context, &school, name).await,
        Command::Attachment { name, number, into } => {
            return save(&school, &name, number, &into).await;
        }
        Command::Leave { name, to, subject, week, only } => {
            let request = LeaveMailed { folder: to, subject, week, numbers: only };
            let left = office::leave_mailed_documents(&school, actor, &whom, name, request).await?;
            context.answer(&left, present_left);
            return Ok(());
        }
        Command::Read { name } => return read(context, &school, name).await,
        Command::Answer { name, text } => {
            let guard = Guard::Anywhere;
            let left = office::answer_entry(&school, actor, &whom, name, &text, guard).await?;
            context.answer(&left, |left| {
                output::line(format!(
                    "{} is answered by {}: {}",
                    left.name, left.channel, left.answer
                ));
            });
            return Ok(());
        }
        Command::Assign { name, to } => {
            office::assign_entry(&school, actor, &whom, name, to).await?
        }
        Command::Done { name, how } => {
            office::settle_entry(&school, actor, &whom, name, how).await?
        }
        Command::Reopen { name } => office::reopen_entry(&school, actor, &whom, name).await?,
    };
    context.answer(&seen_to, present_seen_to);
    Ok(())
}

async fn list(context: &Context, sought: WhatToList) -> anyhow::Result<()> {
    let school = context.school_to(false).await?;
    let WhatToList { kind, to, most } = sought;
    let sought = InboxSought { kind, assigned_to: to, skipped: 0, most };
    let inbox = office::inbox(&school, &Whom::Everybody, sought).await?;
    if context.json {
        output::json(&inbox);
        return Ok(());
    }
    if inbox.entries.is_empty() {
        output::line("Nothing waits for a person.");
    }
    for entry in &inbox.entries {
        present(&school, entry);
    }
    if inbox.total > inbox.entries.len() {
        output::line(format!("{} more; --most shows them.", inbox.total - inbox.entries.len()));
    }
    Ok(())
}

async fn show(context: &Context, school: &School, name: EntryName) -> anyhow::Result<()> {
    let found = office::inbox_entry(school, &Whom::Everybody, &name).await?;
    let entry = found.ok_or(office::InboxRefusal::NoSuchEntry(name))?;
    context.answer(&entry, |entry| present(school, entry));
    Ok(())
}

/// A file in the place of none: what comes from anybody overwrites nothing.
async fn save(school: &School, name: &EntryName, number: usize, into: &Path) -> anyhow::Result<()> {
    let whom = Whom::Everybody;
    let found = office::take_attachment(school, asker::here(), &whom, name, number).await?;
    let Some(given) = found else {
        bail!("{name} has nothing attached under {number}, or it was too large to be kept");
    };
    let path = into.join(&given.name);
    let saved = private_file::create_new(&path).and_then(|mut file| file.write_all(&given.content));
    saved.with_context(|| path.display().to_string())?;
    output::line(path.display().to_string());
    Ok(())
}

/// Its pictures lie with those of scans that are given on a page.
async fn read(context: &Context, school: &School, name: EntryName) -> anyhow::Result<()> {
    let scan = office::keep_attached_scan(school, asker::here(), name).await?;
    office::read_kept_scan(school, scan, &HowFar::default()).await?;
    match office::kept_scan(school, scan)? {
        ScanShown::Read(report) => answer_scan(context, &report),
        ScanShown::Unread => bail!("the reading did not come to its end; run it again"),
    }
}

fn present(school: &School, entry: &InboxEntry) {
    let urgent = if entry.is_urgent { "  urgent" } else { "" };
    let since = when::shown(school, entry.since);
    output::line(format!("{:<10} {:<9}  {since}{urgent}", entry.name, entry.kind.as_str()));
    let who = entry.who.as_deref().or(entry.sender.as_deref()).unwrap_or("nobody knows who");
    let about = if entry.about.is_empty() {
        String::new()
    } else {
        format!(", for {}", entry.about.join(", "))
    };
    output::line(format!("    {who}{about}"));
    if let (Some(message), Some(subject)) = (&entry.message, &entry.subject) {
        output::line(format!("    of message {message}: {subject}"));
    }
    if let Some(subject) = entry.subject_line.as_ref().filter(|_| entry.message.is_none()) {
        output::line(format!("    « {subject} »"));
    }
    for line in entry.said.iter().flat_map(|said| said.lines()) {
        output::line(format!("    │ {line}"));
    }
    for ToldContact { channel, was, is } in &entry.told {
        let was = was.as_ref().map(|was| format!(", {was} is kept")).unwrap_or_default();
        output::line(format!("    tells of {channel} {is}{was}"));
    }
    for AttachmentShown { number, name, octets, is_kept } in &entry.attachments {
        let kept = if *is_kept { "" } else { ", too large to be kept" };
        output::line(format!("    attached {number}: {name} ({octets} bytes{kept})"));
    }
    if let Some(documents) = &entry.documents {
        output::line(format!("    {}", offered(documents)));
    }
    if entry.work_pages > 0 {
        output::line(format!("    {} of pupils' work read", counted(entry.work_pages, "page")));
    }
    if let Some(to) = &entry.assigned_to {
        output::line(format!("    given to {to}"));
    }
    if let Some(done) = &entry.settled {
        let how = entry.how.as_ref().map(|how| format!(": {how}")).unwrap_or_default();
        output::line(format!(
            "    seen to by {} on {}{how}",
            done.by,
            when::shown(school, done.at)
        ));
    }
}

/// What would be left of a colleague's mail, or why it cannot be as its subject says.
fn offered(documents: &MailedDocuments) -> String {
    let MailedDocuments { folder, fault, are_theirs, subject, week, .. } = documents;
    let whom = if folder.is_empty() { "say for whom with --to" } else { folder };
    let subject = if subject.is_empty() { String::new() } else { format!(", {subject}") };
    let week = week.map_or_else(
        || "the week of its subject cannot be read: --week".to_owned(),
        |week| format!("week of {week}"),
    );
    let why = match fault {
        Some(fault) => format!(" ({fault})"),
        None if *are_theirs => String::new(),
        None => " (whoever wrote does not teach these)".to_owned(),
    };
    format!("documents that came by e-mail: {whom}{subject}, {week}{why}")
}

fn present_seen_to(SeenTo { name, assigned_to, settled }: &SeenTo) {
    output::line(match (settled, assigned_to) {
        (true, _) => format!("{name} is seen to."),
        (false, Some(to)) => format!("{name} is given to {to}."),
        (false, None) => format!("{name} waits for anybody."),
    });
}
