//! What Typst may see: one layout, one file of data, a few faces. No disk, no network, no package.

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

const FACES: [&str; 2] = ["Libertinus Serif", "DejaVu Sans Mono"];

/// What is set.
#[derive(Clone, Copy)]
pub enum TypstLayout {
    /// Letters, and sheets of calls.
    Letters,
    /// The sheet before a pile.
    Separator,
    /// Address labels.
    Labels,
}

impl TypstLayout {
    const fn source(self) -> (&'static str, &'static str) {
        match self {
            Self::Letters => ("/letter.typ", include_str!("letter.typ")),
            Self::Separator => ("/separator.typ", include_str!("separator.typ")),
            Self::Labels => ("/labels.typ", include_str!("labels.typ")),
        }
    }
}

/// What Typst sees of the world: its library, our fonts, the layout and the data of what is set.
pub struct TypstWorld {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    layout: Source,
    data_path: FileId,
    data: Bytes,
}

impl TypstWorld {
    /// A world with nothing to set. The paths are always the same: Typst never forgets one.
    pub fn new(layout: TypstLayout) -> Option<Self> {
        let (path, source) = layout.source();
        let fonts: Vec<Font> = typst_assets::fonts()
            .flat_map(|bytes| Font::iter(Bytes::new(bytes)))
            .filter(|font| FACES.contains(&font.info().family.as_str()))
            .collect();
        Some(Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            layout: Source::new(file(path)?, source.to_owned()),
            data_path: file("/data.json")?,
            data: Bytes::new(Vec::new()),
        })
    }

    /// Lays this into it.
    pub fn lay(&mut self, data: Vec<u8>) {
        self.data = Bytes::new(data);
    }

    /// Whether one of the faces has this sign.
    pub fn can_print(&self, sign: char) -> bool {
        let has = |font: &Font| font.info().coverage.contains(u32::from(sign));
        sign.is_whitespace() || self.fonts.iter().any(has)
    }
}

fn file(path: &str) -> Option<FileId> {
    let path = VirtualPath::new(path).ok()?;
    Some(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl World for TypstWorld {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.layout.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.layout.id() { Ok(self.layout.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.data_path { Ok(self.data.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
