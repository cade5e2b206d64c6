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

#[test]
fn the_unit_of_the_command_wins_over_that_of_the_audience() {
    let office = Office::with_school();
    let total = |arguments: &[&str]| {
        let arguments = ["audience"].into_iter().chain(arguments.iter().copied()).chain(["--json"]);
        office.run(arguments).json()["total"].as_u64().unwrap()
    };
    let guardians = total(&["familles"]);
    let households = total(&["foyers"]);
    let copies = total(&["familles par élève"]);
    assert!(households < guardians && guardians < copies, "{households} {guardians} {copies}");
    assert_eq!(total(&["familles", "--per", "household"]), households);
    assert_eq!(total(&["foyers", "--per", "guardian"]), guardians);
    assert_eq!(total(&["familles par foyer", "--per", "pupil"]), copies);
    let wrong = office.run(["audience", "familles", "--per", "family"]);
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.err.contains("guardian, household, pupil"), "{}", wrong.err);
}

#[test]
fn a_household_is_named_as_one() {
    let office = Office::with_school();
    let all = office.run(["audience", "foyers", "--json", "--limit", "0"]).json();
    let names = all["recipients"].as_array().unwrap().iter().filter_map(|it| it["name"].as_str());
    assert!(names.filter(|name| name.contains(" et ")).count() > 5, "{all}");
    let code = office.send_to("foyers classe:6A");
    let told = office.run(["audience", &format!("n'ayant pas reçu {code}"), "--json"]).json();
    let sixth = office.run(["audience", "foyers classe:6A", "--json"]).json();
    assert_eq!(told["total"], sixth["total"]);
    assert_eq!(told["recipients"], sixth["recipients"]);
}
