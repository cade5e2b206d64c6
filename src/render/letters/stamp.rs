//! The mark of a page that comes back: a code for a machine, and the same for whoever types it.

use std::fmt::Write as _;

use lopdf::{Dictionary, dictionary};
use qrcode::{Color, EcLevel, QrCode};

use super::job::PageCode;

/// Points a millimetre.
const MM: f32 = 72.0 / 25.4;
/// The width of an A4 page.
const PAGE: f32 = 210.0 * MM;
/// A side of the code with its quiet zone: a module is more than half a millimetre wide.
const SIDE: f32 = 17.0 * MM;
/// From the edges of the page: nearer, many printers print nothing.
const EDGE: f32 = 6.0 * MM;
/// Modules of the quiet zone on each side (ISO/IEC 18004).
const QUIET: usize = 4;
/// Points of what is printed beside the code, and how wide one of its signs is at most, in its own size.
const SIZE: f32 = 8.0;
const SIGN: f32 = 0.62;
/// The name of the font in the resources of a page.
pub const FONT: &str = "Stamp";

/// How small a page is drawn that bears a mark: as much as leaves it a margin of its own below.
const SHRUNK: f32 = 0.92;
/// The height of an A4 page.
const HEIGHT: f32 = 297.0 * MM;

/// Before what draws a page that is to bear a mark, so that nothing of it is hidden; [`stamp`] ends it.
pub fn shrink() -> String {
    let (left, low) = (PAGE * (1.0 - SHRUNK) / 2.0, HEIGHT * (1.0 - SHRUNK));
    format!("q {SHRUNK} 0 0 {SHRUNK} {left:.2} {low:.2} cm\n")
}

/// Draws the mark at the lower right of an A4 page, after what draws the page and [`shrink`] before that. `None`: the code
/// holds no such text.
pub fn stamp(code: &PageCode) -> Option<String> {
    let matrix = QrCode::with_error_correction_level(&code.coded, EcLevel::M).ok()?;
    let (side, modules) = (matrix.width(), matrix.to_colors());
    #[expect(clippy::cast_precision_loss, reason = "no code has so many modules")]
    let (code_side, quiet) = {
        let module = SIDE / (side + 2 * QUIET) as f32;
        (module * side as f32, module * QUIET as f32)
    };
    let (left, low) = (PAGE - EDGE - SIDE, EDGE);
    #[expect(clippy::cast_precision_loss, reason = "a few signs")]
    let text = code.printed.len() as f32 * SIGN * SIZE;
    let mut drawn = "Q q\n".to_owned();
    // Writing to a String cannot fail.
    let _ = writeln!(
        drawn,
        "0 g BT /{FONT} {SIZE} Tf {:.2} {:.2} Td ({}) Tj ET",
        left - text,
        low + SIZE * 0.4,
        code.printed
    );
    let _ = writeln!(
        drawn,
        "{code_side:.3} 0 0 {code_side:.3} {:.3} {:.3} cm",
        left + quiet,
        low + quiet
    );
    let _ = writeln!(drawn, "BI /W {side} /H {side} /IM true /D [1 0] /F /AHx ID");
    for row in modules.chunks(side) {
        for eight in row.chunks(8) {
            let bits = (0..8).map(|at| eight.get(at).is_some_and(|it| *it == Color::Dark));
            let octet = bits.fold(0_u8, |octet, bit| octet << 1 | u8::from(bit));
            let _ = write!(drawn, "{octet:02X}");
        }
    }
    drawn.push_str(">\nEI Q\n");
    Some(drawn)
}

/// The font of what is printed beside the code, which every reader and printer has (ISO 32000-1, 9.6.2.2).
pub fn font() -> Dictionary {
    dictionary! {
        "Type" => "Font",
        "Subtype" => "Type1",
        "BaseFont" => "Helvetica",
        "Encoding" => "WinAnsiEncoding",
    }
}

/// Draws a sheet to write on: who, then lines of 8 mm.
pub fn ruled() -> String {
    const LEFT: f32 = 20.0;
    const RIGHT: f32 = 196.0;
    const TOP: f32 = 280.0;
    let mut drawn = format!(
        "q BT /{FONT} 11 Tf {:.2} {:.2} Td (Copie \\340 rendre. Nom, pr\\351nom, classe :) Tj ET\n0.3 w 0.6 G\n",
        LEFT * MM,
        TOP * MM
    );
    let mut height = TOP - 12.0;
    while height > 28.0 {
        let (left, right, height_now) = (LEFT * MM, RIGHT * MM, height * MM);
        let _ = writeln!(drawn, "{left:.2} {height_now:.2} m {right:.2} {height_now:.2} l S");
        height -= 8.0;
    }
    drawn.push_str("Q\n");
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_of_any_work_has_modules_of_half_a_millimetre() {
        for (work, page) in [("100000", "1"), ("999999", "99"), ("4294967295", "999")] {
            let (coded, printed) = (format!("T/0310001A/{work}/{page}"), format!("T{work}-{page}"));
            let drawn = stamp(&PageCode { coded, printed }).unwrap();
            assert!(drawn.contains("/W 25 /H 25"), "{drawn}");
        }
    }
}
