//! One record after the other out of an XML file: the file itself is never held as a tree.

use std::borrow::Cow;
use std::io;

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Error, Reader, XmlVersion};

use super::content::unreadable;
use super::decode::Decoded;
use super::file_to_read::FileToRead;
use super::record::{Record, RecordRoom};
use super::refused::{Reason, Refused};
use super::{Kind, encoded_twice};
use crate::plain_text;

/// Nesting beyond which no export goes; STS, the deepest, needs about ten.
const DEEPEST: usize = 32;
/// Bytes of names, attributes and texts that one record may hold.
const LARGEST_RECORD: usize = 1024 * 1024;

/// A file, read record by record.
pub(super) struct Records<'a> {
    file: FileToRead<'a>,
    reader: Reader<Decoded<'a>>,
    buffer: Vec<u8>,
    depth: usize,
    close_pending: bool,
    root: String,
    /// The root that the DOCTYPE announces, where there is one.
    announced: Option<String>,
    /// Names of the elements below the root that are open while walking: "DONNEES/ELEVES".
    path: String,
    /// The text of the last [`XmlStep::Text`].
    text: String,
    /// The record that was read last, or the tag that was opened last on the way to one.
    record: RecordRoom,
}

/// What the XML reader saw, in our words.
enum XmlStep {
    Open,
    Close,
    Text,
    End,
}

/// Whether what comes is wanted; most of a file is not, and need not be copied.
#[derive(Clone, Copy, PartialEq)]
enum Care {
    /// It may be where a record begins.
    Find,
    /// It is of the record that began.
    Keep,
    PassOver,
}

impl<'a> Records<'a> {
    /// Opens a file and reads up to its root.
    pub(super) fn open(file: FileToRead<'a>) -> Result<Self, Refused> {
        let decoded = Decoded::open(file.content)
            .map_err(|(line, reason)| Refused::new(file.label, line, reason))?;
        Self::up_to_the_root(file, decoded)
    }

    /// The same file from its beginning.
    pub(super) fn again(&self) -> Result<Self, Refused> {
        let decoded = self.reader.get_ref().again().map_err(|reason| self.refused(reason))?;
        Self::up_to_the_root(self.file, decoded)
    }

    fn up_to_the_root(file: FileToRead<'a>, decoded: Decoded<'a>) -> Result<Self, Refused> {
        let mut records = Self {
            file,
            reader: Reader::from_reader(decoded),
            buffer: Vec::new(),
            depth: 0,
            close_pending: false,
            root: String::new(),
            announced: None,
            path: String::new(),
            text: String::new(),
            record: RecordRoom::default(),
        };
        records.root = match (records.step(Care::Find)?, records.record.record()) {
            (XmlStep::Open, Some(root)) => root.name().to_owned(),
            _ => return Err(records.refused(Reason::NotXml)),
        };
        if records.announced.as_ref().is_some_and(|announced| *announced != records.root) {
            return Err(records.refused(Reason::Doctype));
        }
        Ok(records)
    }

    /// The root's name.
    pub(super) fn root(&self) -> &str {
        &self.root
    }

    /// The file.
    pub(super) fn file(&self) -> FileToRead<'a> {
        self.file
    }

    /// A refusal at the line of the last record.
    pub(super) fn refused(&self, reason: Reason) -> Refused {
        Refused::new(self.file.label, self.reader.get_ref().line(), reason)
    }

    /// The next record that stands at one of these paths below the root ("DONNEES/ELEVES/ELEVE");
    /// everything else is passed over. `None`: the file ended as it should.
    pub(super) fn next_of(&mut self, wanted: &[&str]) -> Result<Option<Record<'_>>, Refused> {
        if !self.walk_to(wanted)? {
            return Ok(None);
        }
        self.read_to_its_end()?;
        Ok(self.record.record())
    }

    /// Goes to the next tag that opens a wanted record; whether there is one.
    fn walk_to(&mut self, wanted: &[&str]) -> Result<bool, Refused> {
        loop {
            match self.step(Care::Find)? {
                XmlStep::Open => {
                    let outside = self.path.len();
                    self.lengthen_path();
                    if wanted.contains(&self.path.as_str()) {
                        self.path.truncate(outside);
                        return Ok(true);
                    }
                    if !wanted.iter().any(|wanted| leads_to(&self.path, wanted)) {
                        self.path.truncate(outside);
                        self.pass_over()?;
                    }
                }
                XmlStep::Close => {
                    let outside = self.path.rfind('/').unwrap_or(0);
                    self.path.truncate(outside);
                }
                XmlStep::Text => {}
                XmlStep::End => return Ok(false),
            }
        }
    }

    fn lengthen_path(&mut self) {
        if !self.path.is_empty() {
            self.path.push('/');
        }
        self.path.push_str(self.record.record().map_or("", Record::name));
    }

    /// Reads what the opened record holds.
    fn read_to_its_end(&mut self) -> Result<(), Refused> {
        loop {
            match self.step(Care::Keep)? {
                XmlStep::Open => {}
                XmlStep::Text => self.record.text(&self.text),
                XmlStep::Close | XmlStep::End => {
                    if self.record.close() {
                        return Ok(());
                    }
                }
            }
            if self.record.size() > LARGEST_RECORD {
                return Err(self.refused(Reason::TooLarge));
            }
        }
    }

    fn pass_over(&mut self) -> Result<(), Refused> {
        let outside = self.depth - 1;
        while self.depth > outside {
            self.step(Care::PassOver)?;
        }
        Ok(())
    }

    /// The next thing of interest, within the limits.
    fn step(&mut self, care: Care) -> Result<XmlStep, Refused> {
        if std::mem::take(&mut self.close_pending) {
            return Ok(self.closed());
        }
        loop {
            self.buffer.clear();
            self.text.clear();
            self.begin_token(care)?;
            // Looked at where it stands: to move it would cost as much as to read it.
            let step = match &self.reader.read_event_into(&mut self.buffer) {
                Ok(event @ (Event::Start(tag) | Event::Empty(tag))) => {
                    self.close_pending = matches!(event, Event::Empty(_));
                    if care == Care::Find {
                        self.record.begin(self.reader.get_mut().counted_line());
                    }
                    let is_kept = care != Care::PassOver;
                    let kept = if is_kept { opened(tag, &mut self.record) } else { Ok(()) };
                    kept.map(|()| XmlStep::Open)
                }
                Ok(Event::End(_)) => Ok(XmlStep::Close),
                Ok(Event::Text(_)) if care != Care::Keep && self.depth > 0 => Ok(XmlStep::Text),
                Ok(Event::Text(text)) => Ok(told(&mut self.text, &text.xml10_content())),
                Ok(Event::CData(text)) => Ok(told(&mut self.text, &text.xml10_content())),
                Ok(Event::GeneralRef(reference)) => resolved(reference)
                    .map(|letter| told(&mut self.text, letter.encode_utf8(&mut [0; 4]))),
                Ok(Event::DocType(doctype)) => match harmless_root(doctype) {
                    Some(root) if self.root.is_empty() && self.announced.is_none() => {
                        self.announced = Some(root.to_owned());
                        continue;
                    }
                    _ => Err(Reason::Doctype),
                },
                Ok(Event::Eof) => Ok(XmlStep::End),
                Ok(Event::Comment(_) | Event::PI(_) | Event::Decl(_)) => continue,
                Err(error) => Err(reason_of(error)),
            };
            let step = step.map_err(|reason| self.refused(reason))?;
            if let Some(step) = self.in_place(step)? {
                return Ok(step);
            }
        }
    }

    /// Goes to the next token; blanks that are the file's layout are none.
    fn begin_token(&mut self, care: Care) -> Result<(), Refused> {
        let is_layout = if care == Care::Keep { !self.record.has_text() } else { self.depth > 0 };
        let decoded = self.reader.get_mut();
        if !is_layout {
            decoded.begin_token();
            return Ok(());
        }
        let passed = decoded.begin_token_behind_blanks();
        passed.map_err(|error| self.refused(reason_of(&error.into())))
    }

    /// Checks that a step may come here; `None` for blanks around the root.
    fn in_place(&mut self, step: XmlStep) -> Result<Option<XmlStep>, Refused> {
        let refuse = |reason| Err(self.refused(reason));
        match step {
            XmlStep::Open if self.depth == 0 && !self.root.is_empty() => {
                refuse(Reason::Malformed("a second root element".to_owned()))
            }
            XmlStep::Open if self.depth == DEEPEST => refuse(Reason::TooDeep(DEEPEST)),
            XmlStep::Open => {
                self.depth += 1;
                Ok(Some(XmlStep::Open))
            }
            XmlStep::Close => Ok(Some(self.closed())),
            XmlStep::Text if self.depth == 0 && self.text.trim().is_empty() => Ok(None),
            XmlStep::Text if self.depth == 0 => {
                refuse(Reason::Malformed("a text outside the root element".to_owned()))
            }
            XmlStep::End if self.depth > 0 => refuse(Reason::Truncated),
            step => Ok(Some(step)),
        }
    }

    fn closed(&mut self) -> XmlStep {
        self.depth -= 1;
        XmlStep::Close
    }
}

/// The root that a DOCTYPE announces, if it is the one harmless kind: the academic directory's, which
/// names its DTD outside. That is never fetched, so nothing can be defined.
fn harmless_root(doctype: &str) -> Option<&str> {
    let mut words = doctype.split_ascii_whitespace();
    let (root, system, dtd) = (words.next()?, words.next()?, words.next()?);
    let is_quoted = |quote: char| {
        let named = dtd.strip_prefix(quote).and_then(|dtd| dtd.strip_suffix(quote));
        named.is_some_and(|named| !named.contains(['"', '\'', '[', '<', '>']))
    };
    let is_harmless = Kind::of_root(root) == Some(Kind::Aaf)
        && system == "SYSTEM"
        && (is_quoted('"') || is_quoted('\''))
        && words.next().is_none();
    is_harmless.then_some(root)
}

/// Whether walking into `path` brings nearer to `wanted`.
fn leads_to(path: &str, wanted: &str) -> bool {
    wanted.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'))
}

fn told(into: &mut String, text: &str) -> XmlStep {
    into.push_str(&meant(text));
    XmlStep::Text
}

/// A text as it was meant: encoded once, and nothing in it that speaks to a machine.
fn meant(text: &str) -> Cow<'_, str> {
    match encoded_twice::undone(text) {
        Some(undone) => plain_text::cleaned(&undone).into_owned().into(),
        None => plain_text::cleaned(text),
    }
}

fn opened(tag: &BytesStart<'_>, record: &mut RecordRoom) -> Result<(), Reason> {
    record.open(tag.name().as_ref());
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|error| reason_of(&error.into()))?;
        let value = attribute
            .normalized_value(XmlVersion::Explicit1_0)
            .map_err(|error| reason_of(&error))?;
        record.attribute(attribute.key.as_ref(), &meant(&value));
    }
    Ok(())
}

/// The five names that XML itself defines, and numbers; anything else needs a DOCTYPE.
pub(super) fn resolved(reference: &BytesRef<'_>) -> Result<char, Reason> {
    let by_number = reference.resolve_char_ref().map_err(|error| reason_of(&error))?;
    let letter = match by_number {
        Some(letter) if letter.is_control() && !letter.is_whitespace() => None,
        Some(letter) => Some(letter),
        None => match reference.as_ref() {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "apos" => Some('\''),
            "quot" => Some('"'),
            _ => None,
        },
    };
    letter.ok_or(Reason::UnknownEntity)
}

/// The reader's error in our words: its own may quote the file.
pub(super) fn reason_of(error: &Error) -> Reason {
    use quick_xml::errors::IllFormedError::{MismatchedEndTag, UnmatchedEndTag};
    use quick_xml::escape::EscapeError::UnrecognizedEntity;
    match error {
        Error::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => Reason::TooLarge,
        Error::Io(error) => unreadable(error),
        Error::Escape(UnrecognizedEntity(..)) => Reason::UnknownEntity,
        Error::IllFormed(MismatchedEndTag { expected, found }) => Reason::Malformed(format!(
            "</{}> where </{}> was due",
            shown_name(found),
            shown_name(expected)
        )),
        Error::IllFormed(UnmatchedEndTag(found)) => {
            Reason::Malformed(format!("</{}> closes nothing", shown_name(found)))
        }
        Error::IllFormed(_) => Reason::Malformed("a stray \"&\" or a bad declaration".to_owned()),
        Error::Syntax(_) => Reason::Truncated,
        _ => Reason::Malformed("a bad attribute or reference".to_owned()),
    }
}

/// A name of an element as far as it looks like one.
pub(super) fn shown_name(name: &str) -> String {
    name.chars()
        .take(40)
        .map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '?' })
        .collect()
}
