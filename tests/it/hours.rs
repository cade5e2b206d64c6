//! Quiet hours, by the clock on the wall: also in the nights when it jumps.

use chappe::channel::Channel;
use chappe::clock::Moment;
use chappe::config::Config;
use chappe::delivery::Hours;
use jiff::tz::TimeZone;

fn settings(hours: &str) -> Result<Config, String> {
    let school = "[school]\nuai = \"0319999Z\"\nname = \"Collège Claude-Chappe\"\n";
    let read = Config::read("chappe.toml", &format!("{school}\n{hours}"), []);
    read.map_err(|refusal| refusal.to_string())
}

fn hours(settings_: &str) -> Hours {
    settings(settings_).unwrap().hours()
}

/// A moment of the universal clock: `2026-11-25 19:00`.
fn utc(text: &str) -> Moment {
    let wall = jiff::civil::DateTime::strptime("%Y-%m-%d %H:%M", text).unwrap();
    let instant = TimeZone::UTC.to_timestamp(wall).unwrap();
    Moment(instant.as_millisecond())
}

/// When a channel opens, by the clocks of Paris.
fn opening(hours: &Hours, channel: Channel, at: &str) -> String {
    hours.shown(hours.opening(channel, utc(at)))
}

#[test]
fn the_ministrys_hours_hold_for_ent_and_sms_unless_the_school_says_otherwise() {
    let hours = hours("");
    for channel in [Channel::Ent, Channel::Sms] {
        // A Wednesday: 19:59, 20:00, and 6:59 of the next day, in Paris.
        assert_eq!(opening(&hours, channel, "2026-11-25 18:59"), "2026-11-25 19:59");
        assert_eq!(opening(&hours, channel, "2026-11-25 19:00"), "2026-11-26 07:00");
        assert_eq!(opening(&hours, channel, "2026-11-26 05:59"), "2026-11-26 07:00");
        // Friday evening, Saturday noon, Sunday night: Monday morning.
        for at in ["2026-11-27 19:00", "2026-11-28 11:00", "2026-11-30 05:59"] {
            assert_eq!(opening(&hours, channel, at), "2026-11-30 07:00", "{at}");
        }
    }
    for channel in [Channel::Email, Channel::Letter, Channel::Phone] {
        assert_eq!(opening(&hours, channel, "2026-11-28 22:00"), "2026-11-28 23:00");
    }
}

#[test]
fn the_shipped_hours_are_those_by_default() {
    let shipped = Config::read("chappe.toml", chappe::config::SHIPPED, []).unwrap().hours();
    let by_default = hours("");
    for channel in Channel::ALL {
        assert_eq!(shipped.of(channel), by_default.of(channel), "{channel}");
    }
}

#[test]
fn a_channel_without_quiet_hours_is_open_at_any_time() {
    let hours = hours("[hours.ent]\nquiet = []\n");
    assert_eq!(opening(&hours, Channel::Ent, "2026-11-28 22:00"), "2026-11-28 23:00");
    assert_eq!(opening(&hours, Channel::Sms, "2026-11-28 22:00"), "2026-11-30 07:00");
}

#[test]
fn days_off_last_until_the_quiet_hours_after_them_end() {
    let hours = hours("[hours.sms]\ndays_off = [\"2026-12-19/2027-01-03\", \"2026-12-01\"]\n");
    assert_eq!(opening(&hours, Channel::Sms, "2026-12-25 11:00"), "2027-01-04 07:00");
    assert_eq!(opening(&hours, Channel::Sms, "2026-12-01 11:00"), "2026-12-02 07:00");
    assert_eq!(opening(&hours, Channel::Ent, "2026-12-01 11:00"), "2026-12-01 12:00");
}

#[test]
fn the_night_in_which_an_hour_comes_twice_ends_at_seven_on_the_wall() {
    let hours =
        hours("[hours.ent]\nquiet = [\"20:00-07:00\"]\n[hours.email]\nquiet = [\"00:00-02:30\"]\n");
    // 2026-10-25: at 3:00 in Paris (1:00 UTC) it is 2:00 again.
    let opens = hours.opening(Channel::Ent, utc("2026-10-24 20:00"));
    assert_eq!(opens, utc("2026-10-25 06:00"));
    // The first 2:30 ends the quiet, and the second 2:15 is quiet again, until the second 2:30.
    assert_eq!(hours.opening(Channel::Email, utc("2026-10-25 00:15")), utc("2026-10-25 00:30"));
    assert_eq!(hours.opening(Channel::Email, utc("2026-10-25 00:45")), utc("2026-10-25 00:45"));
    assert_eq!(hours.opening(Channel::Email, utc("2026-10-25 01:15")), utc("2026-10-25 01:30"));
}

#[test]
fn the_night_in_which_an_hour_is_missing_ends_at_seven_on_the_wall() {
    let hours =
        hours("[hours.ent]\nquiet = [\"20:00-07:00\"]\n[hours.email]\nquiet = [\"00:00-02:30\"]\n");
    // 2027-03-28: at 2:00 in Paris (1:00 UTC) it is 3:00.
    let opens = hours.opening(Channel::Ent, utc("2027-03-27 20:00"));
    assert_eq!(opens, utc("2027-03-28 05:00"));
    // 2:30 never comes: the jump ends the quiet.
    assert_eq!(hours.opening(Channel::Email, utc("2027-03-28 00:15")), utc("2027-03-28 01:00"));
    assert_eq!(hours.opening(Channel::Email, utc("2027-03-28 01:00")), utc("2027-03-28 01:00"));
}

#[test]
fn an_opening_is_never_before_the_moment_and_is_open_itself() {
    let hours = hours(
        "[hours.ent]\nquiet = [\"20:00-07:00\", \"12:00-13:30\", \"fri 20:00-mon 07:00\", \"00:00-02:30\"]\n",
    );
    // Every seven minutes of a year with both nights.
    let mut at = utc("2026-09-01 00:00");
    while at < utc("2027-09-01 00:00") {
        let opens = hours.opening(Channel::Ent, at);
        assert!(opens >= at);
        assert_eq!(hours.opening(Channel::Ent, opens), opens, "{}", hours.shown(at));
        at = Moment(at.0 + 7 * 60_000);
    }
}

#[test]
fn hours_that_are_none_are_refused_with_what_may_be_written() {
    for (wrong, told) in [
        ("[hours.ent]\nquiet = [\"20h-7h\"]\n", "20:00-07:00"),
        ("[hours.ent]\nquiet = [\"fri 20:00-07:00\"]\n", "fri 20:00-mon 07:00"),
        ("[hours.ent]\nquiet = [\"07:00-07:00\"]\n", "no span of hours"),
        ("[hours.ent]\nquiet = [\"00:00-12:00\", \"12:00-00:00\"]\n", "never be open"),
        ("[hours.ent]\ndays_off = [\"2026-12-31/2026-12-01\"]\n", "no day off"),
        ("[hours.ent]\ndays_off = [\"2026-01-01/9999-12-31\"]\n", "a year at most"),
        ("[hours.letter]\nquiet = [\"20:00-07:00\"]\n", "people carry it"),
        ("[hours.fax]\nquiet = []\n", "fax"),
        ("[hours.ent]\nnights = []\n", "nights"),
    ] {
        let refusal = settings(wrong).unwrap_err();
        assert!(refusal.contains(told), "{wrong}: {refusal}");
    }
}
