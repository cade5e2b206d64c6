//! A folder: each message becomes a file. For drills, and where another program carries on.

mod settings;

use std::fs;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;

pub use self::settings::FolderSettings;

use super::kind::{CarrierError, ProviderKind, Site};
use super::{BadSettings, Health, Inbox, Provider, WhenUnknown};
use crate::channel::Channel;
use crate::delivery::{Accepted, Content, Envelope, FailureKind, SendError};
use crate::plain_text::one_line;
use crate::private_file::{self, Over};
use crate::settings::{Pace, SecretPlace};
use crate::stop::Stop;

/// The rights of a folder that is made here: what is in it is families' data.
const OWNER_ALONE: u32 = 0o700;

/// A folder that stands for a service.
pub struct Folder {
    name: String,
    channel: Channel,
    path: PathBuf,
}

// ---- settings ----------------------------------------------------------------------------------

impl Folder {
    /// A folder, after `settings`; it is made when the first message comes.
    pub fn new(name: impl Into<String>, settings: &FolderSettings) -> Result<Self, BadSettings> {
        let name = name.into();
        if settings.channel.is_carried_by_people() {
            return Err(BadSettings::new(&name, "channel", "must be ent, email, sms or chat"));
        }
        Ok(Self { name, channel: settings.channel, path: settings.path.clone() })
    }
}

impl ProviderKind for FolderSettings {
    fn channel(&self) -> Channel {
        self.channel
    }

    /// As the service that a drill stands for.
    fn takes_replies(&self) -> bool {
        true
    }

    fn pace(&self) -> &Pace {
        &self.pace
    }

    fn secrets(&self) -> Vec<(&'static str, &SecretPlace)> {
        Vec::new()
    }

    fn build(&self, site: &Site<'_>) -> Result<Arc<dyn Provider>, CarrierError> {
        let settings = Self { path: site.folder.join(&self.path), ..self.clone() };
        Ok(Arc::new(Folder::new(site.name, &settings)?))
    }
}

// ---- send --------------------------------------------------------------------------------------

#[async_trait]
impl Provider for Folder {
    fn name(&self) -> &str {
        &self.name
    }

    fn channel(&self) -> Channel {
        self.channel
    }

    /// The same reference is the same file.
    fn when_unknown(&self) -> WhenUnknown {
        WhenUnknown::Resend
    }

    async fn send(&self, envelope: &Envelope) -> Result<Accepted, SendError> {
        let reference = &envelope.reference;
        if reference.is_empty() || !reference.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        {
            return Err(SendError::new(FailureKind::Refused, "the reference is no file name"));
        }
        let (extension, text) = written(envelope);
        let file = format!("{reference}.{extension}");
        self.write(file.clone(), text).await?;
        Ok(Accepted { provider_ref: Some(reference.clone()), answer: file, ..Accepted::default() })
    }

    // ---- what it says later --------------------------------------------------------------------

    /// A folder in place of an ENT says that it has no account: nobody waits for its word.
    async fn listen(&self, inbox: &dyn Inbox, stop: Stop) {
        match self.channel {
            Channel::Ent => super::listen_for_accounts(self, inbox, &stop).await,
            _ => stop.given().await,
        }
    }

    // ---- check ---------------------------------------------------------------------------------

    async fn check(&self) -> Result<Health, SendError> {
        let probe = ".probe".to_owned();
        self.write(probe.clone(), String::new()).await?;
        fs::remove_file(self.path.join(probe)).map_err(|error| unwritable(&error))?;
        let path = self.path.display();
        Ok(Health { summary: format!("folder {path}"), in_french: format!("dossier {path}") })
    }
}

impl Folder {
    /// Writes a file that is whole or not there.
    async fn write(&self, file: String, text: String) -> Result<(), SendError> {
        let folder = self.path.clone();
        tokio::task::spawn_blocking(move || write_whole(&folder, &file, &text))
            .await
            .unwrap_or_else(|panic| Err(io::Error::other(panic)))
            .map_err(|error| unwritable(&error))
    }
}

// ---- words -------------------------------------------------------------------------------------

/// The file's kind and text. Line breaks in a name or a subject become spaces: one line a field.
fn written(envelope: &Envelope) -> (&'static str, String) {
    let to = format!("{} <{}>", one_line(&envelope.name), envelope.to.value());
    match &envelope.content {
        Content::Email { subject, text, .. } => {
            let subject = one_line(subject);
            let kind = "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8";
            ("eml", format!("To: {to}\nSubject: {subject}\n{kind}\n\n{text}\n"))
        }
        Content::Ent { subject, html } => {
            let (to, subject) = (escaped(&to), escaped(&one_line(subject)));
            let head = "<!doctype html>\n<meta charset=\"utf-8\">";
            ("html", format!("{head}\n<p>{to}</p>\n<h1>{subject}</h1>\n{html}\n"))
        }
        Content::Chat { subject, text, .. } => {
            ("txt", format!("{to}\n\n{}\n\n{text}\n", one_line(subject)))
        }
        Content::Sms { text, .. } => ("txt", format!("{to}\n\n{text}\n")),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn write_whole(folder: &Path, file: &str, text: &str) -> io::Result<()> {
    // A folder that somebody made has the rights that they gave it.
    fs::DirBuilder::new().recursive(true).mode(OWNER_ALONE).create(folder)?;
    let file = folder.join(file);
    let part = private_file::part_beside(&file);
    private_file::write(&part, text.as_bytes())?;
    // "Accepted" means that it is there after a power cut too: the name as well as the words.
    Ok(private_file::put(&part, &file, Over::Whatever, "message")?)
}

fn unwritable(error: &io::Error) -> SendError {
    SendError::new(FailureKind::Unreachable, format!("the folder cannot be written: {error}"))
}
