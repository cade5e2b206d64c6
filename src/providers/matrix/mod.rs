//! A Matrix homeserver, such as those of Tchap: a room for two with each person.

mod homeserver;
mod receipts;
mod rooms;
mod settings;
mod words;

use std::sync::Arc;

use async_trait::async_trait;
use secrecy::SecretString;

pub use self::settings::MatrixSettings;

use self::homeserver::Homeserver;
use self::receipts::Receipts;
use self::rooms::Rooms;
use self::words::encoded;
use super::http::{Http, Limits};
use super::kind::{CarrierError, ProviderKind, Site};
use super::masked;
use super::{BadSettings, Guard, Health, Inbox, Provider, WhenUnknown};
use crate::channel::Channel;
use crate::clock::Clock;
use crate::delivery::{Accepted, Content, Envelope, FailureKind, SendError};
use crate::people::ContactPoint;
use crate::settings::{Pace, SecretPlace};
use crate::stop::Stop;

/// The key of the secret.
const ACCESS_TOKEN: &str = "matrix.access_token";

/// An account on a homeserver.
pub struct Matrix {
    name: String,
    home: Homeserver,
    rooms: Rooms,
    receipts: Receipts,
}

// ---- settings ----------------------------------------------------------------------------------

impl Matrix {
    /// An account, after `settings`; nothing is called yet.
    pub fn new(
        name: impl Into<String>,
        settings: &MatrixSettings,
        access_token: SecretString,
        clock: Clock,
        guard: Guard,
    ) -> Result<Self, BadSettings> {
        let name = name.into();
        let limits = Limits { connect: settings.connect_limit, answer: settings.answer_limit };
        let http = Http::new(&name, "url", &settings.url, limits, clock, guard)?;
        let home = Homeserver::new(http, access_token);
        Ok(Self { name, home, rooms: Rooms::default(), receipts: Receipts::default() })
    }
}

impl ProviderKind for MatrixSettings {
    fn channel(&self) -> Channel {
        Channel::Chat
    }

    fn pace(&self) -> &Pace {
        &self.pace
    }

    fn place(&self) -> Option<&str> {
        Some(&self.url)
    }

    fn secrets(&self) -> Vec<(&'static str, &SecretPlace)> {
        vec![(ACCESS_TOKEN, &self.access_token)]
    }

    fn build(&self, site: &Site<'_>) -> Result<Arc<dyn Provider>, CarrierError> {
        let token = site.secret(ACCESS_TOKEN, &self.access_token)?;
        Ok(Arc::new(Matrix::new(site.name, self, token, site.clock.clone(), site.guard)?))
    }
}

// ---- send --------------------------------------------------------------------------------------

#[async_trait]
impl Provider for Matrix {
    fn name(&self) -> &str {
        &self.name
    }

    fn channel(&self) -> Channel {
        Channel::Chat
    }

    /// Our reference is the transaction's: what comes twice by it, from one device into one room, is one message
    /// there. Nor does a homeserver that is too busy to say so prove that it had not come.
    fn when_unknown(&self) -> WhenUnknown {
        WhenUnknown::Resend
    }

    async fn send(&self, envelope: &Envelope) -> Result<Accepted, SendError> {
        let sent = self.hand_over(envelope).await;
        sent.map_err(|error| masked::without_recipient(error, envelope))
    }

    // ---- what it says later --------------------------------------------------------------------

    async fn listen(&self, inbox: &dyn Inbox, stop: Stop) {
        self.receipts.listen(self, &self.home, inbox, &stop).await;
    }

    // ---- check ---------------------------------------------------------------------------------

    async fn check(&self) -> Result<Health, SendError> {
        let answer = self.home.get("/account/whoami").await?;
        if answer.is_html() || answer.status == 404 {
            return Err(answer.error(FailureKind::Misconfigured, "no homeserver is there"));
        }
        let words::Whoami { user_id, device_id } = words::data(&answer)?;
        let device = |none| device_id.as_deref().unwrap_or(none);
        Ok(Health {
            summary: format!("signed in as {user_id}, device {}", device("none")),
            in_french: format!("connecté en tant que {user_id}, appareil {}", device("aucun")),
        })
    }
}

impl Matrix {
    async fn hand_over(&self, envelope: &Envelope) -> Result<Accepted, SendError> {
        let (ContactPoint::Chat(person), Content::Chat { subject, text, html }) =
            (&envelope.to, &envelope.content)
        else {
            return Err(SendError::new(FailureKind::Refused, "the content is not for a messenger"));
        };
        let room = encoded(&self.rooms.with(&self.home, person).await?);
        let path = format!("/rooms/{room}/send/m.room.message/{}", envelope.reference);
        let message = words::message(subject, text, html);
        let event = words::sent(&self.home.hand_over(&path, &message).await?)?;
        let answer = format!("event {event}");
        Ok(Accepted { provider_ref: Some(event), answer, ..Accepted::default() })
    }
}
