//! How many sheets the letters of an announcement take: those who are told the same in the same form are looked at
//! together, and the letters of two of them are set, the one with the shortest values and the one with the longest.

use std::collections::BTreeMap;

use super::School;
use crate::batches::{self, LeftDocuments};
use crate::delivery::Recipient;
use crate::message::Week;
use crate::render::letters::{JobDocument, Letter, LetterJob};
use crate::render::{LetterShape, Prepared};

/// Forms of letters that are set; who has another is taken for one sheet at the least.
const MOST_SET: usize = 24;
/// What is known of a letter that was not set.
const AT_LEAST_ONE: (u64, bool) = (1, true);

/// Those of one announcement, by the form of their letter.
pub(super) type LetterGroups = BTreeMap<LetterShape, LetterGroup>;

/// Those whose letters differ in their values alone.
pub(super) struct LetterGroup {
    /// How many letters leave as it begins to.
    pub(super) at_first: u64,
    /// How many leave at the most.
    pub(super) at_most: u64,
    shortest: (usize, Recipient),
    longest: (usize, Recipient),
}

impl LetterGroup {
    /// Nobody's letter yet; that of this recipient has values of this length.
    pub(super) fn new(to: &Recipient, length: usize) -> Self {
        let (shortest, longest) = ((length, to.clone()), (length, to.clone()));
        Self { at_first: 0, at_most: 0, shortest, longest }
    }

    /// Somebody whose values have this length.
    pub(super) fn note(&mut self, to: &Recipient, length: usize) {
        if length < self.shortest.0 {
            self.shortest = (length, to.clone());
        }
        if length > self.longest.0 {
            self.longest = (length, to.clone());
        }
    }

    fn ends(&self) -> [&Recipient; 2] {
        [&self.shortest.1, &self.longest.1]
    }
}

impl School {
    /// For each of these groups, the sheets that a letter takes, and whether some may take more. What they list as behind
    /// them counts as far as the list is long.
    pub(super) async fn sheets_of(
        &self,
        groups: &LetterGroups,
        (prepared, reference): (&Prepared, &str),
        mut behind: Option<(Week, LeftDocuments)>,
    ) -> Vec<(u64, bool)> {
        let set = groups.values().take(MOST_SET).flat_map(LetterGroup::ends);
        let set = set.map(|to| {
            let text = prepared.letter(to, reference)?;
            let mut letter = batches::letter(std::slice::from_ref(to), reference, text);
            if let Some((week, documents)) = &mut behind {
                letter.parts = documents.parts(*week, &to.about);
            }
            Ok(letter)
        });
        let letters: Result<Vec<Letter>, crate::render::TemplateError> = set.collect();
        let documents = behind.map(|(_, documents)| documents.listed()).unwrap_or_default();
        let lengths = match letters {
            Ok(letters) if !letters.is_empty() => self.lengths_of(letters, documents).await,
            _ => Vec::new(),
        };
        let sides = self.config.letters.sides;
        let sheets = |pages: usize| u64::try_from(sides.sheets(pages)).unwrap_or(u64::MAX);
        let each = lengths.as_chunks::<2>().0.iter().map(|[shortest, longest]| {
            let (least, most) = (sheets(*shortest.min(longest)), sheets(*shortest.max(longest)));
            (least, least != most)
        });
        each.chain(std::iter::repeat(AT_LEAST_ONE)).take(groups.len()).collect()
    }

    /// The pages of each of these letters; nothing where they could not be set, as no letter may be then.
    async fn lengths_of(&self, letters: Vec<Letter>, documents: Vec<JobDocument>) -> Vec<usize> {
        let job = LetterJob {
            title: "Aperçu".to_owned(),
            school: self.renderer.school().clone(),
            date: self.today(),
            sides: self.config.letters.sides,
            letters,
            documents,
            piles: Vec::new(),
        };
        let set = self.renderer.lengths().of(&self.press(), &job).await;
        set.unwrap_or_else(|error| {
            tracing::warn!(%error, "Letters could not be set to count their sheets.");
            Vec::new()
        })
    }
}
