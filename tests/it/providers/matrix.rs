//! Matrix: what is asked, what is answered, what it means.

mod synapse;

use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use chappe::chat_address::ChatAddress;
use chappe::clock::{Clock, Moment};
use chappe::delivery::FailureKind::{
    self, BadAddress, Deferred, Denied, Misconfigured, Refused, Throttled, Uncertain, Unreachable,
};
use chappe::delivery::{Content, DeliveryName, Envelope, Receipt, Verdict};
use chappe::message::Proof;
use chappe::people::ContactPoint;
use chappe::providers::{
    Awaited, Guard, Inbox, Matrix, MatrixSettings, NotKept, Provider, WhenUnknown, Word,
};
use chappe::settings::{SecretPlace, Span};
use chappe::stop;
use reqwest::Method;
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::sync::watch;

use self::synapse::{Account, Synapse};
use crate::commands::office::{FIELDS, Office, small_school};
use crate::scripted::Reply::{self, HangUp, Say, Silence};
use crate::scripted::http::{self, Server, answer, json as says};

const NOW: Moment = Moment(1_795_000_000_000);
const TEXT: &str = "Le collège ouvre à 10 h.";

fn matrix(root: &str, token: &str, answer_limit: Span) -> Matrix {
    let nowhere = SecretPlace::Env("UNUSED".to_owned());
    let settings = MatrixSettings { answer_limit, ..MatrixSettings::new(root, nowhere) };
    let (token, clock) = (SecretString::from(token), Clock::standing_at(NOW));
    Matrix::new("tchap", &settings, token, clock, Guard::LoopbackOnly).unwrap()
}

fn to(address: &str, reference: &str) -> Envelope {
    Envelope {
        reference: reference.to_owned(),
        sealed: None,
        awaits_answer: false,
        offers_stop: false,
        to: ContactPoint::Chat(ChatAddress::parse(address).unwrap()),
        name: "Inès DURAND".to_owned(),
        content: Content::Chat {
            subject: "Rentrée <décalée>".to_owned(),
            text: TEXT.to_owned(),
            html: format!("<p>{TEXT}</p>"),
        },
    }
}

// ---- bad days, over a stand-in -----------------------------------------------------------------

const WHOAMI: &str = r#"{"user_id":"@chappe:example.org","device_id":"CHAPPE"}"#;
const ROOM: &str = r#"{"@ines.durand:example.org":["!a:example.org"]}"#;
const UNKNOWN_TOKEN: &str = r#"{"errcode":"M_UNKNOWN_TOKEN","error":"Invalid token"}"#;
const API: &str = "/_matrix/client/v3";
const WHO: &str = "GET /_matrix/client/v3/account";
const DIRECT: &str = "GET /_matrix/client/v3/user/";
const PROFILE: &str = "GET /_matrix/client/v3/profile/";
const CREATE: &str = "POST /_matrix/client/v3/createRoom";

/// A homeserver that answers so to each call whose line begins so; what is not said here goes well.
async fn homeserver(own: Vec<(&'static str, Vec<Reply>)>) -> Server {
    let usual = vec![
        ("GET /_matrix/client/v3/account/whoami", vec![says(WHOAMI)]),
        ("GET /_matrix/client/v3/user/", vec![says(ROOM)]),
        ("PUT /_matrix/client/v3/user/", vec![says("{}")]),
        ("GET /_matrix/client/v3/rooms/", vec![says(r#"{"membership":"join"}"#)]),
        ("GET /_matrix/client/v3/profile/", vec![says("{}")]),
        ("POST /_matrix/client/v3/createRoom", vec![says(r#"{"room_id":"!b:example.org"}"#)]),
        ("POST /_matrix/client/v3/rooms/", vec![says("{}")]),
        ("PUT /_matrix/client/v3/rooms/", vec![says(r#"{"event_id":"$e"}"#)]),
    ];
    http::start(own.into_iter().chain(usual).collect()).await
}

fn refuses(status: &str, body: &str) -> Reply {
    answer(status, "Content-Type: application/json\r\n", body)
}

async fn verdict(server: &Server) -> Result<(), chappe::delivery::SendError> {
    let matrix = matrix(&server.root, "s3cr3t", Span::millis(400));
    matrix.send(&to("@ines.durand:example.org", "0199-gh")).await.map(drop)
}

#[tokio::test]
async fn every_answer_to_a_message_has_its_verdict() {
    let error =
        |code: &str| format!(r#"{{"errcode":"{code}","error":"of @ines.durand:example.org"}}"#);
    let limit =
        r#"{"errcode":"M_LIMIT_EXCEEDED","error":"Too Many Requests","retry_after_ms":120000}"#;
    let later = "Content-Type: application/json\r\nRetry-After: 120\r\n";
    let html = "Content-Type: text/html\r\n";
    let cases: Vec<(&str, Reply, Option<FailureKind>)> = vec![
        ("taken", says(r#"{"event_id":"$e"}"#), None),
        ("no event", says("{}"), Some(Uncertain)),
        ("another thing's id", says(r#"{"event_id":"!a:example.org"}"#), Some(Uncertain)),
        ("a page", answer("200 OK", html, "<h1>Bienvenue"), Some(Uncertain)),
        ("nothing", answer("200 OK", "Content-Length: 0\r\n", ""), Some(Uncertain)),
        ("limit in milliseconds", refuses("429 Later", limit), Some(Throttled)),
        ("limit in seconds", answer("429 Later", later, limit), Some(Throttled)),
        ("429, a page", answer("429 Later", html, "<h1>"), Some(Throttled)),
        ("token", refuses("401 No", UNKNOWN_TOKEN), Some(Misconfigured)),
        ("locked", refuses("401 No", &error("M_USER_LOCKED")), Some(Misconfigured)),
        ("suspended", refuses("403 No", &error("M_USER_SUSPENDED")), Some(Misconfigured)),
        ("consent", refuses("403 No", &error("M_CONSENT_NOT_GIVEN")), Some(Misconfigured)),
        (
            "too many users",
            refuses("403 No", &error("M_RESOURCE_LIMIT_EXCEEDED")),
            Some(Misconfigured),
        ),
        ("forbidden", refuses("403 No", &error("M_FORBIDDEN")), Some(Denied)),
        ("forbidden, a page", answer("403 No", html, "<h1>Proxy"), Some(Uncertain)),
        ("too large", refuses("413 Long", &error("M_TOO_LARGE")), Some(Refused)),
        ("bad", refuses("400 No", &error("M_BAD_JSON")), Some(Refused)),
        ("404, a page", answer("404 No", html, "<h1>"), Some(Uncertain)),
        ("unknown call", refuses("404 No", &error("M_UNRECOGNIZED")), Some(Misconfigured)),
        ("moved", answer("302 Found", "Location: http://127.0.0.1:1/\r\n", ""), Some(Uncertain)),
        ("500", refuses("500 Oops", &error("M_UNKNOWN")), Some(Uncertain)),
        ("502, a page", answer("502 Oops", html, "<h1>Bad gateway"), Some(Uncertain)),
        ("503", answer("503 Oops", "Retry-After: 120\r\n", ""), Some(Uncertain)),
        ("cut short", Say("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"ev"), Some(Uncertain)),
        ("no answer", Silence, Some(Uncertain)),
        ("hung up", HangUp, Some(Uncertain)),
    ];
    for (label, reply, expected) in cases {
        let server = homeserver(vec![("PUT /_matrix/client/v3/rooms/", vec![reply])]).await;
        let given = verdict(&server).await;
        assert_eq!(given.as_ref().err().map(|it| it.kind), expected, "{label}: {given:?}");
        if let Err(error) = given {
            assert!(!error.detail.contains("ines"), "{label}: {}", error.detail);
            let asked = label.starts_with("limit") || label == "503";
            assert_eq!(error.retry_after, asked.then_some(Duration::from_mins(2)), "{label}");
        }
        let puts: Vec<_> = server
            .asked()
            .iter()
            .filter(|it| it.line.starts_with("PUT"))
            .map(|it| it.line.clone())
            .collect();
        let path = format!("PUT {API}/rooms/%21a%3Aexample.org/send/m.room.message/0199-gh");
        assert_eq!(puts, [path], "{label}: a message leaves once");
    }
}

#[tokio::test]
async fn what_goes_wrong_before_a_message_leaves_leaves_nothing_uncertain() {
    let nobody = r#"{"errcode":"M_UNKNOWN","error":"No row found (profiles)"}"#;
    let afar = r#"{"errcode":"M_UNKNOWN","error":"Failed to fetch profile"}"#;
    let forbidden = r#"{"errcode":"M_FORBIDDEN","error":"No"}"#;
    let page = || answer("502 Oops", "Content-Type: text/html\r\n", "<h1>");
    let none = || (DIRECT, vec![says("{}")]);
    let cases = [
        ("token", vec![(WHO, vec![refuses("401 No", UNKNOWN_TOKEN)])], Some(Misconfigured)),
        ("no homeserver", vec![(WHO, vec![page()])], Some(Unreachable)),
        ("silence", vec![(DIRECT, vec![Silence])], Some(Unreachable)),
        ("rooms, a page", vec![(DIRECT, vec![page()])], Some(Unreachable)),
        ("404, a page", vec![(DIRECT, vec![answer("404 No", "", "<h1>")])], Some(Unreachable)),
        ("nobody", vec![none(), (PROFILE, vec![refuses("404 No", nobody)])], Some(BadAddress)),
        (
            "another server is down",
            vec![none(), (PROFILE, vec![refuses("502 No", afar)])],
            Some(Deferred),
        ),
        ("ours is", vec![none(), (PROFILE, vec![page()])], Some(Unreachable)),
        (
            "profiles are kept from us",
            vec![none(), (PROFILE, vec![refuses("403 No", forbidden)])],
            None,
        ),
        ("no room", vec![none(), (CREATE, vec![refuses("403 No", forbidden)])], Some(Denied)),
        ("a room without a name", vec![none(), (CREATE, vec![says("{}")])], Some(Unreachable)),
        ("room lost", vec![none(), (CREATE, vec![HangUp])], Some(Unreachable)),
        (
            "not remembered",
            vec![none(), ("PUT /_matrix/client/v3/user/", vec![page()])],
            Some(Unreachable),
        ),
    ];
    for (label, script, expected) in cases {
        let server = homeserver(script).await;
        let given = verdict(&server).await;
        assert_eq!(given.as_ref().err().map(|it| it.kind), expected, "{label}: {given:?}");
        let left = server.asked().iter().filter(|it| it.line.contains("/send/")).count();
        assert_eq!(left, usize::from(expected.is_none()), "{label}");
    }
}

#[tokio::test]
async fn a_room_that_we_left_is_not_written_to() {
    let two =
        r#"{"@ines.durand:example.org":["!old:example.org","!a:example.org"],"@x:y":["!z:y"]}"#;
    let gone = r#"{"errcode":"M_FORBIDDEN","error":"not in room"}"#;
    let server = homeserver(vec![
        ("GET /_matrix/client/v3/user/", vec![says(two)]),
        ("GET /_matrix/client/v3/rooms/%21old", vec![refuses("403 No", gone)]),
    ])
    .await;
    verdict(&server).await.unwrap();
    let asked = server.asked();
    let last = asked.last().unwrap();
    assert!(last.line.starts_with(&format!("PUT {API}/rooms/%21a%3A")), "{}", last.line);
    assert_eq!(last.header("authorization"), "Bearer s3cr3t");
    let body: Value = serde_json::from_str(&last.body).unwrap();
    let expected = json!({
        "msgtype": "m.text", "m.mentions": {},
        "body": format!("Rentrée <décalée>\n\n{TEXT}"),
        "format": "org.matrix.custom.html",
        "formatted_body": format!("<h3>Rentrée &lt;décalée&gt;</h3><p>{TEXT}</p>"),
    });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn a_new_room_is_remembered_beside_the_others() {
    let others = r#"{"@marc:example.org":["!m:example.org"]}"#;
    let server = homeserver(vec![("GET /_matrix/client/v3/user/", vec![says(others)])]).await;
    verdict(&server).await.unwrap();
    let asked = server.asked();
    let kept = asked.iter().find(|it| it.line.starts_with(&format!("PUT {API}/user/"))).unwrap();
    let kept: Value = serde_json::from_str(&kept.body).unwrap();
    let marc = json!(["!m:example.org"]);
    assert_eq!(
        kept,
        json!({ "@marc:example.org": marc, "@ines.durand:example.org": ["!b:example.org"] })
    );
}

#[tokio::test]
async fn a_check_says_who_signed_in_and_sends_nothing() {
    let check = async |reply: Reply| {
        let server = homeserver(vec![("GET /_matrix/client/v3/account", vec![reply])]).await;
        let given = matrix(&server.root, "s3cr3t", Span::millis(400)).check().await;
        assert_eq!(server.asked().len(), 1);
        given.map(|health| health.summary).map_err(|error| error.kind)
    };
    assert_eq!(
        check(says(WHOAMI)).await.unwrap(),
        "signed in as @chappe:example.org, device CHAPPE"
    );
    assert_eq!(check(refuses("401 No", UNKNOWN_TOKEN)).await, Err(Misconfigured));
    assert_eq!(check(answer("200 OK", "", "<h1>Tchap")).await, Err(Misconfigured));
    assert_eq!(check(answer("404 No", "", "nothing")).await, Err(Misconfigured));
    assert_eq!(check(HangUp).await, Err(Unreachable));
}

#[tokio::test]
async fn a_receipt_counts_when_it_is_that_person_s_whatever_stands_around_it() {
    let page = || answer("502 Oops", "Content-Type: text/html\r\n", "<h1>");
    let receipts = r#"{"next_batch":"s2","rooms":{"join":{
        "!other:example.org":{"ephemeral":{"events":[{"content":{"$o":{"m.read":{"@ines.durand:example.org":{}}}}}]}},
        "!a:example.org":{"unread_notifications":{},"ephemeral":{"events":[
            7, {"type":"m.receipt"}, {"content":[]}, {"content":{"$x":null, "$y":{"m.read":[]}}},
            {"content":{"$p":{"m.read.private":{"@ines.durand:example.org":{}}}}},
            {"content":{"$m":{"m.read":{"@marc:example.org":{}}}}},
            {"content":{"$e":{"m.read":{"@ines.durand:example.org":{"ts":1}}}}}]}}}}}"#;
    let none = r#"{"errcode":"M_NOT_FOUND","error":"Event not found"}"#;
    let server = homeserver(vec![
        (
            "GET /_matrix/client/v3/sync",
            vec![page(), HangUp, says("[]"), says(receipts), says(r#"{"next_batch":"s3"}"#)],
        ),
        (
            "GET /_matrix/client/v3/rooms/%21a%3Aexample.org/context/%24e",
            vec![refuses("404 No", none)],
        ),
    ])
    .await;
    let matrix = matrix(&server.root, "s3cr3t", Span::secs(5));
    let (kept, (stopper, stop)) = (Kept::new(), stop::channel());
    let reading = async {
        assert_eq!(kept.read(1).await, ["$e"]);
        stopper.stop();
    };
    tokio::join!(matrix.listen(&kept, stop), reading);
    let asked = server.asked();
    let syncs: Vec<_> = asked.iter().filter(|it| it.line.contains("/sync")).collect();
    assert!(syncs[..4].iter().all(|it| !it.line.contains("since=")), "{syncs:?}");
    assert!(syncs[4..].iter().all(|it| it.line.contains("&since=s")), "{syncs:?}");
}

// ---- Synapse -----------------------------------------------------------------------------------

/// Keeps what comes in, and says how many there are.
struct Kept {
    words: Mutex<Vec<Word>>,
    many: watch::Sender<usize>,
}

impl Kept {
    fn new() -> Self {
        Self { words: Mutex::default(), many: watch::Sender::new(0) }
    }

    /// The events that were read, once there are so many.
    async fn read(&self, many: usize) -> Vec<String> {
        let mut seen = self.many.subscribe();
        let there = seen.wait_for(|now| *now >= many);
        tokio::time::timeout(Duration::from_mins(1), there).await.unwrap().unwrap();
        let event = |word: &Word| match word {
            Word::Receipt(Receipt {
                of: DeliveryName::ByThem(id),
                verdict: Verdict::Proven(Proof::Read),
                ..
            }) => id.clone(),
            other => panic!("{other:?}"),
        };
        self.words.lock().unwrap().iter().map(event).collect()
    }
}

#[async_trait]
impl Inbox for Kept {
    fn every(&self) -> Duration {
        Duration::from_millis(50)
    }

    async fn awaited(&self) -> Result<Awaited, NotKept> {
        Ok(Awaited { ids: Vec::new(), may_be_more: false })
    }

    async fn take(&self, words: Vec<Word>) -> Result<(), NotKept> {
        let mut kept = self.words.lock().unwrap();
        kept.extend(words);
        self.many.send_replace(kept.len());
        Ok(())
    }
}

fn writing_as(account: &Account, synapse: &Synapse) -> Matrix {
    matrix(&synapse.root, &account.token, Span::secs(20))
}

#[tokio::test]
async fn a_message_comes_once_to_a_room_for_two_and_is_read_there() {
    let synapse = Synapse::start();
    let bot = synapse.account("chappe", "CHAPPE").await;
    let ines = synapse.account("ines.durand", "PHONE").await;
    let marc = synapse.account("marc", "PHONE").await;
    let matrix = writing_as(&bot, &synapse);
    assert_eq!(matrix.when_unknown(), WhenUnknown::Resend);
    let health = matrix.check().await.unwrap();
    assert_eq!(health.summary, "signed in as @chappe:example.org, device CHAPPE");
    assert_eq!(health.in_french, "connecté en tant que @chappe:example.org, appareil CHAPPE");

    // The answer was lost, and the program too: it is sent again as the same transaction.
    let first = matrix.send(&to(&ines.user, "0199-a")).await.unwrap();
    let again = writing_as(&bot, &synapse).send(&to(&ines.user, "0199-a")).await.unwrap();
    assert_eq!(first, again);
    let second = matrix.send(&to(&ines.user, "0199-b")).await.unwrap();
    let rooms = ines.enter().await;
    assert_eq!(rooms.len(), 1, "{rooms:?}");
    let seen = ines.messages(&rooms[0]).await;
    let ids: Vec<_> = seen.iter().map(|it| it["event_id"].as_str().map(str::to_owned)).collect();
    assert_eq!(ids, [first.provider_ref.clone(), second.provider_ref.clone()]);
    assert_eq!(seen[0]["content"]["body"], format!("Rentrée <décalée>\n\n{TEXT}"));

    // Somebody whom she brought along reads for nobody but himself; whoever reads the last one read both.
    let (first, second) = (first.provider_ref.unwrap(), second.provider_ref.unwrap());
    let invite = json!({ "user_id": marc.user });
    ines.done(Method::POST, &format!("/rooms/{}/invite", rooms[0]), invite).await;
    marc.enter().await;
    marc.read(&rooms[0], &second).await;
    let (kept, (stopper, stop)) = (Kept::new(), stop::channel());
    let listening = matrix.listen(&kept, stop);
    let reading = async {
        ines.read(&rooms[0], &first).await;
        assert_eq!(kept.read(1).await, std::slice::from_ref(&first));
        ines.read(&rooms[0], &second).await;
        let read = kept.read(3).await;
        assert_eq!(read, [first.clone(), first.clone(), second.clone()]);
        stopper.stop();
    };
    tokio::join!(listening, reading);

    // She leaves, and is invited again to the same room.
    ines.done(Method::POST, &format!("/rooms/{}/leave", rooms[0]), json!({})).await;
    matrix.send(&to(&ines.user, "0199-c")).await.unwrap();
    assert_eq!(ines.enter().await, rooms);
    assert_eq!(ines.messages(&rooms[0]).await.len(), 3);
}

#[tokio::test]
async fn what_synapse_refuses_blames_whom_it_should() {
    let synapse = Synapse::start();
    let bot = synapse.account("chappe", "CHAPPE").await;
    let matrix = writing_as(&bot, &synapse);
    // Synapse itself would invite them without a word.
    let nobody = matrix.send(&to("@nobody:example.org", "0199-a")).await.unwrap_err();
    assert_eq!(nobody.kind, BadAddress, "{nobody}");
    let rooms = bot.done(Method::GET, "/joined_rooms", Value::Null).await;
    assert_eq!(rooms["joined_rooms"], json!([]));
    let afar = matrix.send(&to("@ines:homeserver.invalid", "0199-b")).await.unwrap_err();
    assert_eq!(afar.kind, Deferred, "{afar}");

    let ines = synapse.account("ines.durand", "PHONE").await;
    // Too long for an event with both bodies: the plain one says it all.
    let mut long = to(&ines.user, "0199-long");
    let text = "é".repeat(15_000);
    let html = format!("<p>{text}</p>");
    long.content = Content::Chat { subject: "Long".to_owned(), text: text.clone(), html };
    matrix.send(&long).await.unwrap();
    let rooms = ines.enter().await;
    let seen = &ines.messages(&rooms[0]).await[0]["content"];
    assert!(seen["body"].as_str().unwrap().ends_with(&text) && seen["format"].is_null());

    // As any account may write by default: a few at once, then one in five seconds.
    let mut limited = None;
    for number in 0..20 {
        if let Err(error) = matrix.send(&to(&ines.user, &format!("0199-{number}"))).await {
            limited = Some(error);
            break;
        }
    }
    let limited = limited.unwrap();
    assert_eq!(limited.kind, Throttled, "{limited}");
    assert!(limited.retry_after.is_some_and(|wait| wait <= Duration::from_secs(10)), "{limited:?}");

    // A token that holds no more.
    bot.done(Method::POST, "/logout", json!({})).await;
    let matrix = writing_as(&bot, &synapse);
    let signed_out = matrix.send(&to(&ines.user, "0199-z")).await.unwrap_err();
    assert_eq!(signed_out.kind, Misconfigured, "{signed_out}");
    assert_eq!(matrix.check().await.unwrap_err().kind, Misconfigured);
}

#[tokio::test]
async fn an_announcement_reaches_staff_once_they_read_it() {
    let synapse = Synapse::start();
    let bot = synapse.account("chappe", "CHAPPE").await;
    let ines = synapse.account("ines.durand", "PHONE").await;
    let url = &synapse.root;
    let office = Office::with_providers(&format!(
        "[providers.tchap.matrix]\nurl = \"{url}\"\naccess_token = {{ file = \"token\" }}\n"
    ));
    office.write("token", &bot.token);
    let config = std::fs::read_to_string(office.path("chappe.toml")).unwrap();
    let plan = "equipe = [{ channels = [\"chat\"], enough = \"read\", patience = \"1h\" }]";
    let config = config.replace("[plans]\n", &format!("[plans]\n{plan}\n"));
    office.write("chappe.toml", config.replace("lease = \"4s\"", "lease = \"90s\""));
    office.import(&small_school());
    office.run(["people", "add", "staff", "Inès", "Durand", "--chat", &ines.user]).done();
    let daemon = office.serve();
    let announce = ["send", "annonce", "--to", "personnels", "--plan", "equipe", "--json"];
    let sent = office.run(announce.into_iter().chain(FIELDS)).json();
    let code = sent["message"].as_str().unwrap().to_owned();

    let mut rooms = Vec::new();
    let arriving = async {
        loop {
            rooms.extend(ines.enter().await);
            for room in &rooms {
                if let [event, ..] = ines.messages(room).await.as_slice() {
                    return (room.clone(), event["event_id"].as_str().unwrap().to_owned());
                }
            }
        }
    };
    let (room, event) = tokio::time::timeout(Duration::from_mins(2), arriving).await.unwrap();
    let stands = office.run(["status", &code, "--json"]).json();
    assert_eq!(stands["addressees"]["reached"], 0, "handed over is not read: {stands}");
    ines.read(&room, &event).await;
    assert_eq!(office.watched(&code)["addressees"]["reached"], 1);
    drop(daemon);
}
