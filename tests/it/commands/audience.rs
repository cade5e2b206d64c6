//! `chappe audience`

use super::answers;
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

#[test]
fn the_unit_of_the_command_wins_over_that_of_the_audience() {
    let office = Office::with_school();
    let counts = |arguments: &[&str]| {
        let arguments = ["audience"].into_iter().chain(arguments.iter().copied()).chain(["--json"]);
        let answer = office.run(arguments).json();
        (answer["total"].as_u64().unwrap(), answer["households"].as_u64())
    };
    let (guardians, none) = counts(&["familles"]);
    let (persons, households) = counts(&["foyers"]);
    let (copies, _) = counts(&["familles par élève"]);
    assert_eq!((none, persons), (None, guardians));
    assert!(households < Some(guardians) && guardians < copies, "{households:?} {copies}");
    assert_eq!(counts(&["familles", "--per", "household"]), (guardians, households));
    assert_eq!(counts(&["foyers", "--per", "guardian"]), (guardians, None));
    assert_eq!(counts(&["familles par foyer", "--per", "pupil"]), (copies, None));
    let wrong = office.run(["audience", "familles", "--per", "family"]);
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.err.contains("guardian, household, pupil"), "{}", wrong.err);
}

#[test]
fn the_answer_keeps_its_form() {
    let office = Office::with_school();
    let answer = office.run(["audience", "familles classe:6A", "--json", "--limit", "2"]).json();
    answers::holds("audience", &answer);
}
