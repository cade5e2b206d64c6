//! A long list, one numbered page of it at a time.

use std::ops::Range;

use askama::Template;

/// Which page of a list is shown, and the ways to the others.
#[derive(Template)]
#[template(path = "numbered.html", config = "src/web/askama.toml")]
pub(super) struct Numbered {
    /// Up to the number: `/journal?page=`.
    path: String,
    here: usize,
    last: usize,
    each: usize,
}

impl Numbered {
    /// The page that was asked for, of a list of so many; the nearest there is.
    pub(super) fn of(path: impl Into<String>, asked: &str, total: usize, each: usize) -> Self {
        let last = total.div_ceil(each).max(1);
        let here = asked.parse().unwrap_or(1).clamp(1, last);
        Self { path: path.into(), here, last, each }
    }

    /// The page before it, and the one after.
    pub(super) fn neighbours(&self) -> (Option<usize>, Option<usize>) {
        let before = (self.here > 1).then(|| self.here - 1);
        (before, (self.here < self.last).then_some(self.here + 1))
    }

    /// Which of the list stand on it; the end may lie beyond the list.
    pub(super) const fn range(&self) -> Range<usize> {
        (self.here - 1) * self.each..self.here * self.each
    }

    /// What stands on it.
    pub(super) fn part<'a, T>(&self, all: &'a [T]) -> &'a [T] {
        let range = self.range();
        &all[range.start.min(all.len())..range.end.min(all.len())]
    }
}
