//! The configuration file with other values: what changes is the key that was meant, whatever is written into it,
//! and everything else stays to the byte.

use std::time::Duration;

use chappe::channel::Channel;
use chappe::config::{self, Config, NewValue, Setting, StandIn, rewritten};
use chappe::delivery::{DAY, QuietSpan, WEEK};
use chappe::message::{Proof, Rung};
use chappe::settings::Price;
use jiff::civil::date;
use proptest::prelude::*;

const SMALLEST: &str = "[school]\nuai = \"0319999Z\"\nname = \"Collège Claude-Chappe\"\n";

fn text(key: &str, text: &str) -> Setting {
    Setting::new(key.split('.'), NewValue::Text(text.to_owned()))
}

fn changed(file: &str, setting: Setting) -> String {
    rewritten(file, &[setting]).unwrap()
}

fn read(text: &str) -> Config {
    Config::read("chappe.toml", text, []).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The lines that one text has and the other has not.
fn lines_apart<'t>(before: &'t str, after: &'t str) -> (Vec<&'t str>, Vec<&'t str>) {
    let only = |one: &'t str, other: &str| {
        one.lines().filter(|line| !other.lines().any(|it| it == *line)).collect()
    };
    (only(before, after), only(after, before))
}

#[test]
fn a_file_of_which_nothing_changes_is_the_same_to_the_byte() {
    let odd = "\u{feff}# one\n\n  [school] # two\n uai=\"0319999Z\"\n\tname =   'x'   # three\n\
               [http]\nlisten=\"127.0.0.1:1\"\n\n\n# the end";
    for file in [config::SHIPPED, SMALLEST, odd, &config::SHIPPED.replace('\n', "\r\n")] {
        assert_eq!(rewritten(file, &[]).as_deref(), Some(file));
    }
}

#[test]
fn one_line_changes_with_its_key_and_keeps_its_comment() {
    let after = changed(config::SHIPPED, text("school.town", "Sète"));
    let (gone, new) = lines_apart(config::SHIPPED, &after);
    assert_eq!((gone.len(), new.len()), (1, 1), "{gone:?} {new:?}");
    assert!(
        new[0].starts_with("town = \"Sète\"") && new[0].ends_with("# letters are dated from there")
    );
    assert_eq!(read(&after).school.town, "Sète");
    let windows = config::SHIPPED.replace('\n', "\r\n");
    let after = changed(&windows, text("school.town", "Sète"));
    assert_eq!(lines_apart(&windows, &after).0.len(), 1, "its lines end as they did");
    assert!(!after.replace("\r\n", "").contains('\n'));
}

#[test]
fn what_the_file_does_not_say_yet_is_added_where_it_belongs() {
    let quiet = NewValue::QuietSpans(vec![
        QuietSpan { period: DAY, start: 19 * 60, end: 8 * 60 },
        QuietSpan { period: WEEK, start: 4 * DAY + 18 * 60, end: 7 * 60 + 30 },
    ]);
    let after = changed(SMALLEST, Setting::new(["hours", "email", "quiet"], quiet));
    let expected = "\n[hours.email]\nquiet = [\"19:00-08:00\", \"fri 18:00-mon 07:30\"]\n";
    assert_eq!(after, format!("{SMALLEST}{expected}"));
    let days =
        vec![(date(2026, 12, 25), date(2026, 12, 25)), (date(2026, 12, 19), date(2027, 1, 3))];
    let after =
        changed(&after, Setting::new(["hours", "email", "days_off"], NewValue::DaysOff(days)));
    assert!(after.ends_with("days_off = [\"2026-12-25\", \"2026-12-19/2027-01-03\"]\n"), "{after}");
    let hours = read(&after).hours();
    assert_eq!(hours.of(Channel::Email).unwrap().spans.len(), 2);
    let rung = |channels: &[Channel], enough| {
        Rung::new(channels.to_vec(), enough, Duration::from_mins(90))
    };
    let rungs = vec![
        rung(&[Channel::Ent, Channel::Email], Proof::Read),
        rung(&[Channel::Letter], Proof::Accepted),
    ];
    let after = changed(&after, Setting::new(["plans", "sortie"], NewValue::Rungs(rungs)));
    let plan = "\n[[plans.sortie]]\nchannels = [\"ent\", \"email\"]\nenough = \"read\"\npatience = \"90min\"\n\
                \n[[plans.sortie]]\nchannels = [\"letter\"]\n";
    assert!(after.ends_with(plan), "{after}");
    assert_eq!(read(&after).plan("sortie").unwrap().rungs().len(), 2);
}

#[test]
fn a_plan_changes_rung_by_rung_and_the_others_stay_where_they_are() {
    let plan = read(config::SHIPPED).plan("famille").unwrap();
    let mut rungs = plan.rungs().to_vec();
    rungs[2] = Rung::new(vec![Channel::Sms], Proof::Delivered, Duration::from_hours(4));
    let set = |rungs: Vec<Rung>| {
        changed(config::SHIPPED, Setting::new(["plans", "famille"], NewValue::Rungs(rungs)))
    };
    let after = set(rungs.clone());
    assert_eq!(after.lines().count(), config::SHIPPED.lines().count());
    assert_eq!(read(&after).plan("famille").unwrap().rungs(), rungs);
    let differing = config::SHIPPED.lines().zip(after.lines()).filter(|(one, other)| one != other);
    assert_eq!(differing.collect::<Vec<_>>(), [("patience = \"2h\"", "patience = \"4h\"")]);
    rungs.rotate_left(1);
    rungs.truncate(2);
    rungs.push(Rung::new(vec![Channel::Phone], Proof::Acknowledged, Duration::from_hours(1)));
    let after = set(rungs.clone());
    let again = read(&after);
    let shown = |rungs: &[Rung]| {
        rungs.iter().map(|it| (it.channels.clone(), it.enough)).collect::<Vec<_>>()
    };
    assert_eq!(shown(again.plan("famille").unwrap().rungs()), shown(&rungs));
    assert_eq!(again.plan_names().count(), read(config::SHIPPED).plan_names().count());
    assert!(after.contains("# A table a rung."), "what explains it stays");
    let before = read(config::SHIPPED);
    for name in ["urgence", "papier", "sans-ecran", "appel"] {
        assert_eq!(again.plan(name), before.plan(name));
    }
    let gone = changed(config::SHIPPED, Setting::new(["plans", "urgence"], NewValue::Gone));
    assert!(!gone.contains("[[plans.urgence]]") && gone.contains("[[plans.papier]]"));
}

#[test]
fn inline_tables_stay_inline() {
    let file = format!("{SMALLEST}[plans]\nx = [{{ channels = [\"sms\"] }}] # by hand\n[waves]\n");
    let rung = Rung::new(vec![Channel::Letter], Proof::Accepted, Duration::from_hours(1));
    let after = changed(&file, Setting::new(["plans", "x"], NewValue::Rungs(vec![rung])));
    assert!(after.contains("x = [{ channels = [\"letter\"] }] # by hand\n"), "{after}");
    let chain = vec![
        StandIn { login: "camille".to_owned(), from: None, until: Some(date(2026, 12, 18)) },
        StandIn { login: "ines".to_owned(), from: None, until: None },
    ];
    let after = changed(
        config::SHIPPED,
        Setting::new(["approval", "chain"], NewValue::Chain(chain.clone())),
    );
    assert_eq!(read(&after).approval.chain, chain);
    assert!(after.contains("{ login = \"camille\", until = \"2026-12-18\" }"), "{after}");
}

#[test]
fn a_limit_joins_its_pace_and_a_price_goes_as_it_came() {
    let set = |key: &str, value| Setting::new(key.split('.'), value);
    let limit = set("providers.relay.smtp.pace.per_minute", NewValue::Number(60));
    let after = changed(config::SHIPPED, limit);
    assert_eq!(
        lines_apart(config::SHIPPED, &after),
        (vec!["pace = { at_once = 8 }"], vec!["pace = { at_once = 8, per_minute = 60 }"])
    );
    let price = NewValue::Price(Price::read("0,065").unwrap());
    let after = changed(config::SHIPPED, set("prices.sms", price));
    assert_eq!(lines_apart(config::SHIPPED, &after), (vec![], vec!["sms = \"0.065\""]));
    assert_eq!(read(&after).prices.sms, Price::read("0.065"));
    assert_eq!(changed(&after, set("prices.sms", NewValue::Gone)), config::SHIPPED);
}

#[test]
fn what_is_no_toml_or_no_table_is_left_alone() {
    assert_eq!(rewritten("[school\n", &[text("school.name", "x")]), None);
    assert_eq!(rewritten("school = 3\n", &[text("school.name", "x")]), None);
}

/// What somebody may type who wants more than a name.
const HOSTILE: [&str; 9] = [
    "\"\nuai = \"0310001A\"",
    "x\"\n[web]\nurl = \"https://evil.example.org\"\n#",
    "'''\n[http]\nlisten = \"0.0.0.0:80\"\n'''",
    "\"\"\"",
    "\\",
    "\\\"",
    "# no comment",
    "\u{0}\u{1}\u{7f}\u{85}\u{2028}\r\n\t",
    "{ env = \"CHAPPE_OVH_SECRET\" }",
];

#[test]
fn no_value_breaks_out_of_its_key() {
    for hostile in HOSTILE.iter().map(|it| (*it).to_owned()).chain(["é\"\n".repeat(250_000)]) {
        let after = changed(config::SHIPPED, text("school.name", &hostile));
        let (mut now, was) = (read(&after), read(config::SHIPPED));
        assert_eq!(now.school.name, hostile);
        now.school.name.clone_from(&was.school.name);
        assert_eq!(now, was);
    }
}

proptest! {
    #[test]
    fn whatever_is_typed_is_what_is_read_and_nothing_else_changes(name in any::<String>(), lines in prop::collection::vec(any::<String>(), 0..4)) {
        let address = Setting::new(["school", "address"], NewValue::Texts(lines.clone()));
        let after = rewritten(config::SHIPPED, &[text("school.name", &name), address]).unwrap();
        let (mut now, was) = (read(&after), read(config::SHIPPED));
        prop_assert_eq!(&now.school.name, &name);
        prop_assert_eq!(&now.school.address, &lines);
        now.school = was.school.clone();
        prop_assert_eq!(now, was);
    }
}
