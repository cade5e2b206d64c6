//! The parts of the pages: where each stands in the heading, and the few words of help that each page of it has.

use crate::people::Right;

/// What a page is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    /// What goes on, and what waits.
    Home,
    /// What was sent and what is being written.
    Announcements,
    /// An announcement that is being written.
    Writing,
    /// The last look at one before it leaves.
    LastLook,
    /// What a second person says yes to.
    Approvals,
    /// What waits for a person.
    ToDo,
    /// Whom to ring.
    Calls,
    /// Letters.
    Letters,
    /// What teachers leave for their pupils, to be printed.
    Documents,
    /// Slips that came back, read off a scan.
    Slips,
    /// Lists of names that are handed to somebody.
    Handouts,
    /// How the channels are.
    Channels,
    /// The wordings.
    Templates,
    /// The school's facts and providers.
    Settings,
    /// Who signs in.
    Accounts,
    /// Who did what.
    Journal,
    /// Who there is.
    Directory,
    /// One adult.
    Person,
    /// One pupil.
    Pupil,
    /// One class.
    Class,
    /// Files that the directory comes from.
    Imports,
    /// Audiences under a name.
    Lists,
    /// Whoever looks, and how they sign in.
    OwnAccount,
    /// Whoever is not signed in yet.
    SignIn,
    /// How all this is used.
    Help,
    /// Why there is no page.
    Elsewhere,
}

/// Each part that the heading lists: its address, its name, the right that it needs.
pub(super) const LISTED: [(Section, &str, &str, Option<Right>); 11] = [
    (Section::Home, "/", "Accueil", None),
    (Section::Announcements, "/annonces", "Annonces", None),
    (Section::ToDo, "/a-traiter", "À traiter", Some(Right::CarryByHand)),
    (Section::Calls, "/appels", "Appels", Some(Right::CarryByHand)),
    (Section::Letters, "/courriers", "Courriers", Some(Right::CarryByHand)),
    (Section::Directory, "/annuaire", "Annuaire", Some(Right::SeeFamilies)),
    (Section::Channels, "/canaux", "Canaux", Some(Right::Send)),
    (Section::Templates, "/modeles", "Modèles", Some(Right::Settings)),
    (Section::Settings, "/reglages", "Réglages", Some(Right::Settings)),
    (Section::Accounts, "/reglages/comptes", "Comptes", Some(Right::Accounts)),
    (Section::Journal, "/journal", "Journal", Some(Right::SeeJournal)),
];

impl Section {
    /// The listed part that it stands in.
    pub(super) const fn listed(self) -> Self {
        match self {
            Self::Writing | Self::LastLook | Self::Approvals => Self::Announcements,
            Self::Documents | Self::Slips | Self::Handouts => Self::Letters,
            Self::Person | Self::Pupil | Self::Class | Self::Imports | Self::Lists => {
                Self::Directory
            }
            listed => listed,
        }
    }

    /// How it works, in a few sentences; nothing where there is no page.
    #[rustfmt::skip]
    pub(super) const fn help(self) -> &'static str {
        match self {
            Self::Home => "Cette page dit ce qui attend quelqu’un, ce qui part en ce moment et comment vont les canaux. Elle se met à jour toute seule quand le navigateur le permet ; rechargée, elle dit la même chose. Ce qui est lancé continue de partir quand elle est fermée.",
            Self::Announcements => "Chaque destinataire est compté une fois, par la meilleure preuve que l’on a de lui : remis, arrivé, vu ou répondu. La page d’une annonce permet de la suspendre, de l’annuler, de la rectifier ou de relancer qui n’a pas été joint. Un texte parti ne change plus : une rectification s’adresse à ceux qui l’ont eu, et dit ce qui change.",
            Self::Writing => "Une annonce s’écrit par étapes, et chacune enregistre le brouillon : arrêtez-vous, revenez plus tard, ou donnez l’adresse de la page à un collègue. Si quelqu’un d’autre l’a enregistré entre-temps, vous en êtes prévenu et rien n’est remplacé. Rien ne part avant le dernier bouton de l’étape « Vérifier ».",
            Self::LastLook => "La phrase du haut dit à combien de personnes l’annonce irait maintenant, par quelles voies, quand et pour quel prix. Ce qui part est la version que vous avez sous les yeux : si quelqu’un l’a modifiée depuis, elle vous est montrée de nouveau. Appuyer deux fois, ou revenir en arrière après l’envoi, n’envoie rien de plus.",
            Self::Approvals => "Les réglages disent quels envois demandent l’accord d’une deuxième personne. Elle voit la même page que l’auteur, et c’est son accord qui fait partir l’annonce ; personne ne répond à sa propre demande. Si le brouillon est modifié entre-temps, l’accord est à redonner.",
            Self::ToDo => "Une carte est un texte à copier dans un logiciel où personne d’autre ne peut écrire : publiez-le, puis dites-le ici. Une personne que rien n’a jointe a épuisé toutes les voies de son plan : appelez-la, corrigez ses coordonnées, ou relancez l’annonce depuis sa page. Un envoi incertain est peut-être arrivé : il n’est jamais renvoyé tout seul, pour que personne ne le reçoive deux fois. Ce qui est joint à un courriel n’est utilisé que si vous le dites : « Lire les pages » range les travaux et les coupons photographiés, et les documents d’un collègue se déposent d’un bouton quand l’objet dit pour qui (6A maths, ou 6A / maths / semaine du 18/01/2027).",
            Self::Calls => "« Commencer » donne le premier appel à faire et le garde pour vous quelques minutes : personne d’autre n’appelle cette famille pendant ce temps. Dites ensuite ce que l’appel a donné, d’un seul bouton. Une famille jointe compte comme ayant répondu ; sans réponse, l’appel revient à une autre heure, trois fois en tout, puis la famille passe à la voie suivante. Un faux numéro n’est plus composé pour personne. Une erreur se corrige tant que rien n’est parti à cause d’elle.",
            Self::Letters => "Les courriers qui attendent sont réunis en un lot, imprimés dans l’ordre que vous choisissez (classe, code postal, lieu de retrait) et datés du jour. Ouvrez le PDF du lot, ou d’une seule de ses piles, imprimez-le, mettez sous enveloppe, puis dites ici qu’il est posté ou remis : c’est cela qui compte les familles comme jointes. Un courrier que La Poste rend se note par sa référence : la famille passe alors à la voie suivante.",
            Self::Documents => "Chaque document est déposé pour une semaine, et pour une classe, un niveau ou un seul élève. Il est gardé en entier ou refusé avec la raison ; plusieurs donnés ensemble le sont tous, ou aucun. Les foyers d’une annonce « Paquet de la semaine » reçoivent une lettre, la liste de ce que contient leur enveloppe, puis les documents de leurs propres enfants. Un cahier de textes ou un emploi du temps exporté (tableau ou agenda) devient des pages de cette semaine, imprimées en tête ; les autres documents suivent l’ordre des matières de l’emploi du temps, qui vaut jusqu’au suivant. Retirer un document ne change rien à ce qui est déjà imprimé. Un document se donne aussi par courriel, à la boîte que le programme relève : l’objet commence par la classe (6A maths, ou 6A / maths / semaine du 18/01/2027), et quelqu’un le dépose depuis « À traiter ». Si le travail est à rendre, chaque page qui revient porte un code : la pile numérisée est rangée par élève dans « Travaux rendus », avec les noms de ceux qui manquent.",
            Self::Slips => "Chaque coupon porte un code : lu sur une page numérisée ou sur une photo, il dit quelle famille l’a rendu, et elle compte comme ayant répondu. Le même coupon donné deux fois ne compte qu’une fois. Ce qui est coché ou écrit n’est pas lu par le programme : l’image du coupon est là pour que vous le tapiez. Un coupon d’aucune annonce attend dans « À traiter ». Une page de travail à rendre porte un code elle aussi : elle est gardée pour le professeur de l’élève, dans « Travaux rendus ». Les images de la lecture sont supprimées au bout de sept jours, celles des travaux restent.",
            Self::Handouts => "Une liste de noms dit ce que vous cochez, et rien d’autre, des personnes que vous choisissez. Chaque exemplaire a un numéro, le nom de qui le reçoit et le jour où il doit être détruit ; le journal en garde trace. La liste elle-même n’est gardée nulle part.",
            Self::Channels => "Un canal qui ne répond pas est laissé au repos et réessayé tout seul : les messages pressés passent à la voie suivante, les autres attendent. Fermez un canal quand vous savez qu’il est en panne, avec la raison : tout ce qui y attend passe aussitôt à la voie suivante.",
            Self::Templates => "Un modèle est le texte que les annonces remplissent, sur chaque voie. Il se modifie par une copie de l’établissement, qui n’est enregistrée que si elle se compose sans faute, pour des personnes d’essai, sur toutes ses voies. Les versions précédentes sont gardées : l’une d’elles peut être remise.",
            Self::Settings => "Les réglages sont dans un fichier, sur l’ordinateur où le programme tourne. Ce qui se modifie ici y est écrit, clé par clé, sans toucher au reste ; un fichier qui aurait une faute est refusé en entier. Celui d’avant reste à côté, sous le même nom suivi de « .before ». Si plusieurs programmes servent l’établissement sur un serveur PostgreSQL, chacun a son fichier : modifiez-les tous.",
            Self::Accounts => "La fonction donne des droits habituels ; chaque compte peut en avoir plus ou moins. Personne ne change ses propres droits. Un changement vaut dès la page suivante de la personne, même si elle est déjà connectée. Tout est noté dans le journal.",
            Self::Journal => "Chaque ligne dit qui a fait quoi, et quand ; elle est écrite en même temps que l’acte. Aucun texte, aucun nom d’un parent ou d’un élève n’y figure : le lien d’une ligne mène à ce dont elle parle.",
            Self::Directory => "Le début d’un nom suffit, avec ou sans accents ; un numéro de téléphone ou une classe aussi. La fiche d’un élève mène à ses responsables, et celle d’un adulte à ses coordonnées et à ses messages. L’annuaire vient des fichiers importés ; ce que l’établissement corrige à la main n’est pas remplacé par eux.",
            Self::Person => "La fiche réunit les enfants de cette personne, ses coordonnées et leur état, et chaque annonce qui lui a été adressée, avec ce qu’il en est advenu. Une coordonnée corrigée ici vaut pour la suite, et aucun import ne la remplace. Une fiche archivée ne reçoit plus rien.",
            Self::Pupil => "Une annonce pour un élève s’adresse à tous ses responsables légaux, sauf à qui l’établissement a noté qu’elle ne doit pas aller. Un changement de classe fait ici vaut tout de suite, et aucun import ne le remplace. Pour un élève dont la fiche est archivée, plus rien ne part.",
            Self::Class => "La page montre les élèves de la classe, leurs responsables, et si l’un d’eux au moins peut être joint. « Non » demande une action : complétez les coordonnées depuis la fiche d’un responsable. La liste suit l’annuaire du moment.",
            Self::Imports => "Le programme reconnaît chaque fichier à ce qu’il contient, pas à son nom, et le prend en entier ou le refuse en entier, avec la ligne et la raison. Rien ne change avant que vous n’appliquiez ce qui est montré : une fiche « modifiée » dit ce qui diffère, une fiche « archivée » ne recevra plus rien, et revient si un prochain fichier l’apporte. Un fichier complet (SIECLE, STS, ONDE) remplace ce que la même source avait donné ; un tableau s’ajoute. Ce que l’établissement a corrigé à la main reste. Les fichiers donnés sont supprimés dès qu’ils sont appliqués ou abandonnés.",
            Self::Lists => "Une liste choisie par une règle (un niveau, des classes) suit l’annuaire : un élève qui change de classe y entre ou en sort. Une liste de noms garde ses élèves tant qu’ils sont dans l’établissement. Dans les deux cas, ce sont tous leurs responsables légaux qui sont prévenus.",
            Self::OwnAccount => "Vos droits vous sont donnés par la personne qui gère les comptes ; votre mot de passe et le code du téléphone ne regardent que vous. Une session s’arrête après douze heures sans rien demander, et au bout de sept jours : ce que vous écriviez alors n’est pas perdu, une page vous le rend. Déconnectez ici un appareil perdu ou prêté.",
            Self::SignIn => "Votre identifiant vous est donné par la personne qui gère les comptes de l’établissement. Mot de passe oublié, ou téléphone perdu ? Elle vous remet un code, ou retire le téléphone de votre compte. Après plusieurs essais manqués, il faut attendre avant le suivant.",
            Self::Help => "Ces pages disent ce qui est réglé en ce moment : réimprimez une fiche quand cela change. Une question, une page difficile à lire ou à utiliser ? Adressez-vous à l’établissement.",
            Self::Elsewhere => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::accounts::{IDLE, LONGEST};

    #[test]
    fn the_help_says_how_long_a_session_lasts() {
        let said = Section::OwnAccount.help();
        assert!(said.contains("douze heures") && IDLE == Duration::from_hours(12), "{said}");
        assert!(said.contains("sept jours") && LONGEST == Duration::from_hours(7 * 24), "{said}");
    }
}
