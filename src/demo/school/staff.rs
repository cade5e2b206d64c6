//! Staff: seventy for twenty-four classes, a form teacher each.

use crate::people::{Civility, Duties, Person, PersonKey, Role};

use super::names::{FAMILY_NAMES, MEN, WOMEN};

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
            member(rng, format!("sts:{kind}:{}", 24_001 + n), function, charge)
        })
        .collect()
}

fn member(
    rng: &mut fastrand::Rng,
    key: String,
    function: &str,
    form_teacher_of: Option<&String>,
) -> Person {
    let is_woman = rng.u8(..10) < 6;
    let first_names = if is_woman { &WOMEN } else { &MEN };
    Person {
        key: PersonKey(key),
        role: Role::Staff(Duties {
            function: function.to_owned(),
            form_teacher_of: form_teacher_of.cloned().into_iter().collect(),
            ..Duties::default()
        }),
        civility: Some(if is_woman { Civility::Mme } else { Civility::M }),
        family_name: pick(rng, &FAMILY_NAMES),
        usage_name: None,
        first_name: pick(rng, first_names),
        contact_points: Vec::new(),
        postal_address: None,
        accepts_sms: true,
    }
}

/// One of the names.
pub(super) fn pick(rng: &mut fastrand::Rng, names: &[&str]) -> String {
    names[rng.usize(..names.len())].to_owned()
}
