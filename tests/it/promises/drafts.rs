//! A draft is launched once, whoever asks at the same moment.

use chappe::message::Draft;
use chappe::office::{self, Refusal, draft};
use chappe::people::Actor;

use super::people::People;
use super::scene::{FAMILLE, Scene, announcement};

fn anne() -> Actor {
    Actor::CommandLine("anne".to_owned())
}

/// A closure for the families, to be launched by their usual plan.
pub(super) fn written() -> Draft {
    Draft {
        template: "fermeture".to_owned(),
        fields: announcement(),
        audience: "familles".to_owned(),
        plan: "famille".to_owned(),
        ..Draft::default()
    }
}

#[tokio::test]
async fn a_draft_that_two_launch_at_the_same_moment_leaves_once() {
    let mut people = People::none();
    people.families(3, true, true);
    let scene = Scene::set(people, FAMILLE).await;
    let app = &scene.app;
    let at = draft::save(app, anne(), written(), None).await.unwrap();
    let kept = draft::open(app, at.number).await.unwrap();
    let (one, other) = (
        draft::prepare(app, kept.clone(), true).await.unwrap(),
        draft::prepare(app, kept.clone(), true).await.unwrap(),
    );
    let launch = |ready| office::launch(app, anne(), ready);
    let (one, other) = tokio::join!(launch(one), launch(other));
    let (message, refused) = match (one, other) {
        (Ok(message), Err(refused)) | (Err(refused), Ok(message)) => (message, refused),
        both => panic!("{both:?}"),
    };
    let Refusal::DraftLaunched { code, by, .. } = refused else { panic!("{refused}") };
    assert_eq!((code, by.as_str()), (message.code.clone(), "anne"));
    let late = draft::save(app, anne(), written(), Some(kept.at())).await.unwrap_err();
    assert!(matches!(late, Refusal::DraftLaunched { .. }), "{late}");
}

#[tokio::test]
async fn a_draft_that_was_saved_since_it_was_looked_at_does_not_leave() {
    let mut people = People::none();
    people.families(1, true, true);
    let scene = Scene::set(people, FAMILLE).await;
    let app = &scene.app;
    let at = draft::save(app, anne(), written(), None).await.unwrap();
    let looked_at = draft::open(app, at.number).await.unwrap();
    let ready = draft::prepare(app, looked_at, true).await.unwrap();
    let now = draft::save(app, anne(), written(), Some(at)).await.unwrap();
    let refused = office::launch(app, anne(), ready).await.unwrap_err();
    let Refusal::DraftChanged { version, .. } = refused else { panic!("{refused}") };
    assert_eq!(version, now.version);
    assert_eq!(draft::list(app).await.unwrap().len(), 1);
}
