//! A search that answers while one types: little of many people, and nothing that their dossier alone should tell.

use serde::Serialize;

use super::sight::Sight;
use crate::directory::{self, FoundPeople};
use crate::office::School;
use crate::people::{Filing, Handle, Person, Pupil, Role, Standing};
use crate::store::{StoreError, Tx, people, pupils};

/// What a search found. `Debug` hides whom.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct LookedUp {
    /// Classes whose name begins so.
    pub classes: Vec<ClassSize>,
    /// Pupils, likeliest first.
    pub pupils: Vec<FoundPupil>,
    /// Adults, likewise.
    pub persons: Vec<FoundPerson>,
    /// Whether there are more.
    pub has_more: bool,
}

impl std::fmt::Debug for LookedUp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LookedUp({} pupils, {} persons)", self.pupils.len(), self.persons.len())
    }
}

/// A class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClassSize {
    /// Its name; none for pupils in no class.
    pub class: Option<String>,
    /// How many pupils are in it.
    pub pupils: usize,
}

/// A name, and where the rest is. `Debug` hides the name.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct InBrief {
    /// What the address of their page calls them.
    pub handle: Handle,
    /// The name.
    pub name: String,
}

impl std::fmt::Debug for InBrief {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "InBrief({})", self.handle)
    }
}

/// A pupil who was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FoundPupil {
    /// Who.
    #[serde(flatten)]
    pub brief: InBrief,
    /// The class.
    pub class: Option<String>,
    /// Whoever stands for them.
    pub guardians: Vec<InBrief>,
}

/// An adult who was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FoundPerson {
    /// Who.
    #[serde(flatten)]
    pub brief: InBrief,
    /// What they do at the school, for staff.
    pub function: Option<String>,
    /// The pupils whom they stand for, with the class.
    pub pupils: Vec<String>,
}

/// The pupils of a class, each with whoever stands for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClassRoll {
    /// Its name.
    pub class: String,
    /// Its form teachers.
    pub form_teachers: Vec<InBrief>,
    /// Its pupils, in the order of a list.
    pub pupils: Vec<OnRoll>,
}

/// A pupil on a roll.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OnRoll {
    /// Who.
    #[serde(flatten)]
    pub brief: InBrief,
    /// Whoever stands for them, and as what.
    pub guardians: Vec<(InBrief, Standing)>,
    /// Whether a message reaches a legal representative in any way.
    pub can_be_reached: bool,
}

/// Looks for what was typed: names by the beginnings of their words, numbers by their first digits, e-mail
/// addresses, classes; `most` pupils and `most` adults at most.
pub async fn look_up(
    school: &School,
    sight: &Sight,
    typed: &str,
    most: usize,
) -> Result<LookedUp, StoreError> {
    let (store, id) = (school.store(), school.queue.school());
    let FoundPeople { classes, pupils, persons, has_more } =
        directory::look_up(store, id, &sight.whom, typed, most).await?;
    let class = |(class, pupils)| ClassSize { class: Some(class), pupils };
    Ok(LookedUp {
        classes: classes.into_iter().map(class).collect(),
        pupils: pupils.iter().map(found_pupil).collect(),
        persons: persons.iter().map(found_person).collect(),
        has_more,
    })
}

/// The classes in which somebody may look at pupils, as schools list them.
pub async fn classes_seen(school: &School, sight: &Sight) -> Result<Vec<ClassSize>, StoreError> {
    let (store, id) = (school.store(), school.queue.school());
    let classes = directory::classes(store, id, &sight.whom).await?.into_iter();
    Ok(classes.map(|(class, pupils)| ClassSize { class, pupils }).collect())
}

/// The roll of a class; `None` where it has no pupil, or somebody may not look at it.
pub async fn class_roll(
    school: &School,
    sight: &Sight,
    class: &str,
) -> Result<Option<ClassRoll>, StoreError> {
    if !sight.whom.has_class(class) {
        return Ok(None);
    }
    let (id, class) = (school.queue.school().clone(), class.to_owned());
    let look = move |tx: &Tx<'_>| {
        let mut pupils = pupils::of_class(tx, &id, &class)?;
        if pupils.is_empty() {
            return Ok(None);
        }
        pupils.sort_by_cached_key(Filing::of_pupil);
        let rows = pupils.iter().map(|pupil| on_roll(tx, &id, pupil));
        let pupils = rows.collect::<Result<_, _>>()?;
        let staff = people::staff(tx, &id)?;
        let leads = |person: &&Person| match &person.role {
            Role::Staff(duties) => duties.form_teacher_of.contains(&class),
            Role::Guardian => false,
        };
        let form_teachers = staff.iter().filter(leads).map(named).collect();
        Ok(Some(ClassRoll { class, form_teachers, pupils }))
    };
    school.store().read(look).await
}

fn on_roll(
    tx: &Tx<'_>,
    school: &crate::people::SchoolId,
    pupil: &Pupil,
) -> Result<OnRoll, StoreError> {
    let (mut guardians, mut can_be_reached) = (Vec::new(), false);
    for (person, standing) in pupils::guardians(tx, school, &pupil.key)? {
        let Some(kept) = people::kept_person(tx, school, &person)? else { continue };
        can_be_reached |= standing == Standing::LegalRepresentative && kept.has_a_way();
        guardians.push((named(&kept.person), standing));
    }
    guardians.sort_by_key(|(_, standing)| *standing);
    Ok(OnRoll { brief: named_pupil(pupil), guardians, can_be_reached })
}

fn found_pupil((pupil, guardians): &(Pupil, Vec<Person>)) -> FoundPupil {
    FoundPupil {
        brief: named_pupil(pupil),
        class: pupil.class.clone(),
        guardians: guardians.iter().map(named).collect(),
    }
}

fn found_person((person, pupils): &(Person, Vec<Pupil>)) -> FoundPerson {
    let function = match &person.role {
        Role::Guardian => None,
        Role::Staff(duties) => Some(duties.function.clone()),
    };
    let pupils = pupils.iter().map(Pupil::with_class).collect();
    FoundPerson { brief: named(person), function, pupils }
}

/// An adult, for a list.
pub(super) fn named(person: &Person) -> InBrief {
    InBrief { handle: Handle::of_person(&person.key), name: person.display_name() }
}

/// A pupil, for a list.
pub(super) fn named_pupil(pupil: &Pupil) -> InBrief {
    InBrief { handle: Handle::of_pupil(&pupil.key), name: pupil.display_name() }
}
