//! The classes of the school.

use serde::Serialize;

use super::School;
use crate::people::Filing;
use crate::store::{StoreError, pupils};

/// A class of the school.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KnownClass {
    /// Its name: `6A`.
    pub name: String,
    /// Its level: `6e`; empty where nobody knows.
    pub level: String,
    /// How many pupils it has.
    pub pupils: usize,
}

/// The classes of the school, as its lists are filed.
pub async fn classes(school: &School) -> Result<Vec<KnownClass>, StoreError> {
    let id = school.queue.school().clone();
    let counts = school.store().read(move |tx| pupils::classes(tx, &id)).await?;
    let named = counts.into_iter().filter_map(|(name, level, pupils)| {
        Some(KnownClass { name: name?, level: level.unwrap_or_default(), pupils })
    });
    let mut classes: Vec<KnownClass> = named.collect();
    classes.sort_by_cached_key(|class| Filing::of_class(&class.name));
    Ok(classes)
}
