//! Where what comes back by e-mail is found: a mailbox that is watched (IMAP), or a mail server of this machine that
//! hands it over (LMTP). What a mail is, `mail` reads; a mail is taken away only once its words are durable, and one
//! that is brought again changes nothing.

mod imap;
mod imap_link;
mod line;
mod lmtp;
mod lmtp_dialogue;
mod settings;
mod taking;

use std::path::{Path, PathBuf};

use secrecy::SecretString;

pub use self::settings::{ImapSecurity, ImapSettings, LmtpSettings, MailboxSettings};

use self::imap::Imap;
use self::lmtp::Lmtp;
use super::{BadSettings, Guard, Inbox};
use crate::delivery::SendError;
use crate::settings::SecretPlace;
use crate::stop::Stop;

/// The key of the one secret, from the kind of its provider on.
pub(super) const PASSWORD: &str = "smtp.mailbox.imap.password";

/// Where what comes back by e-mail is found.
pub(super) enum WayBack {
    Imap(Box<Imap>),
    Lmtp(Lmtp),
}

impl MailboxSettings {
    /// Where its secret is, if it has one.
    pub(super) const fn secret(&self) -> Option<&SecretPlace> {
        match self {
            Self::Imap(settings) => Some(&settings.password),
            Self::Lmtp(_) => None,
        }
    }

    /// The same, with the paths that start from a folder.
    pub(super) fn in_folder(&self, folder: &Path) -> Self {
        let within = |path: &Option<PathBuf>| path.as_ref().map(|path| folder.join(path));
        match self {
            Self::Imap(it) => {
                Self::Imap(ImapSettings { authority: within(&it.authority), ..it.clone() })
            }
            Self::Lmtp(it) => Self::Lmtp(LmtpSettings { socket: within(&it.socket), ..it.clone() }),
        }
    }
}

impl WayBack {
    /// A mailbox of a provider, after `settings`; nothing is called yet.
    pub fn new(
        provider: &str,
        settings: &MailboxSettings,
        password: Option<SecretString>,
        guard: Guard,
    ) -> Result<Self, BadSettings> {
        Ok(match settings {
            MailboxSettings::Imap(settings) => {
                Self::Imap(Box::new(Imap::new(provider, settings, password, guard)?))
            }
            MailboxSettings::Lmtp(settings) => Self::Lmtp(Lmtp::new(provider, settings)?),
        })
    }

    /// Brings what comes until `stop` is given.
    pub async fn listen(&self, provider: &str, inbox: &dyn Inbox, stop: &Stop) {
        match self {
            Self::Imap(imap) => imap.listen(provider, inbox, stop).await,
            Self::Lmtp(lmtp) => lmtp.listen(provider, inbox, stop).await,
        }
    }

    /// Whether it can be read; what it is, in English and in French.
    pub async fn check(&self) -> Result<(String, String), SendError> {
        match self {
            Self::Imap(imap) => imap.check().await,
            Self::Lmtp(lmtp) => Ok(lmtp.told()),
        }
    }
}
