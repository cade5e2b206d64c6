//! The doors of the daemon: its own address, and the one where people reach the pages by TLS.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;

use super::certificate::{self, Certificate};
use super::not_started::ServeError;
use super::renewal::Lasting;
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

impl OpenDoors {
    /// What answers at the doors. Where TLS is spoken, pages are nowhere else; programs are answered at both.
    pub fn answered(
        self,
        school: &Arc<School>,
        lasting: &Lasting,
    ) -> Result<Vec<Task>, ServeError> {
        let Self { plain, secure, pages: address } = self;
        let (stop, pages) = (&lasting.stop, lasting.pages());
        let health = http::health(school.queue.clone(), lasting.fitness.clone());
        let programs = health.merge(lasting.hooks.clone().routes());
        let pages = pages.map(PresentPages::routes);
        let origin = address.map(|it| it.origin().to_owned()).unwrap_or_default();
        let Some((secure, tls)) = secure.zip(school.config.web.tls.as_ref()) else {
            let serve = http::serve(plain, None, programs, pages, stop.clone());
            return Ok(vec![Task::new("answer at the door", None, serve)]);
        };
        let served = Served::default();
        let door = SecureDoor::new(&served, origin).map_err(ServeError::Tls)?;
        let clock = school.clock.clone();
        let mut certificate =
            Certificate::of(tls, &school.folder, served, clock, lasting.fitness.clone());
        certificate.look();
        let serve = http::serve(plain, None, programs.clone(), None, stop.clone());
        let serve_pages = http::serve(secure, Some(door), programs, pages, stop.clone());
        Ok(vec![
            Task::new("answer at the door", None, serve),
            Task::new("answer at the door of the pages", None, serve_pages),
            Task::new(
                "look after the certificate",
                certificate::LOOKED_AT_EVERY,
                certificate.keep(stop.clone()),
            ),
        ])
    }
}
