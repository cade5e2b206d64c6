//! Where a page lies on A4: upright, whole, in the middle.

/// The width of A4 in points.
pub const WIDTH: f32 = 595.276;
/// Its height.
pub const HEIGHT: f32 = 841.89;
/// A page that is so much smaller cannot be read any more: A1, printed on A4.
const LEAST_SCALE: f32 = 0.34;
/// A page is never made larger than A5 is on A4.
const MOST_SCALE: f32 = 1.4143;
/// What is so near to A4 is A4.
const TOLERANCE: f32 = 0.01;
/// What is as much wider than high lies on its side.
const LYING: f32 = 1.05;

/// A box in points: left, bottom, right, top.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PageBox {
    pub left: f32,
    pub bottom: f32,
    pub right: f32,
    pub top: f32,
}

impl PageBox {
    /// A box from two corners in any order.
    pub fn new(corners: [f32; 4]) -> Self {
        let [a, b, c, d] = corners;
        Self { left: a.min(c), bottom: b.min(d), right: a.max(c), top: b.max(d) }
    }

    pub fn width(self) -> f32 {
        self.right - self.left
    }

    pub fn height(self) -> f32 {
        self.top - self.bottom
    }

    /// What lies in both.
    pub fn within(self, other: Self) -> Self {
        Self {
            left: self.left.max(other.left),
            bottom: self.bottom.max(other.bottom),
            right: self.right.min(other.right),
            top: self.top.min(other.top),
        }
    }
}

/// A change of coordinates as PDF writes it: `a b c d e f cm`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Transform(pub [f32; 6]);

impl Transform {
    /// First this, then the other.
    pub fn then(self, next: Self) -> Self {
        let origin = next.moves(self.moves((0.0, 0.0)));
        let along = |axis| {
            let (x, y) = next.moves(self.moves(axis));
            (x - origin.0, y - origin.1)
        };
        let (right, up) = (along((1.0, 0.0)), along((0.0, 1.0)));
        Self([right.0, right.1, up.0, up.1, origin.0, origin.1])
    }

    /// Where a point comes to lie.
    pub fn moves(self, (x, y): (f32, f32)) -> (f32, f32) {
        let [right_x, right_y, up_x, up_y, origin_x, origin_y] = self.0;
        (right_x * x + up_x * y + origin_x, right_y * x + up_y * y + origin_y)
    }

    /// The operands, as a content stream has them.
    pub fn operands(self) -> String {
        self.0.map(|number| format!("{number:.4}")).join(" ")
    }
}

/// Where a page lies that shows this box, turned clockwise by so many quarters. `None`: nobody could read it.
pub fn on_a4(shown: PageBox, quarters: i64) -> Option<Transform> {
    let (width, height) = (shown.width(), shown.height());
    if !(width.is_finite() && height.is_finite() && width > 1.0 && height > 1.0) {
        return None;
    }
    let is_odd = quarters.rem_euclid(2) == 1;
    let (seen_width, seen_height) = if is_odd { (height, width) } else { (width, height) };
    // What lies on its side is turned back a quarter: its top is at the side by which sheets are held.
    let quarters = if seen_width > seen_height * LYING { quarters + 3 } else { quarters };
    let to_origin = Transform([1.0, 0.0, 0.0, 1.0, -shown.left, -shown.bottom]);
    let (turn, turned_width, turned_height) = match quarters.rem_euclid(4) {
        0 => (Transform([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]), width, height),
        1 => (Transform([0.0, -1.0, 1.0, 0.0, 0.0, width]), height, width),
        2 => (Transform([-1.0, 0.0, 0.0, -1.0, width, height]), width, height),
        _ => (Transform([0.0, 1.0, -1.0, 0.0, height, 0.0]), height, width),
    };
    let fits = (WIDTH / turned_width).min(HEIGHT / turned_height);
    let scale = match fits {
        fits if (fits - 1.0).abs() < TOLERANCE => 1.0,
        fits if fits < LEAST_SCALE => return None,
        fits => fits.min(MOST_SCALE),
    };
    let (x, y) = ((WIDTH - turned_width * scale) / 2.0, (HEIGHT - turned_height * scale) / 2.0);
    Some(to_origin.then(turn).then(Transform([scale, 0.0, 0.0, scale, x, y])))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(width: f32, height: f32) -> PageBox {
        PageBox::new([0.0, 0.0, width, height])
    }

    fn is_near(seen: (f32, f32), wanted: (f32, f32)) -> bool {
        (seen.0 - wanted.0).abs() < 0.5 && (seen.1 - wanted.1).abs() < 0.5
    }

    #[test]
    fn an_a4_page_stays_where_it_is_and_a_box_begins_at_its_corner() {
        assert!(is_near(on_a4(page(595.0, 842.0), 0).unwrap().moves((10.0, 20.0)), (10.0, 20.0)));
        let moved = PageBox::new([100.0, 50.0, 695.0, 892.0]);
        assert!(is_near(on_a4(moved, 0).unwrap().moves((110.0, 70.0)), (10.0, 20.0)));
    }

    #[test]
    fn a_page_on_its_side_is_turned_so_that_its_top_is_at_the_left() {
        let lying = on_a4(page(842.0, 595.0), 0).unwrap();
        assert!(
            is_near(lying.moves((0.0, 595.0)), (0.0, 0.0)),
            "its left top is below at the left"
        );
        assert!(is_near(lying.moves((842.0, 595.0)), (0.0, HEIGHT)));
        // Said to be turned by its own program, it is upright already.
        let turned = on_a4(page(842.0, 595.0), 1).unwrap();
        assert!(is_near(turned.moves((0.0, 0.0)), (0.0, HEIGHT)));
        assert!(is_near(turned.moves((842.0, 595.0)), (WIDTH, 0.0)));
        let on_its_head = on_a4(page(595.0, 842.0), 2).unwrap();
        assert!(is_near(on_its_head.moves((0.0, 0.0)), (WIDTH, HEIGHT)));
    }

    #[test]
    fn other_sizes_are_scaled_into_the_middle_and_a_poster_is_refused() {
        let letter = on_a4(page(612.0, 792.0), 0).unwrap();
        let (low, high) = (letter.moves((0.0, 0.0)), letter.moves((612.0, 792.0)));
        assert!(is_near((low.0, high.0), (0.0, WIDTH)) && (low.1 - (HEIGHT - high.1)).abs() < 0.5);
        assert!(is_near(
            on_a4(page(842.0, 1191.0), 0).unwrap().moves((842.0, 1191.0)),
            (WIDTH, HEIGHT)
        ));
        assert!(is_near(
            on_a4(page(420.0, 595.0), 0).unwrap().moves((420.0, 595.0)),
            (594.6, 841.5)
        ));
        for (width, height) in
            [(5_669.0, 842.0), (2_384.0, 3_370.0), (0.0, 10.0), (f32::NAN, 842.0)]
        {
            assert_eq!(on_a4(page(width, height), 0), None);
        }
    }
}
