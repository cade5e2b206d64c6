//! Who asked for what.

use super::School;
use crate::store::StoreError;
use crate::store::journal::{self, Entry};

/// The newest acts, newest first.
pub async fn journal(school: &School, most: usize) -> Result<Vec<Entry>, StoreError> {
    let id = school.queue.school().clone();
    school.store().read(move |tx| journal::newest(tx, &id, most)).await
}
