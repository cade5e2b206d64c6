//! A booklet of A5: two pages on each side of a sheet of A4, so that the sheets are read in order once they lie in each
//! other and are folded in the middle. Its empty pages are the last ones.

use serde::{Deserialize, Serialize};

use super::pages::{FitPages, SeenPage};
use super::place::{HEIGHT, Transform, WIDTH, on_a4};
use super::unfit::UnfitDocument;

/// How much smaller a page of A4 is on A5: both sides of a sheet are as one to the root of two, nearly.
const SCALE: f32 = WIDTH / HEIGHT;
/// Half of a sheet that lies.
const HALF: f32 = HEIGHT / 2.0;
/// A sheet that lies, its head by the left edge.
const HEAD_AT_THE_LEFT: Transform = Transform([0.0, 1.0, -1.0, 0.0, WIDTH, 0.0]);
/// The same, its head by the right edge.
const HEAD_AT_THE_RIGHT: Transform = Transform([0.0, -1.0, 1.0, 0.0, 0.0, HEIGHT]);

/// How the pages of a document come onto sheets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SheetShape {
    /// A page a side.
    Pages,
    /// A booklet by itself: its sheets lie, and are turned on their short edge.
    Booklet,
    /// A booklet among other pages: its sheets stand, as all that is turned on its long edge.
    BookletAmongPages,
}

impl SheetShape {
    /// Lays these pages out.
    pub(super) fn lay(self, seen: &[SeenPage], pages: &mut FitPages) -> Result<(), UnfitDocument> {
        let on_a4 = |(it, number): (&SeenPage, usize)| {
            on_a4(it.shown, it.quarters).ok_or(UnfitDocument::OddPage(number))
        };
        let places = seen.iter().zip(1..).map(on_a4).collect::<Result<Vec<_>, _>>()?;
        if self == Self::Pages {
            for page in places.into_iter().zip(seen) {
                pages.add(&[page], [WIDTH, HEIGHT]);
            }
            return Ok(());
        }
        if self == Self::Booklet {
            pages.turn_on_short_edge();
        }
        for (halves, side) in sides(seen.len()).into_iter().zip(0..) {
            let half = |(page, left): (Option<usize>, f32)| {
                let place = places.get(page?)?.then(on_half(left));
                Some((self.turned(place, side), seen.get(page?)?))
            };
            let shown: Vec<(Transform, &SeenPage)> =
                halves.into_iter().zip([0.0, HALF]).filter_map(half).collect();
            let lies = self == Self::Booklet;
            pages.add(&shown, if lies { [HEIGHT, WIDTH] } else { [WIDTH, HEIGHT] });
        }
        Ok(())
    }

    /// A back that is turned on its long edge has its head where the front has it: by the other edge of the page.
    fn turned(self, place: Transform, side: usize) -> Transform {
        match self {
            Self::Pages | Self::Booklet => place,
            Self::BookletAmongPages if side.is_multiple_of(2) => place.then(HEAD_AT_THE_LEFT),
            Self::BookletAmongPages => place.then(HEAD_AT_THE_RIGHT),
        }
    }
}

/// The pages, from 0, at the left and at the right of each side: the front of the outermost sheet, its back, and on inwards.
fn sides(pages: usize) -> Vec<[Option<usize>; 2]> {
    let all = pages.next_multiple_of(4);
    let page = |at: usize| (at < pages).then_some(at);
    let sheet = |sheet: usize| {
        let (first, last) = (2 * sheet, all - 1 - 2 * sheet);
        [[page(last), page(first)], [page(first + 1), page(last - 1)]]
    };
    (0..all / 4).flat_map(sheet).collect()
}

/// From A4 onto the half of a lying sheet that begins there.
fn on_half(left: f32) -> Transform {
    let margin = (HALF - WIDTH * SCALE) / 2.0;
    Transform([SCALE, 0.0, 0.0, SCALE, left + margin, 0.0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_that_lie_in_each_other_are_read_in_order() {
        assert_eq!(sides(1), [[None, Some(0)], [None, None]]);
        assert_eq!(sides(4), [[Some(3), Some(0)], [Some(1), Some(2)]]);
        assert_eq!(
            sides(7),
            [[None, Some(0)], [Some(1), Some(6)], [Some(5), Some(2)], [Some(3), Some(4)]]
        );
        for pages in 1..=100 {
            let mut found: Vec<usize> = sides(pages).into_iter().flatten().flatten().collect();
            found.sort_unstable();
            assert_eq!(found, (0..pages).collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_back_of_an_upright_sheet_has_its_head_by_the_same_edge_of_the_paper() {
        let place = Transform([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
        let turned = |side| SheetShape::BookletAmongPages.turned(place, side);
        // The middle of the head of a lying sheet; turned on the long edge, left is right.
        let (front, back) = (turned(0).moves((HALF, WIDTH)), turned(1).moves((HALF, WIDTH)));
        assert!(front.0.abs() < 0.01 && (back.0 - WIDTH).abs() < 0.01, "{front:?} {back:?}");
        // The first page, at the right of the front, is above; the second, behind it, too.
        assert!(turned(0).moves((HEIGHT, 0.0)).1 > HALF && turned(1).moves((0.0, 0.0)).1 > HALF);
    }
}
