//! A PDF that is written object by object and forgets what it wrote: tags make a letter some fifty
//! small objects, and thousands of letters held as objects would take gigabytes.

use std::hash::{DefaultHasher, Hasher as _};
use std::io::Write as _;

use lopdf::xref::{Xref, XrefEntry, XrefStreamBuilder, XrefType};
use lopdf::{Dictionary, Object, ObjectId, ObjectStream, Stream, StringFormat, Writer};

/// Objects in one compressed stream.
const AT_ONCE: usize = 200;

/// The bytes so far, and where each object is.
pub struct Objects {
    bytes: Vec<u8>,
    places: Xref,
    /// Small objects that wait for their common stream.
    waiting: Vec<(ObjectId, Object)>,
    last: u32,
}

impl Objects {
    /// The head of a PDF 1.7; the second line says that bytes follow.
    pub fn new() -> Self {
        Self {
            bytes: b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec(),
            places: Xref::new(0, XrefType::CrossReferenceStream),
            waiting: Vec::new(),
            last: 0,
        }
    }

    /// The number of an object that is written later.
    pub fn reserve(&mut self) -> ObjectId {
        self.last += 1;
        (self.last, 0)
    }

    /// The highest number in use.
    pub fn last(&self) -> u32 {
        self.last
    }

    /// Declares all numbers up to this one in use.
    pub fn use_up_to(&mut self, last: u32) {
        self.last = self.last.max(last);
    }

    /// Writes an object under a number that is in use.
    pub fn write(&mut self, id: ObjectId, object: Object) -> Result<(), lopdf::Error> {
        if matches!(object, Object::Stream(_)) {
            return self.write_now(id, &object);
        }
        self.waiting.push((id, object));
        if self.waiting.len() >= AT_ONCE { self.flush() } else { Ok(()) }
    }

    /// Writes an object under a new number.
    pub fn add(&mut self, object: impl Into<Object>) -> Result<ObjectId, lopdf::Error> {
        let id = self.reserve();
        self.write(id, object.into())?;
        Ok(id)
    }

    /// Writes the small objects that wait as one compressed stream.
    pub fn flush(&mut self) -> Result<(), lopdf::Error> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let container = self.reserve();
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.sort_by_key(|(id, _)| *id); // the order in which the stream holds them
        let mut together = ObjectStream::builder().max_objects(waiting.len()).build();
        for (index, (id, object)) in (0..).zip(waiting) {
            self.places.insert(id.0, XrefEntry::Compressed { container: container.0, index });
            together.add_object(id, object)?;
        }
        self.write_now(container, &Object::Stream(together.to_stream_object()?))
    }

    /// The whole PDF, ended by its table of places.
    pub fn finish(mut self, root: ObjectId, info: ObjectId) -> Result<Vec<u8>, lopdf::Error> {
        self.flush()?;
        let table_id = self.reserve();
        let start = self.bytes.len();
        self.places.insert(table_id.0, place(start)?);
        let mut builder = XrefStreamBuilder::new(&self.places);
        let content = builder.build_stream_content()?;
        let widths = builder.calculate_optimal_widths();
        let mut dictionary = Dictionary::new();
        dictionary.set("Type", "XRef");
        dictionary.set("Size", i64::from(table_id.0) + 1);
        dictionary.set(
            "W",
            widths.map(|width| Object::Integer(i64::try_from(width).unwrap_or(8))).to_vec(),
        );
        dictionary.set("Index", builder.build_index_array());
        dictionary.set("Root", root);
        dictionary.set("Info", info);
        let id = Object::String(self.fingerprint(), StringFormat::Hexadecimal);
        dictionary.set("ID", vec![id.clone(), id]);
        let mut table = Stream::new(dictionary, content);
        table.compress()?;
        self.write_now(table_id, &Object::Stream(table))?;
        write!(self.bytes, "startxref\n{start}\n%%EOF\n")?;
        Ok(self.bytes)
    }

    /// What tells the file from any other: other bytes, another id.
    fn fingerprint(&self) -> Vec<u8> {
        let mut hasher = DefaultHasher::new();
        hasher.write(&self.bytes);
        let first = hasher.finish();
        hasher.write_u64(first);
        [first.to_be_bytes(), hasher.finish().to_be_bytes()].concat()
    }

    fn write_now(&mut self, id: ObjectId, object: &Object) -> Result<(), lopdf::Error> {
        self.places.insert(id.0, place(self.bytes.len())?);
        writeln!(self.bytes, "{} 0 obj", id.0)?;
        Writer::write_object(&mut self.bytes, object)?;
        self.bytes.extend_from_slice(b"\nendobj\n");
        Ok(())
    }
}

/// The place of an object; lopdf counts up to 4 GiB.
fn place(offset: usize) -> Result<XrefEntry, lopdf::Error> {
    let offset = u32::try_from(offset).map_err(|_| lopdf::Error::ObjectIdOverflow)?;
    Ok(XrefEntry::Normal { offset, generation: 0 })
}
