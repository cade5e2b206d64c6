//! How to reach a relay: connect, greet, protect, log in, each under its own time limit.

use std::time::Duration;

use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::commands::{Auth, Ehlo, Starttls};
use lettre::transport::smtp::extension::ClientId;
use rustls::pki_types::ServerName;
use secrecy::{ExposeSecret, SecretString};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::super::masked::masked;
use super::answer::RelayAnswer;
use super::dialogue::{Answered, Broken, Dialogue, Link, Patience};
use super::verdict::{self, DialogueStep};
use crate::delivery::{FailureKind, SendError};

/// What comes before the message may take as long as so many answers, together: a relay that makes us wait
/// at every step must not keep a message until its lease ends, when nobody knows whether it left.
const ANSWERS: u32 = 2;

/// How to reach a relay.
pub(super) struct Route {
    pub host: String,
    pub port: u16,
    pub protection: Protection,
    pub hello: ClientId,
    pub login: Option<(String, SecretString)>,
    pub connect_limit: Duration,
    pub answer_limit: Duration,
    pub final_answer_limit: Duration,
}

/// How a connection is protected, with what that takes.
pub(super) enum Protection {
    None,
    Starttls(Tls),
    Tls(Tls),
}

/// What TLS takes.
pub(super) struct Tls {
    pub connector: TlsConnector,
    pub server: ServerName<'static>,
}

/// The extensions that a relay offers (RFC 5321, 4.1.1.1), as far as they matter here.
#[derive(Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an extension that a relay has or has not"
)]
pub(super) struct Offers {
    pub pipelining: bool,
    pub utf8: bool,
    /// Whether it reports what becomes of a message (RFC 3461).
    pub dsn: bool,
    starttls: bool,
    /// How it may be logged in to, as far as we know how.
    login: Option<Mechanism>,
}

/// A dialogue in which a message may be handed over, with what the relay offers.
pub(super) type Opened = (Dialogue<Box<dyn Link>>, Offers);

impl Route {
    /// How long it may take until the relay has been told of a message.
    pub fn patience(&self) -> Patience {
        Patience::of(self.answer_limit, ANSWERS)
    }

    /// Connects, greets, protects, logs in.
    pub async fn open(&self, patience: Patience) -> Result<Opened, SendError> {
        let mut dialogue = greet(self, patience).await?;
        // What was offered in clear counts no more (RFC 3207, 4.2).
        let offers = present(&mut dialogue, self, patience).await?;
        if let Some((user, password)) = &self.login {
            log_in(&mut dialogue, &offers, (user, password), patience).await?;
        }
        Ok((dialogue, offers))
    }
}

/// A dialogue after its greeting, as well protected as it will be.
async fn greet(route: &Route, patience: Patience) -> Result<Dialogue<Box<dyn Link>>, SendError> {
    let tcp = connect(route, patience).await?;
    let line: Box<dyn Link> = match &route.protection {
        Protection::None => Box::new(tcp),
        Protection::Tls(tls) => Box::new(tls.shake_hands(tcp, patience).await?),
        Protection::Starttls(tls) => {
            let mut dialogue = Dialogue::over(tcp);
            heard(DialogueStep::Greeting, dialogue.hear(patience.next()).await)?;
            if !present(&mut dialogue, route, patience).await?.starttls {
                return Err(misconfigured("the relay offers no STARTTLS"));
            }
            let said = dialogue.ask(&Starttls.to_string(), patience.next()).await;
            heard(DialogueStep::Greeting, said)?;
            let tcp = dialogue.into_link().map_err(|broken| verdict::of_break(&broken))?;
            return Ok(Dialogue::over(Box::new(tls.shake_hands(tcp, patience).await?)));
        }
    };
    let mut dialogue = Dialogue::over(line);
    heard(DialogueStep::Greeting, dialogue.hear(patience.next()).await)?;
    Ok(dialogue)
}

async fn connect(route: &Route, patience: Patience) -> Result<TcpStream, SendError> {
    let limit = route.connect_limit.min(patience.next());
    let tcp = timeout(limit, TcpStream::connect((route.host.as_str(), route.port)))
        .await
        .map_err(|_| unreachable("no connection in time"))?
        .map_err(|error| unreachable(&error.to_string()))?;
    tcp.set_nodelay(true).map_err(|error| unreachable(&error.to_string()))?;
    Ok(tcp)
}

impl Tls {
    async fn shake_hands(
        &self,
        tcp: TcpStream,
        patience: Patience,
    ) -> Result<impl Link + use<>, SendError> {
        timeout(patience.next(), self.connector.connect(self.server.clone(), tcp))
            .await
            .map_err(|_| unreachable("no TLS in time"))?
            .map_err(|error| match error.kind() {
                // A certificate that is not trusted, or no TLS at all: it will not pass by itself.
                std::io::ErrorKind::InvalidData => misconfigured(&error.to_string()),
                _ => unreachable(&error.to_string()),
            })
    }
}

async fn present<S: Link>(
    dialogue: &mut Dialogue<S>,
    route: &Route,
    patience: Patience,
) -> Result<Offers, SendError> {
    let hello = Ehlo::new(route.hello.clone()).to_string();
    let answer = heard(DialogueStep::Greeting, dialogue.ask(&hello, patience.next()).await)?;
    Ok(Offers::of(&answer))
}

impl Offers {
    fn of(answer: &RelayAnswer) -> Self {
        let mut offers = Self::default();
        // The first line is the relay's name.
        for line in answer.lines().skip(1) {
            let line = line.to_ascii_uppercase().replace("AUTH=", "AUTH ");
            let mut words = line.split_whitespace();
            match words.next() {
                Some("PIPELINING") => offers.pipelining = true,
                Some("STARTTLS") => offers.starttls = true,
                Some("SMTPUTF8") => offers.utf8 = true,
                Some("DSN") => offers.dsn = true,
                Some("AUTH") => {
                    let offered: Vec<&str> = words.collect();
                    let known = [("PLAIN", Mechanism::Plain), ("LOGIN", Mechanism::Login)];
                    let known = known.into_iter().find(|(name, _)| offered.contains(name));
                    offers.login = offers.login.or(known.map(|(_, mechanism)| mechanism));
                }
                _ => {}
            }
        }
        offers
    }
}

async fn log_in(
    dialogue: &mut Dialogue<Box<dyn Link>>,
    offers: &Offers,
    (user, password): (&str, &SecretString),
    patience: Patience,
) -> Result<(), SendError> {
    let Some(mechanism) = offers.login else {
        return Err(misconfigured("the relay offers no login by PLAIN or LOGIN"));
    };
    // What the relay asks for, in its order.
    let questions: &[Option<&str>] = match mechanism {
        Mechanism::Login => &[None, Some("Username:"), Some("Password:")],
        _ => &[None],
    };
    let credentials = Credentials::new(user.to_owned(), password.expose_secret().to_owned());
    for (number, question) in questions.iter().enumerate() {
        let command = Auth::new(mechanism, credentials.clone(), question.map(str::to_owned))
            .map_err(|error| misconfigured(&error.to_string()))?;
        let said = dialogue.ask(&command.to_string(), patience.next()).await;
        if number + 1 == questions.len() {
            heard(DialogueStep::Login, said)?;
        } else if !matches!(&said, Ok(answer) if answer.code == 334) {
            // An answer that grants the login before it was asked for all is none.
            return Err(heard(DialogueStep::Login, said).err().unwrap_or_else(nonsense));
        }
    }
    Ok(())
}

/// What was asked for was granted, or why not.
pub(super) fn heard(step: DialogueStep, said: Answered) -> Result<RelayAnswer, SendError> {
    match said {
        Ok(answer) if step.is_granted_by(answer.code) => Ok(answer),
        Ok(answer) => Err(verdict::of_answer(step, &answer).unwrap_or_else(nonsense)),
        Err(broken) => Err(verdict::of_break(&broken)),
    }
}

fn nonsense() -> SendError {
    verdict::of_break(&Broken::Nonsense)
}

fn unreachable(why: &str) -> SendError {
    SendError::new(FailureKind::Unreachable, masked(why))
}

fn misconfigured(why: &str) -> SendError {
    SendError::new(FailureKind::Misconfigured, masked(why))
}
