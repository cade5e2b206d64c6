//! Scans of slips that are not read.

use super::super::fault::{Explained, Fault};
use crate::office::{ReadScanError, ScanRefusal};

/// Why a scan is not read, and what to do.
pub(crate) fn told(refusal: &ScanRefusal) -> Explained {
    match refusal {
        ScanRefusal::Coming => Explained::new(
            "Quelqu’un d’autre est en train de donner des coupons. Les vôtres n’ont pas été gardés.",
            "Attendez un instant, puis donnez-les de nouveau.",
        ),
        ScanRefusal::Gone => Explained::new(
            "Cette lecture n’est plus gardée ici.",
            "Ce que disaient les coupons lus est noté ; donnez de nouveau les autres.",
        ),
        ScanRefusal::Disk(_) => Explained::new(
            "Le disque du programme n’a pas pris ces fichiers.",
            "Prévenez la personne qui s’occupe de l’informatique.",
        ),
        ScanRefusal::Unread(ReadScanError::Scan(_)) => Explained::new(
            "Le programme n’a pas pu lire ces fichiers. Les coupons déjà lus sont comptés.",
            "Donnez-les de nouveau ; si cela dure, prévenez la personne qui s’occupe de l’informatique.",
        ),
        ScanRefusal::Unread(ReadScanError::Store(_)) => Explained::new(
            "La base de données ne répond pas. Les coupons déjà lus sont comptés.",
            "Donnez de nouveau ces fichiers dans une minute.",
        ),
    }
}

impl From<ScanRefusal> for Fault {
    fn from(refusal: ScanRefusal) -> Self {
        match &refusal {
            ScanRefusal::Gone => return Self::NothingThere,
            ScanRefusal::Disk(error) => {
                tracing::warn!(%error, "Files of a scan could not be kept.");
            }
            _ => {}
        }
        Self::Refused(told(&refusal).by("/coupons", "Donner des coupons"))
    }
}
