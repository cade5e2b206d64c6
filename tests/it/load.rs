//! The week and the time of the digest, by the clocks of the school.

use chappe::clock::Moment;
use chappe::config::Config;
use chappe::delivery::{Hours, Load};
use jiff::tz::TimeZone;

fn settings(load: &str) -> Result<Config, String> {
    let school = "[school]\nuai = \"0319999Z\"\nname = \"Collège Claude-Chappe\"\n";
    let read = Config::read("chappe.toml", &format!("{school}\n{load}"), []);
    read.map_err(|refusal| refusal.to_string())
}

/// A moment of the universal clock: `2026-11-25 19:00`.
fn utc(text: &str) -> Moment {
    let wall = jiff::civil::DateTime::strptime("%Y-%m-%d %H:%M", text).unwrap();
    Moment(TimeZone::UTC.to_timestamp(wall).unwrap().as_millisecond())
}

fn hours() -> Hours {
    settings("").unwrap().hours()
}

#[test]
fn a_week_begins_on_monday_at_midnight_on_the_wall_also_when_the_clocks_change() {
    let hours = hours();
    let week = |at: &str| Load::week_of(&hours, utc(at)).unwrap();
    // Paris is an hour ahead in winter, two in summer; they change on the Sundays 2026-10-25 and
    // 2027-03-28.
    for (sunday, monday, began, begins) in [
        ("2026-11-29 22:59", "2026-11-29 23:00", "2026-11-22 23:00", "2026-11-29 23:00"),
        ("2026-10-25 22:59", "2026-10-25 23:00", "2026-10-18 22:00", "2026-10-25 23:00"),
        ("2027-03-28 21:59", "2027-03-28 22:00", "2027-03-21 23:00", "2027-03-28 22:00"),
    ] {
        assert_eq!(week(sunday), utc(began));
        assert_eq!(week(monday), utc(begins));
    }
}

#[test]
fn the_digest_is_the_next_one_by_the_clock_on_the_wall() {
    let hours = hours();
    let load = settings("[load]\nper_week = 5\n").unwrap().timing().load;
    assert_eq!(load.per_week, 5);
    let next = |at: &str| load.next_digest(&hours, utc(at)).unwrap();
    assert_eq!(next("2026-11-23 08:00"), utc("2026-11-27 16:00"));
    assert_eq!(next("2026-11-27 15:59"), utc("2026-11-27 16:00"));
    assert_eq!(next("2026-11-27 16:00"), utc("2026-12-04 16:00"));
    // Over the nights in which the clocks change.
    assert_eq!(next("2026-10-23 16:00"), utc("2026-10-30 16:00"));
    assert_eq!(next("2027-03-26 16:00"), utc("2027-04-02 15:00"));
}

#[test]
fn there_is_no_cap_unless_the_school_sets_one() {
    for text in ["", "[load]\n"] {
        assert_eq!(settings(text).unwrap().timing().load.per_week, 0);
    }
    let shipped = Config::read("chappe.toml", chappe::config::SHIPPED, []).unwrap();
    assert_eq!(shipped.timing().load, settings("").unwrap().timing().load);
}

#[test]
fn a_cap_that_is_none_is_refused_with_its_line_and_what_may_be_written() {
    for (wrong, told) in [
        ("[load]\ndigest = \"vendredi 17:00\"\n", "fri 17:00"),
        ("[load]\ndigest = \"17:00\"\n", "fri 17:00"),
        ("[load]\ndigest = \"fri 25:00\"\n", "no time of the week"),
        ("[load]\nper_week = -1\n", "per_week"),
        ("[load]\nper_day = 1\n", "per_week"),
    ] {
        let refusal = settings(wrong).unwrap_err();
        assert!(refusal.contains(told) && refusal.contains("line 6"), "{wrong}: {refusal}");
    }
}
