//! What is ready for one message serves another that says the same, and no other.

use std::sync::Arc;

use chappe::id::Id;
use chappe::message::{Code, Message, Terms};
use chappe::render::Templates;

use crate::promises::people::{People, Way};
use crate::promises::scene::{FAMILLE, Scene};

#[tokio::test]
async fn messages_that_say_the_same_share_what_is_ready_for_one() {
    let mut people = People::none();
    people.family("Ines DURAND", &[Way::Email("ines@example.org")]);
    let scene = Scene::set(people, FAMILLE).await;
    let (renderer, message) = (&scene.app.renderer, scene.launch().await);
    let ready = renderer.prepared(&message).unwrap();
    let another = |message: Message| {
        let one = Message { id: Id::new(scene.clock.now()), ..message };
        renderer.prepared(&one).unwrap()
    };
    assert!(Arc::ptr_eq(&ready, &another(message.clone())), "it was made ready again");

    let mut fields = message.fields.clone();
    fields.insert("objet".to_owned(), "Réouverture".to_owned());
    let corrects = Some(Code::from_stored("7K4M".to_owned()));
    let others = [
        ("other words", Message { fields, ..message.clone() }),
        ("the cheaper alphabet", Message { plain_sms: true, ..message.clone() }),
        (
            "a correction",
            Message { terms: Terms { corrects, ..message.terms.clone() }, ..message.clone() },
        ),
    ];
    for (what, other) in others {
        assert!(!Arc::ptr_eq(&ready, &another(other)), "{what}");
    }

    renderer.take_up(Templates::load(None).unwrap());
    assert!(Arc::ptr_eq(&ready, &renderer.prepared(&message).unwrap()), "it keeps its words");
    assert!(!Arc::ptr_eq(&ready, &another(message)), "a new one has the words of now");
}
