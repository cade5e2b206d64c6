//! Everybody at the school now, in memory: what audiences select from.

use std::collections::HashMap;

use crate::channel::Channel;
use crate::people::{ContactPoint, Guardianship, Person, PersonKey, Pupil, PupilKey, SchoolId};
use crate::store::{Store, StoreError, people};

/// The roll of a school.
#[derive(Debug, Clone, Default)]
pub struct Roll {
    /// Pupils, by key.
    pub pupils: HashMap<PupilKey, Pupil>,
    /// Adults, in the order of their keys, with the contact points that may be used.
    pub persons: Vec<Person>,
    /// Who is whose guardian, in the order of the pupils' keys.
    pub guardianships: Vec<Guardianship>,
}

impl Roll {
    /// Reads the roll of a school.
    pub async fn load(store: &Store, school: &SchoolId) -> Result<Self, StoreError> {
        let school = school.clone();
        store
            .read(move |tx| {
                let mut persons = people::persons(tx, &school)?;
                let index: HashMap<PersonKey, usize> =
                    persons.iter().enumerate().map(|(at, p)| (p.key.clone(), at)).collect();
                for kept in people::contact_points(tx, &school)? {
                    let owner = index.get(&kept.person).and_then(|at| persons.get_mut(*at));
                    if let Some(owner) = owner.filter(|_| kept.state.is_usable()) {
                        owner.contact_points.push(kept.point);
                    }
                }
                let pupils = people::pupils(tx, &school)?;
                Ok(Self {
                    pupils: pupils.into_iter().map(|pupil| (pupil.key.clone(), pupil)).collect(),
                    persons,
                    guardianships: people::guardianships(tx, &school)?,
                })
            })
            .await
    }
}

/// The first usable way to reach a person on a channel.
#[must_use]
pub fn first_point(person: &Person, channel: Channel) -> Option<&ContactPoint> {
    person.contact_points.iter().find(|point| point.channel() == channel)
}
