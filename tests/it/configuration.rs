//! The configuration: what ships is valid, and what is wrong is named with its line.

use chappe::channel::Channel;
use chappe::config::{self, Config, Span};

const SMALLEST: &str = "[school]\nuai = \"0319999Z\"\nname = \"Collège Claude-Chappe\"\n";

fn read(text: &str) -> Result<Config, config::ConfigError> {
    Config::read("chappe.toml", text, [])
}

fn refusal(text: &str) -> String {
    read(text).expect_err("must be refused").to_string()
}

#[test]
fn the_shipped_file_says_the_defaults() {
    let shipped = read(config::SHIPPED).unwrap();
    let smallest = read(SMALLEST).unwrap();
    assert_eq!(shipped.store, smallest.store);
    assert_eq!(shipped.http, smallest.http);
    assert_eq!(shipped.dispatch, smallest.dispatch);
    assert_eq!(shipped.breaker, smallest.breaker);
    assert_eq!(shipped.letters, smallest.letters);
    assert_eq!(shipped.templates, smallest.templates);
}

#[test]
fn the_shipped_plans_climb_from_the_ent_to_the_letter() {
    let plan = read(config::SHIPPED).unwrap().plan("famille").unwrap();
    let expected = [Channel::Ent, Channel::Email, Channel::Sms, Channel::Letter];
    assert_eq!(plan.channels(), expected);
}

#[test]
fn a_misspelt_key_is_named_with_its_line_and_what_is_allowed() {
    let refusal = refusal(&format!("{SMALLEST}\n[http]\nlisten_on = \"127.0.0.1:80\"\n"));
    assert!(refusal.contains("chappe.toml"), "{refusal}");
    assert!(refusal.contains("line 6"), "{refusal}");
    assert!(refusal.contains("listen_on") && refusal.contains("`listen`"), "{refusal}");
}

#[test]
fn a_misspelt_key_of_a_provider_is_named_with_its_line() {
    let refusal = refusal(&format!(
        "{SMALLEST}\n[providers.relay.smtp]\nhots = \"smtp.example.org\"\nfrom = \"a@example.org\"\n"
    ));
    assert!(refusal.contains("line 6") && refusal.contains("hots"), "{refusal}");
    assert!(refusal.contains("`host`"), "{refusal}");
}

#[test]
fn a_span_of_time_that_is_none_is_explained() {
    let refusal = refusal(&format!("{SMALLEST}\n[dispatch]\nlease = \"soon\"\n"));
    assert!(refusal.contains("line 6") && refusal.contains("30s"), "{refusal}");
}

#[test]
fn a_uai_that_is_none_is_explained() {
    let refusal = refusal("[school]\nuai = \"12\"\nname = \"x\"\n");
    assert!(refusal.contains("line 2") && refusal.contains("0310053P"), "{refusal}");
}

#[test]
fn a_zone_that_does_not_exist_is_explained() {
    let refusal = refusal(&format!("{SMALLEST}zone = \"Europe/Pariss\"\n"));
    assert!(refusal.contains("school.zone") && refusal.contains("Europe/Paris"), "{refusal}");
}

#[test]
fn two_providers_of_one_channel_are_refused_by_name() {
    let one = "\n[providers.a.folder]\nchannel = \"sms\"\npath = \"a\"\n";
    let other = "\n[providers.b.folder]\nchannel = \"sms\"\npath = \"b\"\n";
    let refusal = refusal(&format!("{SMALLEST}{one}{other}"));
    assert!(refusal.contains("a, b") && refusal.contains("sms"), "{refusal}");
}

#[test]
fn an_unknown_plan_names_those_that_there_are() {
    let refusal = read(config::SHIPPED).unwrap().plan("famile").unwrap_err();
    assert!(refusal.contains("famille") && refusal.contains("papier"), "{refusal}");
}

#[test]
fn the_environment_is_laid_over_the_file() {
    let environment = [
        ("CHAPPE__HTTP__LISTEN".to_owned(), "127.0.0.1:9".to_owned()),
        ("CHAPPE__DISPATCH__LEASE".to_owned(), "5s".to_owned()),
        ("CHAPPE__BREAKER__FAILURES".to_owned(), "7".to_owned()),
        ("PATH".to_owned(), "ignored".to_owned()),
    ];
    let config = Config::read("chappe.toml", SMALLEST, environment).unwrap();
    assert_eq!(config.http.listen.port(), 9);
    assert_eq!(config.dispatch.lease, Span::secs(5));
    assert_eq!(config.breaker.failures, 7);
}

#[test]
fn a_variable_that_fits_nothing_is_named() {
    let environment = [("CHAPPE__HTTP__PORT".to_owned(), "80".to_owned())];
    let refusal = Config::read("chappe.toml", SMALLEST, environment).unwrap_err().to_string();
    assert!(refusal.contains("CHAPPE__HTTP__PORT") && refusal.contains("`listen`"), "{refusal}");
}

#[test]
fn a_secret_in_the_file_is_refused() {
    let relay = "\n[providers.relay.smtp]\nhost = \"h\"\nfrom = \"a@example.org\"\n";
    let refusal = refusal(&format!("{SMALLEST}{relay}password = \"hunter2\"\n"));
    assert!(refusal.contains("password") || refusal.contains("line 8"), "{refusal}");
}

#[test]
fn a_secret_in_the_place_of_its_place_is_refused_and_not_repeated() {
    let section = "[providers.ent.edifice]\nurl = \"https://ent.example.org\"\nclient_id = \"c\"\n\
                   grant = { kind = \"client_credentials\" }\n";
    for secret in
        ["\"s3cr3t\"", "[\"s3cr3t\"]", "{ file = \"a\", env = \"s3cr3t\" }", "{ s3cr3t = 1 }"]
    {
        let said = refusal(&format!("{SMALLEST}\n{section}client_secret = {secret}\n"));
        assert!(!said.contains("s3cr3t"), "{said}");
        assert!(said.contains("line 9, client_secret") && said.contains("file"), "{said}");
    }
    let missing = refusal(&format!("{SMALLEST}\n{section}"));
    assert!(missing.contains("missing field `client_secret`"), "{missing}");
    let variable = "CHAPPE__PROVIDERS__ENT__EDIFICE__CLIENT_SECRET".to_owned();
    let text = format!("{SMALLEST}\n{section}client_secret = {{ env = \"A\" }}\n");
    let refused = Config::read("chappe.toml", &text, [(variable, "s3cr3t".to_owned())]);
    let said = refused.expect_err("must be refused").to_string();
    assert!(!said.contains("s3cr3t") && said.contains("CLIENT_SECRET"), "{said}");
}

#[test]
fn a_line_that_is_no_toml_is_named_and_not_repeated() {
    let said = refusal(&format!("{SMALLEST}\npassword = s3cr3t\n"));
    assert!(!said.contains("s3cr3t") && said.contains("line 5"), "{said}");
}
