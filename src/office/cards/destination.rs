//! Where a card is published, and to whom, in the words of that program; and who must not read it there: a
//! publication to a whole class reaches everybody who has an account in it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::program::settings;
use crate::audience::{Base, Filter, Filters, LeftOut, Rule};
use crate::delivery::{About, Recipient};
use crate::office::School;
use crate::people::Filing;
use crate::providers::{ManualSettings, Tool};
use crate::queue::CardStands;
use crate::store::{StoreError, Tx, restrictions};

/// Where a card is published, and to whom.
/// `Debug` hides the names.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Destination {
    /// Where to click, step by step, in French.
    pub steps: Vec<String>,
    /// The groups to choose, as the program calls them.
    pub groups: Vec<&'static str>,
    /// The classes to choose, as schools list them.
    pub classes: Vec<String>,
    /// Whether those groups of those classes are the audience; else it is chosen person by person.
    pub is_whole: bool,
    /// Whom it is for and who wait for it, each with their pupils, by class and name.
    pub people: Vec<String>,
    /// Who must not read it, and why: to be left out by hand, or the class is not to be chosen.
    pub to_untick: Vec<LeftOut>,
}

impl std::fmt::Debug for Destination {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Destination({:?}, {:?})", self.groups, self.classes)
    }
}

impl Destination {
    pub(super) async fn of(school: &School, stands: &CardStands) -> Result<Self, StoreError> {
        let program = settings(school, &stands.kept.provider);
        let tool = program.map_or(Tool::Other, |it| it.tool);
        let steps = program.map(ManualSettings::steps_there);
        let to: Vec<&Recipient> = stands.all.iter().map(|one| &one.recipient).collect();
        let rule: Option<Rule> = stands.message.audience.parse().ok();
        let has = |is_staff: bool| to.iter().any(|one| one.about.is_empty() == is_staff);
        let groups = [(has(false), tool.guardians()), (has(true), tool.staff())];
        Ok(Self {
            steps: steps.unwrap_or_default(),
            groups: groups.into_iter().filter_map(|(has, name)| has.then_some(name)).collect(),
            classes: classes(stands),
            is_whole: rule.as_ref().is_some_and(takes_whole_classes),
            people: people(stands),
            to_untick: to_untick(school, &to, rule).await?,
        })
    }
}

/// Whether a rule means whole classes, or everybody of the staff.
pub(super) fn takes_whole_classes(rule: &Rule) -> bool {
    let by_class = |filters: &Filters| {
        filters.keys().all(|filter| matches!(filter, Filter::Class | Filter::Level))
    };
    let is_of_all = !matches!(rule.base, Base::Whoever | Base::FormTeachers);
    is_of_all && by_class(&rule.filters) && rule.except.iter().all(|it| by_class(&it.filters))
}

/// Those of the pupils whose families read there: a brother's class may be elsewhere.
fn classes(stands: &CardStands) -> Vec<String> {
    let readers = stands.way.as_ref().map(|way| &way.readers);
    let reads = |pupil: &&About| readers.is_none_or(|readers| readers.are_about(pupil));
    let about = stands.all.iter().flat_map(|one| &one.recipient.about).filter(reads);
    let named = about.filter_map(|pupil| pupil.class.as_ref());
    let classes: BTreeMap<Filing, &String> =
        named.map(|class| (Filing::of_class(class), class)).collect();
    classes.into_values().cloned().collect()
}

fn people(stands: &CardStands) -> Vec<String> {
    let mut waiting: Vec<&Recipient> = stands.waiting().map(|one| &one.recipient).collect();
    waiting.sort_by_cached_key(|one| one.filing());
    let named = |one: &Recipient| {
        let pupils = one.about.iter().map(About::with_class).collect::<Vec<_>>().join(", ");
        if pupils.is_empty() { one.name.clone() } else { format!("{} : {pupils}", one.name) }
    };
    waiting.into_iter().map(named).collect()
}

/// Those to whom nothing about a pupil of the audience may go: of the copies there are, and of whom it meant
/// and nobody was written to for.
async fn to_untick(
    school: &School,
    to: &[&Recipient],
    rule: Option<Rule>,
) -> Result<Vec<LeftOut>, StoreError> {
    let id = school.queue.school().clone();
    let restrictions = school.store().read(move |tx: &Tx<'_>| restrictions::all(tx, &id)).await?;
    let mut found: BTreeMap<(String, String), LeftOut> = BTreeMap::new();
    let mut tell = |one: LeftOut| _ = found.insert((one.name.clone(), one.reason.clone()), one);
    for pupil in to.iter().flat_map(|one| &one.about) {
        for known in restrictions.about(pupil.which()) {
            tell(LeftOut::restricted(known.shown.clone(), known.tie.why, &pupil.name));
        }
    }
    // A list that is gone since, or a pupil who left, keeps nobody from publishing.
    if let Some(rule) = rule
        && let Ok(meant) = school.find(&rule).await
    {
        meant.left_out.into_iter().filter(|one| one.is_restricted).for_each(tell);
    }
    Ok(found.into_values().collect())
}
