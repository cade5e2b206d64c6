//! What waits, in the pages' French.

use super::super::words::count;
use crate::office::{EntryKind, EntryName, InboxEntry};

/// Where an entry is seen to.
pub(super) fn path(name: &EntryName) -> String {
    format!("/a-traiter/boite/{name}")
}

/// The word for a kind in an address.
pub(super) const fn word(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Reply => "reponses",
        EntryKind::Bounce => "retours",
        EntryKind::Call => "rappels",
        EntryKind::Slip => "coupons",
        EntryKind::Unreached => "non-jointes",
        EntryKind::Uncertain => "incertains",
    }
}

/// The kind of this word.
pub(super) fn kind(asked: &str) -> Option<EntryKind> {
    EntryKind::ALL.into_iter().find(|kind| word(*kind) == asked)
}

/// What a way to the entries of a kind says.
pub(super) const fn short(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Reply => "Réponses",
        EntryKind::Bounce => "Courriels revenus",
        EntryKind::Call => "Rappels demandés",
        EntryKind::Slip => "Coupons",
        EntryKind::Unreached => "Non jointes",
        EntryKind::Uncertain => "Incertains",
    }
}

/// The title of a list, and what is to be done about what stands there.
pub(super) const fn title(kind: Option<EntryKind>) -> (&'static str, &'static str) {
    match kind {
        None => (
            "Boîte de réception",
            "Ce qui attend quelqu’un : ce qui est urgent d’abord, puis le plus ancien. Rien n’en sort sans que quelqu’un l’ait dit.",
        ),
        Some(EntryKind::Reply) => (
            "Réponses des familles",
            "Lisez, répondez par la même voie, ou notez ce qui a été fait.",
        ),
        Some(EntryKind::Bounce) => (
            "Courriels revenus",
            "Un serveur dit qu’un courriel n’est pas arrivé, et rien ne prouve que c’était l’un des nôtres : aucune adresse n’a été écartée.",
        ),
        Some(EntryKind::Call) => {
            ("Rappels demandés", "Ces personnes ont appelé, ou demandent qu’on les appelle.")
        }
        Some(EntryKind::Slip) => {
            ("Coupons", "Ces coupons disent plus que le programme ne sait faire.")
        }
        Some(EntryKind::Unreached) => (
            "Personnes que rien n’a jointes",
            "Toutes leurs voies ont échoué : corrigez leurs coordonnées et relancez l’annonce, écrivez ou appelez.",
        ),
        Some(EntryKind::Uncertain) => (
            "Envois incertains",
            "Ces envois sont peut-être arrivés. Demandez à la famille ; si elle n’a rien, relancez les envois incertains depuis la page de l’annonce.",
        ),
    }
}

/// What stands in the place of an empty list.
pub(super) const fn nothing(kind: Option<EntryKind>) -> &'static str {
    match kind {
        None => "Rien n’attend personne.",
        Some(EntryKind::Reply) => "Aucune réponse n’est à lire.",
        Some(EntryKind::Bounce) => "Aucun courriel revenu n’est à regarder.",
        Some(EntryKind::Call) => "Personne n’attend d’être rappelé.",
        Some(EntryKind::Slip) => "Aucun coupon n’est à regarder.",
        Some(EntryKind::Unreached) => "Tout le monde est joint, ou en chemin.",
        Some(EntryKind::Uncertain) => "Aucun envoi n’est incertain.",
    }
}

/// Whose it is, as far as anybody knows.
pub(super) fn who(entry: &InboxEntry) -> String {
    match (&entry.who, &entry.sender) {
        (Some(name), _) => name.clone(),
        (None, Some(sender)) => format!("{sender} (inconnu de l’annuaire)"),
        (None, None) => "Personne inconnue de l’annuaire".to_owned(),
    }
}

/// How large a file is: `3 octets`, `12 ko`, `4 Mo`.
pub(super) fn weight(octets: usize) -> String {
    match octets {
        0..1_000 => count(octets, "octet", "octets"),
        1_000..1_000_000 => format!("{} ko", octets.div_ceil(1_000)),
        _ => format!("{} Mo", octets.div_ceil(1_000_000)),
    }
}

/// What it is, and of which announcement.
pub(super) fn what(entry: &InboxEntry) -> String {
    let by = entry.channel.map(|it| format!(" par {}", it.in_french())).unwrap_or_default();
    let documents = entry.documents.as_ref().filter(|it| it.meant_for.is_some());
    if let Some(documents) = documents {
        return format!("a envoyé des documents pour {}{by}", documents.folder);
    }
    let what = match entry.kind {
        EntryKind::Reply => format!("a écrit{by}"),
        EntryKind::Bounce => "un courriel est revenu".to_owned(),
        EntryKind::Call => "demande un appel".to_owned(),
        EntryKind::Slip => "a rendu un coupon".to_owned(),
        EntryKind::Unreached => "rien ne l’a joint".to_owned(),
        EntryKind::Uncertain => "peut-être joint".to_owned(),
    };
    match &entry.subject {
        Some(subject) => format!("{what} · {subject}"),
        None => what,
    }
}
