//! `chappe audience`

use super::office::Office;

#[test]
fn an_audience_is_counted_by_first_channel_and_named() {
    let office = Office::with_school();
    let all = office.run(["audience", "familles", "--json", "--limit", "0"]).json();
    let total = all["total"].as_u64().unwrap();
    let ways = all["by_first_channel"].as_object().unwrap();
    assert_eq!(ways.values().map(|n| n.as_u64().unwrap()).sum::<u64>(), total);
    assert!(ways["none"].as_u64() > Some(0), "nobody is out of reach: {all}");
    let recipients = all["recipients"].as_array().unwrap();
    assert_eq!(recipients.len() as u64, total);
    for recipient in recipients {
        assert!(recipient["name"].is_string());
        assert!(!recipient["about"].as_array().unwrap().is_empty());
        assert!(recipient["channels"].is_array());
    }
    assert!(all["left_out"].is_array());
}

#[test]
fn filters_narrow_and_exclusions_take_away() {
    let office = Office::with_school();
    let total =
        |rule: &str| office.run(["audience", rule, "--json"]).json()["total"].as_u64().unwrap();
    let (all, sixth, rest) =
        (total("familles"), total("familles niveau:6e"), total("familles sauf classe:6A"));
    assert!(0 < sixth && sixth < all, "{sixth} of {all}");
    assert_eq!(total("familles classe:6a"), sixth);
    assert!(rest < all && rest + sixth >= all, "{rest} + {sixth} of {all}");
}

#[test]
fn lines_for_people_name_the_first_and_the_ways() {
    let office = Office::with_school();
    let told = office.run(["audience", "familles classe:6A", "--limit", "1"]).done();
    assert!(told.contains(" recipients."), "{told}");
    assert_eq!(told.lines().filter(|line| line.contains('[')).count(), 1, "{told}");
}
