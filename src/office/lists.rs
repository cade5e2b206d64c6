//! Audiences and pupils under a name.

use std::collections::HashSet;

use serde::Serialize;

use super::School;
use crate::audience::{self, AudienceError, InPlaceOf, ListError, Rule};
use crate::people::{Actor, Filing, PupilKey};
use crate::store::lists::{self, KeptList};
use crate::store::{StoreError, Tx, pupils};

/// Every saved list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lists {
    /// By name.
    pub lists: Vec<Listed>,
}

/// A saved list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// The audience that it stands for; `None` for a list of pupils.
    pub rule: Option<String>,
    /// How many pupils it names; `None` for an audience.
    pub pupils: Option<usize>,
}

/// An audience was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleSaved {
    /// Under which name.
    pub saved: String,
    /// As it is kept.
    pub rule: String,
    /// How many recipients it means today.
    pub total: usize,
}

/// Pupils were saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NamesSaved {
    /// Under which name.
    pub saved: String,
    /// How many.
    pub pupils: usize,
}

/// A list was removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListRemoved {
    /// Its name.
    pub removed: String,
}

/// What a list holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum ListHolds {
    /// An audience.
    Rule {
        /// The name of the list.
        name: String,
        /// The audience.
        rule: String,
        /// How many recipients it means today.
        total: usize,
    },
    /// Pupils.
    Pupils {
        /// The name of the list.
        name: String,
        /// Those at the school, by class and name.
        pupils: Vec<ListedPupil>,
        /// How many of the list are at the school no longer.
        gone: usize,
    },
}

/// A pupil of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListedPupil {
    /// The name.
    pub name: String,
    /// The class.
    pub class: Option<String>,
}

/// Why a list is not shown.
#[derive(Debug, thiserror::Error)]
pub enum ShowListError {
    /// There is none of that name.
    #[error("{0}")]
    List(#[from] ListError),
    /// Its audience means nobody any more.
    #[error("{0}")]
    Audience(#[from] AudienceError),
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Every saved list.
pub async fn saved_lists(school: &School) -> Result<Lists, StoreError> {
    let kept = audience::saved_lists(school.store(), school.queue.school()).await?;
    let listed = |KeptList { name, rule, pupils, .. }| {
        let pupils = rule.is_none().then_some(pupils);
        Listed { name, rule, pupils }
    };
    Ok(Lists { lists: kept.into_iter().map(listed).collect() })
}

/// Saves an audience under a name, in the place of what stands under it.
pub async fn save_rule(
    school: &School,
    actor: Actor,
    (name, over): (&str, InPlaceOf),
    rule: &Rule,
) -> Result<RuleSaved, ListError> {
    let (id, when) = (school.queue.school(), (school.by(actor), school.today()));
    let total = audience::save_rule(school.store(), id, (name, over), rule, when).await?;
    Ok(RuleSaved { saved: name.to_owned(), rule: rule.to_string(), total })
}

/// Saves the pupils whom a file of names holds under a name, in the place of what stands under it.
pub async fn save_names(
    school: &School,
    actor: Actor,
    (name, over): (&str, InPlaceOf),
    file: Vec<u8>,
) -> Result<NamesSaved, ListError> {
    let (id, when) = (school.queue.school(), (school.by(actor), school.today()));
    let pupils = audience::save_names(school.store(), id, (name, over), file, when).await?;
    Ok(NamesSaved { saved: name.to_owned(), pupils })
}

/// Removes a list that no other one uses.
pub async fn remove_list(
    school: &School,
    actor: Actor,
    name: &str,
) -> Result<ListRemoved, ListError> {
    let (id, by) = (school.queue.school(), school.by(actor));
    let removed = audience::remove_list(school.store(), id, name, by).await?;
    Ok(ListRemoved { removed })
}

/// What a list holds today.
pub async fn show_list(school: &School, name: &str) -> Result<ListHolds, ShowListError> {
    let (store, id) = (school.store(), school.queue.school());
    let KeptList { name, rule, pupils: named, .. } = audience::saved_list(store, id, name).await?;
    if let Some(rule) = rule {
        let parsed: Rule = rule.parse().map_err(AudienceError::from)?;
        let total = school.find(&parsed).await?.chosen.len();
        return Ok(ListHolds::Rule { name, rule, total });
    }
    let pupils = pupils_of(school, &name).await?;
    let gone = named.saturating_sub(pupils.len());
    Ok(ListHolds::Pupils { name, pupils, gone })
}

/// The pupils of a list of names who are on the roll, in the order of class and name.
async fn pupils_of(school: &School, name: &str) -> Result<Vec<ListedPupil>, StoreError> {
    let (id, name) = (school.queue.school().clone(), name.to_owned());
    let look = move |tx: &Tx<'_>| {
        let members: HashSet<PupilKey> = lists::members(tx, &id, &name)?.into_iter().collect();
        let mut pupils = pupils::all(tx, &id)?;
        pupils.retain(|pupil| members.contains(&pupil.key));
        pupils.sort_by_cached_key(Filing::of_pupil);
        Ok(pupils)
    };
    let pupils = school.store().read(look).await?.into_iter();
    Ok(pupils.map(|it| ListedPupil { name: it.display_name(), class: it.class }).collect())
}
