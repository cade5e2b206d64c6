//! Who is at the school now, in memory: what audiences choose from. Where each can be written to is
//! read when a message leaves.

use std::collections::HashSet;

use crate::people::{Guardianship, Person, PersonKey, Pupil, SchoolId};
use crate::store::{Store, StoreError, people};

/// The roll of a school.
#[derive(Debug, Clone, Default)]
pub struct Roll {
    /// Pupils, in the order of their keys.
    pub pupils: Vec<Pupil>,
    /// The keys of the guardians.
    pub guardians: HashSet<PersonKey>,
    /// Staff, without their contact points.
    pub staff: Vec<Person>,
    /// Who is whose guardian, in the order of the pupils' keys.
    pub guardianships: Vec<Guardianship>,
}

impl Roll {
    /// Reads the roll of a school.
    pub async fn load(store: &Store, school: &SchoolId) -> Result<Self, StoreError> {
        let school = school.clone();
        store
            .read(move |tx| {
                Ok(Self {
                    pupils: people::pupils(tx, &school)?,
                    guardians: people::guardians(tx, &school)?.into_iter().collect(),
                    staff: people::staff(tx, &school)?,
                    guardianships: people::guardianships(tx, &school)?,
                })
            })
            .await
    }
}
