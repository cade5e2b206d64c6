//! One text for several accounts in one call: who has it, and who is told.

use chappe::clock::Clock;
use chappe::delivery::FailureKind::{
    self, BadAddress, Deferred, Refused, Throttled, Uncertain, Unseen,
};
use chappe::delivery::{Circular, Content, Verdicts};
use chappe::demo::ent::{EntAccount, EntStandIn, Weather};
use chappe::people::ContactPoint;
use chappe::providers::{Edifice, EdificeSettings, Provider};

use super::{NOW, account, edifice, settings};
use crate::scripted::Reply::{self, Say};
use crate::scripted::{an_email, http};

const SECOND: std::time::Duration = std::time::Duration::from_secs(1);

/// What became of each; `None`: it was taken.
type Kinds = Vec<Option<FailureKind>>;

fn circular(ids: &[String]) -> Circular {
    Circular {
        reference: "7K4M-G02".to_owned(),
        to: ids.iter().map(|id| ContactPoint::Ent(id.as_str().into())).collect(),
        content: Content::Ent {
            subject: "Rentrée décalée".to_owned(),
            html: "<p>Le collège ouvre à 10 h.</p>".to_owned(),
        },
    }
}

fn kinds(verdicts: &Verdicts) -> Kinds {
    verdicts.iter().map(|verdict| verdict.as_ref().err().map(|error| error.kind)).collect()
}

/// Families `f-0`…, of which these numbers never opened their account.
fn families(number: usize, unopened: &[usize]) -> Vec<EntAccount> {
    let family = |it: usize| {
        let name = format!("Parent{it} DURAND");
        account(&format!("f-{it}"), &name, "Relative", !unopened.contains(&it))
    };
    (0..number).map(family).collect()
}

fn ids(accounts: &[EntAccount]) -> Vec<String> {
    accounts.iter().map(|it| it.id.clone()).collect()
}

/// An ENT of these accounts, our side of it, and a text for all of them.
async fn scene(accounts: Vec<EntAccount>) -> (EntStandIn, Edifice, Circular) {
    let clock = Clock::standing_at(NOW);
    let all = circular(&ids(&accounts));
    let ent = EntStandIn::start(accounts, Vec::new(), clock.clone()).await.unwrap();
    let ours = edifice(&settings(ent.url()), &clock);
    (ent, ours, all)
}

fn sends(ent: &EntStandIn) -> usize {
    ent.requests().iter().filter(|it| it.ends_with("/conversation/send")).count()
}

// ---- all is well -------------------------------------------------------------------------------

#[tokio::test]
async fn fifty_families_have_one_message_and_each_is_told_once() {
    let (ent, ours, all) = scene(families(50, &[])).await;
    assert_eq!((ours.most_together(), ours.units_together(&all.content, all.to.len())), (50, 1));
    let verdicts = ours.send_together(&all).await.unwrap();
    assert_eq!(kinds(&verdicts), vec![None; 50]);
    assert!(verdicts.iter().flatten().all(|it| it.provider_ref.as_deref() == Some("message-1")));
    let message = ent.messages().remove(0);
    assert!(message.is_hidden, "nobody sees the others");
    assert!(all.to.iter().all(|to| ent.notified(to.value()) == 1));
    assert_eq!(ent.requests().len(), 2, "a token, and one call");
}

#[tokio::test]
async fn what_comes_within_three_seconds_of_the_last_lies_in_the_inbox_and_nobody_is_told() {
    let clock = Clock::standing_at(NOW);
    let ent = EntStandIn::start(families(3, &[]), Vec::new(), clock.clone()).await.unwrap();
    let ours = edifice(&settings(ent.url()), &clock);
    for (number, wait) in [(0, SECOND), (1, SECOND * 2), (2, SECOND)] {
        let id = format!("f-{number}");
        let text = Circular { reference: format!("7K4M-G0{number}"), ..circular(&[id]) };
        assert_eq!(kinds(&ours.send_together(&text).await.unwrap()), [None], "no answer tells");
        clock.advance(wait);
    }
    let told = ["f-0", "f-1", "f-2"].map(|id| (ent.in_inbox(id), ent.notified(id)));
    assert_eq!(told, [(1, 1), (1, 0), (1, 0)]);
    clock.advance(SECOND);
    let text = Circular { reference: "7K4M-G09".to_owned(), ..circular(&["f-1".to_owned()]) };
    ours.send_together(&text).await.unwrap();
    assert_eq!(ent.notified("f-1"), 1, "what was dropped did not put it off");
}

// ---- some of them ------------------------------------------------------------------------------

#[tokio::test]
async fn whoever_never_opened_their_account_was_not_reached_and_the_others_were() {
    let (ent, ours, all) = scene(families(50, &[7, 31])).await;
    let verdicts = ours.send_together(&all).await.unwrap();
    let unopened = [7, 31].map(Some);
    let expected = |it| unopened.contains(&Some(it)).then_some(BadAddress);
    assert_eq!(kinds(&verdicts), (0..50).map(expected).collect::<Kinds>());
    assert_eq!(sends(&ent), 1);
    let said = format!("{verdicts:?}");
    assert!(!said.contains("DURAND"), "{said}");
}

#[tokio::test]
async fn of_two_of_one_name_of_whom_one_is_meant_none_counts_as_reached() {
    let one_name = |active_second| {
        let mut accounts = families(4, &[]);
        accounts[1] = account("f-1", "Inès DURAND", "Relative", false);
        accounts[2] = account("f-2", "Inès DURAND", "Relative", active_second);
        accounts
    };
    let (_ent, ours, all) = scene(one_name(true)).await;
    let expected = [None, Some(Uncertain), Some(Uncertain), None];
    assert_eq!(kinds(&ours.send_together(&all).await.unwrap()), expected);
    let found = ours.ask_together(&all).await.unwrap().unwrap();
    assert_eq!(kinds(&found), expected, "what is asked later knows no more");
    let (_ent, ours, all) = scene(one_name(false)).await;
    let expected = [None, Some(BadAddress), Some(BadAddress), None];
    assert_eq!(kinds(&ours.send_together(&all).await.unwrap()), expected, "it names both");
}

#[tokio::test]
async fn an_ent_that_names_fewer_than_it_counts_leaves_the_others_uncertain_and_gets_fewer() {
    let unopened: Vec<usize> = (0..16).collect();
    let (ent, ours, all) = scene(families(50, &unopened)).await;
    ent.name_at_most(10);
    let expected = |it| if it < 10 { Some(BadAddress) } else { Some(Uncertain) };
    let verdicts = ours.send_together(&all).await.unwrap();
    assert_eq!(kinds(&verdicts), (0..50).map(expected).collect::<Kinds>());
    assert_eq!(ours.most_together(), 10, "from now on all can be named");
}

#[tokio::test]
async fn an_ent_that_names_fifty_of_eighty_leaves_nobody_reached_whom_it_may_have_meant() {
    let unopened: Vec<usize> = (0..80).collect();
    let (_ent, ours, all) = scene(families(90, &unopened)).await;
    let verdicts = ours.send_together(&all).await.unwrap();
    assert!(verdicts.iter().all(Result::is_err), "{verdicts:?}");
    let named = kinds(&verdicts).iter().filter(|kind| **kind == Some(BadAddress)).count();
    assert_eq!(named, 50);
}

#[tokio::test]
async fn where_nobody_opened_their_account_no_name_is_needed() {
    let (ent, ours, all) = scene(families(3, &[0, 1, 2])).await;
    ent.name_at_most(0);
    assert_eq!(kinds(&ours.send_together(&all).await.unwrap()), vec![Some(BadAddress); 3]);
    assert_eq!(ent.requests().len(), 2);
}

/// An answer that names somebody, then what the message itself says of its recipients.
const OPENED: &str = "{\"body\":\"E7K4MUG02\",\"cci\":{\"users\":[\
    {\"id\":\"f-0\",\"displayName\":\"Parent0 DURAND\"},{\"id\":\"f-1\",\"displayName\":\"Parent1 DURAND\"}]}}";

#[tokio::test]
async fn every_answer_about_two_has_its_verdicts() {
    let (taken, uncertain) = (None, Some(Uncertain));
    let cases: [(&str, &str, [Option<FailureKind>; 2]); 9] = [
        ("only an id", "{\"id\":\"m1\"}", [taken, taken]),
        ("none", "{\"id\":\"m1\",\"sent\":2,\"inactiveCount\":0}", [taken, taken]),
        ("one", "{\"id\":\"m1\",\"inactive\":[\"Parent1 DURAND\"]}", [taken, Some(BadAddress)]),
        ("a stranger", "{\"id\":\"m1\",\"inactive\":[\"Zoé LEROY\"]}", [uncertain, uncertain]),
        ("a count", "{\"id\":\"m1\",\"inactiveCount\":\"1\"}", [uncertain, uncertain]),
        ("a count of all", "{\"id\":\"m1\",\"inactiveCount\":2}", [Some(BadAddress); 2]),
        ("fewer have it", "{\"id\":\"m1\",\"sent\":1}", [uncertain, uncertain]),
        (
            "undelivered",
            "{\"id\":\"m1\",\"undelivered\":[\"Parent0 DURAND\"]}",
            [Some(BadAddress), taken],
        ),
        ("undelivered, unnamed", "{\"id\":\"m1\",\"undelivered\":1}", [uncertain, uncertain]),
    ];
    for (label, answer, expected) in cases {
        let script = vec![
            ("POST /auth", vec![Say(super::TOKEN)]),
            ("POST /conversation/send", vec![http::json(answer)]),
            ("GET /conversation/api/messages/m1", vec![http::json(OPENED)]),
        ];
        let server = http::start(script).await;
        let ours = edifice(&settings(&server.root), &Clock::standing_at(NOW));
        let two = circular(&["f-0".to_owned(), "f-1".to_owned()]);
        assert_eq!(kinds(&ours.send_together(&two).await.unwrap()), expected, "{label}");
    }
}

// ---- one of them is to blame -------------------------------------------------------------------

#[tokio::test]
async fn one_who_is_not_visible_any_more_goes_without_and_the_others_have_it() {
    for is_gone in [false, true] {
        let (ent, ours, all) = scene(families(50, &[3])).await;
        if is_gone {
            ent.remove("f-20");
        } else {
            ent.hide("f-20");
        }
        let verdicts = ours.send_together(&all).await.unwrap();
        let expected = |it| match it {
            3 => Some(BadAddress),
            20 => Some(Unseen),
            _ => None,
        };
        assert_eq!(kinds(&verdicts), (0..50).map(expected).collect::<Kinds>());
        assert_eq!((ent.taken(), sends(&ent), ent.tokens_given()), (1, 2, 1));
        assert_eq!((ent.notified("f-19"), ent.notified("f-20")), (1, 0));
    }
}

#[tokio::test]
async fn where_none_is_visible_nobody_else_is_blamed() {
    let (ent, ours, all) = scene(families(3, &[])).await;
    for id in ids(&families(3, &[])) {
        ent.hide(&id);
    }
    assert_eq!(kinds(&ours.send_together(&all).await.unwrap()), vec![Some(Unseen); 3]);
    assert_eq!((ent.taken(), ent.tokens_given()), (0, 1));
}

/// What an ENT that does not tell who is visible answers, and what the whole call is worth then.
#[tokio::test]
async fn an_ent_that_does_not_tell_who_is_visible_refuses_all_until_the_one_is_found() {
    let page = "HTTP/1.1 401 No\r\nContent-Type: text/html\r\n\r\n<h1>401</h1>";
    let no = "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n";
    let cases: [(&str, Reply, FailureKind); 3] = [
        ("older", Say(no), FailureKind::Denied),
        ("signed out", Say("HTTP/1.1 401 No\r\n\r\n"), FailureKind::Misconfigured),
        (
            "all are",
            http::json("[{\"visibles.id\":\"f-0\"},{\"visibles.id\":\"f-1\"}]"),
            FailureKind::Misconfigured,
        ),
    ];
    for (label, visibles, expected) in cases {
        let script = vec![
            ("POST /auth", vec![Say(super::TOKEN)]),
            ("POST /conversation/send", vec![Say(page)]),
            ("POST /conversation/visibles", vec![visibles]),
        ];
        let server = http::start(script).await;
        let ours = edifice(&settings(&server.root), &Clock::standing_at(NOW));
        let two = circular(&["f-0".to_owned(), "f-1".to_owned()]);
        assert_eq!(ours.send_together(&two).await.unwrap_err().kind, expected, "{label}");
    }
}

// ---- answers that are lost ---------------------------------------------------------------------

#[tokio::test]
async fn a_call_whose_answer_was_lost_is_asked_as_one_and_leaves_once() {
    for weather in [Weather::SilentOnceTaken, Weather::TimesOut504] {
        let (ent, ours, all) = scene(families(30, &[])).await;
        assert_eq!(ours.ask_together(&all).await.unwrap(), None);
        ent.set_weather(weather);
        assert_eq!(ours.send_together(&all).await.unwrap_err().kind, Uncertain);
        ent.set_weather(Weather::Unavailable503);
        assert_eq!(ours.send_together(&all).await.unwrap_err().kind, Throttled, "it waits");
        ent.set_weather(Weather::Fine);
        let found = ours.ask_together(&all).await.unwrap().expect("it was taken");
        assert_eq!(kinds(&found), vec![None; 30]);
        assert!(found.iter().flatten().all(|it| it.may_reach_nobody), "who opened it is lost");
        assert_eq!((ent.taken(), ent.count("7K4M-G02")), (1, 1));
    }
}

#[tokio::test]
async fn whom_a_lost_answer_leaves_open_an_earlier_one_may_have_told_of() {
    let (ent, ours, all) = scene(families(50, &[7, 31])).await;
    let earlier =
        Circular { reference: "7K4M-G01".to_owned(), ..circular(&all_but_the_last(&all)) };
    ours.send_together(&earlier).await.unwrap();
    ent.set_weather(Weather::SilentOnceTaken);
    assert_eq!(ours.send_together(&all).await.unwrap_err().kind, Uncertain);
    ent.set_weather(Weather::Fine);
    let found = ours.ask_together(&all).await.unwrap().expect("it was taken");
    let open = found.iter().enumerate().filter(|(_, it)| it.as_ref().unwrap().may_reach_nobody);
    let open: Vec<usize> = open.map(|(number, _)| number).collect();
    assert_eq!(open, [7, 31, 49], "who never opened it, and the newcomer");
}

fn all_but_the_last(all: &Circular) -> Vec<String> {
    let but_the_last = all.to.split_last().expect("somebody").1;
    but_the_last.iter().map(|to| to.value().to_owned()).collect()
}

// ---- too many of them --------------------------------------------------------------------------

#[tokio::test]
async fn an_ent_that_takes_fewer_is_handed_fewer_but_not_for_one_text_that_is_too_long() {
    let (ent, ours, all) = scene(families(50, &[])).await;
    ent.take_at_most(20);
    assert_eq!(ours.send_together(&all).await.unwrap_err().kind, Refused);
    assert_eq!((ours.most_together(), ent.taken()), (25, 0));
    ent.take_at_most(0);
    let alone = circular(&["f-0".to_owned()]);
    assert_eq!(ours.send_together(&alone).await.unwrap_err().kind, Refused);
    assert_eq!(ours.most_together(), 50, "it was the text");
}

#[tokio::test]
async fn a_call_that_went_without_one_of_them_says_so_when_it_is_asked() {
    let (ent, ours, all) = scene(families(4, &[])).await;
    ours.send_together(&circular(&["f-0".to_owned(), "f-2".to_owned()])).await.unwrap();
    let found = ours.ask_together(&all).await.unwrap().unwrap();
    assert_eq!(kinds(&found), [None, Some(Deferred), None, Some(Deferred)]);
    let others = circular(&["f-1".to_owned(), "f-3".to_owned()]);
    assert_eq!(ours.ask_together(&others).await.unwrap(), None, "they never had it");
    assert_eq!(kinds(&ours.send_together(&others).await.unwrap()), [None, None]);
    let found = ours.ask_together(&all).await.unwrap().unwrap();
    assert_eq!(kinds(&found), vec![None; 4], "it is looked for in both");
    assert_eq!(ent.taken(), 2);
}

#[tokio::test]
async fn what_the_answer_said_is_kept_while_its_names_cannot_be_had() {
    let (ent, ours, all) = scene(families(10, &[4])).await;
    let answer =
        "{\"id\":\"m1\",\"sent\":10,\"inactiveCount\":1,\"inactive\":[\"Parent4 DURAND\"]}";
    let users: Vec<String> = (0..10)
        .map(|it| format!("{{\"id\":\"f-{it}\",\"displayName\":\"Parent{it} DURAND\"}}"))
        .collect();
    let opened = format!("{{\"body\":\"E7K4MUG02\",\"cci\":{{\"users\":[{}]}}}}", users.join(","));
    let later = "HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n";
    let script = vec![
        ("POST /auth", vec![Say(super::TOKEN)]),
        ("POST /conversation/send", vec![http::json(answer)]),
        ("GET /conversation/api/messages/m1", vec![Say(later), http::json(&opened)]),
        ("GET /conversation/api/folders/outbox", vec![http::json("[{\"id\":\"m1\"}]")]),
    ];
    let server = http::start(script).await;
    let scripted = edifice(&settings(&server.root), &Clock::standing_at(NOW));
    let verdicts = scripted.send_together(&all).await.unwrap();
    assert_eq!(kinds(&verdicts), vec![Some(Uncertain); 10]);
    let expected: Kinds = (0..10).map(|it| (it == 4).then_some(BadAddress)).collect();
    let found = scripted.ask_together(&all).await.unwrap().unwrap();
    assert_eq!(kinds(&found), expected);
    drop((ent, ours));
}

#[tokio::test]
async fn an_outbox_full_of_others_hides_nothing_and_costs_one_look() {
    let (ent, ours, all) = scene(families(5, &[])).await;
    for number in 0..60 {
        let reference = format!("7K4M-G{number:03}");
        ours.send_together(&Circular { reference, ..circular(&["f-0".to_owned()]) }).await.unwrap();
    }
    ent.set_weather(Weather::SilentOnceTaken);
    assert_eq!(ours.send_together(&all).await.unwrap_err().kind, Uncertain);
    ent.set_weather(Weather::Fine);
    let before = ent.requests().len();
    let found = ours.ask_together(&all).await.unwrap().unwrap();
    assert_eq!(kinds(&found), vec![None; 5]);
    assert_eq!(ent.requests().len() - before, 2, "a search, and the one that it found");
}

/// The ENT compares whole words, and drops the hyphen of what is looked for alone.
#[tokio::test]
async fn a_reference_is_found_whatever_its_signs() {
    for reference in ["7K4M-02QB", "12E4-0025", "1234-002A", "ABCD-EFGH", "0000-0000"] {
        let (ent, ours, _) = scene(families(2, &[])).await;
        let all = Circular { reference: reference.to_owned(), ..circular(&["f-0".to_owned()]) };
        ent.set_weather(Weather::SilentOnceTaken);
        assert_eq!(ours.send_together(&all).await.unwrap_err().kind, Uncertain);
        ent.set_weather(Weather::Fine);
        assert!(ours.ask_together(&all).await.unwrap().is_some(), "{reference}");
    }
}

#[tokio::test]
async fn another_channel_s_content_is_refused_before_anything_leaves() {
    let (ent, ours, all) = scene(families(2, &[])).await;
    let all = Circular { content: an_email().content, ..all };
    assert_eq!(ours.send_together(&all).await.unwrap_err().kind, Refused);
    assert!(ent.requests().is_empty());
    let fewer = EdificeSettings { most_together: 7, ..settings(ent.url()) };
    assert_eq!(edifice(&fewer, &Clock::standing_at(NOW)).most_together(), 7);
}
