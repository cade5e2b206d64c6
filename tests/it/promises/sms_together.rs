//! A text message that says the same to all leaves in few jobs, and each family stands as it fared itself: the
//! service's answer does not say whose each id is.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use chappe::delivery::lifecycle::AddresseeState::{Reached, Unreached};
use chappe::people::PersonKey;
use chappe::wording::sms::segments;
use tempfile::TempDir;

use super::people::{People, Way};
use super::scene::{Scene, is_settled};
use crate::town::settings::until;

const SMS: &str = "[{ channels = [\"sms\"], enough = \"delivered\", patience = \"6h\" }]";
const FAMILIES: usize = 24;
/// Whose telephone the operator does not reach.
const FAILING: [usize; 3] = [2, 3, 17];

fn mobile(number: usize) -> &'static str {
    format!("06 39 98 07 {number:02}").leak()
}

fn e164(number: usize) -> String {
    format!("+336399807{number:02}")
}

/// The shipped templates' closing, whose text message may be given to several at once.
fn for_all_alike(folder: &Path) {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("message-templates/fermeture");
    let own = folder.join("fermeture");
    fs::create_dir_all(&own).unwrap();
    for file in fs::read_dir(shipped).unwrap().map(Result::unwrap) {
        let text = fs::read_to_string(file.path()).unwrap();
        let text = text.replace("together = [\"ent\"]", "together = [\"ent\", \"sms\"]");
        fs::write(own.join(file.file_name()), text).unwrap();
    }
}

/// A school of so many families with a mobile each.
struct School {
    scene: Scene,
    families: Vec<PersonKey>,
    _templates: TempDir,
}

async fn school(settings: &[(&str, &str)]) -> School {
    let templates = TempDir::new().unwrap();
    for_all_alike(templates.path());
    let mut people = People::none();
    let family = |number| {
        let letter = char::from(b'A' + u8::try_from(number).unwrap());
        let name = format!("Ines {letter}DURAND");
        people.family(name.leak(), &[Way::Mobile(mobile(number))])
    };
    let families = (0..FAMILIES).map(family).collect();
    people.failing.extend(FAILING.map(e164));
    let folder = templates.path().to_str().unwrap().to_owned();
    let mut all = vec![("TEMPLATES__FOLDER", folder.as_str())];
    all.extend_from_slice(settings);
    let scene = Scene::set_with(people, SMS, &all).await;
    School { scene, families, _templates: templates }
}

/// How many were named by each job.
fn jobs(scene: &Scene) -> Vec<usize> {
    let mut by_tag = BTreeMap::new();
    for sms in scene.sms.messages() {
        *by_tag.entry(sms.tag).or_insert(0) += 1;
    }
    by_tag.into_values().collect()
}

fn each_has_it_once(scene: &Scene) {
    let mut receivers: Vec<_> = scene.sms.messages().into_iter().map(|it| it.receiver).collect();
    receivers.sort();
    assert_eq!(receivers, (0..FAMILIES).map(e164).collect::<Vec<_>>());
}

#[tokio::test]
async fn each_family_stands_as_its_own_telephone_fared() {
    let School { scene, families, _templates } =
        school(&[("PROVIDERS__SMS__OVH__PACE", "{ at_once = 4 }")]).await;
    let _daemon = scene.start().await;
    let message = scene.launch().await;
    scene.later(&message, is_settled).await;
    each_has_it_once(&scene);
    assert!(jobs(&scene).len() <= 3, "{:?}", jobs(&scene));
    let states = scene.states(&message).await;
    for (number, family) in families.iter().enumerate() {
        let expected = if FAILING.contains(&number) { Unreached } else { Reached };
        assert_eq!(states[family], expected, "{number}");
    }
}

#[tokio::test]
async fn a_job_counts_for_no_more_than_a_second_allows() {
    let pace = ("PROVIDERS__SMS__OVH__PACE", "{ per_second = 15, at_once = 4 }");
    let School { scene, .. } = &school(&[pace]).await;
    let _daemon = scene.start().await;
    let message = scene.launch().await;
    scene.later(&message, is_settled).await;
    each_has_it_once(scene);
    let segments = segments(&scene.sms.messages()[0].message).segments as usize;
    assert!((1..=7).contains(&segments), "{segments}: several fit");
    let jobs = jobs(scene);
    assert!(jobs.iter().all(|job| job * segments <= 15), "{jobs:?} of {segments} segments");
    assert!(jobs.iter().any(|job| *job > 1), "{jobs:?}");
}

#[tokio::test]
async fn a_lost_answer_is_asked_about_as_one_and_settled_one_by_one() {
    let pace = ("PROVIDERS__SMS__OVH__PACE", "{ at_once = 4 }");
    let limit = ("PROVIDERS__SMS__OVH__ANSWER_LIMIT", "300ms");
    let School { scene, .. } = &school(&[pace, limit]).await;
    scene.sms.fall_silent(true);
    let _daemon = scene.start().await;
    let message = scene.launch().await;
    until(async || scene.sms.taken() == FAMILIES).await;
    tokio::time::sleep(Duration::from_millis(600)).await;
    scene.sms.fall_silent(false);
    scene.later(&message, is_settled).await;
    each_has_it_once(scene);
    let found = scene.status(&message).await.addressees;
    assert_eq!((found.reached, found.unreached), (FAMILIES - FAILING.len(), FAILING.len()));
}
