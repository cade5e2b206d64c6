//! What a message asks is put on every channel, with how to answer there.

use chappe::message::{AnswerKind, BadQuestion, DIGEST, Question};
use chappe::render::ReplyWays;

use super::*;

const ASKED: &str = "Venez-vous à la réunion de jeudi ?";

fn asking(name: &str, kind: AnswerKind, ways: ReplyWays) -> (Prepared, Vec<Channel>) {
    let templates = Templates::load(None).unwrap();
    let info = templates.info(name).unwrap();
    let fields: Fields =
        info.fields.iter().map(|it| (it.name.clone(), it.example.clone())).collect();
    let prepared = templates.prepare(name, &fields, &school()).unwrap();
    let question = Question::new(ASKED, kind).unwrap();
    (prepared.asking(&question, ways), info.channels.clone())
}

/// What is read or said, with plain spaces.
fn text(prepared: &Prepared, channel: Channel) -> String {
    let to = ines();
    let text = match channel {
        Channel::Ent => prepared.ent_text(&to, REFERENCE).unwrap(),
        Channel::Email => match prepared.email(&to, REFERENCE).unwrap() {
            Content::Email { text, html, .. } => {
                assert!(html.contains("Venez-vous"), "{html}");
                text
            }
            other => panic!("{other:?}"),
        },
        Channel::Sms => prepared.sms_text(&to, REFERENCE).unwrap(),
        Channel::Phone => prepared.phone(&to, REFERENCE).unwrap(),
        Channel::Letter => plain_of(&prepared.letter(&to, REFERENCE).unwrap().body),
        Channel::Chat => match prepared.chat(&to, REFERENCE).unwrap() {
            Content::Chat { text, .. } => text,
            other => panic!("{other:?}"),
        },
    };
    text.replace(['\u{a0}', '\u{202f}'], " ")
}

#[test]
fn every_shipped_template_asks_on_every_channel_and_says_how_to_answer() {
    let templates = Templates::load(None).unwrap();
    let mut seen = 0;
    for (name, _) in templates.list().filter(|(name, _)| *name != DIGEST) {
        let (prepared, channels) = asking(name, AnswerKind::YesNo, ReplyWays::default());
        for channel in channels {
            let text = text(&prepared, channel);
            assert!(text.contains(ASKED), "{name}, {channel}: {text}");
            let how = match channel {
                Channel::Ent | Channel::Email | Channel::Chat => {
                    "Répondez à ce message par OUI ou NON."
                }
                Channel::Sms => "Répondez OUI ou NON à ce SMS.",
                Channel::Phone => "Réponse à noter : OUI ou NON.",
                Channel::Letter if name == "fiche-coordonnees" => "votre réponse sur cette page",
                Channel::Letter => "Cochez votre réponse sur le coupon",
            };
            assert!(text.contains(how), "{name}, {channel}: {text}");
            seen += 1;
        }
    }
    assert!(seen > 15, "{seen}");
}

#[test]
fn nobody_is_told_to_answer_where_no_answer_comes_in() {
    let ways = ReplyWays { ent: false, sms: false };
    let (prepared, _) = asking("annonce", AnswerKind::Mark, ways);
    let sms = text(&prepared, Channel::Sms);
    assert!(sms.ends_with("? Répondez de 1 à 5 au 05 36 49 00 01."), "{sms}");
    let ent = text(&prepared, Channel::Ent);
    assert!(ent.contains("Répondez à l’établissement par un chiffre de 1 à 5."), "{ent}");
}

#[test]
fn the_slip_has_a_box_for_each_answer_and_a_form_has_none() {
    let boxes = |name: &str, kind| {
        let (prepared, _) = asking(name, kind, ReplyWays::default());
        prepared.letter(&ines(), REFERENCE).unwrap().question.map(|it| it.answers)
    };
    assert_eq!(boxes("annonce", AnswerKind::YesNo).unwrap(), ["Oui", "Non"]);
    assert_eq!(boxes("annonce", AnswerKind::Mark).unwrap(), ["1", "2", "3", "4", "5"]);
    assert_eq!(boxes("fiche-coordonnees", AnswerKind::YesNo), None);
}

#[test]
fn the_caller_asks_before_the_closing_words() {
    let (prepared, _) = asking("annonce", AnswerKind::YesNo, ReplyWays::default());
    let script = text(&prepared, Channel::Phone);
    let (asked, closing) =
        (script.find("Question à poser").unwrap(), script.find("Avez-vous une question").unwrap());
    assert!(asked < closing, "{script}");
}

#[test]
fn a_question_is_one_line_of_plain_words_and_no_longer_than_a_text_message_bears() {
    assert_eq!(Question::new(" \n ", AnswerKind::YesNo), Err(BadQuestion::Blank));
    assert_eq!(Question::new(&"a".repeat(161), AnswerKind::YesNo), Err(BadQuestion::TooLong));
    let question = Question::new(" Venez-\nvous\u{202e} ? ", AnswerKind::YesNo).unwrap();
    assert!(!question.text().contains(['\n', '\u{202e}']), "{}", question.text());
    let (prepared, _) = asking("annonce", AnswerKind::YesNo, ReplyWays::default());
    let marked =
        Question::new("Un\u{e000}signe\u{f000} <b>à</b> nous ?", AnswerKind::YesNo).unwrap();
    let Content::Email { html, .. } =
        prepared.asking(&marked, ReplyWays::default()).email(&ines(), REFERENCE).unwrap()
    else {
        panic!("an e-mail")
    };
    assert!(html.contains("&lt;b&gt;à&lt;/b&gt;") && !html.contains('\u{e000}'), "{html}");
}
