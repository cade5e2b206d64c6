//! The configuration: what ships is valid, and what is wrong is named with its line.

use std::time::Duration;

use chappe::channel::Channel;
use chappe::config::{self, Config};
use chappe::message::{Plan, PlansBeside, Urgency};
use chappe::people::Connectivity;
use chappe::settings::Span;

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

/// The channels by which a household is reached for a message of this plan and urgency, rung by rung.
fn ways(config: &Config, home: Connectivity, plan: &str, urgency: Urgency) -> Vec<Vec<Channel>> {
    let plan = config.plan(plan).unwrap();
    let beside = config.plans_beside(&plan).of(&plan, urgency);
    let theirs = beside.get(&home).unwrap_or(&plan);
    theirs.rungs().iter().map(|rung| rung.channels.clone()).collect()
}

#[test]
fn what_is_urgent_calls_a_household_without_a_screen_before_it_writes() {
    use Channel::{Email, Letter, Phone, Sms};
    use Connectivity::{None, PhoneOnly, Smartphone};
    let shipped = read(config::SHIPPED).unwrap();
    let call_then_letter = vec![vec![Phone], vec![Letter]];
    for plan in ["urgence", "famille"] {
        assert_eq!(ways(&shipped, None, plan, Urgency::Urgent), call_then_letter, "{plan}");
    }
    let by_message_alone = vec![vec![Letter]];
    assert_eq!(ways(&shipped, None, "famille", Urgency::Bulk), by_message_alone);
    // Whoever takes a plan that ends in a call cannot wait for the post, whatever the template says.
    assert_eq!(ways(&shipped, None, "urgence", Urgency::Bulk), call_then_letter);
    assert_eq!(ways(&shipped, None, "papier", Urgency::Urgent), by_message_alone, "as was asked");
    let at_once = vec![vec![Email, Sms], vec![Phone]];
    assert_eq!(ways(&shipped, PhoneOnly, "urgence", Urgency::Urgent), at_once);
    assert_eq!(ways(&shipped, PhoneOnly, "famille", Urgency::Bulk), vec![vec![Sms], vec![Phone]]);
    assert_eq!(ways(&shipped, Smartphone, "urgence", Urgency::Urgent), at_once);
}

#[test]
fn a_household_whose_plan_stands_alone_is_called_before_it_for_what_is_urgent() {
    let old = config::SHIPPED.replace("{ plan = \"papier\", urgent = \"appel\" }", "\"papier\"");
    let old = read(&old).unwrap();
    let called = vec![vec![Channel::Phone], vec![Channel::Letter]];
    assert_eq!(ways(&old, Connectivity::None, "urgence", Urgency::Urgent), called);
    let written_to = vec![vec![Channel::Letter]];
    assert_eq!(ways(&old, Connectivity::None, "famille", Urgency::Bulk), written_to);
}

#[test]
fn plans_that_were_chosen_before_stay_as_they_are() {
    let shipped = read(config::SHIPPED).unwrap();
    let plan: Plan = shipped.plan("famille").unwrap();
    let chosen = shipped.plans_beside(&plan).of(&plan, Urgency::Urgent);
    assert_eq!(PlansBeside::frozen(&chosen).of(&plan, Urgency::Bulk), chosen);
}

#[test]
fn the_steps_of_a_card_are_a_few_lines() {
    let with = |steps: &str| {
        format!("{SMALLEST}[providers.espace.manual]\ntool = \"skolengo\"\nsteps = {steps}\n")
    };
    assert!(read(&with("[\"Messagerie, puis « Nouveau message »\"]")).is_ok());
    let long = format!("[\"{}\"]", "x".repeat(201));
    let many = format!("[{}]", "\"x\",".repeat(13));
    for steps in ["[\"\"]", "[\"a\\nb\"]", &long, &many] {
        let said = refusal(&with(steps));
        assert!(said.contains("12 lines"), "{steps}: {said}");
    }
}

#[test]
fn an_unknown_plan_of_a_household_is_refused_by_its_place() {
    let households = |line: &str| {
        let plans = "\n[plans]\npapier = [{ channels = [\"letter\"] }]\n";
        refusal(&format!("{SMALLEST}{plans}\n[households]\n{line}\n"))
    };
    for line in [
        "none = \"papeir\"",
        "none = { plan = \"papeir\" }",
        "none = { plan = \"papier\", urgent = \"papeir\" }",
    ] {
        let told = households(line);
        assert!(told.contains("households.none") && !told.contains("papeir"), "{told}");
        assert!(told.contains("there are: papier"), "{told}");
    }
    let told = households("none = { plan = \"papier\", urgence = \"papier\" }");
    assert!(told.contains("line 9") && told.contains("`urgent`"), "{told}");
    let told = households("none = 3");
    assert!(told.contains("line 9") && told.contains("a plan"), "{told}");
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
        assert!(said.contains("line 9, column ") && said.contains("client_secret"), "{said}");
        assert!(said.contains("{ file = "), "{said}");
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

/// Every key of the shipped file, with its line and its section.
fn shipped_keys() -> Vec<(usize, String, String)> {
    let (mut section, mut keys) = (String::new(), Vec::new());
    for (number, line) in config::SHIPPED.lines().enumerate() {
        let name = line.trim_start_matches('[').split(']').next().unwrap_or_default();
        if line.starts_with('[') {
            name.clone_into(&mut section);
        } else if let Some((key, _)) = line.split_once(" = ").filter(|_| !line.starts_with('#')) {
            keys.push((number, section.clone(), key.to_owned()));
        }
    }
    keys
}

/// What somebody may write by mistake where a value is due; the secret is in all of it.
const MISTAKES: [&str; 18] = [
    "\"S3CR3T\"",
    "S3CR3T",
    "\"S3CR3T",
    "'''S3CR3T",
    "[\"S3CR3T\"]",
    "[\n  \"S3CR3T\",\n  S3CR3T\n]",
    "{ a = \"S3CR3T\" }",
    "{ file = \"S3CR3T\", env = \"S3CR3T\" }",
    "{ kind = \"S3CR3T\" }",
    "\"\"\"\nkey = S3CR3T\n\"\"\" S3CR3T",
    "\"a, expected S3CR3T, expected b\"",
    "\"`S3CR3T`\"",
    "\n\"S3CR3T\"",
    "[\n  S3CR3T]\n",
    "{\n  S3CR3T]\n",
    "8675309",
    "-8675309.5",
    "[\n  8675309]\n",
];

#[test]
fn no_refusal_repeats_a_value_of_the_file_or_of_the_environment() {
    let (lines, mut refused) = (config::SHIPPED.lines().collect::<Vec<_>>(), 0);
    for (number, section, key) in shipped_keys() {
        for mistake in MISTAKES {
            let mut lines = lines.clone();
            let line = format!("{key} = {mistake}");
            lines[number] = &line;
            let Err(error) = read(&lines.join("\n")) else { continue };
            refused += 1;
            let said = format!("{error} {error:?}");
            let is_told = said.contains("S3CR3T") || said.contains("8675309");
            assert!(!is_told, "{section}.{key} = {mistake}: {said}");
        }
        let path = format!("{section}.{key}").to_uppercase().replace('-', "_").replace('.', "__");
        for value in ["S3CR3T", "[\"S3CR3T\"]", "{ a = \"S3CR3T\" }"] {
            let sections = path.match_indices("__").filter_map(|(end, _)| path.get(..end));
            for name in sections.chain([path.as_str()]) {
                let variable = (format!("CHAPPE__{name}"), value.to_owned());
                let Err(error) = Config::read("chappe.toml", config::SHIPPED, [variable]) else {
                    continue;
                };
                refused += 1;
                let said = format!("{error} {error:?}");
                assert!(!said.contains("S3CR3T"), "{name}={value}: {said}");
            }
        }
    }
    assert!(refused > 500, "{refused} refusals: the keys are no longer found");
}

#[test]
fn a_refusal_names_the_whole_key_with_its_line_and_column() {
    let said = refusal(&format!("{SMALLEST}\n[dispatch]\nlease = 5\n"));
    let told = "line 6, column 9, dispatch.lease: invalid type: integer, expected a string";
    assert!(said.contains(told), "{said}");
    let said = refusal(&format!("{SMALLEST}\n[dispatch]\nlease = \"soon\"\n"));
    assert!(said.contains("dispatch.lease: this is no span of time; write for example"), "{said}");
}

/// Providers of text messages `sms-a` and `sms-b`, and one of e-mail.
fn three_providers() -> String {
    let drill = |(name, channel)| {
        format!("\n[providers.{name}.folder]\nchannel = \"{channel}\"\npath = \"drill\"\n")
    };
    let all = [("sms-a", "sms"), ("sms-b", "sms"), ("post", "email")].map(drill);
    format!("{SMALLEST}{}", all.concat())
}

#[test]
fn two_providers_of_a_channel_are_used_in_the_order_that_is_said() {
    let order = "\n[routes]\nsms = [\"sms-b\", \"sms-a\"]\n";
    let config = read(&format!("{}{order}", three_providers())).unwrap();
    let names: Vec<&str> = config.routes(Channel::Sms).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["sms-b", "sms-a"]);
    assert_eq!(config.provider_of(Channel::Email).map(|(name, _)| name), Some("post"));
}

#[test]
fn providers_in_a_list_of_their_own_have_one_place() {
    let order = "\n[routes]\nsms = [[\"sms-b\", \"sms-a\"]]\n";
    let config = read(&format!("{}{order}", three_providers())).unwrap();
    let routes = config.routes(Channel::Sms).into_iter();
    let places: Vec<_> = routes.map(|(it, _)| (it, config.place_on(Channel::Sms, it))).collect();
    assert_eq!(places, [("sms-b", Some(0)), ("sms-a", Some(0))]);
    assert_eq!([Channel::Sms, Channel::Email].map(|it| config.sharing_first(it)), [2, 1]);
    let told = refusal(&format!("{}\n[routes]\nsms = [[\"sms-b\"]]\n", three_providers()));
    assert!(told.contains("leaves out sms-a"), "{told}");
}

#[test]
fn two_providers_of_a_channel_without_an_order_are_refused_with_what_to_write() {
    let told = refusal(&three_providers());
    assert!(told.contains("\n[routes]\nsms = [\"sms-a\", \"sms-b\"]"), "{told}");
}

#[test]
fn where_a_person_publishes_comes_after_those_that_are_called() {
    let ent = "\n[providers.drill.folder]\nchannel = \"ent\"\npath = \"drill\"\n";
    let manual = "\n[providers.card.manual]\ntool = \"pronote\"\n";
    let both = format!("{SMALLEST}{ent}{manual}");
    let routes = |order| format!("{both}\n[routes]\nent = [{order}]\n");
    let told = refusal(&routes("\"card\", \"drill\""));
    assert!(told.contains("names card, where a person publishes, before drill"), "{told}");
    for told in [told, refusal(&both)] {
        assert!(told.contains("\n[routes]\nent = [\"drill\", \"card\"]"), "{told}");
    }
    let by_hand = read(&routes("\"drill\", \"card\"")).unwrap().by_hand();
    assert_eq!(by_hand.len(), 1);
    assert!(!by_hand[0].is_only_way, "an account is needed");
    assert!(read(&format!("{SMALLEST}{manual}")).unwrap().by_hand()[0].is_only_way);
}

#[test]
fn an_order_that_does_not_fit_is_refused_with_its_key_and_why() {
    for (order, why) in [
        ("\"sms-b\", \"sms-x\"", "names sms-x, which no [providers] table has"),
        ("\"sms-b\", \"post\"", "names post, which carries on email"),
        ("\"sms-b\", \"sms-b\"", "names sms-b twice"),
        ("\"sms-b\"", "leaves out sms-a"),
    ] {
        let told = refusal(&format!("{}\n[routes]\nsms = [{order}]\n", three_providers()));
        assert!(told.contains("routes.sms") && told.contains(why), "{order}: {told}");
        assert!(told.contains("\n[routes]\nsms = [\"sms-b\", \"sms-a\"]"), "{told}");
    }
    let told = refusal(&format!("{}\n[routes]\nent = [\"sms-a\"]\n", three_providers()));
    assert!(told.contains("no provider carries on ent: take the line away"), "{told}");
}

#[test]
fn a_pace_of_the_ent_that_says_nothing_of_it_lets_everybody_be_notified() {
    let ent = |pace: &str| {
        let ent = "url = \"https://ent.example.org\"\nclient_id = \"chappe\"\n\
                   client_secret = { env = \"SECRET\" }\ngrant = { kind = \"client_credentials\" }\n";
        let text = format!("{SMALLEST}\n[providers.ent.edifice]\n{ent}{pace}");
        read(&text).unwrap().provider_of(Channel::Ent).unwrap().1.pace().apart()
    };
    assert_eq!(ent(""), Duration::from_millis(3_100));
    assert_eq!(ent("pace = { at_once = 4 }\n"), Duration::from_millis(3_100));
    assert_eq!(ent("pace = { every = \"0s\" }\n"), Duration::ZERO);
}
