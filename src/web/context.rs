//! What every page is given.

use std::sync::Arc;

use super::address::Address;
use crate::office::School;

/// The school and where its pages are; clones share it.
#[derive(Clone)]
pub(super) struct Web {
    school: Arc<School>,
    address: Arc<Address>,
}

impl Web {
    /// The pages of a school, reached at this address.
    pub(super) fn new(school: Arc<School>, address: Address) -> Self {
        Self { school, address: Arc::new(address) }
    }

    /// The school.
    pub(super) fn school(&self) -> &School {
        &self.school
    }

    /// Where its pages are.
    pub(super) fn address(&self) -> &Address {
        &self.address
    }
}
