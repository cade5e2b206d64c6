//! The doors of the daemon: its own address, and the one where people reach the pages by TLS.

use std::net::SocketAddr;

use tokio::net::TcpListener;

use super::certificate::{self, Certificate};
use super::not_started::ServeError;
use super::shared::Shared;
use super::task::Task;
use crate::http::{self, PresentPages, SecureDoor};
use crate::office::School;
use crate::tls::Served;
use crate::web::Address;

/// Doors that were opened; whoever comes waits until they are answered.
pub(super) struct OpenDoors {
    plain: TcpListener,
    secure: Option<TcpListener>,
    /// Where people reach the pages; nowhere, where others could listen in on what is typed into them.
    pub pages: Option<Address>,
}

impl OpenDoors {
    /// Those that the configuration of a school asks for.
    pub async fn of(school: &School) -> Result<Self, ServeError> {
        let (http, web) = (&school.config.http, &school.config.web);
        let plain = listen(http.listen, "[http] listen").await?;
        let secure = match &web.tls {
            Some(tls) => Some(listen(tls.listen, "[web.tls] listen").await?),
            None => None,
        };
        let pages = match web.url.as_deref() {
            Some(url) => Some(Address::of_url(url)?),
            None => plain.local_addr().ok().and_then(Address::of_listener),
        };
        Ok(Self { plain, secure, pages })
    }

    /// Where the daemon listens.
    pub fn address(&self) -> Option<SocketAddr> {
        self.plain.local_addr().ok()
    }
}

async fn listen(address: SocketAddr, key: &'static str) -> Result<TcpListener, ServeError> {
    let bound = TcpListener::bind(address).await;
    bound.map_err(|reason| ServeError::Listen { address, key, reason })
}

impl Shared {
    /// What answers at the doors. Where TLS is spoken, pages are nowhere else; programs are answered at both.
    pub fn at_doors(
        &self,
        OpenDoors { plain, secure, pages: address }: OpenDoors,
        pages: Option<PresentPages>,
    ) -> Result<Vec<Task>, ServeError> {
        let health = http::health(self.school.queue.clone(), self.fitness.clone());
        let programs = health.merge(self.hooks.clone().routes());
        let pages = pages.map(PresentPages::routes);
        let origin = address.map(|it| it.origin().to_owned()).unwrap_or_default();
        let Some((secure, tls)) = secure.zip(self.school.config.web.tls.as_ref()) else {
            let serve = http::serve(plain, None, programs, pages, self.stop.clone());
            return Ok(vec![Task::new("answer at the door", None, serve)]);
        };
        let served = Served::default();
        let door = SecureDoor::new(&served, origin).map_err(ServeError::Tls)?;
        let mut certificate = Certificate::of(tls, &self.school.folder, served);
        certificate.look(self);
        let serve = http::serve(plain, None, programs.clone(), None, self.stop.clone());
        let serve_pages = http::serve(secure, Some(door), programs, pages, self.stop.clone());
        Ok(vec![
            Task::new("answer at the door", None, serve),
            Task::new("answer at the door of the pages", None, serve_pages),
            Task::new(
                "look after the certificate",
                certificate::LOOKED_AT_EVERY,
                certificate.keep(self.clone()),
            ),
        ])
    }
}
