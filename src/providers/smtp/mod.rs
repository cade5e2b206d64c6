//! An SMTP relay (RFC 5321). Messages and commands are lettre's, the connections are not.
//!
//! lettre's pool does not cap its connections, asks NOOP before each message, and without
//! `TCP_NODELAY` each message waits 44 ms for the network; what its connections lack, `dialogue` says.

mod answer;
mod connection;
mod dialogue;
mod message;
mod route;
mod settings;
mod verdict;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use lettre::transport::smtp::extension::ClientId;
use rustls::pki_types::ServerName;
use secrecy::SecretString;
use tokio::sync::Semaphore;
use tokio::time::Instant;
use tokio_rustls::TlsConnector;

pub use self::settings::{SmtpSecurity, SmtpSettings};

use self::connection::{Connection, NotTaken};
use self::dialogue::Patience;
use self::message::{Letterhead, OutgoingMail};
use self::route::{Protection, Route, Tls};
use super::kind::{CarrierError, ProviderKind, Site};
use super::mailbox::{self, MailboxSettings, WayBack};
use super::masked::{self, masked};
use super::{BadSettings, Guard, Health, Inbox, Provider, Sender, WhenUnknown, guard};
use crate::channel::Channel;
use crate::clock::Clock;
use crate::delivery::{Accepted, Envelope, FailureKind, SendError};
use crate::settings::{Pace, SecretPlace};
use crate::stop::Stop;
use crate::tls;

/// The key of the one secret.
const PASSWORD: &str = "smtp.password";

/// An SMTP relay.
pub struct Smtp {
    name: String,
    letterhead: Letterhead,
    route: Route,
    /// As many permits as connections may be open.
    slots: Semaphore,
    /// Open connections without work, the freshest last.
    idle: Mutex<VecDeque<Idle>>,
    idle_limit: Duration,
    connection_max_messages: u32,
    clock: Clock,
    /// Where what comes back is found.
    mailbox: Option<WayBack>,
}

struct Idle {
    connection: Connection,
    since: Instant,
}

// ---- settings ----------------------------------------------------------------------------------

impl Smtp {
    /// A relay, after `settings`; nothing is called yet. `password` is what `settings.password`
    /// points to.
    pub fn new(
        name: impl Into<String>,
        settings: &SmtpSettings,
        password: Option<SecretString>,
        clock: Clock,
        guard: Guard,
    ) -> Result<Self, BadSettings> {
        let name = name.into();
        let at_once = match settings.pace.at_once {
            0 => Semaphore::MAX_PERMITS,
            limit => limit as usize,
        };
        Ok(Self {
            letterhead: Letterhead::new(&name, settings)?,
            route: route(&name, settings, password, guard)?,
            slots: Semaphore::new(at_once),
            idle: Mutex::default(),
            idle_limit: settings.idle_limit.0,
            connection_max_messages: settings.connection_max_messages.max(1),
            clock,
            name,
            mailbox: None,
        })
    }

    /// The same, where what comes back is read. `password` is what its settings point to.
    pub fn reading(
        mut self,
        settings: &MailboxSettings,
        password: Option<SecretString>,
        guard: Guard,
    ) -> Result<Self, BadSettings> {
        self.mailbox = Some(WayBack::new(&self.name, settings, password, guard)?);
        Ok(self)
    }
}

impl ProviderKind for SmtpSettings {
    fn channel(&self) -> Channel {
        Channel::Email
    }

    fn pace(&self) -> &Pace {
        &self.pace
    }

    fn sender(&self) -> Option<Sender> {
        Some(Sender::Mail {
            address: self.from.clone(),
            name: self.from_name.clone(),
            answers: self.reply_to.clone().unwrap_or_default(),
        })
    }

    fn place(&self) -> Option<&str> {
        Some(&self.host)
    }

    fn secrets(&self) -> Vec<(&'static str, &SecretPlace)> {
        let of_mailbox = self.mailbox.as_ref().and_then(MailboxSettings::secret);
        let of_mailbox = of_mailbox.map(|place| (mailbox::PASSWORD, place));
        self.password.iter().map(|place| (PASSWORD, place)).chain(of_mailbox).collect()
    }

    fn build(&self, site: &Site<'_>) -> Result<Arc<dyn Provider>, CarrierError> {
        let place = self.password.as_ref();
        let password = place.map(|place| site.secret(PASSWORD, place)).transpose()?;
        let authority = self.authority.as_ref().map(|path| site.folder.join(path));
        let settings = Self { authority, ..self.clone() };
        let smtp = Smtp::new(site.name, &settings, password, site.clock.clone(), site.guard)?;
        let Some(mailbox) = &self.mailbox else { return Ok(Arc::new(smtp)) };
        let place = mailbox.secret();
        let password = place.map(|place| site.secret(mailbox::PASSWORD, place)).transpose()?;
        Ok(Arc::new(smtp.reading(&mailbox.in_folder(site.folder), password, site.guard)?))
    }
}

fn route(
    name: &str,
    settings: &SmtpSettings,
    password: Option<SecretString>,
    guard: Guard,
) -> Result<Route, BadSettings> {
    let bad = |key: &'static str, problem: &str| BadSettings::new(name, key, problem);
    guard.check(&settings.host).map_err(|error| bad("host", &error.to_string()))?;
    let in_clear = settings.security == SmtpSecurity::None;
    if in_clear && !settings.allow_plaintext && !guard::is_this_machine(&settings.host) {
        return Err(bad(
            "security",
            "is \"none\" for another machine: use starttls or tls, or set allow_plaintext = true",
        ));
    }
    let login = match (settings.user.clone(), password) {
        (Some(user), Some(password)) => Some((user, password)),
        (None, None) => None,
        (Some(_), None) => return Err(bad("password", "is missing beside user")),
        (None, Some(_)) => return Err(bad("user", "is missing beside password")),
    };
    let hello = match &settings.hello {
        Some(host) if host.chars().all(|c| c.is_ascii_graphic()) => ClientId::Domain(host.clone()),
        Some(_) => return Err(bad("hello", "is not a host name")),
        None => ClientId::default(),
    };
    Ok(Route {
        host: settings.host.clone(),
        port: settings.port.unwrap_or_else(|| settings.security.default_port()),
        protection: protection(name, settings)?,
        hello,
        login,
        connect_limit: settings.connect_limit.0,
        answer_limit: settings.answer_limit.0,
        final_answer_limit: settings.final_answer_limit.0,
    })
}

fn protection(name: &str, settings: &SmtpSettings) -> Result<Protection, BadSettings> {
    if settings.security == SmtpSecurity::None {
        return Ok(Protection::None);
    }
    let bad = |key: &'static str, problem: String| BadSettings::new(name, key, problem);
    let config = tls::client_config(settings.authority.as_deref())
        .map_err(|problem| bad("authority", problem))?;
    let server = ServerName::try_from(settings.host.clone())
        .map_err(|error| bad("host", error.to_string()))?;
    let tls = Tls { connector: TlsConnector::from(Arc::new(config)), server };
    Ok(match settings.security {
        SmtpSecurity::Starttls => Protection::Starttls(tls),
        _ => Protection::Tls(tls),
    })
}

// ---- send --------------------------------------------------------------------------------------

#[async_trait]
impl Provider for Smtp {
    fn name(&self) -> &str {
        &self.name
    }

    fn channel(&self) -> Channel {
        Channel::Email
    }

    /// A second copy is a second mail in most mailboxes, the same Message-ID or not, but one that says the
    /// same: less harm than none.
    fn when_unknown(&self) -> WhenUnknown {
        WhenUnknown::Resend
    }

    async fn send(&self, envelope: &Envelope) -> Result<Accepted, SendError> {
        masked::answer_without_recipient(self.hand_over(envelope).await, envelope)
    }

    // ---- what it says later --------------------------------------------------------------------

    async fn listen(&self, inbox: &dyn Inbox, stop: Stop) {
        match &self.mailbox {
            Some(mailbox) => mailbox.listen(&self.name, inbox, &stop).await,
            None => stop.given().await,
        }
    }

    // ---- check ---------------------------------------------------------------------------------

    async fn check(&self) -> Result<Health, SendError> {
        Connection::open(&self.route, self.route.patience()).await?.close().await;
        let (protection, protection_in_french) = match self.route.protection {
            Protection::None => ("in clear", "en clair"),
            Protection::Starttls(_) | Protection::Tls(..) => ("encrypted", "chiffré"),
        };
        let (login, login_in_french) = match self.route.login {
            Some(_) => (", signed in", ", identifié"),
            None => ("", ""),
        };
        let Route { host, port, .. } = &self.route;
        let (mailbox, mailbox_in_french) = match &self.mailbox {
            Some(mailbox) => {
                let (told, told_in_french) = mailbox.check().await?;
                (format!("; {told}"), format!(" ; {told_in_french}"))
            }
            None => Default::default(),
        };
        Ok(Health {
            summary: format!("relay {host}:{port}, {protection}{login}{mailbox}"),
            in_french: format!(
                "relais {host}:{port}, {protection_in_french}{login_in_french}{mailbox_in_french}"
            ),
        })
    }
}

// ---- connections -------------------------------------------------------------------------------

impl Smtp {
    async fn hand_over(&self, envelope: &Envelope) -> Result<Accepted, SendError> {
        let mail = self.letterhead.compose(envelope, self.clock.now())?;
        let _slot = self.slots.acquire().await.map_err(|_| {
            SendError::new(FailureKind::Unreachable, "the relay is being shut down")
        })?;
        let patience = self.route.patience();
        while let Some(connection) = self.take_idle() {
            match self.carry(connection, &mail, patience).await {
                // The relay had hung up meanwhile; that says nothing about this message.
                Err(NotTaken { was_stale: true, .. }) => {}
                carried => return carried.map_err(|not_taken| not_taken.error),
            }
        }
        let fresh = Connection::open(&self.route, patience).await?;
        self.carry(fresh, &mail, patience).await.map_err(|not_taken| not_taken.error)
    }

    async fn carry(
        &self,
        mut connection: Connection,
        mail: &OutgoingMail,
        patience: Patience,
    ) -> Result<Accepted, NotTaken> {
        let carried = connection.carry(mail, patience).await;
        let is_usable = match &carried {
            Ok(_) => true,
            Err(not_taken) => not_taken.is_usable,
        };
        if is_usable && connection.carried < self.connection_max_messages {
            self.keep_idle(connection);
        } else if is_usable {
            connection.close().await;
        }
        Ok(Accepted { answer: masked(&carried?.words()), ..Accepted::default() })
    }

    /// The freshest idle connection; those that waited too long are dropped on the way.
    fn take_idle(&self) -> Option<Connection> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        while idle.front().is_some_and(|oldest| oldest.since.elapsed() > self.idle_limit) {
            idle.pop_front();
        }
        idle.pop_back().map(|freshest| freshest.connection)
    }

    fn keep_idle(&self, connection: Connection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.push_back(Idle { connection, since: Instant::now() });
    }
}
