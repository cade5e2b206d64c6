//! The real program, killed (SIGKILL) again and again in the middle of its work.

use chappe::channel::Channel;
use chappe::demo::school::Size;

use crate::databases;
use crate::town::settings::until;
use crate::town::{Town, representatives};

/// How often the daemon is killed; `CHAPPE_KILL_ROUNDS` asks for more, `cargo bench --bench kill`
/// for the full size.
const KILLS: usize = 5;
/// So few go together that many calls can be cut off.
const TOGETHER: (&str, &str) = ("PROVIDERS__ENT__EDIFICE__MOST_TOGETHER", "10");
/// Hand-overs of the whole message, roughly: kills are spread over them.
const HAND_OVERS: usize = 900;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_daemon_that_is_killed_again_and_again_forgets_nobody_and_sends_nothing_twice() {
    let kills = std::env::var("CHAPPE_KILL_ROUNDS").ok().and_then(|it| it.parse().ok());
    let kills = kills.unwrap_or(KILLS);
    let database = databases::setting();
    let database = database.iter().map(|url| ("STORE__DATABASE", url.as_str()));
    let settings: Vec<_> = database.chain([TOGETHER]).collect();
    let town = Town::set(Size { pupils: 380, classes: 12 }, &settings).await;
    let message = town.launch().await;
    let mut rng = fastrand::Rng::with_seed(1_871);
    town.cut_the_power_in_an_attempt(async || town.taken() > 0).await;
    for _ in 1..kills {
        town.cut_the_power(&message, &mut rng, 2 * HAND_OVERS / (kills + 1)).await;
    }
    let mut last = town.daemon();
    until(async || town.is_at_rest(&message).await).await;
    last.start_kill().unwrap();
    last.wait().await.unwrap();

    let status = town.status(&message).await;
    assert_eq!(status.addressees.total, representatives(&town.school), "{status:#?}");
    assert!(status.addressees.reached > 500, "{status:#?}");
    // A service that can be asked was asked; what an ENT has nobody may ever open there.
    let in_the_ent = status.channels[&Channel::Ent].uncertain;
    assert!(status.addressees.uncertain <= in_the_ent, "{status:#?}");
    let verdict = town.judge().await;
    assert!(verdict.uncertain > 0, "no kill hit an attempt");
    assert!(verdict.together > 0 && verdict.together < verdict.handed_over, "{verdict:?}");
    assert!(verdict.wrong.is_empty(), "{:#?}", verdict.wrong);
    town.assert_nothing_leaked();
}
