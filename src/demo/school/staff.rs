//! Staff: seventy for twenty-four classes, a form teacher each, ten subjects and the groups.

use std::collections::{BTreeMap, BTreeSet};

use crate::people::{Civility, Duties, Person, PersonKey, Pupil, Role, Source};

use super::college::College;
use super::names::{FAMILY_NAMES, MEN, WOMEN};

/// Subjects that a class is taught, by a teacher each.
const SUBJECTS: usize = 10;

/// The staff that so many classes need, as STS lists them.
pub(super) fn people(rng: &mut fastrand::Rng, classes: &[String]) -> Vec<Person> {
    let count = (classes.len() * 70).div_ceil(24).max(classes.len() + 12);
    let others = [("dir", "DIR"), ("dir", "DIR"), ("epp", "EDU"), ("epp", "EDU"), ("epp", "DOC")];
    let local = std::iter::repeat_n(("local", ""), count / 10);
    let teachers = std::iter::repeat(("epp", "ENS"));
    let mut charges = classes.iter();
    others
        .into_iter()
        .chain(local)
        .chain(teachers)
        .take(count)
        .enumerate()
        .map(|(n, (kind, function))| {
            let charge = if function == "ENS" { charges.next() } else { None };
            member(
                rng,
                PersonKey::of(Source::Sts, format_args!("{kind}:{}", 24_001 + n)),
                function,
                charge,
            )
        })
        .collect()
}

/// Gives every teacher classes, their own among them, and every group a teacher.
pub(super) fn teach(school: &mut College) {
    let groups = groups(&school.pupils);
    let mut teachers: Vec<&mut Duties> = Vec::new();
    for person in &mut school.staff {
        if let Role::Staff(duties) = &mut person.role
            && duties.function == "ENS"
        {
            teachers.push(duties);
        }
    }
    let mut taught: Vec<BTreeSet<&str>> = vec![BTreeSet::new(); teachers.len()];
    let all = taught.len().max(1);
    for subject in 0..SUBJECTS {
        for (n, class) in school.classes.iter().enumerate() {
            taught[(n + subject * school.classes.len()) % all].insert(class);
        }
    }
    for (n, (group, classes)) in groups.iter().enumerate() {
        taught[n % all].insert(group);
        taught[n % all].extend(classes);
    }
    for (duties, taught) in teachers.into_iter().zip(taught) {
        duties.teaches = taught.into_iter().map(str::to_owned).collect();
    }
}

/// The groups, and of which classes each is made.
pub(super) fn groups(pupils: &[Pupil]) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut groups: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for pupil in pupils {
        for group in &pupil.groups {
            groups.entry(group).or_default().extend(pupil.class.as_deref());
        }
    }
    groups
}

fn member(
    rng: &mut fastrand::Rng,
    key: PersonKey,
    function: &str,
    form_teacher_of: Option<&String>,
) -> Person {
    let is_woman = rng.u8(..10) < 6;
    let first_names = if is_woman { &WOMEN } else { &MEN };
    Person {
        key,
        role: Role::Staff(Box::new(Duties {
            function: function.to_owned(),
            form_teacher_of: form_teacher_of.cloned().into_iter().collect(),
            ..Duties::default()
        })),
        civility: Some(if is_woman { Civility::Mme } else { Civility::M }),
        family_name: pick(rng, &FAMILY_NAMES),
        usage_name: None,
        first_name: pick(rng, first_names),
        contact_points: Vec::new(),
        typed: Vec::new(),
        postal_address: None,
        accepts_sms: true,
    }
}

/// One of the names.
pub(super) fn pick(rng: &mut fastrand::Rng, names: &[&str]) -> String {
    names[rng.usize(..names.len())].to_owned()
}
