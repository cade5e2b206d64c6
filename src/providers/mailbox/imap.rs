//! A mailbox that is watched by IMAP (RFC 9051): what lies there is read, kept, and moved away; then the server is
//! listened to (IDLE), and asked anew when it says something, or nothing for too long.

use std::time::Duration;

use async_imap::error::Error as ImapError;
use async_imap::extensions::idle::IdleResponse;
use async_imap::types::UnsolicitedResponse;
use async_imap::{Client, Session};
use futures_util::TryStreamExt as _;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::timeout;

use super::super::guard;
use super::super::polled::again;
use super::super::{BadSettings, Guard, Inbox, Word};
use super::imap_link::{self, ImapAddress, ImapLink};
use super::settings::{ImapSecurity, ImapSettings};
use super::taking::take;
use crate::delivery::{FailureKind, SendError};
use crate::mail::{self, Arrival, LARGEST, Mail};
use crate::stop::Stop;

/// Mails that are read and kept in one go.
const MOST_AT_ONCE: usize = 200;
/// Octets of all that is read in one go; one mail may have more.
const OCTETS_AT_ONCE: usize = 4 * 1024 * 1024;
/// What a server may say beside the mails that it was asked for, and all in all where it was not.
const BESIDE: usize = 16 * 1024 * 1024;
/// How soon it is called again when it did not answer, and how late at the most.
const AGAIN: Duration = Duration::from_secs(5);
const AGAIN_AT_MOST: Duration = Duration::from_mins(5);

/// A mailbox on a server.
pub(in super::super) struct Imap {
    address: ImapAddress,
    user: String,
    password: SecretString,
    folder: String,
    moved_to: String,
    idle_limit: Duration,
}

/// A mail in the mailbox, before it is read.
struct Lying {
    uid: u32,
    octets: usize,
}

impl Imap {
    /// A mailbox, after `settings`; nothing is called yet.
    pub fn new(
        provider: &str,
        settings: &ImapSettings,
        password: Option<SecretString>,
        guard: Guard,
    ) -> Result<Self, BadSettings> {
        let bad = |key: &'static str, problem: &str| BadSettings::new(provider, key, problem);
        let ImapSettings { host, security, .. } = settings;
        guard.check(host).map_err(|error| bad("mailbox.imap.host", &error.to_string()))?;
        if *security == ImapSecurity::None && !guard::is_this_machine(host) {
            let problem = "is \"none\" for another machine: a password never travels in clear";
            return Err(bad("mailbox.imap.security", problem));
        }
        if settings.folder.eq_ignore_ascii_case(&settings.moved_to) {
            return Err(bad("mailbox.imap.moved_to", "is the folder that is read"));
        }
        let (tls, port) = match security {
            ImapSecurity::None => (None, 143),
            ImapSecurity::Tls => {
                let tls = imap_link::tls(host, settings.authority.as_deref());
                (Some(tls.map_err(|(key, problem)| bad(key, &problem))?), 993)
            }
        };
        let port = settings.port.unwrap_or(port);
        let answer_limit = settings.answer_limit.0;
        Ok(Self {
            address: ImapAddress { host: host.clone(), port, tls, answer_limit },
            user: settings.user.clone(),
            password: password.ok_or_else(|| bad("mailbox.imap.password", "is missing"))?,
            folder: settings.folder.clone(),
            moved_to: settings.moved_to.clone(),
            idle_limit: settings.idle_limit.0,
        })
    }

    /// Brings what comes until `stop` is given.
    pub async fn listen(&self, provider: &str, inbox: &dyn Inbox, stop: &Stop) {
        let failed = std::sync::atomic::AtomicU32::new(0);
        again(stop, || async {
            match self.watch(provider, inbox, &failed).await {
                Ok(()) => Duration::ZERO,
                Err(error) => {
                    tracing::warn!(provider, %error, "Cannot read the mailbox.");
                    let times = failed.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    AGAIN_AT_MOST.min(AGAIN * 2_u32.saturating_pow(times.min(8)))
                }
            }
        })
        .await;
    }

    /// Signs in, and looks whether both folders are there.
    pub async fn check(&self) -> Result<(String, String), SendError> {
        let mut session = self.open().await?;
        let lying = self.lying(&mut session).await?.len();
        let _ = self.in_time(session.logout()).await;
        let ImapAddress { host, port, .. } = &self.address;
        let folder = &self.folder;
        Ok((
            format!("mailbox {host}:{port}, {folder}, {lying} to read"),
            format!("boîte {host}:{port}, dossier {folder}, {lying} à lire"),
        ))
    }

    /// One connection, from its beginning to its end.
    async fn watch(
        &self,
        provider: &str,
        inbox: &dyn Inbox,
        failed: &std::sync::atomic::AtomicU32,
    ) -> Result<(), SendError> {
        let mut session = self.open().await?;
        loop {
            // Of what a server tells while it is read from it says nothing more to who listens then.
            loop {
                told_of_more(&session);
                let was_emptied = self.empty(provider, &mut session, inbox).await?;
                failed.store(0, std::sync::atomic::Ordering::Relaxed);
                if !was_emptied && !told_of_more(&session) {
                    break;
                }
            }
            session = self.idle(session).await?;
        }
    }

    /// A session in the folder that is read.
    async fn open(&self) -> Result<Session<ImapLink>, SendError> {
        let mut link = self.address.connect().await?;
        link.allow(BESIDE);
        let mut client = Client::new(link);
        let greeting = timeout(self.address.answer_limit, client.read_response()).await;
        match greeting {
            Ok(Ok(Some(_))) => {}
            _ => {
                return Err(SendError::new(FailureKind::Unreachable, "the mailbox does not greet"));
            }
        }
        let login = client.login(&self.user, self.password.expose_secret());
        let signed_in = timeout(self.address.answer_limit, login).await.map_err(|_| silent())?;
        let mut session = signed_in.map_err(|(error, _)| match error {
            ImapError::No(_) | ImapError::Bad(_) => {
                SendError::new(FailureKind::Misconfigured, "the mailbox does not let us in")
            }
            error => verdict(&error),
        })?;
        // It is there already, mostly: what it answers then is of no matter.
        let _ = self.in_time(session.create(&self.moved_to)).await;
        self.in_time(session.status(&self.moved_to, "(MESSAGES)"))
            .await
            .map_err(|_| no_folder())?;
        self.in_time(session.select(&self.folder)).await.map_err(|_| no_folder())?;
        Ok(session)
    }

    /// Reads what lies there, and moves it away; whether anything was.
    async fn empty(
        &self,
        provider: &str,
        session: &mut Session<ImapLink>,
        inbox: &dyn Inbox,
    ) -> Result<bool, SendError> {
        let lying = self.lying(session).await?;
        let (mut rest, mut all_kept, mut moved) = (lying.as_slice(), true, 0);
        while !rest.is_empty() {
            let mut octets = 0;
            let fit = rest.iter().take(MOST_AT_ONCE).take_while(|it| {
                octets += it.octets.min(LARGEST);
                octets <= OCTETS_AT_ONCE
            });
            let (now, later) = rest.split_at(fit.count().max(1));
            let (kept, brought) = self.bring(provider, session, inbox, now).await?;
            all_kept &= kept == brought;
            moved += kept;
            rest = later;
        }
        let not_all = || SendError::new(FailureKind::Unreachable, "not all of it could be kept");
        if all_kept { Ok(moved > 0) } else { Err(not_all()) }
    }

    /// What lies in the folder, and how large it is: in the order in which it came.
    async fn lying(&self, session: &mut Session<ImapLink>) -> Result<Vec<Lying>, SendError> {
        session.get_mut().allow(BESIDE);
        let found = self.in_time(async {
            let fetched = session.uid_fetch("1:*", "(UID RFC822.SIZE)").await?;
            // One by one: each answer holds a buffer of its own as long as it is held.
            let lying = fetched.try_filter_map(async |it| {
                Ok(it.uid.zip(it.size).map(|(uid, size)| Lying { uid, octets: size as usize }))
            });
            lying.try_collect::<Vec<_>>().await
        });
        let mut lying = found.await?;
        lying.sort_by_key(|it| it.uid);
        Ok(lying)
    }

    /// Reads these, has them kept, and moves those away that were: how many those are, and of how many.
    async fn bring(
        &self,
        provider: &str,
        session: &mut Session<ImapLink>,
        inbox: &dyn Inbox,
        these: &[Lying],
    ) -> Result<(usize, usize), SendError> {
        let mails = self.read(session, these).await?;
        let words: Vec<Word> =
            mails.iter().map(|(_, mail)| Word::Mail(Box::new(mail.clone()))).collect();
        let not_kept = match take(inbox, words).await {
            Ok(()) => Vec::new(),
            Err(error) => {
                tracing::warn!(provider, %error, "What came into the mailbox could not be kept.");
                error.words
            }
        };
        let is_kept = |mail: &Mail| {
            !not_kept.iter().any(|word| matches!(word, Word::Mail(it) if it.digest == mail.digest))
        };
        let kept = mails.iter().filter(|(_, mail)| is_kept(mail)).map(|(uid, _)| uid.to_string());
        let kept: Vec<String> = kept.collect();
        if !kept.is_empty() {
            self.move_away(session, &kept.join(",")).await?;
        }
        Ok((kept.len(), mails.len()))
    }

    /// The mails themselves, of each no more than is read of one.
    async fn read(
        &self,
        session: &mut Session<ImapLink>,
        these: &[Lying],
    ) -> Result<Vec<(u32, Mail)>, SendError> {
        let expected: usize = these.iter().map(|it| it.octets.min(LARGEST)).sum();
        session.get_mut().allow(expected + BESIDE);
        let uids: Vec<String> = these.iter().map(|it| it.uid.to_string()).collect();
        let what = format!("(UID BODY.PEEK[]<0.{LARGEST}>)");
        let fetched = self.in_time(session.uid_fetch(uids.join(","), &what)).await?;
        let mut fetched = std::pin::pin!(fetched);
        let mut mails = Vec::with_capacity(these.len());
        while let Some(fetch) = self.in_time(fetched.try_next()).await? {
            let (Some(uid), Some(raw)) = (fetch.uid, fetch.body()) else { continue };
            let octets = these.iter().find(|it| it.uid == uid).map_or(raw.len(), |it| it.octets);
            mails.push((uid, mail::read(raw, &Arrival { octets, ..Arrival::default() })));
        }
        Ok(mails)
    }

    /// Puts these away. Who has no MOVE (RFC 6851) has them copied and deleted.
    async fn move_away(
        &self,
        session: &mut Session<ImapLink>,
        uids: &str,
    ) -> Result<(), SendError> {
        session.get_mut().allow(BESIDE);
        let moved = self.in_time(session.uid_mv(uids, &self.moved_to)).await;
        if moved.is_ok() {
            return Ok(());
        }
        self.in_time(session.uid_copy(uids, &self.moved_to)).await?;
        self.in_time(async {
            let stored = session.uid_store(uids, "+FLAGS.SILENT (\\Deleted)").await?;
            stored.try_collect::<Vec<_>>().await?;
            let expunged = session.expunge().await?;
            expunged.try_collect::<Vec<_>>().await
        })
        .await?;
        Ok(())
    }

    /// Listens until the server says something, or nothing for too long.
    async fn idle(&self, session: Session<ImapLink>) -> Result<Session<ImapLink>, SendError> {
        let mut idle = session.idle();
        idle.as_mut().allow(BESIDE);
        self.in_time(idle.init()).await?;
        let (heard, _interrupt) = idle.wait_with_timeout(self.idle_limit);
        // A server that only says that it is still there would be listened to for ever.
        match timeout(self.idle_limit, heard).await {
            Err(_) | Ok(Ok(IdleResponse::Timeout | IdleResponse::NewData(_))) => {}
            Ok(Ok(IdleResponse::ManualInterrupt)) => {
                return Err(SendError::new(FailureKind::Unreachable, "the mailbox hung up"));
            }
            Ok(Err(error)) => return Err(verdict(&error)),
        }
        self.in_time(idle.done()).await
    }

    async fn in_time<T>(
        &self,
        step: impl Future<Output = Result<T, ImapError>>,
    ) -> Result<T, SendError> {
        let done = timeout(self.address.answer_limit, step).await.map_err(|_| silent())?;
        done.map_err(|error| verdict(&error))
    }
}

/// Whether the server told of new mails since this was asked last.
fn told_of_more(session: &Session<ImapLink>) -> bool {
    let told = std::iter::from_fn(|| session.unsolicited_responses.try_recv().ok());
    // All of it is taken: what finds no room there is lost.
    told.fold(false, |more, it| more | matches!(it, UnsolicitedResponse::Exists(_)))
}

fn silent() -> SendError {
    SendError::new(FailureKind::Unreachable, "no answer in time")
}

fn no_folder() -> SendError {
    SendError::new(FailureKind::Misconfigured, "a folder of the mailbox cannot be opened")
}

/// Without its words: what cannot be parsed stands in them whole, and that may be anybody's mail.
fn verdict(error: &ImapError) -> SendError {
    let (kind, why) = match error {
        ImapError::No(_) => (FailureKind::Misconfigured, "the mailbox refuses"),
        ImapError::Bad(_) => (FailureKind::Misconfigured, "the mailbox does not understand"),
        ImapError::ConnectionLost => (FailureKind::Unreachable, "the mailbox hung up"),
        ImapError::Io(_) => (FailureKind::Unreachable, "the line to the mailbox broke"),
        _ => (FailureKind::Unreachable, "what the mailbox says makes no sense"),
    };
    SendError::new(kind, why)
}
