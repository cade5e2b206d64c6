//! How somebody finds a letter in a batch: an entry for each, and pages that bear its reference.

use lopdf::{Dictionary, Object, ObjectId, dictionary};

use super::job::Letter;
use super::objects::Objects;

/// The letters of a batch, by the pages on which they begin.
#[derive(Default)]
pub struct Outline(Vec<OutlineEntry>);

struct OutlineEntry {
    /// Pages before it.
    before: usize,
    /// `6A Zoé DURAND`.
    title: String,
    reference: String,
}

impl Outline {
    /// A letter that begins after so many pages.
    pub fn begin(&mut self, before: usize, letter: &Letter) {
        let whom = match letter.about.as_slice() {
            [] => letter.address.first().cloned().unwrap_or_default(),
            about => about.join(", "),
        };
        let class = letter.class_label.as_deref().unwrap_or_default();
        let title = format!("{class} {whom} {}", letter.reference);
        let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        self.0.push(OutlineEntry { before, title, reference: letter.reference.clone() });
    }

    /// Writes it: the labels of the pages, and the entries where there are several.
    pub fn write(
        self,
        joined: &mut Objects,
        pages: &[Object],
    ) -> Result<(Dictionary, Option<ObjectId>), lopdf::Error> {
        let labels = self.0.iter().flat_map(|entry| {
            let at = i64::try_from(entry.before).unwrap_or(i64::MAX);
            let prefix = Object::string_literal(format!("{} p. ", entry.reference));
            let label = dictionary! { "S" => "D", "P" => prefix };
            [Object::Integer(at), label.into()]
        });
        let labels = dictionary! { "Nums" => labels.collect::<Vec<Object>>() };
        if self.0.len() < 2 {
            return Ok((labels, None));
        }
        let root = joined.reserve();
        let ids: Vec<ObjectId> = self.0.iter().map(|_| joined.reserve()).collect();
        for (place, (entry, id)) in self.0.iter().zip(&ids).enumerate() {
            let Some(page) = pages.get(entry.before) else { continue };
            let mut item = dictionary! {
                "Title" => lopdf::text_string(&entry.title),
                "Parent" => root,
                "Dest" => vec![page.clone(), "Fit".into()],
            };
            if let Some(last) = place.checked_sub(1).and_then(|it| ids.get(it)) {
                item.set("Prev", *last);
            }
            if let Some(next) = ids.get(place + 1) {
                item.set("Next", *next);
            }
            joined.write(*id, item.into())?;
        }
        let count = i64::try_from(ids.len()).unwrap_or(i64::MAX);
        let mut entries = dictionary! { "Type" => "Outlines", "Count" => count };
        for (key, id) in [("First", ids.first()), ("Last", ids.last())] {
            if let Some(id) = id {
                entries.set(key, *id);
            }
        }
        joined.write(root, entries.into())?;
        Ok((labels, Some(root)))
    }
}
