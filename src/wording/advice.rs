//! A text, read over as a colleague would: what a family might misread, and a better way to say it. It is advice:
//! nothing is refused, nothing is changed.

mod contacts;
mod days;
mod manner;
mod piece;
mod sentences;
mod terms;

pub use piece::{Advice, AdviceKind, Writer, Written};

use piece::Sentence;

use super::markdown;

/// The field that says when families hear more.
const APPOINTMENT: &str = "prochain_rendez_vous";

/// Reads a message over, field by field; in the order of the text.
#[must_use]
pub fn advise(fields: &[Written<'_>], writer: Writer<'_>) -> Vec<Advice> {
    let mut found = Vec::new();
    let mut all = Vec::new();
    for written in fields {
        let plain = markdown::to_plain(written.text);
        let sentences = sentences::of(&plain).into_iter();
        let sentences = sentences.map(|text| Sentence { field: written.field, text });
        for sentence in sentences {
            terms::look(&sentence, &plain, &mut found);
            manner::look(&sentence, &mut found);
            days::look(&sentence, writer.today, &mut found);
            contacts::look(&sentence, writer, &mut found);
            all.push(sentence);
        }
        if written.field == APPOINTMENT {
            found.extend(days::of_appointment(written.field, &plain));
        }
    }
    found.extend(manner::several_actions(&all));
    once(found)
}

/// The same word twice is told once.
fn once(found: Vec<Advice>) -> Vec<Advice> {
    let mut kept: Vec<Advice> = Vec::new();
    for one in found {
        if !kept.iter().any(|it| it.kind == one.kind && it.told == one.told) {
            kept.push(one);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::AdviceKind::{
        Ambiguous, Jargon, LongSentence, NoAppointment, OtherContact, SeveralActions, Shouting,
        Undated, WrongWeekday,
    };
    use super::*;

    const WRITER: Writer<'static> = Writer {
        today: date(2027, 5, 3),
        phone: "05 36 49 00 00",
        email: "secretariat@college.example.org",
    };

    fn kinds(field: &str, text: &str) -> Vec<AdviceKind> {
        advise(&[Written { field, text }], WRITER).into_iter().map(|it| it.kind).collect()
    }

    #[test]
    fn a_text_is_read_over_as_a_colleague_would() {
        let cases: [(&str, &[AdviceKind]); 35] = [
            ("Les cours reprennent **lundi 10 mai** à 8h30.", &[]),
            ("La réunion aura lieu dans le hall.", &[]),
            ("Les élèves iront en permanence.", &[Ambiguous]),
            ("Les élèves iront en salle de permanence.", &[]),
            ("Votre tuteur vous appellera.", &[Ambiguous]),
            ("Un tuteur suit chaque élève.", &[]),
            ("Le tuteur légal signe.", &[]),
            ("Le responsable signe le carnet.", &[Ambiguous]),
            ("Un responsable légal signe le carnet.", &[]),
            ("Envoyez un AR.", &[Ambiguous]),
            ("Le CPE vous reçoit.", &[Jargon]),
            ("Le CPE (conseiller principal d'éducation) vous reçoit.", &[]),
            ("Le conseiller principal d'éducation (CPE) vous reçoit. Le CPE appelle.", &[]),
            ("Les cours sont en distanciel.", &[Jargon]),
            ("Le centre ENTRE et sort.", &[]),
            ("ATTENTION LE COLLÈGE FERME.", &[Shouting]),
            ("Le collège ferme !!", &[Shouting]),
            ("Le collège ferme !", &[]),
            ("Rendez le carnet impérativement.", &[Shouting]),
            ("Le DNB blanc a lieu.", &[Jargon]),
            ("Rendez-vous le 10 mai.", &[Undated]),
            ("Rendez-vous le 10/05/2027.", &[Undated]),
            ("Rendez-vous jeudi 10 mai.", &[WrongWeekday]),
            ("Rendez-vous lundi 10/05.", &[]),
            ("Fermé du lundi 10 au vendredi 14 mai.", &[]),
            ("Fermé du mardi 10 au vendredi 14 mai.", &[WrongWeekday]),
            ("Fermé samedi 1er mai 2027.", &[]),
            ("La cantine ferme demain.", &[Undated]),
            ("Appelez le 06 39 98 00 11.", &[OtherContact]),
            ("Appelez le 05 36 49 00 02.", &[]),
            ("Écrivez à vie.scolaire@college.example.org.", &[]),
            ("Écrivez à college@example.net.", &[OtherContact]),
            ("Signez le carnet. Rapportez les livres.", &[SeveralActions]),
            ("- Signez le carnet.\n- Rapportez les livres.", &[]),
            ("M. Durand reçoit à 8h30. Merci.", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(kinds("ce_qui_change", text), expected, "{text}");
        }
    }

    #[test]
    fn what_a_secretary_writes_well_is_left_alone() {
        for good in [
            "Mme DURAND et M. LE GOFF, professeurs de 6e, vous reçoivent mardi 18 mai à 17 h 30.",
            "L’élève Zoé GARCIA LOPEZ a reçu le prix du meilleur récit.",
            "Les notes sont dans PRONOTE. L’espace numérique de travail (ENT) donne les devoirs.",
            "La prochaine réunion a lieu jeudi 20 mai 2027 à 18 h, en salle B12.",
            "Les vacances de printemps vont du 17 avril au 3 mai 2027.",
            "La sortie est maintenue demain, mardi 4 mai : pique-nique, casquette, eau.",
            "Rendez-vous 12 rue du 11 novembre, devant le collège du 8 Mai 1945.",
            "La loi du 11 février 2005 prévoit ces aménagements. Il faut 12/20, et 8/10 en dictée.",
            "La demi-pension passe à 1/2 journée le mercredi. Accueil 7/7 en ligne.",
            "Rentrée lun. 10 mai à 8 h, puis mar. 11 mai pour les 5e.",
            "Le conseil de classe du mardi 9 février était consacré à l’orientation.",
            "Mardi 18 h, puis jeudi 20 mai : réunion des parents, 1er étage, bât. C, etc. au fond.",
            "Pour toute question, appelez le +33 5 36 49 00 12 ou écrivez à p.durand@ac-toulouse.fr.",
            "Signez l’autorisation. Merci de votre compréhension. Si besoin, appelez le 05 36 49 00 00.",
            "Le contrôle du 03.05.2027 18 h est reporté.",
            "1. Signez le carnet.\n2. Rapportez les livres.",
            "Un comportement responsable est attendu. Le responsable de la cantine répond.",
            "La loge est ouverte en permanence. Un appel à projets est lancé.",
            "Apportez le livret de famille. Pas de panique : rien n’est perdu.",
            "Mme Martin, conseillère principale d’éducation, et le CPE adjoint vous reçoivent.",
            "Le self propose : entrée, plat, fromage, fruit ; les élèves choisissent chaque jour \
             parmi deux plats chauds, dont un sans viande, et trois desserts de saison.",
        ] {
            assert_eq!(kinds("ce_qui_change", good), [], "{good}");
        }
        for said in ["pas d’autre réunion", "à la rentrée", "dim. 23 mai", "sans objet"] {
            assert_eq!(kinds("prochain_rendez_vous", said), [], "{said}");
        }
    }

    #[test]
    fn what_is_amiss_in_the_same_words_is_found() {
        for (bad, expected) in [
            ("Le collège est FERMÉ DEMAIN.", &[Shouting, Undated][..]),
            ("RÉUNION OBLIGATOIRE, Mme DURAND y sera.", &[Shouting]),
            ("La sortie a lieu la semaine prochaine.", &[Undated]),
            ("Le car part mardi prochain à 8 h.", &[Undated]),
            ("Rendez les livres avant le 15 juin.", &[Undated]),
            ("Réunion jeu. 10 mai.", &[WrongWeekday]),
            ("Mardi 12 mai, sortie.", &[WrongWeekday]),
            ("Appelez le +33 6 39 98 00 11.", &[OtherContact]),
            ("Appelez le 0639980011 avant midi.", &[OtherContact]),
            ("Les responsables signent.", &[Ambiguous]),
            ("L’appel est à 8 h.", &[Ambiguous]),
            ("Veuillez signer. Merci de rapporter le carnet.", &[SeveralActions]),
        ] {
            let mut found = kinds("ce_qui_change", bad);
            found.sort_by_key(|kind| expected.iter().position(|it| it == kind));
            assert_eq!(found, expected, "{bad}");
        }
    }

    #[test]
    fn a_sentence_is_long_above_twenty_five_words() {
        let of = |words: usize| format!("{}fin.", "mot ".repeat(words - 1));
        assert_eq!(kinds("ce_qui_change", &of(25)), []);
        assert_eq!(kinds("ce_qui_change", &of(26)), [LongSentence]);
    }

    #[test]
    fn a_next_appointment_has_a_day() {
        for vague in ["à définir", "bientôt", "prochainement sur le site"] {
            assert_eq!(kinds("prochain_rendez_vous", vague), [NoAppointment], "{vague}");
        }
        for said in ["vendredi 14 mai à 18h", "mardi 18h", "aucun avant la rentrée"] {
            assert_eq!(kinds("prochain_rendez_vous", said), [], "{said}");
        }
    }

    #[test]
    fn advice_names_the_sentence_and_a_better_way_and_says_it_once() {
        let text = "Tout va bien. Le CPE appelle. Le CPE écoute.";
        let all = advise(&[Written { field: "circuit", text }], WRITER);
        let [one] = all.as_slice() else { panic!("{all:?}") };
        assert_eq!((one.field.as_str(), one.sentence.as_str()), ("circuit", "Le CPE appelle."));
        assert!(one.better.contains("conseiller principal d’éducation"), "{one:?}");
        let wrong = advise(&[Written { field: "agenda", text: "Jeudi 10 mai à 8h." }], WRITER);
        assert!(wrong[0].told.contains("10 mai 2027 est un lundi"), "{wrong:?}");
        assert_eq!(wrong[0].better, "« lundi 10 mai »");
    }

    #[test]
    fn nothing_that_is_typed_breaks_it() {
        for text in
            ["", ".", "!!!", "31 février", "99/99/9999", "le 1", "\u{301}É", "« » : ; ?", "0", "@"]
        {
            kinds("agenda", text);
        }
    }
}
