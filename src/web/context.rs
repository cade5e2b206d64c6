//! What every page is given.

use std::sync::Arc;

use super::address::Address;
use super::letters::PressRoom;
use crate::office::School;

/// The school and where its pages are; clones share it.
#[derive(Clone)]
pub(super) struct Web {
    school: Arc<School>,
    address: Arc<Address>,
    press: PressRoom,
}

impl Web {
    /// The pages of a school, reached at this address.
    pub(super) fn new(school: Arc<School>, address: Address) -> Self {
        Self { school, address: Arc::new(address), press: PressRoom::default() }
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

    /// Where its pages are.
    pub(super) fn address(&self) -> &Address {
        &self.address
    }
}
