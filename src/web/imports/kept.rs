//! The files that an address means, as far as they are.

use std::sync::Arc;

use axum::response::Response;

use super::super::fault::{Explained, Fault};
use super::super::page;
use super::super::visitor::Visitor;
use super::desk::{Bench, ImportStage};
use crate::id::Id;
use crate::office::{self, Proposal, Upload, UploadPlace};
use crate::store::uploads::KeptUpload;

/// The address of a set of files.
pub(super) fn path(upload: Id<KeptUpload>) -> String {
    format!("/annuaire/import/{upload}")
}

/// What an address calls a set of files.
pub(super) fn called(typed: &str) -> Result<Id<KeptUpload>, Fault> {
    typed.parse().map_err(|_| Fault::NothingThere)
}

/// The files that an address means, which wait on this machine.
pub(super) async fn waiting(visitor: &Visitor, typed: &str) -> Result<KeptUpload, Fault> {
    visitor.sees_everybody()?;
    let upload = called(typed)?;
    let waiting = office::waiting_upload(visitor.school()).await?;
    let waiting = waiting.filter(|it| it.kept.id == upload).ok_or(Fault::NothingThere)?;
    match out_of_reach(&waiting) {
        None => Ok(waiting.kept),
        Some(told) => Err(told.by("/annuaire/import", "Les fichiers qui attendent").into()),
    }
}

/// The files and what they change; an answer that leads to their page where that is not known just now.
pub(super) async fn read(
    visitor: &Visitor,
    typed: &str,
) -> Result<Result<(KeptUpload, Bench, Arc<Proposal>), Response>, Fault> {
    let kept = waiting(visitor, typed).await?;
    let bench = visitor.web().desk().bench(kept.id);
    Ok(match bench {
        Some(bench) => match bench.stage.clone() {
            ImportStage::Read(proposal) => Ok((kept, bench, proposal)),
            _ => Err(page::to(&path(kept.id))),
        },
        None => Err(page::to(&path(kept.id))),
    })
}

/// Why files that wait cannot be read here.
pub(super) fn out_of_reach(Upload { kept, place }: &Upload) -> Option<Explained> {
    match place {
        UploadPlace::Here => None,
        UploadPlace::Lost => Some(Explained::new(
            "Ces fichiers ne sont plus sur le disque du programme. Rien n’a été changé dans l’annuaire.",
            "Abandonnez-les, puis donnez-les de nouveau.",
        )),
        UploadPlace::Elsewhere => Some(Explained::new(
            format!(
                "Ces fichiers se trouvent sur une autre machine de l’établissement, « {} » ; celle-ci ne peut pas les lire.",
                kept.machine
            ),
            "Ouvrez cette page par cette machine, ou abandonnez ces fichiers et donnez-les de nouveau.",
        )),
    }
}
