//! What an announcement costs is said before it leaves, and comes to what it is.

use chappe::channel::Channel;
use chappe::office::{self, Spending};
use chappe::settings::Price;

use super::people::{People, Way};
use super::scene::Scene;

const ALL_WAYS: &str = "[{ channels = [\"email\"], patience = \"1h\" }, { channels = [\"sms\"], \
                        patience = \"1h\" }, { channels = [\"letter\"] }]";
const PRICES: [(&str, &str); 3] =
    [("PRICES__SMS", "0.065"), ("PRICES__SHEET", "0.04"), ("PRICES__POST", "1,52")];

fn people() -> People {
    let mut people = People::none();
    people.family("Ines DURAND", &[Way::Email("ines@example.org"), Way::Mobile("06 39 98 00 11")]);
    people.family("Marc PETIT", &[Way::Mobile("06 39 98 00 12"), Way::Home("2 rue du Port")]);
    people.family("Lea MOREAU", &[Way::Home("3 rue du Port")]);
    people
}

#[tokio::test]
async fn what_the_first_ways_take_is_told_apart_from_what_all_of_them_would() {
    let scene = Scene::set_with(people(), ALL_WAYS, &PRICES).await;
    let outlook = scene.outlook().await;
    let cost = outlook.cost;
    // The text ends so: (2 SMS).
    let (_, size) = outlook.preview[&Channel::Sms].rsplit_once('(').unwrap();
    let each: u64 = size.trim_end_matches(" SMS)").parse().unwrap();
    let taken = |messages: u64, letters: u64| Spending {
        sms_segments: messages * each,
        letters,
        calls: 0,
        price: Some(Price::thousandths(messages * each * 65 + letters * 1_560)),
    };
    assert_eq!(cost.at_first, taken(1, 1), "a text message to one, a letter to another");
    assert_eq!(cost.at_most, taken(2, 2));
}

#[tokio::test]
async fn what_has_no_price_is_counted_all_the_same() {
    let scene = Scene::set(people(), ALL_WAYS).await;
    let cost = scene.outlook().await.cost;
    assert_eq!((cost.at_most.letters, cost.at_most.price), (2, None));
    let json = serde_json::to_value(office::Expense::default()).unwrap();
    assert_eq!(json["at_first"]["price"], serde_json::Value::Null);
}
