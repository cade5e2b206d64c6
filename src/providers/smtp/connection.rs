//! One SMTP dialogue, phase by phase, each under its own time limit.

use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Ehlo, Mail as MailFrom, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use lettre::transport::smtp::response::Response;
use rustls::pki_types::ServerName;
use secrecy::{ExposeSecret, SecretString};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::super::masked::masked;
use super::message::Mail;
use super::verdict::{self, Step};
use super::wire::{Departure, Wire};
use crate::delivery::{FailureKind, SendError};

/// How long a farewell may take; nothing depends on it.
const FAREWELL: Duration = Duration::from_secs(1);

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
    Starttls(TlsParameters),
    Tls(TlsConnector, ServerName<'static>),
}

/// An open dialogue, between two messages.
pub(super) struct Connection {
    smtp: AsyncSmtpConnection,
    departure: Departure,
    takes_pipelining: bool,
    takes_utf8: bool,
    answer_limit: Duration,
    final_answer_limit: Duration,
    /// How many messages it carried.
    pub carried: u32,
}

/// A message that was not taken.
pub(super) struct NotTaken {
    /// Why.
    pub error: SendError,
    /// Whether the connection can carry the next message.
    pub is_usable: bool,
    /// Whether the connection was dead before a word was said about this message.
    pub was_stale: bool,
}

impl Connection {
    /// Connects, greets, protects, logs in.
    pub async fn open(route: &Route) -> Result<Self, SendError> {
        let (mut smtp, departure) = greet(route).await?;
        let limit = route.answer_limit;
        if let Protection::Starttls(parameters) = &route.protection {
            let upgrade = smtp.starttls(parameters.clone(), &route.hello);
            within(limit, Step::Greeting, upgrade).await?;
        }
        // lettre keeps no word of PIPELINING, so it is asked for once more.
        let offers = smtp.command(Ehlo::new(route.hello.clone()));
        let offers = within(limit, Step::Greeting, offers).await?;
        if let Some((user, password)) = &route.login {
            let credentials = Credentials::new(user.clone(), password.expose_secret().to_owned());
            let login = smtp.auth(&[Mechanism::Plain, Mechanism::Login], &credentials);
            within(limit, Step::Login, login).await?;
        }
        Ok(Self {
            takes_pipelining: offers.message().any(|it| it.eq_ignore_ascii_case("PIPELINING")),
            takes_utf8: smtp.server_info().supports_feature(Extension::SmtpUtfEight),
            smtp,
            departure,
            answer_limit: limit,
            final_answer_limit: route.final_answer_limit,
            carried: 0,
        })
    }

    /// Hands one message over.
    pub async fn carry(&mut self, mail: &Mail) -> Result<Response, NotTaken> {
        self.carried += 1;
        let parameters = self.parameters(mail)?;
        let sender = MailFrom::new(Some(mail.return_path.clone()), parameters);
        let recipient = Rcpt::new(mail.to.clone(), Vec::new());
        if self.takes_pipelining {
            self.announce_at_once(sender, recipient).await?;
        } else {
            self.announce_in_turn(sender, recipient).await?;
        }
        self.hand_over(&mail.text).await
    }

    /// Says goodbye; the connection is closed whatever the answer.
    pub async fn close(mut self) {
        let _ = timeout(FAREWELL, self.smtp.quit()).await;
    }

    fn parameters(&self, mail: &Mail) -> Result<Vec<MailParameter>, NotTaken> {
        let is_ascii = is_ascii(&mail.to) && is_ascii(&mail.return_path);
        match (is_ascii, self.takes_utf8) {
            (true, _) => Ok(Vec::new()),
            (false, true) => Ok(vec![MailParameter::SmtpUtfEight]),
            (false, false) => Err(NotTaken {
                error: SendError::new(
                    FailureKind::Refused,
                    "the relay takes no address with accents (SMTPUTF8)",
                ),
                is_usable: true,
                was_stale: false,
            }),
        }
    }

    async fn announce_in_turn(
        &mut self,
        sender: MailFrom,
        recipient: Rcpt,
    ) -> Result<(), NotTaken> {
        let limit = self.answer_limit;
        let said = timeout(limit, self.smtp.command(sender)).await;
        self.weigh(Step::Sender, said).await?;
        let said = timeout(limit, self.smtp.command(recipient)).await;
        self.weigh(Step::Recipient, said).await?;
        let said = timeout(limit, self.smtp.command(Data)).await;
        self.weigh(Step::Message, said).await
    }

    /// The three commands in one packet (RFC 2920). Their answers are all read before any is
    /// weighed, so that the next message does not take one of them for its own.
    async fn announce_at_once(
        &mut self,
        sender: MailFrom,
        recipient: Rcpt,
    ) -> Result<(), NotTaken> {
        let limit = self.answer_limit;
        let sender = timeout(limit, self.smtp.command(format!("{sender}{recipient}{Data}"))).await;
        if is_broken(&sender) {
            return self.weigh(Step::Sender, sender).await;
        }
        let recipient = timeout(limit, self.smtp.read_response()).await;
        if is_broken(&recipient) {
            return self.weigh(Step::Recipient, recipient).await;
        }
        let data = timeout(limit, self.smtp.read_response()).await;
        let awaits_data = matches!(data, Ok(Ok(_)));
        let announced = match self.weigh_alone(Step::Sender, sender) {
            Ok(()) => self.weigh_alone(Step::Recipient, recipient),
            refusal => refusal,
        };
        match announced {
            Ok(()) => self.weigh(Step::Message, data).await,
            // It refused the recipient and still waits for the message: only a hang-up helps.
            Err(refusal) if awaits_data => Err(NotTaken { is_usable: false, ..refusal }),
            Err(refusal) => Err(self.reset(refusal).await),
        }
    }

    async fn hand_over(&mut self, text: &str) -> Result<Response, NotTaken> {
        let said = timeout(self.final_answer_limit, self.smtp.command(as_data(text))).await;
        let broken = match said {
            Ok(Ok(response)) => return Ok(response),
            Ok(Err(error)) => match verdict::of_reply(Step::Message, &error) {
                Some(error) => return Err(NotTaken::on_reply(error)),
                None => verdict::of_break(&error).detail,
            },
            Err(_) => "no answer in time".to_owned(),
        };
        // Until its last octet has left, the relay cannot have taken the message.
        let kind = if self.departure.is_complete() {
            FailureKind::Uncertain
        } else {
            FailureKind::Unreachable
        };
        Err(NotTaken { error: SendError::new(kind, broken), is_usable: false, was_stale: false })
    }

    /// Weighs an answer, and leaves the dialogue ready for another message where that is possible.
    async fn weigh(&mut self, step: Step, said: Said) -> Result<(), NotTaken> {
        match self.weigh_alone(step, said) {
            Err(refusal) if refusal.is_usable => Err(self.reset(refusal).await),
            weighed => weighed,
        }
    }

    fn weigh_alone(&self, step: Step, said: Said) -> Result<(), NotTaken> {
        let is_first = step == Step::Sender && self.carried > 1;
        let error = match said {
            Ok(Ok(_)) => return Ok(()),
            Ok(Err(error)) => match verdict::of_reply(step, &error) {
                Some(error) => {
                    let refusal = NotTaken::on_reply(error);
                    let was_stale = is_first && !refusal.is_usable;
                    return Err(NotTaken { was_stale, ..refusal });
                }
                None => verdict::of_break(&error),
            },
            Err(_) => SendError::new(FailureKind::Unreachable, "no answer in time"),
        };
        Err(NotTaken { error, is_usable: false, was_stale: is_first })
    }

    async fn reset(&mut self, refusal: NotTaken) -> NotTaken {
        let is_reset =
            matches!(timeout(self.answer_limit, self.smtp.command(Rset)).await, Ok(Ok(_)));
        NotTaken { is_usable: is_reset, ..refusal }
    }
}

/// An answer, an error, or no answer in time.
type Said = Result<Result<Response, Error>, tokio::time::error::Elapsed>;

impl NotTaken {
    /// After a reply; 421 means that the relay hangs up.
    fn on_reply(error: SendError) -> Self {
        let is_usable = !error.detail.starts_with("421");
        Self { error, is_usable, was_stale: false }
    }
}

/// The message as it follows DATA: no line of it is a lone dot, and one such line ends it (RFC 5321,
/// 4.5.2). lettre's own way looks at each octet for itself, which is seen among many messages.
fn as_data(text: &str) -> String {
    text.replace("\r\n.", "\r\n..") + "\r\n.\r\n"
}

fn is_ascii(address: &Address) -> bool {
    AsRef::<str>::as_ref(address).is_ascii()
}

fn is_broken(said: &Said) -> bool {
    match said {
        Ok(Ok(_)) => false,
        Ok(Err(error)) => error.status().is_none_or(|code| u16::from(code) == 421),
        Err(_) => true,
    }
}

async fn greet(route: &Route) -> Result<(AsyncSmtpConnection, Departure), SendError> {
    let unreachable = |why: String| SendError::new(FailureKind::Unreachable, masked(&why));
    let tcp = timeout(route.connect_limit, TcpStream::connect((route.host.as_str(), route.port)))
        .await
        .map_err(|_| unreachable("no connection in time".to_owned()))?
        .map_err(|error| unreachable(error.to_string()))?;
    tcp.set_nodelay(true).map_err(|error| unreachable(error.to_string()))?;
    let peer = tcp.peer_addr().map_err(|error| unreachable(error.to_string()))?;
    let limit = route.answer_limit;
    if let Protection::Tls(connector, name) = &route.protection {
        let tls = timeout(limit, connector.connect(name.clone(), tcp))
            .await
            .map_err(|_| unreachable("no TLS in time".to_owned()))?
            .map_err(|error| match error.kind() {
                std::io::ErrorKind::InvalidData => {
                    SendError::new(FailureKind::Misconfigured, masked(&error.to_string()))
                }
                _ => unreachable(error.to_string()),
            })?;
        let (wire, departure) = Wire::over(tls, peer);
        let opened = AsyncSmtpConnection::connect_with_transport(Box::new(wire), &route.hello);
        return Ok((within(limit, Step::Greeting, opened).await?, departure));
    }
    let (wire, departure) = Wire::over(tcp, peer);
    let opened = AsyncSmtpConnection::connect_with_transport(Box::new(wire), &route.hello);
    Ok((within(limit, Step::Greeting, opened).await?, departure))
}

/// One phase of the opening: its result within `limit`, or the verdict.
async fn within<T>(
    limit: Duration,
    step: Step,
    phase: impl Future<Output = Result<T, Error>>,
) -> Result<T, SendError> {
    match timeout(limit, phase).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => {
            Err(verdict::of_reply(step, &error).unwrap_or_else(|| verdict::of_break(&error)))
        }
        Err(_) => Err(SendError::new(FailureKind::Unreachable, "no answer in time")),
    }
}
