//! `n'ayant pas répondu`, `ayant répondu non`: those of an earlier message by what they answered, about the same pupils.

use chappe::channel::Channel;
use chappe::message::{AnswerChoice, Reference};
use chappe::people::{Actor, By};
use chappe::store::Tx;
use chappe::store::messages;

use super::missed::{answering, families};
use super::town::{NOW, Settled, school};

impl Settled {
    /// The addressees of these numbers answer this.
    async fn answer(&self, code: &str, numbers: &[u32], answer: AnswerChoice) {
        let (queue, code, numbers) = (self.queue(), code.to_owned(), numbers.to_vec());
        let note = move |tx: &Tx<'_>| {
            let by = By { actor: Actor::Program, at: NOW };
            let message = messages::by_code(tx, &school(), &code)?.unwrap();
            for number in numbers {
                let reference = Reference { code: message.code.clone(), addressee: number, leg: 0 };
                let taken =
                    queue.note_answered(tx, &reference, (Some(answer), Channel::Phone), &by)?;
                assert!(taken);
            }
            Ok(())
        };
        self.store.write(note).await.unwrap();
    }
}

#[tokio::test]
async fn those_who_have_not_answered_and_those_who_said_no_are_told_about_the_same_pupils() {
    let town = families().settle().await;
    let code = town.send_asking(1, "familles niveau:6e", answering()).await;
    let all = town.told(&format!("n'ayant pas répondu {code}")).await;
    assert_eq!(
        all,
        [
            "Inès DURAND — Zoé DURAND (6A)",
            "Paul DURAND — Zoé DURAND (6A)",
            "Rosa PETIT — Tom PETIT (6A)",
            "Lina SADIK — Nour SADIK (6B)",
        ]
    );
    town.answer(&code, &[0], AnswerChoice::No).await;
    town.answer(&code, &[1], AnswerChoice::Yes).await;
    let silent = town.told(&format!("n'ayant pas répondu {code}")).await;
    let no = town.told(&format!("ayant répondu non {code}")).await;
    let yes = town.told(&format!("familles ayant répondu oui {code}")).await;
    assert_eq!((silent.len(), no.len(), yes.len()), (2, 1, 1), "{silent:?} {no:?} {yes:?}");
    let either = town.told(&format!("ayant répondu oui {code} ayant répondu non {code}")).await;
    assert_eq!(either.len(), 2, "any of the two will do");
    town.answer(&code, &[0], AnswerChoice::Yes).await;
    assert!(town.told(&format!("ayant répondu non {code}")).await.is_empty(), "the last word");
    assert_eq!(town.told(&format!("ayant répondu oui {code}")).await.len(), 2);
    let but_them = town.told(&format!("familles classe:6A sauf ayant répondu oui {code}")).await;
    assert!(but_them.len() < 3, "{but_them:?}");
}

#[tokio::test]
async fn nobody_answered_what_asks_nothing() {
    let town = families().settle().await;
    let code = town.send(2, "familles", &[]).await;
    for rule in ["n'ayant pas répondu", "ayant répondu oui"] {
        let refused = town.refusal(&format!("{rule} {code}")).await;
        assert!(refused.contains("asks nothing"), "{refused}");
    }
}
