//! `chappe send` as somebody types it: on a terminal of its own, made by `script` (util-linux).

use std::io::{Read, Write};
use std::process::{Command, Stdio};

use super::office::{Answer, FIELDS, Office, today};

impl Office {
    /// Types a command on a terminal, and these lines after it; then whoever sat there has left.
    pub fn on_a_terminal(&self, arguments: &[&str], typed: &str) -> Answer {
        let mut command = self.terminal(arguments);
        let mut script = command.spawn().expect("script, of util-linux, makes the terminal");
        script.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
        let output = script.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap().replace('\r', "");
        Answer { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// A terminal on which a command is typed.
    fn terminal(&self, arguments: &[&str]) -> Command {
        let program = [env!("CARGO_BIN_EXE_chappe")];
        let words = program.iter().chain(arguments).map(|word| format!("'{word}'"));
        let line = words.collect::<Vec<_>>().join(" ");
        let mut command = Command::new("script");
        command.args(["--quiet", "--return", "--command", &line, "/dev/null"]);
        command.current_dir(self.path(".")).env_remove("CHAPPE_LOG");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Types on a terminal, each time once this is read there; then whoever sat there has left.
    fn answers_on_a_terminal(&self, arguments: &[&str], said: &[(&str, &str)]) -> Answer {
        let mut script = self.terminal(arguments).spawn().expect("script, of util-linux");
        let (mut keys, mut screen) = (script.stdin.take().unwrap(), script.stdout.take().unwrap());
        let mut out = Vec::new();
        for (told, typed) in said {
            while !String::from_utf8_lossy(&out).contains(told) {
                let mut some = [0; 1024];
                let octets = screen.read(&mut some).unwrap();
                assert!(octets > 0, "{told}: {}", String::from_utf8_lossy(&out));
                out.extend_from_slice(&some[..octets]);
            }
            keys.write_all(typed.as_bytes()).unwrap();
        }
        screen.read_to_end(&mut out).unwrap();
        let output = script.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap().replace('\r', "");
        Answer { code: output.status.code(), out: text(out), err: text(output.stderr) }
    }

    fn messages(&self) -> usize {
        self.run(["status", "--json"])
            .done()
            .lines()
            .filter(|line| line.contains("addressees"))
            .count()
    }

    fn draft(&self) -> serde_json::Value {
        self.run(["drafts", "show", "1", "--json"]).json()
    }
}

/// The fields of `fermeture`, one by one: the first is asked for again, the agenda stands in a file.
const FERMETURE: &str = "\nFermeture du collège\nLe collège ferme.\nLes cours continuent.\n\n\n\n\
                         @agenda.md\n\n\nvendredi à 18 h\n";

#[test]
fn on_a_terminal_it_asks_for_each_field_and_sends_nothing_without_a_yes() {
    let office = Office::with_school();
    office.write("agenda.md", "\u{feff}6e à 8 h 30, 5e à 9 h 30.\n");
    let asked = office
        .on_a_terminal(&["send", "fermeture"], &format!("{FERMETURE}famille\nfamilles\nnon\n"));
    for told in [
        "Objet\n",
        "Par exemple : Fermeture du collège du lundi 15",
        "Il faut une réponse.",
        "Circuit : qui fait quoi, à qui s’adresser (facultatif)",
        "Pour qui",
        "Cela ne se comprend pas.",
        "──── courriel ────",
        " par courriel",
        "Un texto compte pour ",
        "personnes ? (oui / non)",
        "Rien n’est parti. Le brouillon 1 est gardé : chappe drafts send 1",
    ] {
        assert!(asked.out.contains(told), "{told}: {asked:?}");
    }
    assert_eq!((asked.code, office.messages()), (Some(0), 0), "{asked:?}");
    let draft = office.draft();
    assert_eq!(draft["fields"]["agenda"], "6e à 8 h 30, 5e à 9 h 30.");
    assert_eq!(draft["fields"]["ce_qui_change"], "Le collège ferme.\nLes cours continuent.");
    assert_eq!((&draft["audience"], draft["fields"].get("circuit")), (&"familles".into(), None));

    let no = office.on_a_terminal(&["drafts", "send", "1"], "ouais\n");
    assert!(no.out.contains("Rien n’est parti. Le brouillon 1 est gardé"), "{no:?}");
    let yes = office.on_a_terminal(&["drafts", "send", "1"], "Oui\n");
    assert!(yes.out.contains("is on its way"), "{yes:?}");
    assert_eq!(office.messages(), 1);
}

#[test]
fn whoever_leaves_in_the_middle_finds_what_they_typed_in_a_draft() {
    let office = Office::with_school();
    let left = office.on_a_terminal(&["send"], "99\n2\nFermeture du collège\n");
    assert!(left.out.contains("il faut un numéro de 1 à "), "{left:?}");
    assert!(!left.out.contains("Récapitulatif"), "nobody sends a digest by hand: {left:?}");
    assert!(left.out.contains("Le brouillon 1 est gardé"), "{left:?}");
    assert_ne!(left.code, Some(0), "{left:?}");
    let draft = office.draft();
    assert_eq!(draft["template"], "fermeture", "{draft}");
    assert_eq!(draft["subject"], "Fermeture du collège");
}

#[test]
fn ctrl_c_keeps_what_was_typed_at_a_field_and_at_the_last_question() {
    let office = Office::with_school();
    let said = [("Objet", "Fermeture du collège\n"), ("Ce qui change", "\u{3}")];
    let left = office.answers_on_a_terminal(&["send", "fermeture"], &said);
    assert!(left.out.contains("Le brouillon 1 est gardé"), "{left:?}");
    assert_ne!(left.code, Some(0), "{left:?}");
    assert_eq!(office.draft()["subject"], "Fermeture du collège");
    let typed = ["send", "fermeture", "--to", "familles"].into_iter().chain(FIELDS);
    let typed: Vec<&str> = typed.collect();
    let left = office.answers_on_a_terminal(&typed, &[("oui / non", "\u{3}")]);
    assert!(
        left.out.contains("oui / non") && left.out.contains("Le brouillon 2 est gardé"),
        "{left:?}"
    );
    assert_eq!(office.messages(), 0);
}

#[test]
fn who_sends_what_is_urgent_in_quiet_hours_is_asked_why_and_in_whose_name() {
    let office = Office::with_school();
    let config = std::fs::read_to_string(office.path("chappe.toml")).unwrap();
    // All of today and tomorrow, so that it is the same at any hour.
    let days = format!("{}/{}", today(), today().tomorrow().unwrap());
    let quiet = format!("sms = {{ quiet = [], days_off = [\"{days}\"] }}");
    let at_night = config.replace("sms = { quiet = [] }", &quiet);
    office.write("chappe.toml", at_night);
    let typed = ["send", "fermeture", "--to", "familles", "--urgent"].into_iter().chain(FIELDS);
    let typed: Vec<&str> = typed.collect();
    let no = office.on_a_terminal(&typed, "\n");
    assert!(no.out.contains("Heures de silence (SMS) : ouverture"), "{no:?}");
    assert!(no.out.contains("Le brouillon 1 est gardé") && !no.out.contains("oui / non"), "{no:?}");
    let yes = office.on_a_terminal(&typed, "Fuite de gaz\n\nCamille Arago\noui\n");
    assert!(yes.out.contains("Non : il faut un nom."), "{yes:?}");
    assert!(yes.out.contains("is on its way"), "{yes:?}");
    let sent = office.run(["status", "--json"]).json();
    let told = office.run(["status", sent["message"].as_str().unwrap()]).done();
    assert!(told.contains("It passes quiet hours: Fuite de gaz (Camille Arago)."), "{told}");
}

#[test]
fn what_makes_a_text_message_dear_is_named_with_what_would_make_it_cheaper() {
    let office = Office::with_school();
    let typed = ["send", "fermeture", "--to", "familles"].into_iter().chain(FIELDS);
    let typed: Vec<&str> = typed.chain(["--set", "agenda=6e à 8 h 30…"]).collect();
    let asked = office.on_a_terminal(&typed, "non\n");
    assert!(
        asked.out.contains("« … » (U+2026) oblige à envoyer tout le message en Unicode"),
        "{asked:?}"
    );
    assert!(asked.out.contains("Avec --plain-sms"), "{asked:?}");
}

#[test]
fn a_field_of_choices_is_asked_for_by_their_numbers() {
    let office = Office::with_school();
    let field = |name: &str, more: &str| {
        format!("[[field]]\nname = \"{name}\"\nlabel = \"{name}\"\nsingle_line = true\n{more}\n")
    };
    let about = "title = \"Cantine\"\ndescription = \"Cantine\"\nurgency = \"bulk\"\nchannels = [\"email\"]\n";
    let menu =
        field("menu", "required = true\nexample = \"chaud\"\nchoices = [\"chaud\", \"froid\"]");
    office.write("own/cantine/about.toml", format!("{about}{menu}"));
    office.write("own/cantine/email.hbs", "Repas {{menu}}");
    office.write("own/cantine/subject.hbs", "Repas");
    let config = std::fs::read_to_string(office.path("chappe.toml")).unwrap();
    office.write("chappe.toml", format!("{config}\n[templates]\nfolder = \"own\"\n"));
    let asked = office.on_a_terminal(&["send", "cantine", "--to", "familles"], "3\n2\nnon\n");
    assert!(
        asked.out.contains("  2. froid") && asked.out.contains("il faut un numéro de 1 à 2."),
        "{asked:?}"
    );
    assert_eq!(office.draft()["fields"]["menu"], "froid");
}

#[test]
fn a_correction_is_shown_and_asked_about_before_it_leaves() {
    let office = Office::with_school();
    let code = office.send_to("familles");
    let change = ["correct", &code, "--set", "agenda=Lundi à 8 h 30."];
    let no = office.on_a_terminal(&change, "non\n");
    for told in ["──── courriel ────", "Lundi à 8", "Rectificatif de", "Rien n’est parti."]
    {
        assert!(no.out.contains(told), "{told}: {no:?}");
    }
    assert_eq!((no.code, office.messages()), (Some(0), 1), "{no:?}");
    let yes = office.on_a_terminal(&change, "oui\n");
    assert!(yes.out.contains(&format!("corrects {code}")), "{yes:?}");
    assert_eq!(office.messages(), 2);
}

#[test]
fn a_retry_is_shown_and_asked_about_before_it_leaves() {
    let office = Office::with_school();
    let config = std::fs::read_to_string(office.path("chappe.toml")).unwrap();
    let plans = "[plans]\nmails = [{ channels = [\"email\"] }]";
    office.write("chappe.toml", config.replace("[plans]", plans));
    let typed = ["send", "fermeture", "--to", "familles", "--plan", "mails", "--dry-run"];
    let shown = office.run(typed.into_iter().chain(FIELDS)).done();
    let lost = shown.lines().find_map(|line| line.strip_prefix("out of reach: ")).unwrap();
    let sent = office.run(typed[..6].iter().copied().chain(FIELDS).chain(["--json"])).json();
    let code = sent["message"].as_str().unwrap();
    office.run(["contacts", "correct", lost, "--email", "enfin@example.org"]).done();
    let no = office.on_a_terminal(&["retry", code], "\n");
    assert!(no.out.contains("Envoyer à 1 personne ?"), "{no:?}");
    assert!(no.out.contains("Rien n’est parti."), "{no:?}");
    assert_eq!(office.messages(), 1);
    let yes = office.on_a_terminal(&["retry", code, "--yes"], "");
    assert!(yes.out.contains("is on its way to 1 addressees"), "{yes:?}");
}

#[test]
fn a_campaign_asks_before_it_leaves() {
    let office = Office::with_school();
    for campaign in [["contacts", "verify"], ["contacts", "slips"]] {
        let no = office.on_a_terminal(&campaign, "non\n");
        assert!(no.out.contains("oui / non") && no.out.contains("Rien n’est parti."), "{no:?}");
    }
    assert_eq!(office.messages(), 0);
    let yes = office.on_a_terminal(&["contacts", "slips", "--yes"], "");
    assert!(yes.out.contains("is on its way") && !yes.out.contains("oui / non"), "{yes:?}");
}

#[test]
fn yes_asks_nothing_and_so_does_a_pipe() {
    let office = Office::with_school();
    let whole = ["send", "fermeture", "--to", "familles"];
    let whole: Vec<&str> = whole.into_iter().chain(FIELDS).collect();
    let sent = office.on_a_terminal(&[&whole[..], &["--yes"]].concat(), "");
    assert!(sent.out.contains("is on its way") && !sent.out.contains("oui / non"), "{sent:?}");
    let asked = office.on_a_terminal(&[&whole[..], &["--again"]].concat(), "non\n");
    assert!(asked.out.contains("oui / non") && !asked.out.contains("Par exemple"), "{asked:?}");
    assert_eq!(office.messages(), 1);
    assert!(office.run([&whole[..], &["--again"]].concat()).done().contains("is on its way"));
}

#[test]
fn a_field_is_taken_from_a_file_or_it_is_said_why_not() {
    let office = Office::with_school();
    office.write("texte.md", "Le collège ferme **lundi**.\n");
    office.write("long.md", "x".repeat(70_000));
    office.write("image.md", [0xFF, 0xD8, 0xFF]);
    let draft = ["send", "fermeture", "--draft", "--set"];
    for (file, why) in [
        ("absent.md", "cannot be read"),
        ("long.md", "longer than 64 KiB"),
        ("image.md", "no text in UTF-8"),
    ] {
        let field = format!("agenda=@{file}");
        let told = office.run(draft.into_iter().chain([field.as_str()]));
        assert_eq!(told.code, Some(2), "{told:?}");
        assert!(told.err.contains(why), "{told:?}");
    }
    let field = ["ce_qui_change=@texte.md", "--set", "objet=@@moi"];
    office.run(draft.into_iter().chain(field)).done();
    let draft = office.draft();
    assert_eq!(draft["fields"]["ce_qui_change"], "Le collège ferme **lundi**.");
    assert_eq!(draft["fields"]["objet"], "@moi");
}
