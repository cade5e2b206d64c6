//! The titles of a table, in one row or in two, and what each column holds.

use super::aliases::{self, Title};
use super::columns::{ColumnMap, Field, What, Whose, folded_title};
use super::refused::Reason;
use super::sheet::SheetRow;

/// Rows among which the titles stand.
pub(super) const HEAD_ROWS: usize = 20;
/// Bytes beyond which a cell is not looked at for a title.
const LONGEST_KNOWN: usize = 40;
/// Known titles that make a row the one of titles.
const FEWEST_KNOWN: usize = 2;

/// The titles of a table, understood.
pub(super) struct Head {
    titles: Vec<String>,
    folded: Vec<String>,
    fields: Vec<Option<Field>>,
    /// Whether somebody said of a column that it is passed over.
    ignored: Vec<bool>,
    /// The rows that the titles stand in, folded, to know them again.
    typed: Vec<Vec<String>>,
}

impl Head {
    /// The titles of a table, and how many of the rows end with them; `None` when the first rows hold
    /// none.
    pub(super) fn find(rows: &[SheetRow], maps: &[ColumnMap]) -> Option<(Self, usize)> {
        let first = rows.get(..HEAD_ROWS).unwrap_or(rows);
        (0..first.len()).find_map(|at| {
            let (row, next) = (first.get(at)?, rows.get(at + 1));
            if let Some(head) = next.and_then(|below| Self::of_two(row, below, maps)) {
                return Some((head, at + 2));
            }
            let head = Self::of(row, maps)?;
            // Groups of columns may look like titles: the row below them knows more.
            let better = next.and_then(|row| Self::of(row, maps));
            match better.filter(|better| better.known() > head.known()) {
                Some(better) => Some((better, at + 2)),
                None => Some((head, at + 1)),
            }
        })
    }

    /// The titles of this row; `None` when too few of them are known.
    fn of(row: &SheetRow, maps: &[ColumnMap]) -> Option<Self> {
        Some(Self::of_any(row, maps)).filter(Self::is_known)
    }

    /// The titles of this row, however few of them are known.
    pub(super) fn of_any(row: &SheetRow, maps: &[ColumnMap]) -> Self {
        let titles: Vec<String> = row.cells().map(str::to_owned).collect();
        let typed = vec![titles.iter().map(|title| folded_title(title)).collect()];
        Self::read(titles, typed, maps)
    }

    /// The titles of two rows, of which the upper one tells whose those below are: each of its cells
    /// speaks for the columns up to its next one, as merged cells do. Where the first of them is the
    /// pupil, the row is the pupil's, and those titles are complete.
    fn of_two(upper: &SheetRow, lower: &SheetRow, maps: &[ColumnMap]) -> Option<Self> {
        let is_mark = |cell: &str| aliases::is_mark(&folded_title(cell));
        if !upper.filled().any(is_mark) {
            return None;
        }
        let is_of_pupil = |cell: &str| aliases::is_pupil_mark(&folded_title(cell));
        let are_pupils = upper.filled().next().is_some_and(is_of_pupil);
        let mut group = "";
        let titles: Vec<String> = (0..upper.len().max(lower.len()))
            .map(|at| {
                let (above, below) = (upper.cell(at), lower.cell(at));
                if !above.is_empty() {
                    group = above;
                }
                let is_complete = !is_mark(group) || (are_pupils && is_of_pupil(group));
                match (below.is_empty(), is_complete) {
                    (true, _) => above.to_owned(),
                    (false, true) => below.to_owned(),
                    (false, false) => format!("{below} {group}"),
                }
            })
            .collect();
        let typed = [upper, lower].map(|row| row.cells().map(folded_title).collect()).to_vec();
        let head = Self::read(titles, typed, maps);
        let filled = lower.filled().count();
        let known = (0..lower.len())
            .filter(|at| {
                !lower.cell(*at).is_empty() && head.fields.get(*at).is_some_and(Option::is_some)
            })
            .count();
        (head.is_known() && known >= FEWEST_KNOWN && known * 2 >= filled).then_some(head)
    }

    fn read(titles: Vec<String>, typed: Vec<Vec<String>>, maps: &[ColumnMap]) -> Self {
        let told: Vec<Title> = titles.iter().map(|title| Title::of(title)).collect();
        let fields = aliases::fields(&told);
        let folded: Vec<String> = told.into_iter().map(|title| title.whole).collect();
        let ignored = vec![false; fields.len()];
        let mut head = Self { titles: numbered(titles, &folded), folded, fields, ignored, typed };
        let joined = head.joined();
        let of_this = |map: &&ColumnMap| map.head.as_ref().is_none_or(|other| *other == joined);
        maps.iter().filter(of_this).for_each(|map| head.correct(map));
        head
    }

    fn is_known(&self) -> bool {
        self.known() >= FEWEST_KNOWN
    }

    /// Takes what was said of the titles; of one that comes again, also by its number: `Nom 2`.
    fn correct(&mut self, map: &ColumnMap) {
        for (at, title) in self.folded.iter().enumerate().filter(|(_, title)| !title.is_empty()) {
            let numbered = self.titles.get(at).and_then(|title| map.said_of(&folded_title(title)));
            let Some((_, said)) = numbered.or_else(|| map.said_of(title)) else { continue };
            if let Some(field) = self.fields.get_mut(at) {
                *field = *said;
            }
            if let Some(ignored) = self.ignored.get_mut(at) {
                *ignored = said.is_none();
            }
        }
    }

    fn known(&self) -> usize {
        self.fields.iter().flatten().count()
    }

    /// Fits the titles to the rows below them: a column without a title is refused if it holds
    /// something, and the titles of the last child repeat for rows with more children.
    pub(super) fn fit(&mut self, rows: &[SheetRow]) -> Result<(), Reason> {
        self.check_titles(rows)?;
        self.stretch(rows.iter().map(SheetRow::len).max().unwrap_or(0));
        let beyond = rows.iter().filter(|row| row.reaches(self.width())).count();
        // One row that is too long is shifted; most of them are a column.
        if beyond > 1 && beyond * 2 > rows.len() {
            return Err(Reason::UntitledColumn(self.width() + 1));
        }
        Ok(())
    }

    fn check_titles(&mut self, rows: &[SheetRow]) -> Result<(), Reason> {
        let width =
            self.folded.iter().rposition(|title| !title.is_empty()).map_or(0, |last| last + 1);
        self.titles.truncate(width);
        self.folded.truncate(width);
        self.fields.truncate(width);
        self.ignored.truncate(width);
        for (at, title) in self.folded.iter().enumerate() {
            let is_filled = || rows.iter().any(|row| !row.cell(at).is_empty());
            if title.is_empty() && is_filled() {
                return Err(Reason::UntitledColumn(at + 1));
            }
            let first = self.folded.iter().position(|other| other == title).unwrap_or(at);
            if self.names_twice(at) && is_filled() {
                return Err(Reason::TitleTwice(self.title(first).to_owned()));
            }
        }
        Ok(())
    }

    /// Whether an earlier column of the same title gives the same name of the same person; children
    /// come one after the other.
    fn names_twice(&self, at: usize) -> bool {
        let (Some(title), Some(Some(field))) = (self.folded.get(at), self.fields.get(at)) else {
            return false;
        };
        let mut before = self.folded.iter().zip(&self.fields).take(at);
        field.what.is_name()
            && field.whose != Whose::Child
            && before.any(|(other, told)| other == title && *told == Some(*field))
    }

    fn stretch(&mut self, widest: usize) {
        let is_child = |field: &Option<Field>| field.is_some_and(|f| f.whose == Whose::Child);
        let Some(last) = self.fields.last().copied().flatten().filter(|f| is_child(&Some(*f)))
        else {
            return;
        };
        let before = self.fields.split_last().map_or(&[][..], |(_, before)| before);
        let group: Vec<Option<Field>> = match before.iter().rposition(|f| *f == Some(last)) {
            Some(at) => before.iter().skip(at + 1).copied().chain([Some(last)]).collect(),
            None => self.fields.iter().copied().skip_while(|field| !is_child(field)).collect(),
        };
        if group.iter().all(is_child) {
            let missing = widest.saturating_sub(self.fields.len());
            self.fields.extend(group.into_iter().cycle().take(missing));
        }
    }

    /// Whether a title, folded, is among them.
    pub(super) fn has_title(&self, title: &str) -> bool {
        self.folded.iter().any(|other| other == title)
    }

    /// Whether a column holds this.
    pub(super) fn has(&self, field: Field) -> bool {
        self.fields.contains(&Some(field))
    }

    /// Whether a column is about such a person.
    pub(super) fn tells_of(&self, whose: Whose) -> bool {
        self.fields.iter().flatten().any(|field| field.whose == whose)
    }

    /// Whether a column says what the people of the rows are called.
    pub(super) fn names_people(&self) -> bool {
        let names = [What::FamilyName, What::UsageName, What::FullName];
        names.into_iter().any(|what| self.has(Field::own(what)))
    }

    /// The columns that hold this, from the left.
    pub(super) fn columns_of(&self, field: Field) -> impl Iterator<Item = usize> {
        let columns = self.fields.iter().enumerate();
        columns.filter(move |(_, other)| **other == Some(field)).map(|(at, _)| at)
    }

    /// The columns of each child: a new one begins where a field comes again.
    pub(super) fn children(&self) -> Vec<Vec<(What, usize)>> {
        let mut children: Vec<Vec<(What, usize)>> = Vec::new();
        for (at, field) in self.fields.iter().enumerate() {
            let Some(Field { whose: Whose::Child, what }) = field else { continue };
            let open = children.last_mut().filter(|child| child.iter().all(|(w, _)| w != what));
            match open {
                Some(child) => child.push((*what, at)),
                None => children.push(vec![(*what, at)]),
            }
        }
        children
    }

    /// How many columns are understood or at least titled.
    pub(super) fn width(&self) -> usize {
        self.fields.len()
    }

    /// Passes over what a table of these people has no use for, so that nobody thinks it was taken.
    pub(super) fn keep(&mut self, is_kept: impl Fn(Field) -> bool) {
        for field in &mut self.fields {
            *field = field.filter(|field| is_kept(*field));
        }
    }

    /// Whether a column is taken for something.
    pub(super) fn takes(&self, column: usize) -> bool {
        self.fields.get(column).is_some_and(Option::is_some)
    }

    /// What each column is taken for, from the left.
    pub(super) fn fields(&self) -> impl Iterator<Item = Option<Field>> {
        self.fields.iter().copied()
    }

    /// A title as it is shown.
    pub(super) fn title(&self, column: usize) -> &str {
        self.titles.get(column).map_or("", String::as_str)
    }

    /// The columns that are not read, and whether somebody said so.
    pub(super) fn unread(&self) -> impl Iterator<Item = (usize, bool)> {
        let columns = self.fields.iter().zip(&self.ignored).enumerate();
        columns.filter(|(_, (field, _))| field.is_none()).map(|(at, (_, said))| (at, *said))
    }

    /// How many rows the titles stand in.
    pub(super) fn height(&self) -> usize {
        self.typed.len()
    }

    /// Whether a row below the titles is those titles again.
    pub(super) fn is_repeated_by(&self, row: &SheetRow) -> bool {
        let repeats = |titles: &Vec<String>| {
            let mut cells = row.cells().enumerate().filter(|(_, cell)| !cell.is_empty());
            cells.all(|(at, cell)| titles.get(at).is_some_and(|title| *title == folded_title(cell)))
        };
        self.typed.iter().any(repeats) && row.filled().nth(1).is_some()
    }

    /// The row of titles, folded and joined.
    pub(super) fn joined(&self) -> String {
        self.folded.join(";")
    }

    /// Each title and what it was taken for.
    pub(super) fn understood(&self) -> Vec<(String, Option<String>)> {
        let words = self.fields.iter().map(|field| field.map(|field| field.to_string()));
        self.titles.iter().cloned().zip(words).collect()
    }

    /// The words of the fields that were understood.
    pub(super) fn words(&self) -> String {
        let words: Vec<String> = self.fields.iter().flatten().map(Field::to_string).collect();
        words.join(", ")
    }
}

/// Whether a text is a title that is known.
pub(super) fn is_a_title(text: &str) -> bool {
    text.len() <= LONGEST_KNOWN && aliases::is_known(&folded_title(text))
}

/// Whether this row is one of titles, whatever they are: two known ones, and few others.
pub(super) fn is_of_titles(row: &SheetRow) -> bool {
    let told: Vec<Title> = row.filled().map(Title::of).collect();
    let known = aliases::fields(&told).iter().flatten().count();
    known >= FEWEST_KNOWN && known * 2 >= told.len()
}

impl Title {
    fn of(title: &str) -> Self {
        Self { whole: folded_title(title), bare: folded_title(&without_brackets(title)) }
    }
}

/// `Date de naissance (jj/mm/aaaa)` is a date of birth.
fn without_brackets(title: &str) -> String {
    let mut depth = 0_usize;
    let outside = title.chars().filter(|letter| match letter {
        '(' | '[' => {
            depth += 1;
            false
        }
        ')' | ']' => {
            depth = depth.saturating_sub(1);
            false
        }
        _ => depth == 0,
    });
    outside.collect()
}

/// Titles as they are shown: one that comes again gets its number, so that it can be spoken of.
fn numbered(titles: Vec<String>, folded: &[String]) -> Vec<String> {
    let number = |at: usize| {
        let before = folded.iter().take(at);
        1 + before.filter(|other| folded.get(at) == Some(*other)).count()
    };
    let titles = titles.into_iter().enumerate();
    titles
        .map(|(at, title)| match number(at) {
            2.. if !title.is_empty() => format!("{title} {}", number(at)),
            _ => title,
        })
        .collect()
}
