//! The rest of a batch: what is left to print after paper ran out or jammed.

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::{LettersError, Sides};

/// What a catalog says of the whole, and is not true of a part.
const OF_THE_WHOLE: [&[u8]; 5] =
    [b"StructTreeRoot", b"MarkInfo", b"Metadata", b"Outlines", b"PageLabels"];

/// The pages of a batch of ours from one on, the first being 1; from the front of its sheet, where it is a back.
pub fn from_page(pdf: &[u8], first: usize, sides: Sides) -> Result<Vec<u8>, LettersError> {
    let mut document = Document::load_mem(pdf)?;
    let catalog = document.catalog_mut()?;
    for key in OF_THE_WHOLE {
        catalog.remove(key);
    }
    let pages = catalog.get(b"Pages")?.as_reference()?;
    let before = first.saturating_sub(1);
    let front = before - before % sides.on_a_sheet();
    keep_from(document.get_object_mut(pages)?.as_dict_mut()?, front)?;
    for page in kids(&document, pages)? {
        // Which element its marks belong to, in a tree that is gone.
        document.get_object_mut(page)?.as_dict_mut()?.remove(b"StructParents");
    }
    document.prune_objects();
    let mut rest = Vec::new();
    document.save_to(&mut rest).map_err(lopdf::Error::from)?;
    Ok(rest)
}

fn keep_from(pages: &mut Dictionary, front: usize) -> Result<(), lopdf::Error> {
    let kids = pages.get_mut(b"Kids")?.as_array_mut()?;
    kids.drain(..front.min(kids.len()));
    let left = i64::try_from(kids.len()).unwrap_or(i64::MAX);
    pages.set("Count", left);
    Ok(())
}

fn kids(document: &Document, pages: ObjectId) -> Result<Vec<ObjectId>, lopdf::Error> {
    let kids = document.get_object(pages)?.as_dict()?.get(b"Kids")?.as_array()?;
    kids.iter().map(Object::as_reference).collect()
}
