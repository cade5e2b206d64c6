//! What an announcement costs is said before it leaves, and comes to what it is.

use chappe::channel::Channel;
use chappe::office::{self, LettersRequest, Spending};
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
    let [sms, letter] = ["0.065", "1.56"].map(|price| Price::read(price).unwrap());
    let taken = |messages: u64, letters: u64| Spending {
        sms_segments: messages * each,
        letters,
        sheets: letters,
        price: Some(sms.times(messages * each).and(letter.times(letters))),
        ..Spending::default()
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

#[tokio::test]
async fn the_sheets_of_a_letter_are_those_that_are_printed() {
    let text = "Le collège ferme pour travaux, et chaque classe a ses horaires. ".repeat(120);
    for sides in ["two", "one"] {
        let settings = [PRICES[1], PRICES[2], ("LETTERS__SIDES", sides)];
        let scene = Scene::set_with(people(), "[{ channels = [\"letter\"] }]", &settings).await;
        let spent = scene.outlook_saying(&text).await.cost.at_first;
        assert!(spent.letters == 2 && spent.sheets > 2 && !spent.sheets_at_least, "{spent:?}");
        let [sheet, post] = ["0.04", "1.52"].map(|price| Price::read(price).unwrap());
        assert_eq!(spent.price, Some(sheet.times(spent.sheets).and(post.times(2))));
        let message = scene.launch_saying(&text).await;
        let request = LettersRequest { message: Some(message.id), ..LettersRequest::default() };
        let printed = office::print_letters(&scene.app, request, |_, _| {}).await.unwrap();
        assert_eq!(u64::try_from(printed[0].sheets).unwrap(), spent.sheets, "{sides}");
    }
}

#[tokio::test]
async fn those_who_share_an_address_share_a_letter_and_its_sheet() {
    let mut people = People::none();
    let both = [Way::Home("1 rue du Port")];
    let (ines, marc) =
        (people.guardian("Ines DURAND", &both), people.guardian("Marc DURAND", &both));
    people.pupil("Zoe DURAND", "6A", &[&ines, &marc]);
    let scene = Scene::set(people, "[{ channels = [\"letter\"] }]").await;
    let spent = scene.outlook().await.cost.at_most;
    assert_eq!((spent.letters, spent.sheets), (1, 1));
}

#[tokio::test]
async fn a_price_that_lacks_a_part_says_so() {
    let scene = Scene::set_with(people(), ALL_WAYS, &PRICES[1..]).await;
    let cost = scene.outlook().await.cost;
    assert!(cost.at_most.price.is_some() && cost.at_most.partly_priced, "{cost:?}");
    let scene = Scene::set_with(people(), ALL_WAYS, &PRICES).await;
    assert!(!scene.outlook().await.cost.at_most.partly_priced);
}
