//! What was received: the Maildir, and what was said on the way.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::{fs, io};

use tokio::sync::mpsc::UnboundedSender;

use super::undelivered::Undelivered;

pub(super) struct Mailbox {
    pub folder: PathBuf,
    pub state: Mutex<Received>,
}

#[derive(Default)]
pub(super) struct Received {
    pub refused: HashSet<String>,
    pub hangs_up_after_data: bool,
    pub offers_reports: bool,
    /// By their ids without a seal, how often each whole id was taken.
    pub by_message_id: HashMap<String, HashMap<String, usize>>,
    pub commands: Vec<String>,
    pub dialogues: usize,
    pub messages: usize,
    /// Addresses where nobody has a mailbox any more, though mails to them are taken.
    pub vacant: HashSet<String>,
    /// Where what was written to these goes.
    pub returns: Option<UnboundedSender<Undelivered>>,
    pub undeliverable: usize,
    pub given_back: usize,
}

impl Mailbox {
    pub fn lock(&self) -> MutexGuard<'_, Received> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether nobody has this mailbox any more.
    pub fn is_vacant(&self, address: &str) -> bool {
        self.lock().vacant.contains(&address.to_lowercase())
    }

    /// Has a mail given back that nobody is there for: counted before who sent it hears that it was taken.
    pub fn give_back(&self, mail: Undelivered) {
        let mut state = self.lock();
        let is_queued = state.returns.as_ref().is_some_and(|returns| returns.send(mail).is_ok());
        state.undeliverable += usize::from(is_queued);
    }

    /// Lays a message in `new/`: whole, or not at all.
    pub fn keep(&self, return_path: &str, octets: &[u8]) -> io::Result<()> {
        let number = {
            let mut state = self.lock();
            state.messages += 1;
            let id = message_id(octets);
            let those = state.by_message_id.entry(unsealed(&id)).or_default();
            *those.entry(id).or_default() += 1;
            state.messages
        };
        let name = format!("{}.{number}.chappe", std::process::id());
        let draft = self.folder.join("tmp").join(&name);
        let mut text = format!("Return-Path: <{return_path}>\r\n").into_bytes();
        text.extend_from_slice(octets);
        fs::write(&draft, text)?;
        fs::rename(draft, self.folder.join("new").join(name))
    }
}

/// The Message-ID among the headers; empty when there is none.
fn message_id(octets: &[u8]) -> String {
    let headers = octets.split(|octet| *octet == b'\n').take_while(|line| *line != b"\r");
    for line in headers {
        let line = String::from_utf8_lossy(line);
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("message-id")
        {
            return value.trim().to_owned();
        }
    }
    String::new()
}

/// A Message-ID as it is without its seal: `<7K4M-02QB@…>` of `<7K4M-02QB-9F3K0C7D@…>`.
fn unsealed(id: &str) -> String {
    let Some((left, domain)) = id.split_once('@') else { return id.to_owned() };
    let parts: Vec<&str> = left.split('-').collect();
    match parts.as_slice() {
        [code, rest, _] => format!("{code}-{rest}@{domain}"),
        _ => id.to_owned(),
    }
}
