//! What is plainly something else than an export or a table: told by its first bytes, so that the office
//! reads what it chose and what to do.

/// Something else than an export or a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Foreign {
    /// A picture: a scan, a photograph, a screenshot.
    Picture,
    /// A PDF.
    Pdf,
    /// A web page; some programs name one `.xls`.
    WebPage,
    /// A text document, or slides.
    Document,
    /// A spreadsheet in a format that nobody else reads.
    OtherSpreadsheet,
    /// An archive that is no ZIP.
    OtherArchive,
}

impl Foreign {
    const fn words(self) -> [&'static str; 4] {
        match self {
            Self::Picture => [
                "a picture",
                "export the list as a table (.xlsx, .ods or .csv); a picture cannot be read",
                "c’est une image",
                "Exportez la liste en tableau (.xlsx, .ods ou .csv) : une image ne peut pas être lue.",
            ],
            Self::Pdf => [
                "a PDF",
                "export the list as a table (.xlsx, .ods or .csv); a PDF cannot be read",
                "c’est un PDF",
                "Exportez la liste en tableau (.xlsx, .ods ou .csv) : un PDF ne peut pas être lu.",
            ],
            Self::WebPage => [
                "a web page, whatever its name says",
                "open it in a spreadsheet and save it as .xlsx, .ods or .csv",
                "c’est une page web, même si son nom finit par .xls",
                "Ouvrez-la dans un tableur et enregistrez-la au format .xlsx, .ods ou .csv.",
            ],
            Self::Document => [
                "a text document or slides",
                "copy its table into a spreadsheet and save that as .xlsx, .ods or .csv",
                "c’est un document texte ou un diaporama",
                "Copiez son tableau dans un tableur et enregistrez au format .xlsx, .ods ou .csv.",
            ],
            Self::OtherSpreadsheet => [
                "a spreadsheet of another format",
                "open it in its program and save it as .xlsx, .ods or .csv",
                "c’est un classeur d’un autre format",
                "Ouvrez-le dans son logiciel et enregistrez-le au format .xlsx, .ods ou .csv.",
            ],
            Self::OtherArchive => [
                "an archive that is no ZIP",
                "unpack it first, and give the files",
                "c’est une archive d’un autre format que ZIP",
                "Extrayez-la d’abord, puis donnez les fichiers.",
            ],
        }
    }

    /// What it is.
    #[must_use]
    pub const fn what(self) -> &'static str {
        self.words()[0]
    }

    pub(super) const fn advice(self) -> &'static str {
        self.words()[1]
    }

    pub(super) fn in_french(self) -> String {
        let [.., what, advice] = self.words();
        format!("{what}. {advice}")
    }
}

/// What an archive of these entries is, where it is neither a workbook nor an archive of exports.
pub(super) fn packed(names: &[String]) -> Option<Foreign> {
    let has = |wanted: &str| names.iter().any(|name| name.starts_with(wanted));
    if has("word/") || has("ppt/") {
        Some(Foreign::Document)
    } else if has("Index/") && has("Metadata/") {
        Some(Foreign::OtherSpreadsheet)
    } else {
        None
    }
}

/// What a file that begins so is, where it is something else.
pub(super) fn told_by(head: &[u8]) -> Option<Foreign> {
    let at = |place: usize, word: &[u8]| head.get(place..).is_some_and(|it| it.starts_with(word));
    let begins = |words: &[&[u8]]| words.iter().any(|word| at(0, word));
    if begins(&[b"\x89PNG", b"\xFF\xD8\xFF", b"GIF8", b"II*\0", b"MM\0*"])
        || (at(0, b"RIFF") && at(8, b"WEBP"))
        || (at(0, b"\0\0\0") && at(4, b"ftyp"))
        || (at(0, b"BM") && at(6, &[0; 4]))
    {
        return Some(Foreign::Picture);
    }
    if begins(&[b"%PDF", b"%!PS"]) {
        return Some(Foreign::Pdf);
    }
    if begins(&[b"\x1F\x8B", b"7z\xBC\xAF", b"Rar!", b"BZh", b"\xFD7zXZ"]) {
        return Some(Foreign::OtherArchive);
    }
    if begins(&[b"{\\rtf"]) {
        return Some(Foreign::Document);
    }
    markup(head)
}

/// By the first tags, in whatever encoding: blanks, marks and the zeros of UTF-16 are left out.
fn markup(head: &[u8]) -> Option<Foreign> {
    let head: String = head
        .iter()
        .filter(|byte| byte.is_ascii() && **byte != 0)
        .map(|byte| char::from(byte.to_ascii_lowercase()))
        .collect();
    let head = head.trim_start();
    if head.starts_with("mime-version:") {
        return Some(Foreign::WebPage);
    }
    if !head.starts_with('<') {
        return None;
    }
    let has = |words: &[&str]| words.iter().any(|word| head.contains(word));
    if has(&["urn:schemas-microsoft-com:office:spreadsheet", "<office:document"]) {
        Some(Foreign::OtherSpreadsheet)
    } else if has(&["<svg"]) {
        Some(Foreign::Picture)
    } else if has(&["<!doctype html", "<html", "<table", "<body", "<meta "]) {
        Some(Foreign::WebPage)
    } else {
        None
    }
}
