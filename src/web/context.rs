//! What every page is given.

use std::sync::Arc;

use tokio::sync::Mutex;

use super::address::Address;
use super::imports::ImportDesk;
use super::letters::PressRoom;
use super::live::Hub;
use super::slips::ScanDesk;
use crate::identity::OpenId;
use crate::office::School;
use crate::providers::Guard;
use crate::stop::Stop;

/// The school and where its pages are; clones share it.
#[derive(Clone)]
pub(super) struct Web {
    school: Arc<School>,
    address: Arc<Address>,
    press: PressRoom,
    desk: ImportDesk,
    scans: ScanDesk,
    live: Hub,
    easel: Arc<Mutex<()>>,
    guard: Guard,
    openid: Option<Arc<OpenId>>,
}

impl Web {
    /// The pages of a school, reached at this address until `stop` is given; they call no host that the guard does
    /// not allow.
    pub(super) fn new(school: Arc<School>, address: Address, guard: Guard, stop: Stop) -> Self {
        let live = Hub::new(Arc::clone(&school), stop);
        let (press, desk) = (PressRoom::default(), ImportDesk::default());
        let scans = ScanDesk::default();
        scans.resume(&school);
        let (address, openid) = (Arc::new(address), openid(&school, guard));
        Self { school, address, press, desk, scans, live, easel: Arc::default(), guard, openid }
    }

    /// The same, of the school as it is now; where its pages are, and who vouches for people there, stays.
    pub(super) fn of(self, school: Arc<School>) -> Self {
        self.live.shows(Arc::clone(&school));
        Self { school, ..self }
    }

    /// The school.
    pub(super) fn school(&self) -> &School {
        &self.school
    }

    /// The school, for what goes on when a page is answered.
    pub(super) fn shared_school(&self) -> Arc<School> {
        Arc::clone(&self.school)
    }

    /// What is printed.
    pub(super) const fn press(&self) -> &PressRoom {
        &self.press
    }

    /// Where one letter at a time is drawn.
    pub(super) fn easel(&self) -> &Mutex<()> {
        &self.easel
    }

    /// What somebody looks at as it changes.
    pub(super) const fn live(&self) -> &Hub {
        &self.live
    }

    /// The files that are read for an import.
    pub(super) const fn desk(&self) -> &ImportDesk {
        &self.desk
    }

    /// The scans that are read just now.
    pub(super) const fn scans(&self) -> &ScanDesk {
        &self.scans
    }

    /// Where people identify themselves beside their passwords, if they can.
    pub(super) fn openid(&self) -> Option<&OpenId> {
        self.openid.as_deref()
    }

    /// Which hosts the pages may call.
    pub(super) const fn guard(&self) -> Guard {
        self.guard
    }

    /// Where its pages are.
    pub(super) fn address(&self) -> &Address {
        &self.address
    }
}

fn openid(school: &School, guard: Guard) -> Option<Arc<OpenId>> {
    let settings = school.config.web.openid.clone()?;
    Some(Arc::new(OpenId::new(settings, school.clock.clone(), guard)))
}
