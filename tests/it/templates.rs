//! Message templates: what they take, what they refuse, what comes out on each channel.

mod corrections;
mod examples;
mod greetings;
mod questions;
mod shelf;
mod together;

use std::fs;
use std::path::Path;

use chappe::channel::Channel;
use chappe::delivery::{About, Content, Recipient};
use chappe::message::Fields;
use chappe::people::{Civility, PersonKey, PostalAddress};
use chappe::render::{
    Prepared, SchoolFacts, SmsRules, TemplateError, TemplateFault, TemplatePlace, Templates,
};
use chappe::wording::contact_details::ContactDetail;
use chappe::wording::markdown::{Block, plain_of};
use chappe::wording::sms::Encoding;
use proptest::prelude::*;

const REFERENCE: &str = "7K4M-02QB";

fn school() -> SchoolFacts {
    SchoolFacts {
        name: "Collège Jean-Moulin".into(),
        address_lines: vec!["1 rue des Écoles".into(), "31000 TOULOUSE".into()],
        phone: "05 36 49 00 01".into(),
        email: "secretariat@example.org".into(),
        website: "https://clg.example.org/info".into(),
        signatory_name: "Claire FONTAINE".into(),
        signatory_title: "Principale".into(),
        town: "Toulouse".into(),
    }
}

fn guardian(name: &str, pupils: &[(&str, Option<&str>)]) -> Recipient {
    Recipient::without_address(
        PersonKey("siecle:1".into()),
        name,
        Some(Civility::Mme),
        pupils
            .iter()
            .map(|(name, class)| About {
                pupil: None,
                name: (*name).into(),
                class: class.map(Into::into),
                level: None,
            })
            .collect(),
    )
}

fn ines() -> Recipient {
    guardian("Inès DURAND", &[("Zoé DURAND", Some("6A")), ("Léo DURAND", None)])
}

fn fields(given: &[(&str, &str)]) -> Fields {
    given.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

fn announcement() -> Fields {
    fields(&[
        ("objet", "Rentrée du 11 mai"),
        ("ce_qui_change", "Retour **en classe** des 6e & 5e.\n\n- 6e : 8h30\n- 5e : 9h30"),
        ("agenda", "Lundi 11 mai à 8h30"),
        ("prochain_rendez_vous", "jeudi 14 mai à 18h"),
    ])
}

fn prepare(fields: &Fields) -> Result<Prepared, TemplateError> {
    Templates::load(None).unwrap().prepare("annonce", fields, &school())
}

fn email(prepared: &Prepared, to: &Recipient) -> (String, String, String) {
    match prepared.email(to, REFERENCE).unwrap() {
        Content::Email { subject, text, html } => (subject, text, html),
        other => panic!("{other:?}"),
    }
}

fn sms(prepared: &Prepared, to: &Recipient) -> (String, u32) {
    match prepared.sms(to, REFERENCE).unwrap() {
        Content::Sms { text, segments } => (text, segments),
        other => panic!("{other:?}"),
    }
}

/// A folder with one template, `essai`, that has only an SMS text and takes `objet`.
fn folder_with(sms: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write_template(folder.path(), sms);
    folder
}

fn write_template(folder: &Path, sms: &str) {
    let essai = folder.join("essai");
    fs::create_dir_all(&essai).unwrap();
    let about = "title = \"Essai\"\ndescription = \"Essai\"\nurgency = \"bulk\"\nchannels = [\"sms\"]\n\
                 [[field]]\nname = \"objet\"\nlabel = \"Objet\"\nexample = \"x\"\n";
    fs::write(essai.join("about.toml"), about).unwrap();
    fs::write(essai.join("sms.hbs"), sms).unwrap();
}

fn refusal(sms: &str) -> TemplateError {
    let folder = folder_with(sms);
    match Templates::load(Some(folder.path())) {
        Ok(_) => panic!("{sms:?} was taken"),
        Err(error) => error,
    }
}

#[test]
fn every_shipped_template_renders_on_every_channel_for_every_sample() {
    let templates = Templates::load(None).unwrap();
    assert_eq!(templates.check(), []);
    let names: Vec<&str> = templates.list().map(|(name, _)| name).collect();
    let shipped = [
        "annonce",
        "fermeture",
        "fiche-coordonnees",
        "guide-methodologique",
        "paquet",
        "rappel-classe-virtuelle",
        "recapitulatif",
        "verification",
    ];
    assert_eq!(names, shipped);
    // Two keep contacts up, one holds other messages, one holds documents; the others are announcements, with the
    // memo's fields, for every channel.
    let others = ["fiche-coordonnees", "paquet", "recapitulatif", "verification"];
    let announcements = templates.list().filter(|(name, _)| !others.contains(name));
    for (name, info) in announcements {
        assert_eq!(info.channels.len(), 5, "{name}");
        for field in ["objet", "agenda", "prochain_rendez_vous"] {
            assert!(info.fields.iter().any(|f| f.name == field && f.required), "{name}: {field}");
        }
    }
}

#[test]
fn the_fields_stand_in_the_order_of_the_memo_after_what_changes_and_when() {
    let mut given = announcement();
    let order = [
        "objet",
        "ce_qui_change",
        "circuit",
        "moyens",
        "agenda",
        "contacts",
        "prochain_rendez_vous",
    ];
    for field in order {
        given.insert(field.into(), format!("texte de {}", field.replace('_', "-")));
    }
    let prepared = prepare(&given).unwrap();
    let to = ines();
    let (_, text, html) = email(&prepared, &to);
    let Content::Ent { subject, html: ent } = prepared.ent(&to, REFERENCE).unwrap() else {
        panic!()
    };
    let ent = format!("{subject}\n{ent}");
    let phone = prepared.phone(&to, REFERENCE).unwrap();
    // What is read has a strip that says the fact; what is heard goes in the memo's order.
    let read = [
        "objet",
        "ce_qui_change",
        "agenda",
        "circuit",
        "moyens",
        "contacts",
        "prochain_rendez_vous",
    ];
    let channels = [("text", text, read), ("html", html, read), ("ent", ent, read)];
    for (channel, text, order) in channels.into_iter().chain([("phone", phone, order)]) {
        let places: Vec<Option<usize>> = order
            .iter()
            .map(|field| text.find(&format!("texte de {}", field.replace('_', "-"))))
            .collect();
        assert!(places.iter().all(Option::is_some), "{channel}: {places:?}");
        assert!(places.is_sorted(), "{channel}: {places:?}");
    }
}

#[test]
fn who_reads_over_what_the_ent_gets_sees_no_markup() {
    let read = prepare(&announcement()).unwrap().ent_text(&ines(), REFERENCE).unwrap();
    for part in ["Ce qui change\n\n", "Madame, Monsieur,", "secretariat@example.org"] {
        assert!(read.contains(part), "{part}: {read}");
    }
    assert!(!read.contains("DURAND"), "one call carries it to many: {read}");
    assert!(!read.contains(['<', '>']) && !read.contains("&#"), "{read}");
}

#[test]
fn the_fact_stands_in_a_strip_before_any_comfort() {
    let (_, text, html) = email(&prepare(&announcement()).unwrap(), &ines());
    let (before, rest) = html.split_once("<main>").unwrap().1.split_once("<div style=").unwrap();
    let (strip, after) = rest.split_once("</div>").unwrap();
    assert!(before.contains("<h1>Rentrée du 11\u{a0}mai</h1>"), "{before}");
    for fact in ["Ce qui change", "<li>6ᵉ", "Agenda", "Lundi 11\u{a0}mai"] {
        assert!(strip.contains(fact), "{fact} in {strip}");
    }
    assert!(after.contains("<p>Madame,</p>") && after.contains("votre écoute"), "{after}");
    assert!(text.find("Lundi 11").unwrap() < text.find("Madame,").unwrap(), "{text}");
}

#[test]
fn the_schools_name_heads_an_email_and_a_list_of_emails_shows_the_fact() {
    let (_, text, html) = email(&prepare(&announcement()).unwrap(), &ines());
    assert!(text.starts_with("Collège Jean-Moulin\n\nRentrée du 11\u{a0}mai\n\n"), "{text}");
    let body = html.split_once("<body>").unwrap().1;
    let (preview, rest) = body.split_once("</div>").unwrap();
    assert!(preview.contains("display:none"), "{preview}");
    let first = preview.rsplit_once('>').unwrap().1;
    assert!(first.starts_with("Retour en classe des 6ᵉ &amp; 5ᵉ. 6ᵉ\u{a0}: 8\u{a0}h"), "{first}");
    assert!(rest.trim_start().starts_with("<main>\n<p class=\"school\">Collège Jean-Moulin</p>"));
}

#[test]
fn a_long_fact_is_shortened_in_the_list_of_emails_alone() {
    let mut given = announcement();
    given.insert("ce_qui_change".into(), "Retour en classe. ".repeat(20));
    let (_, _, html) = email(&prepare(&given).unwrap(), &ines());
    let preview = html.split_once("overflow:hidden\">").unwrap().1.split_once('<').unwrap().0;
    assert!(preview.ends_with('…') && preview.chars().count() <= 141, "{preview}");
    assert_eq!(html.split_once("<main>").unwrap().1.matches("Retour en classe").count(), 20);
}

#[test]
fn a_quotation_in_a_field_is_no_strip() {
    let mut given = announcement();
    given.insert("circuit".into(), "> Le professeur principal".into());
    let (_, _, html) = email(&prepare(&given).unwrap(), &ines());
    let body = html.split_once("<main>").unwrap().1;
    assert_eq!(body.matches("<div").count(), 1, "{body}");
    assert!(body.contains("<p>Le professeur principal</p>"), "{body}");
}

#[test]
fn a_missing_field_is_named_with_its_label() {
    let mut given = announcement();
    given.remove("agenda");
    let error = prepare(&given).unwrap_err();
    assert!(
        matches!(&error.fault, TemplateFault::MissingField { field, .. } if field == "agenda"),
        "{error}"
    );
    assert!(error.fault.in_french().contains("est obligatoire"), "{}", error.fault.in_french());
}

#[test]
fn an_unknown_field_is_named_with_those_that_exist() {
    let mut given = announcement();
    given.insert("agneda".into(), "x".into());
    let error = prepare(&given).unwrap_err().to_string();
    assert!(error.contains("\"agneda\"") && error.contains("agenda"), "{error}");
}

#[test]
fn a_field_of_one_line_refuses_two() {
    let mut given = announcement();
    given.insert("objet".into(), "Rentrée\ndu 11 mai".into());
    assert_eq!(prepare(&given).unwrap_err().fault, TemplateFault::NotSingleLine("objet".into()));
}

#[test]
fn an_error_never_repeats_what_a_field_says() {
    let mut given = announcement();
    given.insert("objet".into(), "Secret-de-famille\nligne".into());
    let error = prepare(&given).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("Secret"), "{error}");
}

#[test]
fn an_unknown_name_is_refused_with_its_place_and_the_names_that_exist() {
    let error = refusal("Bonjour {{nom}}\nVoici : {{objett}}\n");
    assert_eq!((error.template.as_str(), error.file.as_str()), ("essai", "sms.hbs"));
    assert_eq!(error.place, Some(TemplatePlace { line: 2, column: 9 }));
    let said = error.to_string();
    assert!(said.starts_with("essai/sms.hbs, line 2, column 9: \"objett\""), "{said}");
    assert!(said.contains("objet, etablissement"), "{said}");
}

#[test]
fn an_unknown_name_hides_in_no_branch_and_no_condition() {
    for text in [
        "{{#if objet}}{{else}}{{inconnu}}{{/if}}",
        "{{#if inconnu}}x{{/if}}",
        "{{#each eleves}}{{objet}}{{/each}}",
        "{{#each eleves}}{{#unless @last}}{{inconnu}}{{/unless}}{{/each}}",
        "{{objet.nom}}",
        "{{this}}",
    ] {
        let error = refusal(text);
        assert!(matches!(error.fault, TemplateFault::UnknownName { .. }), "{text}: {error}");
    }
}

#[test]
fn what_templates_do_without_is_refused() {
    for text in [
        "{{{objet}}}",
        "{{&objet}}",
        "{{> autre}}",
        "{{#> autre}}x{{/autre}}",
        "{{lookup eleves 0}}",
        "{{#with objet}}x{{/with}}",
        "{{#if (eq objet nom)}}x{{/if}}",
        "{{#*inline \"a\"}}x{{/inline}}",
        "{{{{raw}}}}x{{{{/raw}}}}",
        "{{eleves}}",
        "{{#each objet}}x{{/each}}",
        "{{log objet}}",
        "{{objet",
        "{{#if objet}}x",
        "a\u{E000}b",
    ] {
        refusal(text);
    }
}

#[test]
fn a_hostile_template_is_refused_before_it_is_parsed() {
    let deep = format!("{}{}", "{{#if objet}}".repeat(4_000), "{{/if}}".repeat(4_000));
    assert!(matches!(
        refusal(&deep).fault,
        TemplateFault::Forbidden(_) | TemplateFault::TooLarge(_)
    ));
    assert_eq!(refusal(&"x".repeat(70_000)).fault, TemplateFault::TooLarge(65_536));
    refusal(&format!("{{{{#if {}objet", "(".repeat(20_000)));
}

#[test]
fn a_folder_overrides_a_shipped_template_as_a_whole() {
    let folder = folder_with("{{objet}}");
    fs::rename(folder.path().join("essai"), folder.path().join("annonce")).unwrap();
    let templates = Templates::load(Some(folder.path())).unwrap();
    assert_eq!(templates.info("annonce").unwrap().channels, [Channel::Sms]);
    assert_eq!(templates.list().count(), 8);
    let prepared = templates.prepare("annonce", &fields(&[("objet", "A & b")]), &school()).unwrap();
    assert_eq!(sms(&prepared, &ines()).0, "A & b");
    assert!(matches!(
        prepared.email(&ines(), REFERENCE).unwrap_err().fault,
        TemplateFault::NoChannel(_)
    ));
}

#[test]
fn a_channel_without_its_file_and_a_file_without_its_channel_are_named() {
    let folder = folder_with("{{objet}}");
    fs::write(folder.path().join("essai/leter.hbs"), "x").unwrap();
    let error = Templates::load(Some(folder.path())).map(|_| ()).unwrap_err();
    assert_eq!(error.file, "leter.hbs");
    fs::remove_file(folder.path().join("essai/leter.hbs")).unwrap();
    fs::remove_file(folder.path().join("essai/sms.hbs")).unwrap();
    let error = Templates::load(Some(folder.path())).map(|_| ()).unwrap_err();
    assert_eq!(
        (error.file.as_str(), error.fault),
        ("sms.hbs", TemplateFault::MissingFile("sms".into()))
    );
}

#[test]
fn a_mistake_in_about_toml_is_found_at_its_line() {
    let folder = folder_with("{{objet}}");
    let about = "title = \"Essai\"\ndescription = \"Essai\"\nurgence = \"bulk\"\n";
    fs::write(folder.path().join("essai/about.toml"), about).unwrap();
    let error = Templates::load(Some(folder.path())).map(|_| ()).unwrap_err();
    assert_eq!(error.place.map(|place| place.line), Some(3), "{error}");
}

#[test]
fn a_field_of_choices_takes_one_of_them_and_nothing_else() {
    let folder = folder_with("{{objet}}");
    let file = folder.path().join("essai/about.toml");
    let about = fs::read_to_string(&file).unwrap();
    fs::write(&file, format!("{about}choices = [\"x\", \"y\"]\n")).unwrap();
    let templates = Templates::load(Some(folder.path())).unwrap();
    for objet in ["x", "y", ""] {
        templates.prepare("essai", &fields(&[("objet", objet)]), &school()).unwrap();
    }
    let error = templates.prepare("essai", &fields(&[("objet", "z")]), &school()).unwrap_err();
    let choices = vec!["x".to_owned(), "y".to_owned()];
    assert_eq!(error.fault, TemplateFault::NotAChoice { field: "objet".to_owned(), choices });
    fs::write(&file, format!("{about}choices = [\"y\"]\n")).unwrap();
    let error = Templates::load(Some(folder.path())).map(drop).unwrap_err();
    assert!(error.to_string().contains("none of its choices"), "{error}");
}

#[test]
fn an_sms_says_what_when_where_and_its_reference() {
    let (text, segments) = sms(&prepare(&announcement()).unwrap(), &ines());
    for part in [
        "Rentrée du 11 mai",
        "Lundi 11 mai à 8h30",
        "jeudi 14 mai à 18h",
        "https://clg.example.org/info",
        REFERENCE,
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert_eq!(segments, 2, "{text}");
    assert!(!text.contains("STOP"));
}

#[test]
fn a_long_sms_is_reported_with_a_proposal_and_never_cut() {
    let mut given = announcement();
    given.insert("agenda".into(), "Être à l’heure… ".repeat(40));
    let prepared = prepare(&given).unwrap();
    let warning = prepared.sms_warning().unwrap().unwrap();
    assert!(warning.size.segments > warning.max_segments);
    assert!(warning.proposed.size.segments < warning.size.segments);
    let (text, segments) = sms(&prepared, &ines());
    assert_eq!(text.matches("Être à l’heure").count(), 40);
    assert!(segments > 4);
    let (plain, fewer) = sms(&prepared.accept_plain_sms(), &ines());
    assert_eq!(plain.matches("Etre à l'heure").count(), 40);
    assert!(fewer < segments);
}

#[test]
fn every_shipped_sms_may_leave_by_a_short_number() {
    let rules = SmsRules { max_segments: 4, by_short_number: true };
    let templates = Templates::load(None).unwrap().with_sms_rules(rules);
    assert_eq!(templates.check(), []);
    let prepared = templates.prepare("annonce", &announcement(), &school()).unwrap();
    assert_eq!(prepared.refused_in_sms().unwrap(), []);
    let (text, _) = sms(&prepared, &ines());
    assert!(text.contains("Texte complet à l'accueil") && text.contains(REFERENCE), "{text}");
    let mail = prepared.email(&ines(), REFERENCE).unwrap();
    assert!(format!("{mail:?}").contains("https://clg.example.org/info"), "elsewhere it stays");
}

#[test]
fn what_a_short_number_does_not_carry_is_found_in_a_wording_and_in_a_field() {
    let rules = SmsRules { max_segments: 4, by_short_number: true };
    let cases = [
        ("{{objet}} : www.college.fr", ContactDetail::WebAddress),
        ("{{objet}}, appelez le 05 36 49 00 01", ContactDetail::PhoneNumber),
        ("{{objet}}, écrivez à vie.scolaire@example.org", ContactDetail::EmailAddress),
    ];
    for (wording, detail) in cases {
        let folder = folder_with(wording);
        let templates = Templates::load(Some(folder.path())).unwrap().with_sms_rules(rules);
        let found = templates.check();
        assert!(
            found.iter().any(|it| it.template == "essai" && it.what.contains(detail.in_english()))
        );
        let prepared = templates.prepare("essai", &fields(&[("objet", "Sortie")]), &school());
        assert_eq!(prepared.unwrap().refused_in_sms().unwrap(), [detail]);
    }
    let mut given = announcement();
    given.insert("agenda".into(), "Inscription au 05 36 49 00 02".into());
    let prepare = |rules| {
        let templates = Templates::load(None).unwrap().with_sms_rules(rules);
        templates.prepare("annonce", &given, &school()).unwrap().refused_in_sms().unwrap()
    };
    assert_eq!(prepare(rules), [ContactDetail::PhoneNumber]);
    assert_eq!(prepare(SmsRules { by_short_number: false, ..rules }), [], "a sender is declared");
}

#[test]
fn a_verification_by_sms_keeps_its_accents_and_costs_no_more() {
    for by_short_number in [true, false] {
        let rules = SmsRules { max_segments: 4, by_short_number };
        let templates = Templates::load(None).unwrap().with_sms_rules(rules);
        let prepared = templates.prepare("verification", &Fields::new(), &school()).unwrap();
        let (text, _) = sms(&prepared, &ines());
        assert!(text.contains("numéro") && text.contains("Répondez OUI"), "{text}");
        assert!(text.contains("réf.") && !text.contains("numero"), "{text}");
        assert_eq!(chappe::wording::sms::segments(&text).encoding, Encoding::Gsm7, "{text}");
    }
}

#[test]
fn a_sign_without_plain_form_is_told_with_its_price() {
    let folder = folder_with("{{objet}}");
    let templates = Templates::load(Some(folder.path())).unwrap();
    let objet = format!("{}şubat", "Les cours reprennent lundi. ".repeat(4));
    let prepared = templates.prepare("essai", &fields(&[("objet", &objet)]), &school()).unwrap();
    let warning = prepared.sms_warning().unwrap().expect("it takes more than it need");
    assert_eq!((warning.size.segments, warning.stubborn.as_slice()), (2, &['ş'][..]));
    assert_eq!((warning.proposed.size.segments, warning.without_stubborn), (2, 1));
}

#[test]
fn an_accepted_rewrite_leaves_names_of_people_alone() {
    let folder = folder_with("{{nom}} : fête, {{objet}}");
    let templates = Templates::load(Some(folder.path())).unwrap();
    let prepared = templates.prepare("essai", &fields(&[("objet", "forêt")]), &school()).unwrap();
    assert!(prepared.sms_warning().unwrap().is_none(), "one segment is one segment");
    let (text, _) = sms(&prepared.accept_plain_sms(), &guardian("Benoît CÔTE", &[]));
    assert_eq!(text, "Benoît CÔTE : fete, foret");
}

#[test]
fn typography_is_for_paper_and_screens_and_costs_an_sms_nothing() {
    let mut given = announcement();
    given.insert("agenda".into(), "L'accueil des 6e : \"8h30\" !".into());
    let prepared = prepare(&given).unwrap();
    let (text, _) = sms(&prepared, &ines());
    assert!(text.contains("L'accueil des 6e : \"8h30\" !"), "{text}");
    assert_eq!(chappe::wording::sms::segments(&text).encoding, Encoding::Gsm7, "{text}");
    let phone = prepared.phone(&ines(), REFERENCE).unwrap();
    assert!(phone.contains("L'accueil des 6e : \"8h30\" !"), "{phone}");
    let set = "L’accueil des 6ᵉ\u{a0}: «\u{202f}8\u{a0}h\u{a0}30\u{202f}»\u{202f}!";
    let (_, text, html) = email(&prepared, &ines());
    let Content::Ent { html: ent, .. } = prepared.ent(&ines(), REFERENCE).unwrap() else {
        panic!()
    };
    let letter = plain_of(&prepared.letter(&ines(), REFERENCE).unwrap().body);
    for channel in [text, html, ent, letter] {
        assert!(channel.contains(set), "{channel}");
    }
}

#[test]
fn a_subject_is_set_as_its_title_is_and_stays_one_line() {
    let mut given = announcement();
    given.insert("objet".into(), "Réunion \"info\" des 6e à 18h : c'est l'heure".into());
    let prepared = prepare(&given).unwrap();
    let set = "Réunion «\u{202f}info\u{202f}» des 6ᵉ à 18\u{a0}h\u{a0}: c’est l’heure";
    let (email, _, html) = email(&prepared, &ines());
    let Content::Ent { subject: ent, .. } = prepared.ent(&ines(), REFERENCE).unwrap() else {
        panic!()
    };
    assert!(
        html.contains(&format!("<title>{set} – ")) && html.contains(&format!("<h1>{set}</h1>"))
    );
    for subject in [email, ent] {
        assert_eq!(subject, format!("{set} – Collège Jean-Moulin"));
    }
    assert_eq!(prepared.letter(&ines(), REFERENCE).unwrap().subject, set);
    let (text, _) = sms(&prepared, &ines());
    assert!(text.contains("Réunion \"info\" des 6e à 18h : c'est l'heure."), "{text}");
}

#[test]
fn what_belongs_together_in_an_address_stays_on_one_line_of_paper() {
    let lines = vec!["12 rue des Lilas".into(), "BP 40012".into()];
    let (postcode, town) = ("31000".into(), "TOULOUSE CEDEX 4".into());
    let post = Some(PostalAddress { lines, postcode, town, country: None });
    let templates = Templates::load(None).unwrap();
    let form = templates.prepare("fiche-coordonnees", &Fields::new(), &school()).unwrap();
    let letter = form.letter(&Recipient { post, ..ines() }, REFERENCE).unwrap();
    let told = plain_of(&letter.body);
    let whole = "12\u{a0}rue des Lilas, BP\u{a0}40012, 31000\u{a0}TOULOUSE\u{a0}CEDEX\u{a0}4";
    assert!(told.contains(whole), "{told}");
}

/// A page as a browser shows its words: without marks, and a mark where a line may end within a word.
fn shown(html: &str) -> String {
    let html = html.replace("<wbr>", "|");
    let pieces = html.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text));
    pieces.collect()
}

#[test]
fn an_address_breaks_where_it_has_parts_and_keeps_the_full_stop_that_follows_it() {
    let school = SchoolFacts { email: "secretariat@claude-chappe.example.org".into(), ..school() };
    let mut given = announcement();
    given.insert(
        "moyens".into(),
        "Ouvrir https://la-classe.example.org/6a, puis (a@b-c.org) !".into(),
    );
    let prepared = Templates::load(None).unwrap().prepare("annonce", &given, &school).unwrap();
    let (_, text, html) = email(&prepared, &ines());
    let body = html.split_once("<main>").unwrap().1;
    let unbroken =
        "<span style=\"white-space:nowrap\">@claude-chappe</span><wbr>.example<wbr>.org</a>.";
    assert!(body.contains(unbroken), "{body}");
    let shown = shown(body);
    for address in [
        "secretariat|@claude-chappe|.example|.org. Les",
        "https://la-classe|.example|.org|/6a, puis",
        "(a|@b-c|.org)\u{202f}!",
    ] {
        assert!(shown.contains(address), "{address}: {shown}");
        assert!(text.contains(&address.replace('|', "")), "{address}: {text}");
    }
    assert!(html.contains("href=\"mailto:secretariat@claude-chappe.example.org\""), "{html}");
    assert!(!html.contains("inline-block"), "a line would begin with the full stop");
}

#[test]
fn no_template_puts_before_a_name_what_would_be_elided_or_wants_an_article() {
    let mut seen = 0;
    let folders = fs::read_dir("message-templates").unwrap();
    let files = folders.flat_map(|folder| fs::read_dir(folder.unwrap().path()).unwrap());
    for file in files.map(|file| file.unwrap().path()) {
        let text = fs::read_to_string(&file).unwrap().replace("{{#if concerne}}", "");
        for name in ["{{concerne}}", "{{nom}}", "{{interlocuteur}}", "{{etablissement}}"] {
            let pieces: Vec<&str> = text.split(name).collect();
            for before in pieces.split_last().unwrap().1 {
                seen += 1;
                let word = before.split_whitespace().next_back().unwrap_or_default();
                let is_elided = ["de", "que", "du", "le", "la", "ici", "jusque", "lorsque"];
                assert!(!is_elided.contains(&word), "{}: {word} {name}", file.display());
            }
        }
    }
    assert!(seen > 20, "{seen}");
}

#[test]
fn a_sentence_that_ends_gets_no_second_full_stop() {
    let mut given = announcement();
    given.insert("agenda".into(), "Lundi à 8h30.".into());
    let (text, _) = sms(&prepare(&given).unwrap(), &ines());
    assert!(text.contains("Rentrée du 11 mai. Lundi à 8h30. Prochain rendez-vous"), "{text}");
}

#[test]
fn the_shape_of_a_family_chooses_the_branch() {
    let folder = folder_with(
        "{{#if civilite}}{{civilite}} {{/if}}{{nom}} :{{#each eleves}} {{nom}}\
         {{#if classe}}={{classe}}{{else if @last}}=?{{/if}}{{#unless @last}},{{/unless}}{{/each}} \
         {{#plusieurs eleves}}vos{{else}}votre{{/plusieurs}} {{~reference~}}",
    );
    let templates = Templates::load(Some(folder.path())).unwrap();
    let prepared = templates.prepare("essai", &Fields::new(), &school()).unwrap();
    let cases = [
        (ines(), "Mme Inès DURAND : Zoé DURAND=6A, Léo DURAND=? vos7K4M-02QB"),
        (guardian("N", &[("E", None)]), "Mme N : E=? votre7K4M-02QB"),
        (guardian("N", &[]), "Mme N : votre7K4M-02QB"),
        (Recipient { civility: None, ..guardian("N", &[]) }, "N : votre7K4M-02QB"),
    ];
    for (to, text) in cases {
        assert_eq!(sms(&prepared, &to).0, text);
    }
}

#[test]
fn both_parts_of_an_email_say_the_same() {
    let (subject, text, html) = email(&prepare(&announcement()).unwrap(), &ines());
    assert_eq!(subject, "Rentrée du 11\u{a0}mai – Collège Jean-Moulin");
    let hour = "jeudi 14\u{a0}mai à 18\u{a0}h";
    for part in ["Zoé DURAND (6A) et Léo DURAND", "8\u{a0}h\u{a0}30", REFERENCE, hour] {
        assert!(text.contains(part) && html.contains(part), "{part}\n{text}\n{html}");
    }
    let lines = "- 6ᵉ\u{a0}: 8\u{a0}h\u{a0}30\n- 5ᵉ\u{a0}: 9\u{a0}h\u{a0}30";
    assert!(text.contains(lines), "{text}");
    assert!(html.contains("<li>6ᵉ\u{a0}: 8\u{a0}h\u{a0}30</li>"), "{html}");
    assert!(html.contains("<strong>en classe</strong> des 6ᵉ &amp; 5ᵉ."), "{html}");
    assert!(html.contains("<a href=\"mailto:secretariat@example.org\">"), "{html}");
    assert!(text.contains("\nLa principale,\nClaire FONTAINE\n"), "{text}");
    assert!(html.contains("<p>La principale,<br>\nClaire FONTAINE</p>"), "{html}");
}

#[test]
fn an_email_is_a_small_complete_french_document_without_anything_from_elsewhere() {
    let (_, _, html) = email(&prepare(&announcement()).unwrap(), &ines());
    assert!(html.starts_with("<!DOCTYPE html>\n<html lang=\"fr\">"));
    assert!(html.contains("<title>Rentrée du 11\u{a0}mai – Collège Jean-Moulin</title>"), "{html}");
    assert!(html.trim_end().ends_with("</html>"));
    assert!(html.len() < 100_000);
    for remote in ["<img", "<link", "<script", "src=", "url(", "@import"] {
        assert!(!html.contains(remote), "{remote}");
    }
    assert_eq!(html.matches("<h1>").count(), 1);
}

#[test]
fn values_are_escaped_for_their_channel() {
    let to = guardian("<b>*Jo* & {{nom}}</b>", &[("`#panic()` _O'BRIEN_", Some("6<A>"))]);
    let prepared = prepare(&announcement()).unwrap();
    let (_, text, html) = email(&prepared, &to);
    assert!(html.contains("`#panic()` _O&#39;BRIEN_ (6&lt;A&gt;)"), "{html}");
    assert!(text.contains("`#panic()` _O'BRIEN_ (6<A>)"), "{text}");
    let letter = prepared.letter(&to, REFERENCE).unwrap();
    assert!(plain_of(&letter.body).contains("`#panic()` _O'BRIEN_ (6<A>)"));
    assert!(prepared.phone(&to, REFERENCE).unwrap().contains("<b>*Jo* & {{nom}}</b>"));
}

#[test]
fn a_value_in_a_link_cannot_leave_the_address() {
    let folder = tempfile::tempdir().unwrap();
    write_template(folder.path(), "x");
    let essai = folder.path().join("essai");
    let about = fs::read_to_string(essai.join("about.toml")).unwrap();
    fs::write(essai.join("about.toml"), about.replace("\"sms\"", "\"ent\"")).unwrap();
    fs::write(essai.join("subject.hbs"), "{{nom}}").unwrap();
    fs::write(
        essai.join("ent.hbs"),
        "[lu](https://example.org/r/{{nom}}) [site]({{site}}) [moi]({{nom}})",
    )
    .unwrap();
    fs::remove_file(essai.join("sms.hbs")).unwrap();
    let templates = Templates::load(Some(folder.path())).unwrap();
    let prepared = templates.prepare("essai", &Fields::new(), &school()).unwrap();
    let to = guardian("javascript:\" onclick='x'\r\nBcc: a", &[]);
    let Content::Ent { subject, html } = prepared.ent(&to, REFERENCE).unwrap() else { panic!() };
    assert!(html.contains("https://example.org/r/javascript%3A%22%20onclick%3D%27x%27"), "{html}");
    assert!(html.contains("<a href=\"https://clg.example.org/info\">site</a>"), "{html}");
    assert!(!html.contains("href=\"javascript"), "{html}");
    assert!(!subject.contains(['\r', '\n']), "{subject:?}");
}

#[test]
fn a_rendering_that_is_too_long_fails_for_that_person_only() {
    let prepared = prepare(&announcement()).unwrap();
    let endless = guardian(&"N".repeat(200_000), &[]);
    let error = prepared.phone(&endless, REFERENCE).unwrap_err();
    assert!(matches!(error.fault, TemplateFault::TooLong { .. }), "{error}");
    assert!(!error.to_string().contains("NNN"));
    assert!(prepared.phone(&ines(), REFERENCE).is_ok());
}

#[test]
fn a_letter_is_blocks_with_the_address_of_a_link_in_words() {
    let mut given = announcement();
    given.insert("moyens".into(), "Voir [le site](https://example.org/x) !".into());
    let letter = prepare(&given).unwrap().letter(&ines(), REFERENCE).unwrap();
    assert_eq!(letter.subject, "Rentrée du 11\u{a0}mai");
    let plain = plain_of(&letter.body);
    assert!(plain.contains("Voir le site (https://example.org/x)\u{202f}!"), "{plain}");
    assert!(letter.body.iter().any(|block| matches!(block, Block::Heading { level: 2, .. })));
}

#[test]
fn an_optional_field_leaves_no_empty_heading() {
    let (_, text, html) = email(&prepare(&announcement()).unwrap(), &ines());
    assert!(!text.contains("Avec quels moyens") && !html.contains("Avec quels moyens"));
    assert!(!html.contains("<p></p>"), "{html}");
    assert!(!text.contains("\n\n\n"), "{text}");
}

proptest! {
    #[test]
    fn no_name_ever_opens_an_element(name in "[<>&\"'*_`{}#\\[\\]()a-z]{1,30}") {
        let prepared = prepare(&announcement()).unwrap();
        let (_, text, html) = email(&prepared, &guardian(&name, &[(&name, None)]));
        let plain = prepare(&announcement()).unwrap();
        let (_, _, usual) = email(&plain, &guardian("N", &[("E", None)]));
        prop_assert_eq!(html.matches('<').count(), usual.matches('<').count());
        prop_assert!(text.contains(&name));
    }
}
