//! One connection to a relay, and the messages that it carries. The commands are lettre's.

use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::commands::{Data, Mail as MailFrom, Quit, Rcpt, Rset};
use lettre::transport::smtp::extension::{MailParameter, RcptParameter};

use super::super::masked::masked;
use super::answer::RelayAnswer;
use super::dialogue::{Answered, Dialogue, Link, Patience};
use super::message::OutgoingMail;
use super::route::{Offers, Route, heard};
use super::verdict::{self, DialogueStep};
use crate::delivery::{FailureKind, SendError};

/// How long a farewell may take; nothing depends on it.
const FAREWELL: Duration = Duration::from_secs(1);

/// An open connection, between two messages.
pub(super) struct Connection {
    dialogue: Dialogue<Box<dyn Link>>,
    offers: Offers,
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

/// Parameters of MAIL FROM, and of RCPT TO.
type Parameters = (Vec<MailParameter>, Vec<RcptParameter>);

impl Connection {
    /// A new connection.
    pub async fn open(route: &Route, patience: Patience) -> Result<Self, SendError> {
        let (dialogue, offers) = route.open(patience).await?;
        let (answer_limit, final_answer_limit) = (route.answer_limit, route.final_answer_limit);
        Ok(Self { dialogue, offers, answer_limit, final_answer_limit, carried: 0 })
    }

    /// Hands one message over.
    pub async fn carry(
        &mut self,
        mail: &OutgoingMail,
        patience: Patience,
    ) -> Result<RelayAnswer, NotTaken> {
        self.carried += 1;
        let (of_sender, of_recipient) = self.parameters(mail)?;
        let commands = [
            MailFrom::new(Some(mail.return_path.clone()), of_sender).to_string(),
            Rcpt::new(mail.to.clone(), of_recipient).to_string(),
            Data.to_string(),
        ];
        if self.offers.pipelining {
            self.announce_at_once(&commands, patience).await?;
        } else {
            self.announce_in_turn(&commands, patience).await?;
        }
        self.hand_over(&mail.text).await
    }

    /// Says goodbye; the connection is closed whatever the answer.
    pub async fn close(mut self) {
        let _ = self.dialogue.ask(&Quit.to_string(), FAREWELL).await;
    }

    /// What is asked for beside the sender and beside the recipient.
    fn parameters(&self, mail: &OutgoingMail) -> Result<Parameters, NotTaken> {
        let is_ascii = is_ascii(&mail.to) && is_ascii(&mail.return_path);
        let (mut of_sender, mut of_recipient) = (Vec::new(), Vec::new());
        if !is_ascii && !self.offers.utf8 {
            return Err(NotTaken {
                error: SendError::new(
                    FailureKind::Refused,
                    "the relay takes no address with accents (SMTPUTF8)",
                ),
                is_usable: true,
                was_stale: false,
            });
        }
        if !is_ascii {
            of_sender.push(MailParameter::SmtpUtfEight);
        }
        if let Some(id) = mail.envelope_id.as_ref().filter(|_| self.offers.dsn) {
            // Of a failure alone, and by the headers alone: what is late is no news, and our text we have.
            of_sender
                .push(MailParameter::Other { keyword: "RET".into(), value: Some("HDRS".into()) });
            of_sender
                .push(MailParameter::Other { keyword: "ENVID".into(), value: Some(id.clone()) });
            of_recipient.push(asked("NOTIFY", "FAILURE".to_owned()));
            if is_ascii {
                of_recipient.push(asked("ORCPT", format!("rfc822;{}", mail.to)));
            }
        }
        Ok((of_sender, of_recipient))
    }

    async fn announce_in_turn(
        &mut self,
        commands: &[String; 3],
        patience: Patience,
    ) -> Result<(), NotTaken> {
        for (step, command) in [DialogueStep::Sender, DialogueStep::Recipient, DialogueStep::Data]
            .into_iter()
            .zip(commands)
        {
            let said = self.dialogue.ask(command, patience.next()).await;
            match self.weigh(step, said) {
                Err(refusal) if refusal.is_usable => return Err(self.reset(refusal).await),
                weighed => weighed?,
            }
        }
        Ok(())
    }

    /// The three commands in one packet (RFC 2920). Their answers are all read before any is
    /// weighed, so that the next message does not take one of them for its own.
    async fn announce_at_once(
        &mut self,
        commands: &[String; 3],
        patience: Patience,
    ) -> Result<(), NotTaken> {
        let sender = self.dialogue.ask(&commands.concat(), patience.next()).await;
        if is_broken(&sender) {
            return self.weigh(DialogueStep::Sender, sender);
        }
        let recipient = self.dialogue.hear(patience.next()).await;
        if is_broken(&recipient) {
            return self.weigh(DialogueStep::Recipient, recipient);
        }
        let data = self.dialogue.hear(patience.next()).await;
        let awaits_data =
            matches!(&data, Ok(answer) if DialogueStep::Data.is_granted_by(answer.code));
        let announced = self
            .weigh(DialogueStep::Sender, sender)
            .and_then(|()| self.weigh(DialogueStep::Recipient, recipient))
            .and_then(|()| self.weigh(DialogueStep::Data, data));
        match announced {
            // It refused the recipient and still waits for the message: only a hang-up helps.
            Err(refusal) if awaits_data => Err(NotTaken { is_usable: false, ..refusal }),
            Err(refusal) if refusal.is_usable => Err(self.reset(refusal).await),
            announced => announced,
        }
    }

    async fn hand_over(&mut self, text: &str) -> Result<RelayAnswer, NotTaken> {
        let patience = Patience::of(self.final_answer_limit, 1);
        // Until its last octet has left, the relay cannot have taken the message.
        if let Err(broken) = self.dialogue.say(&as_data(text), patience.next()).await {
            return Err(NotTaken::broken(verdict::of_break(&broken)));
        }
        let lost = match self.dialogue.hear(patience.next()).await {
            Ok(answer) if DialogueStep::Message.is_granted_by(answer.code) => return Ok(answer),
            Ok(answer) => match verdict::of_answer(DialogueStep::Message, &answer) {
                Some(error) => return Err(NotTaken::on_answer(error, answer.code)),
                None => format!("{} is no answer to a message", answer.code),
            },
            Err(broken) => masked(&broken.to_string()),
        };
        Err(NotTaken::broken(SendError::new(FailureKind::Uncertain, lost)))
    }

    fn weigh(&self, step: DialogueStep, said: Answered) -> Result<(), NotTaken> {
        let is_first = step == DialogueStep::Sender && self.carried > 1;
        let code = said.as_ref().map_or(0, |answer| answer.code);
        let Err(error) = heard(step, said) else { return Ok(()) };
        let refusal =
            if code < 400 { NotTaken::broken(error) } else { NotTaken::on_answer(error, code) };
        Err(NotTaken { was_stale: is_first && !refusal.is_usable, ..refusal })
    }

    /// Leaves the dialogue ready for another message where that is possible.
    async fn reset(&mut self, refusal: NotTaken) -> NotTaken {
        let said = self.dialogue.ask(&Rset.to_string(), self.answer_limit).await;
        NotTaken { is_usable: matches!(said, Ok(answer) if answer.code < 300), ..refusal }
    }
}

impl NotTaken {
    /// After an answer; 421 means that the relay hangs up.
    fn on_answer(error: SendError, code: u16) -> Self {
        Self { error, is_usable: code != 421, was_stale: false }
    }

    fn broken(error: SendError) -> Self {
        Self { error, is_usable: false, was_stale: false }
    }
}

/// The message as it follows DATA: no line of it is a lone dot, and one such line ends it (RFC 5321,
/// 4.5.2). lettre's own way looks at each octet for itself, which is seen among many messages.
fn as_data(text: &str) -> String {
    text.replace("\r\n.", "\r\n..") + "\r\n.\r\n"
}

fn asked(keyword: &str, value: String) -> RcptParameter {
    RcptParameter::Other { keyword: keyword.to_owned(), value: Some(value) }
}

fn is_ascii(address: &Address) -> bool {
    AsRef::<str>::as_ref(address).is_ascii()
}

/// Whether nothing more can be heard.
fn is_broken(said: &Answered) -> bool {
    said.as_ref().map_or(true, |answer| answer.code == 421)
}
