//! A telephone's codes beside the password, and codes on paper in their place.

use chappe::accounts::TotpSecret;

use super::*;

const STEP: Duration = Duration::from_secs(30);

/// Asks for a second factor; what the telephone holds, and the codes on paper.
async fn enrol(school: &School, account: &Account, token: &Token) -> (TotpSecret, Vec<String>) {
    let begun =
        office::begin_second_factor(school, account, secret(PASSWORD), &from(HERE)).await.unwrap();
    let telephone = TotpSecret::from_base_32(&begun.secret).unwrap();
    assert!(begun.uri.contains(&begun.secret));
    let code = shown(school, &telephone);
    let confirm = |code: String| async move {
        office::confirm_second_factor(school, account, token.expose(), &code).await
    };
    let wrong = confirm("000000".to_owned()).await;
    assert!(matches!(wrong, Err(AccountRefusal::WrongCode)));
    let on_paper = confirm(code).await.unwrap();
    (telephone, on_paper.iter().map(OneTimeCode::expose).collect())
}

fn shown(school: &School, telephone: &TotpSecret) -> String {
    telephone.code_at(school.clock.now()).unwrap()
}

async fn half_way(school: &School) -> Token {
    match office::sign_in(school, "sylvie", secret(PASSWORD), &from(HERE)).await.unwrap() {
        SignedIn::NeedsCode(token) => token,
        SignedIn::Whole(_) => panic!("no code was asked for"),
    }
}

async fn confirm(school: &School, half: &Token, code: &str) -> Result<Token, SignInRefusal> {
    office::confirm_code(school, half.expose(), code, &from(HERE)).await
}

#[tokio::test]
async fn a_code_goes_once_and_whoever_is_half_way_may_do_nothing() {
    on_both(async |school| {
        let sylvie = account(&school, "sylvie").await;
        let first = try_in(&school, "sylvie", PASSWORD, HERE).await.unwrap();
        let other = try_in(&school, "sylvie", PASSWORD, FAR).await.unwrap();
        let (telephone, _) = enrol(&school, &sylvie, &first).await;
        assert!(stands(&school, &first).await && !stands(&school, &other).await);
        let half = half_way(&school).await;
        assert!(!stands(&school, &half).await);
        // The code that confirmed it does not sign in as well.
        let used = confirm(&school, &half, &shown(&school, &telephone)).await;
        assert!(matches!(used, Err(SignInRefusal::Wrong)), "{used:?}");
        school.clock.advance(STEP);
        let code = shown(&school, &telephone);
        let token = confirm(&school, &half, &code).await.unwrap();
        assert!(stands(&school, &token).await && token != half);
        assert!(!stands(&school, &half).await, "a token from before is worth nothing");
        let again = confirm(&school, &half, &code).await;
        assert!(matches!(again, Err(SignInRefusal::TooLate)));
        let half = half_way(&school).await;
        assert!(matches!(confirm(&school, &half, &code).await, Err(SignInRefusal::Wrong)));
    })
    .await;
}

#[tokio::test]
async fn one_code_typed_twice_at_once_signs_in_once() {
    on_both(async |school| {
        let sylvie = account(&school, "sylvie").await;
        let first = try_in(&school, "sylvie", PASSWORD, HERE).await.unwrap();
        let (telephone, _) = enrol(&school, &sylvie, &first).await;
        school.clock.advance(STEP);
        let (one, two) = (half_way(&school).await, half_way(&school).await);
        let code = shown(&school, &telephone);
        let both = [confirm(&school, &one, &code), confirm(&school, &two, &code)];
        let signed_in = futures_util::future::join_all(both).await;
        assert_eq!(signed_in.iter().filter(|it| it.is_ok()).count(), 1, "{signed_in:?}");
    })
    .await;
}

#[tokio::test]
async fn whoever_has_the_password_guesses_no_code() {
    on_one(async |school| {
        let sylvie = account(&school, "sylvie").await;
        let first = try_in(&school, "sylvie", PASSWORD, HERE).await.unwrap();
        enrol(&school, &sylvie, &first).await;
        let half = half_way(&school).await;
        let mut looked_at = 0;
        for code in 0..1_000 {
            let answer = confirm(&school, &half, &format!("{code:06}")).await;
            looked_at += usize::from(matches!(answer, Err(SignInRefusal::Wrong)));
        }
        assert_eq!(looked_at, 4, "the password was the first guess of five");
        school.clock.advance(Duration::from_mins(10));
        let late = confirm(&school, &half, "000000").await;
        assert!(matches!(late, Err(SignInRefusal::TooLate)));
    })
    .await;
}

#[tokio::test]
async fn each_code_on_paper_goes_once_and_none_after_the_factor_is_gone() {
    on_both(async |school| {
        let sylvie = account(&school, "sylvie").await;
        let first = try_in(&school, "sylvie", PASSWORD, HERE).await.unwrap();
        let (_, on_paper) = enrol(&school, &sylvie, &first).await;
        assert_eq!(on_paper.len(), 10);
        let half = half_way(&school).await;
        confirm(&school, &half, &on_paper[3].to_lowercase()).await.unwrap();
        assert_eq!(office::recovery_codes_left(&school, sylvie.id).await.unwrap(), 9);
        let half = half_way(&school).await;
        let again = confirm(&school, &half, &on_paper[3]).await;
        assert!(matches!(again, Err(SignInRefusal::Wrong)));
        let remove = async |password: &str| {
            office::remove_second_factor(&school, &sylvie, secret(password), &from(HERE)).await
        };
        assert!(matches!(remove(OTHER).await, Err(AccountRefusal::WrongPassword)));
        remove(PASSWORD).await.unwrap();
        try_in(&school, "sylvie", PASSWORD, HERE).await.unwrap();
        let late = confirm(&school, &half, &on_paper[4]).await;
        assert!(late.is_err(), "{late:?}");
    })
    .await;
}

#[tokio::test]
async fn who_lost_everything_is_helped_by_somebody_else() {
    on_one(async |school| {
        let sylvie = account(&school, "sylvie").await;
        let first = try_in(&school, "sylvie", PASSWORD, HERE).await.unwrap();
        enrol(&school, &sylvie, &first).await;
        let by_herself = office::drop_second_factor(&school, sylvie.actor(), sylvie.id).await;
        assert!(matches!(by_herself, Err(AccountRefusal::OwnAccount)));
        // A new password alone lets nobody past the second factor.
        let code = office::reset_code(&school, here(), sylvie.id).await.unwrap();
        office::claim_password(&school, &code.expose(), secret(PASSWORD)).await.unwrap();
        half_way(&school).await;
        office::drop_second_factor(&school, here(), sylvie.id).await.unwrap();
        try_in(&school, "sylvie", PASSWORD, HERE).await.unwrap();
        let last = acts(&school).await.into_iter().map(|(_, act)| act);
        assert!(last.collect::<Vec<_>>().contains(&Act::RemoveSecondFactor));
    })
    .await;
}
