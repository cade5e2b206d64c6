//! Who signs in, and who does not: passwords, patience, sessions, codes and links.

mod rows;
mod second_factor;

use std::path::Path;
use std::time::Duration;

use chappe::accounts::{Account, AccountRole, OneTimeCode, Right, Token, Whence};
use chappe::app;
use chappe::clock::{Clock, Moment};
use chappe::config::{self, Config};
use chappe::office::{
    self, AccountChange, AccountRefusal, NewAccount, School, SignInRefusal, SignedIn,
};
use chappe::people::{Act, Actor, SchoolId};
use chappe::store::Store;
use secrecy::SecretString;
use tempfile::TempDir;

use crate::databases;

const MORNING: Moment = Moment(1_773_644_400_000);
const PASSWORD: &str = "quatre lapins verts";
const OTHER: &str = "cinq canards bleus";

fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

fn from(address: &str) -> Whence {
    Whence::new(address.parse().unwrap(), "Firefox, Linux")
}

fn here() -> Actor {
    Actor::CommandLine("essai".to_owned())
}

/// A school on this database.
fn school_on(store: Store, folder: &Path) -> School {
    let config = Config::read("chappe.toml", config::SHIPPED, []).unwrap();
    app::build_on(store, config, folder, Clock::standing_at(MORNING)).unwrap()
}

/// A school on a new database of each kind, in turn.
async fn on_both(test: impl AsyncFn(School)) {
    let folder = TempDir::new().unwrap();
    for store in databases::both(folder.path()) {
        test(school_on(store, folder.path())).await;
    }
}

/// A school on any database.
async fn on_one(test: impl AsyncFn(School)) {
    let folder = TempDir::new().unwrap();
    test(school_on(databases::store(folder.path()), folder.path())).await;
}

fn new(login: &str, role: AccountRole) -> NewAccount {
    let name = format!("{login} DURAND");
    let (login, rights) = (login.to_owned(), None);
    NewAccount { login, name, role, rights, classes: Vec::new(), pupils: Vec::new() }
}

/// An account with the password of all tests.
async fn account(school: &School, login: &str) -> Account {
    let new = new(login, AccountRole::Secretariat);
    let account = office::add_account(school, here(), new).await.unwrap();
    let code = office::reset_code(school, here(), account.id).await.unwrap();
    office::claim_password(school, &code.expose(), secret(PASSWORD)).await.unwrap()
}

async fn try_in(school: &School, login: &str, password: &str, at: &str) -> Result<Token, Why> {
    match office::sign_in(school, login, secret(password), &from(at)).await {
        Ok(SignedIn::Whole(token)) => Ok(token),
        Err(SignInRefusal::Wrong) => Err(Why::Wrong),
        Err(SignInRefusal::Wait { until }) => Err(Why::Wait(until.since(school.clock.now()))),
        other => panic!("{other:?}"),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Why {
    Wrong,
    Wait(Duration),
}

async fn stands(school: &School, token: &Token) -> bool {
    office::session(school, token.expose()).await.unwrap().is_some()
}

/// What the journal says, oldest first.
async fn acts(school: &School) -> Vec<(String, Act)> {
    let mut noted = office::journal(school, 100).await.unwrap();
    noted.reverse();
    noted.into_iter().map(|it| (it.by.name().to_owned(), it.act)).collect()
}

const HERE: &str = "127.0.0.1";
const FAR: &str = "203.0.113.7";

#[tokio::test]
async fn the_first_visit_makes_the_first_account_with_the_code_of_the_terminal_once() {
    on_both(async |school| {
        let claim = async |code: &str| {
            let (login, name) = ("Sylvie", "Sylvie DURAND");
            office::claim_first(&school, code, login, name, secret(PASSWORD)).await
        };
        let earlier = office::first_code(&school).await.unwrap();
        let code = office::first_code(&school).await.unwrap();
        for wrong in [earlier.expose(), String::new(), OneTimeCode::new().unwrap().expose()] {
            assert!(matches!(claim(&wrong).await, Err(AccountRefusal::WrongCode)), "{wrong}");
        }
        let account = claim(&code.expose().to_lowercase()).await.unwrap();
        assert!(Right::ALL.into_iter().all(|right| account.may(right)));
        assert!(matches!(claim(&code.expose()).await, Err(AccountRefusal::WrongCode)));
        let no_more = office::first_code(&school).await;
        assert!(matches!(no_more, Err(AccountRefusal::NotTheFirst)));
        school.clock.advance(Duration::from_secs(1));
        let token = try_in(&school, "SYLVIE ", PASSWORD, HERE).await.unwrap();
        let session = office::session(&school, token.expose()).await.unwrap().unwrap();
        assert_eq!(session.account, account);
        assert_eq!(session.device, "Firefox, Linux");
        let sylvie = "Sylvie DURAND".to_owned();
        assert_eq!(acts(&school).await, [(sylvie.clone(), Act::AddAccount), (sylvie, Act::SignIn)]);
    })
    .await;
}

#[tokio::test]
async fn two_who_claim_the_first_account_at_once_do_not_both_have_it() {
    on_both(async |school| {
        let code = office::first_code(&school).await.unwrap().expose();
        let claims = ["anne", "rosa", "ines"]
            .map(|login| office::claim_first(&school, &code, login, "Quelqu'un", secret(PASSWORD)));
        let claimed = futures_util::future::join_all(claims).await;
        assert_eq!(claimed.iter().filter(|it| it.is_ok()).count(), 1);
        assert_eq!(office::accounts(&school).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_code_a_day_old_and_a_link_a_quarter_old_let_nobody_in() {
    on_one(async |school| {
        let sylvie = account(&school, "sylvie").await;
        let code = office::reset_code(&school, here(), sylvie.id).await.unwrap();
        let link = office::make_link(&school, here(), sylvie.id).await.unwrap();
        school.clock.advance(Duration::from_mins(15));
        let late = office::sign_in_by_link(&school, link.expose(), &from(HERE)).await;
        assert!(matches!(late, Err(SignInRefusal::LinkIsOver)));
        school.clock.advance(Duration::from_hours(24));
        let late = office::claim_password(&school, &code.expose(), secret(OTHER)).await;
        assert!(matches!(late, Err(AccountRefusal::WrongCode)));
        try_in(&school, "sylvie", PASSWORD, HERE).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_link_signs_in_once_also_when_it_is_followed_twice_at_once() {
    on_both(async |school| {
        let new = new("sylvie", AccountRole::Secretariat);
        let sylvie = office::add_account(&school, here(), new).await.unwrap();
        let link = office::make_link(&school, here(), sylvie.id).await.unwrap();
        let visitor = from(HERE);
        let follow = || office::sign_in_by_link(&school, link.expose(), &visitor);
        let followed = futures_util::future::join_all([follow(), follow(), follow()]).await;
        let tokens: Vec<Token> = followed.into_iter().flatten().collect();
        let [token] = tokens.as_slice() else { panic!("{} sign in", tokens.len()) };
        assert!(stands(&school, token).await);
        // The link itself is no session.
        assert!(!stands(&school, &link).await);
    })
    .await;
}

#[tokio::test]
async fn patience_grows_with_every_wrong_password_and_ends_with_a_right_one() {
    on_both(async |school| {
        account(&school, "sylvie").await;
        let wrong = async || try_in(&school, "sylvie", OTHER, HERE).await;
        for _ in 0..5 {
            assert_eq!(wrong().await, Err(Why::Wrong));
        }
        for seconds in [30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600] {
            let wait = Duration::from_secs(seconds);
            assert_eq!(wrong().await, Err(Why::Wait(wait)));
            // The right one is not looked at either.
            assert_eq!(try_in(&school, "sylvie", PASSWORD, HERE).await, Err(Why::Wait(wait)));
            school.clock.advance(wait.checked_sub(Duration::from_millis(1)).unwrap());
            assert!(matches!(wrong().await, Err(Why::Wait(_))));
            school.clock.advance(Duration::from_millis(1));
            assert_eq!(wrong().await, Err(Why::Wrong));
        }
        school.clock.advance(Duration::from_hours(1));
        try_in(&school, "sylvie", PASSWORD, HERE).await.unwrap();
        assert_eq!(wrong().await, Err(Why::Wrong));
    })
    .await;
}

#[tokio::test]
async fn a_login_that_nobody_has_is_answered_like_one_that_somebody_has() {
    on_one(async |school| {
        account(&school, "sylvie").await;
        let gone = account(&school, "anne").await;
        office::disable_account(&school, here(), gone.id).await.unwrap();
        for (login, password) in [("sylvie", OTHER), ("personne", OTHER), ("anne", PASSWORD)] {
            for _ in 0..5 {
                assert_eq!(try_in(&school, login, password, HERE).await, Err(Why::Wrong));
            }
            let wait = Why::Wait(Duration::from_secs(30));
            assert_eq!(try_in(&school, login, password, HERE).await, Err(wait));
        }
    })
    .await;
}

#[tokio::test]
async fn whoever_guesses_from_far_away_keeps_nobody_out_where_they_were_let_in_before() {
    on_one(async |school| {
        account(&school, "sylvie").await;
        try_in(&school, "sylvie", PASSWORD, HERE).await.unwrap();
        let mut guesses = 0;
        for number in 0..60_u8 {
            let at = format!("203.0.113.{number}");
            guesses += usize::from(try_in(&school, "sylvie", OTHER, &at).await == Err(Why::Wrong));
        }
        assert_eq!(guesses, 50, "spread over many places, they have to wait as well");
        let elsewhere = try_in(&school, "sylvie", PASSWORD, "198.51.100.1").await;
        assert!(matches!(elsewhere, Err(Why::Wait(_))));
        try_in(&school, "sylvie", PASSWORD, HERE).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn one_place_that_tries_many_logins_has_to_wait() {
    on_one(async |school| {
        account(&school, "sylvie").await;
        for number in 0..50 {
            let login = format!("personne{number}");
            assert_eq!(try_in(&school, &login, OTHER, FAR).await, Err(Why::Wrong));
        }
        let wait = Why::Wait(Duration::from_secs(30));
        assert_eq!(try_in(&school, "sylvie", PASSWORD, FAR).await, Err(wait));
        try_in(&school, "sylvie", PASSWORD, HERE).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn many_guesses_at_once_are_no_way_around_patience() {
    on_both(async |school| {
        account(&school, "sylvie").await;
        let tries = (0..40).map(|_| try_in(&school, "sylvie", OTHER, HERE));
        let answers = futures_util::future::join_all(tries).await;
        let looked_at = answers.iter().filter(|it| **it == Err(Why::Wrong)).count();
        assert_eq!(looked_at, 5);
    })
    .await;
}

#[tokio::test]
async fn ten_thousand_wrong_passwords_leave_the_school_well() {
    on_one(async |school| {
        account(&school, "sylvie").await;
        let mut looked_at = 0;
        for _ in 0..10_000 {
            looked_at +=
                usize::from(try_in(&school, "sylvie", OTHER, FAR).await == Err(Why::Wrong));
        }
        assert_eq!(looked_at, 5);
        try_in(&school, "sylvie", PASSWORD, HERE).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_when_nobody_is_there_and_after_a_week() {
    on_both(async |school| {
        account(&school, "sylvie").await;
        let idle = try_in(&school, "sylvie", PASSWORD, HERE).await.unwrap();
        school.clock.advance(Duration::from_secs(12 * 3_600 - 1));
        assert!(stands(&school, &idle).await);
        school.clock.advance(Duration::from_hours(12));
        assert!(!stands(&school, &idle).await);
        let busy = try_in(&school, "sylvie", PASSWORD, HERE).await.unwrap();
        for _ in 0..15 {
            assert!(stands(&school, &busy).await);
            school.clock.advance(Duration::from_hours(11));
        }
        school.clock.advance(Duration::from_hours(3));
        assert!(!stands(&school, &busy).await, "a week is over");
    })
    .await;
}

#[tokio::test]
async fn when_somebody_was_last_there_is_written_once_a_minute() {
    on_one(async |school| {
        account(&school, "sylvie").await;
        let token = try_in(&school, "sylvie", PASSWORD, HERE).await.unwrap();
        let seen = async || {
            let session = office::session(&school, token.expose()).await.unwrap().unwrap();
            session.seen_at.since(MORNING).as_secs()
        };
        school.clock.advance(Duration::from_secs(59));
        assert_eq!((seen().await, seen().await), (0, 0));
        school.clock.advance(Duration::from_secs(1));
        assert_eq!((seen().await, seen().await), (0, 60));
    })
    .await;
}

#[tokio::test]
async fn a_session_that_is_revoked_or_signed_out_of_is_worth_nothing_from_then_on() {
    on_both(async |school| {
        let sylvie = account(&school, "sylvie").await;
        let anne = account(&school, "anne").await;
        let [one, two, three] = [
            try_in(&school, "sylvie", PASSWORD, HERE).await.unwrap(),
            try_in(&school, "sylvie", PASSWORD, FAR).await.unwrap(),
            try_in(&school, "sylvie", PASSWORD, FAR).await.unwrap(),
        ];
        let session = office::session(&school, one.expose()).await.unwrap().unwrap();
        let not_hers = office::revoke_session(&school, here(), anne.id, session.id).await;
        assert!(matches!(not_hers, Err(AccountRefusal::NoSuchSession)));
        assert!(stands(&school, &one).await);
        office::revoke_session(&school, sylvie.actor(), sylvie.id, session.id).await.unwrap();
        office::sign_out(&school, two.expose()).await.unwrap();
        assert!(!stands(&school, &one).await && !stands(&school, &two).await);
        assert!(stands(&school, &three).await);
        assert_eq!(office::sessions(&school, sylvie.id).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_token_from_before_the_sign_in_is_worth_nothing_after_it() {
    on_one(async |school| {
        account(&school, "sylvie").await;
        let planted = Token::new().unwrap();
        assert!(!stands(&school, &planted).await);
        let token = try_in(&school, "sylvie", PASSWORD, HERE).await.unwrap();
        assert!(!stands(&school, &planted).await && token != planted);
        let again = try_in(&school, "sylvie", PASSWORD, HERE).await.unwrap();
        assert_ne!(token, again);
        let session = office::session(&school, token.expose()).await.unwrap().unwrap();
        let other = office::session(&school, again.expose()).await.unwrap().unwrap();
        assert!(session.is_own_form(&session.csrf) && !session.is_own_form(&other.csrf));
    })
    .await;
}

#[tokio::test]
async fn another_school_s_session_code_and_link_are_worth_nothing() {
    on_both(async |school| {
        let folder = TempDir::new().unwrap();
        let mut config = Config::read("chappe.toml", config::SHIPPED, []).unwrap();
        config.school.uai = SchoolId::parse("0319998Y").unwrap();
        let clock = school.clock.clone();
        let other = app::build_on(school.store().clone(), config, folder.path(), clock).unwrap();
        let sylvie = account(&school, "sylvie").await;
        account(&other, "sylvie").await;
        let token = try_in(&school, "sylvie", PASSWORD, HERE).await.unwrap();
        assert!(stands(&school, &token).await && !stands(&other, &token).await);
        let link = office::make_link(&school, here(), sylvie.id).await.unwrap();
        let followed = office::sign_in_by_link(&other, link.expose(), &from(HERE)).await;
        assert!(matches!(followed, Err(SignInRefusal::LinkIsOver)));
        let code = office::reset_code(&school, here(), sylvie.id).await.unwrap();
        let claimed = office::claim_password(&other, &code.expose(), secret(OTHER)).await;
        assert!(matches!(claimed, Err(AccountRefusal::WrongCode)));
        let named = office::disable_account(&other, here(), sylvie.id).await;
        assert!(matches!(named, Err(AccountRefusal::NoSuchAccount)));
        office::end_sessions(&school, here(), sylvie.id, None).await.unwrap();
        assert!(!stands(&school, &token).await);
    })
    .await;
}

#[tokio::test]
async fn who_is_disabled_is_out_at_once_and_stays_out() {
    on_both(async |school| {
        let sylvie = account(&school, "sylvie").await;
        let token = try_in(&school, "sylvie", PASSWORD, HERE).await.unwrap();
        let link = office::make_link(&school, here(), sylvie.id).await.unwrap();
        let code = office::reset_code(&school, here(), sylvie.id).await.unwrap();
        office::disable_account(&school, here(), sylvie.id).await.unwrap();
        assert!(!stands(&school, &token).await);
        assert_eq!(try_in(&school, "sylvie", PASSWORD, HERE).await, Err(Why::Wrong));
        assert!(office::sign_in_by_link(&school, link.expose(), &from(HERE)).await.is_err());
        assert!(office::claim_password(&school, &code.expose(), secret(OTHER)).await.is_err());
        let code = office::reset_code(&school, here(), sylvie.id).await;
        assert!(matches!(code, Err(AccountRefusal::Disabled)));
        office::enable_account(&school, here(), sylvie.id).await.unwrap();
        assert!(!stands(&school, &token).await, "what ended does not come back");
        try_in(&school, "sylvie", PASSWORD, HERE).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_password_is_changed_by_who_knows_it_and_the_other_sessions_end() {
    on_both(async |school| {
        let sylvie = account(&school, "sylvie").await;
        let this = try_in(&school, "sylvie", PASSWORD, HERE).await.unwrap();
        let other = try_in(&school, "sylvie", PASSWORD, FAR).await.unwrap();
        let change = async |old: &str, new: &str| {
            let both = (secret(old), secret(new));
            office::change_password(&school, &sylvie, this.expose(), both, &from(HERE)).await
        };
        let wrong = change(OTHER, OTHER).await;
        assert!(matches!(wrong, Err(AccountRefusal::WrongPassword)), "{wrong:?}");
        let obvious = change(PASSWORD, "sylvie-durand-2026").await;
        assert!(matches!(obvious, Err(AccountRefusal::BadPassword(_))), "{obvious:?}");
        change(PASSWORD, OTHER).await.unwrap();
        assert!(stands(&school, &this).await && !stands(&school, &other).await);
        assert_eq!(try_in(&school, "sylvie", PASSWORD, HERE).await, Err(Why::Wrong));
        try_in(&school, "sylvie", OTHER, HERE).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_somebody_may_is_changed_by_others_and_holds_from_the_next_page() {
    on_both(async |school| {
        let sylvie = account(&school, "sylvie").await;
        let token = try_in(&school, "sylvie", PASSWORD, HERE).await.unwrap();
        let more = || AccountChange { role: Some(AccountRole::Direction), ..Default::default() };
        let by_herself = office::change_account(&school, sylvie.actor(), sylvie.id, more()).await;
        assert!(matches!(by_herself, Err(AccountRefusal::OwnAccount)));
        let by_herself = office::disable_account(&school, sylvie.actor(), sylvie.id).await;
        assert!(matches!(by_herself, Err(AccountRefusal::OwnAccount)));
        office::change_account(&school, here(), sylvie.id, more()).await.unwrap();
        let session = office::session(&school, token.expose()).await.unwrap().unwrap();
        assert!(session.account.may(Right::Approve) && !session.account.may(Right::Settings));
        let name = Some("Sylvie LEROY".to_owned());
        let renamed = AccountChange { name, ..Default::default() };
        office::change_account(&school, sylvie.actor(), sylvie.id, renamed).await.unwrap();
        let session = office::session(&school, token.expose()).await.unwrap().unwrap();
        assert_eq!(session.account.actor().name(), "Sylvie LEROY");
        assert!(session.account.may(Right::Approve));
    })
    .await;
}

#[tokio::test]
async fn a_login_is_one_account_s_whatever_its_capitals() {
    on_both(async |school| {
        let add = async |login: &str| {
            office::add_account(&school, here(), new(login, AccountRole::Cpe)).await
        };
        add("Sylvie").await.unwrap();
        assert!(matches!(add("sylvie").await, Err(AccountRefusal::LoginTaken(_))));
        assert!(matches!(add("sylvie durand").await, Err(AccountRefusal::BadLogin(_))));
        assert_eq!(office::account(&school, " SYLVIE").await.unwrap().login, "sylvie");
    })
    .await;
}

/// Wrong ones that are not even looked at cost no patience: it is their waiting that the week is made of.
#[tokio::test]
async fn ten_thousand_guesses_of_a_week_are_few_looks_and_keep_nobody_out_where_they_were() {
    on_one(async |school| {
        account(&school, "sylvie").await;
        try_in(&school, "sylvie", PASSWORD, HERE).await.unwrap();
        let mut looked_at = 0;
        for _ in 0..10_000 {
            match try_in(&school, "sylvie", OTHER, FAR).await {
                Err(Why::Wrong) => looked_at += 1,
                Err(Why::Wait(_)) => school.clock.advance(Duration::from_mins(1)),
                Ok(_) => panic!("a wrong password was let in"),
            }
        }
        let an_hour_each = 7 * 24;
        assert!((100..an_hour_each + 20).contains(&looked_at), "{looked_at}");
        try_in(&school, "sylvie", PASSWORD, HERE).await.unwrap();
        assert!(matches!(try_in(&school, "sylvie", PASSWORD, FAR).await, Err(Why::Wait(_))));
    })
    .await;
}
