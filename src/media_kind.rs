//! What a file is that somebody gives, told by what it holds: its name tells nothing.

use image::ImageFormat;

/// Where the mark of a PDF may begin: some programs write before it.
const HEAD: usize = 1_024;

/// How an archive begins.
const PACKED: &[u8] = b"PK\x03\x04";
/// What stands in the texts of word processors, and in their lists of entries.
const TEXTS: [&[u8]; 2] = [b"application/vnd.oasis.opendocument.text", b"word/document.xml"];

/// A file that can be a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaKind {
    /// A PDF.
    Pdf,
    /// A picture, JPEG or PNG.
    Picture(ImageFormat),
    /// A text of a word processor, ODT or DOCX.
    Text,
}

impl MediaKind {
    /// What these bytes are; `None` for anything else.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let head = bytes.get(..HEAD).unwrap_or(bytes);
        if head.windows(5).any(|mark| mark == b"%PDF-") {
            return Some(Self::Pdf);
        }
        if bytes.starts_with(PACKED) {
            let says = |mark: &[u8]| bytes.windows(mark.len()).any(|it| it == mark);
            return TEXTS.into_iter().any(says).then_some(Self::Text);
        }
        match image::guess_format(bytes) {
            Ok(format @ (ImageFormat::Jpeg | ImageFormat::Png)) => Some(Self::Picture(format)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_it_holds() {
        let late = [&[b' '; 900][..], b"%PDF-1.4"].concat();
        for (bytes, kind) in [
            (b"%PDF-1.7".as_slice(), Some(MediaKind::Pdf)),
            (&late, Some(MediaKind::Pdf)),
            (b"\xFF\xD8\xFF\xE0", Some(MediaKind::Picture(ImageFormat::Jpeg))),
            (b"\x89PNG\r\n\x1a\n", Some(MediaKind::Picture(ImageFormat::Png))),
            (b"GIF89a", None),
            (b"PK\x03\x04", None),
            (
                b"PK\x03\x04....mimetypeapplication/vnd.oasis.opendocument.text",
                Some(MediaKind::Text),
            ),
            (b"PK\x03\x04....[Content_Types].xml....word/document.xml", Some(MediaKind::Text)),
            (b"PK\x03\x04....[Content_Types].xml....xl/workbook.xml", None),
            (b"", None),
        ] {
            assert_eq!(MediaKind::of(bytes), kind);
        }
    }
}
