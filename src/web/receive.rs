//! Files as a browser sends them: written as they come, within a size, and within a time that grows with it.

mod narrow;

use std::future::Future;
use std::io;
use std::time::Duration;

use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest as _, Multipart, Request};
use tokio::time::{Instant, timeout_at};

use super::fault::Fault;
use super::posted::Form;
use super::stranger::Csrf;
use crate::office::IncomingFiles;
use narrow::Ahead;

/// Octets and fields that are read of a form that is too large, so that a browser listens to what is said of it: so
/// many times as many. Fields come by the folder that somebody chose by mistake.
const PASSED_OVER: u64 = 4;
const FIELDS_PASSED_OVER: usize = 50;
/// How large the token of the form may be, and what is typed beside its files.
const LARGEST_TOKEN: usize = 200;
const LARGEST_TEXT: usize = 500;
/// The time that everything has.
const PATIENCE: Duration = Duration::from_mins(1);
/// Octets a second that a slow line brings: more files have more time.
const SLOWEST: u64 = 64 * 1024;

/// What a form may bring.
#[derive(Clone, Copy)]
pub(super) struct FileLimits {
    /// How large all files may be together, in mebibytes.
    pub(super) mebibytes: u64,
    /// How many there may be.
    pub(super) files: usize,
}

impl FileLimits {
    const fn octets(self) -> u64 {
        self.mebibytes * 1024 * 1024
    }

    /// Its files, its token, and what a browser adds.
    const fn fields(self) -> usize {
        2 * self.files
    }
}

/// What came.
pub(super) struct ReceivedForm {
    /// The files.
    pub(super) files: IncomingFiles,
    /// What was typed beside them.
    pub(super) said: Form,
}

/// Why files are not taken.
#[derive(Debug)]
pub(super) enum Unfit<R> {
    /// The form is not of this session.
    Foreign,
    /// It cannot be read.
    Unreadable,
    /// It came too slowly.
    TooSlow,
    /// More octets than any school's.
    TooLarge,
    /// More files.
    TooMany,
    /// None; and what was typed beside where they should be.
    None(Form),
    /// The disk takes no more.
    Disk(io::Error),
    /// The office does not take them.
    Refused(R),
}

impl<R: From<io::Error> + Into<Fault>> Unfit<R> {
    /// What is wrong with the files, at their field, and what to give where they are too large or too many; what is wrong
    /// with the form is a page of its own.
    pub(super) fn told(
        self,
        FileLimits { mebibytes, files }: FileLimits,
        (smaller, fewer): (&str, &str),
    ) -> Result<String, Fault> {
        Ok(match self {
            Self::Foreign => return Err(Fault::Foreign),
            Self::Unreadable => return Err(Fault::Unreadable),
            Self::TooSlow => return Err(Fault::TooSlow),
            Self::Disk(error) => return Err(R::from(error).into()),
            Self::Refused(refusal) => return Err(refusal.into()),
            Self::TooLarge => format!(
                "Ces fichiers dépassent {mebibytes} Mo en tout ; rien n’a été gardé. {smaller}"
            ),
            Self::TooMany => {
                format!("Il y a plus de {files} fichiers ; rien n’a été gardé. {fewer}")
            }
            Self::None(_) => "Choisissez au moins un fichier.".to_owned(),
        })
    }
}

impl<R> From<Uneven> for Unfit<R> {
    fn from(why: Uneven) -> Self {
        match why {
            Uneven::Unreadable => Self::Unreadable,
            Uneven::TooSlow => Self::TooSlow,
            Uneven::TooLarge => Self::TooLarge,
            Uneven::Disk(error) => Self::Disk(error),
        }
    }
}

/// Takes the files of a form, which stand after its token and what is typed, into a set that the office begins.
pub(super) async fn receive<R>(
    csrf: &Csrf,
    request: Request,
    limits: FileLimits,
    begin: impl Future<Output = Result<IncomingFiles, R>>,
) -> Result<ReceivedForm, Unfit<R>> {
    let mut pace = UploadPace::begin(limits);
    let form = Multipart::from_request(pace.ahead.narrow(request), &()).await;
    let mut form = form.map_err(|_| Unfit::Unreadable)?;
    let taken = take(csrf, &mut form, &mut pace, begin).await;
    if matches!(taken, Err(Unfit::TooLarge | Unfit::TooMany | Unfit::Refused(_) | Unfit::Disk(_))) {
        pace.most = PASSED_OVER * limits.octets();
        pace.most_fields = FIELDS_PASSED_OVER * limits.fields();
        pass_over(&mut form, &mut pace).await;
    }
    taken
}

async fn take<R>(
    csrf: &Csrf,
    form: &mut Multipart,
    pace: &mut UploadPace,
    begin: impl Future<Output = Result<IncomingFiles, R>>,
) -> Result<ReceivedForm, Unfit<R>> {
    let first = pace.field(form).await?.ok_or(Unfit::Foreign)?;
    if first.name() != Some("csrf") {
        return Err(Unfit::Foreign);
    }
    let token = text(first, pace, LARGEST_TOKEN).await?.ok_or(Unfit::Foreign)?;
    if !csrf.is_in(&token) {
        return Err(Unfit::Foreign);
    }
    let mut incoming = begin.await.map_err(Unfit::Refused)?;
    let mut said = Vec::new();
    while let Some(field) = pace.field(form).await? {
        let Some(name) = field.file_name().filter(|name| !name.is_empty()) else {
            let name = field.name().unwrap_or_default().to_owned();
            said.push((name, text(field, pace, LARGEST_TEXT).await?.ok_or(Unfit::Unreadable)?));
            continue;
        };
        if incoming.files() == pace.limits.files {
            return Err(Unfit::TooMany);
        }
        let name = name.to_owned();
        write(&mut incoming, &name, field, pace).await?;
    }
    let said = Form::of_fields(said);
    if incoming.files() == 0 {
        return Err(Unfit::None(said));
    }
    Ok(ReceivedForm { files: incoming, said })
}

async fn write(
    incoming: &mut IncomingFiles,
    name: &str,
    mut field: Field<'_>,
    pace: &mut UploadPace,
) -> Result<(), Uneven> {
    let file = incoming.file(name)?;
    while let Some(piece) = pace.next(&mut field).await? {
        if file.is_stuck() {
            break;
        }
        file.add(piece).await;
    }
    Ok(file.end().await?)
}

/// What is typed in a field; nothing where that is no text, or a longer one.
async fn text(
    mut field: Field<'_>,
    pace: &mut UploadPace,
    most: usize,
) -> Result<Option<String>, Uneven> {
    let mut text = Vec::new();
    while let Some(piece) = pace.next(&mut field).await? {
        text.extend(piece);
        if text.len() > most {
            return Ok(None);
        }
    }
    Ok(String::from_utf8(text).ok())
}

/// A browser reads an answer once it has sent all of its form.
async fn pass_over(form: &mut Multipart, pace: &mut UploadPace) {
    while let Ok(Some(mut field)) = pace.field(form).await {
        while let Ok(Some(_)) = pace.next(&mut field).await {}
    }
}

/// What is wrong with the way in which a form comes.
#[derive(Debug)]
enum Uneven {
    Unreadable,
    TooSlow,
    TooLarge,
    Disk(io::Error),
}

impl From<io::Error> for Uneven {
    fn from(error: io::Error) -> Self {
        Self::Disk(error)
    }
}

/// What has come so far, and how long the rest may take.
struct UploadPace {
    limits: FileLimits,
    begun: Instant,
    received: u64,
    most: u64,
    fields: usize,
    most_fields: usize,
    ahead: Ahead,
}

impl UploadPace {
    fn begin(limits: FileLimits) -> Self {
        Self {
            limits,
            begun: Instant::now(),
            received: 0,
            most: limits.octets(),
            fields: 0,
            most_fields: limits.fields(),
            ahead: Ahead::default(),
        }
    }

    /// The next field of a form.
    async fn field<'a>(&mut self, form: &'a mut Multipart) -> Result<Option<Field<'a>>, Uneven> {
        let field = self.within(form.next_field()).await?;
        self.fields += 1;
        self.ahead.renew();
        if self.fields > self.most_fields { Err(Uneven::Unreadable) } else { Ok(field) }
    }

    /// The next piece of a field.
    async fn next(&mut self, field: &mut Field<'_>) -> Result<Option<Vec<u8>>, Uneven> {
        let piece = self.within(field.chunk()).await?.map(Vec::from);
        self.ahead.renew();
        self.count(piece.as_ref().map_or(0, Vec::len))?;
        Ok(piece)
    }

    fn count(&mut self, octets: usize) -> Result<(), Uneven> {
        self.received += u64::try_from(octets).unwrap_or(u64::MAX);
        if self.received > self.most { Err(Uneven::TooLarge) } else { Ok(()) }
    }

    async fn within<T>(
        &self,
        coming: impl Future<Output = Result<T, MultipartError>>,
    ) -> Result<T, Uneven> {
        let end = self.begun + PATIENCE + Duration::from_secs(self.received / SLOWEST);
        let came = timeout_at(end, coming).await.map_err(|_| Uneven::TooSlow)?;
        came.map_err(|_| Uneven::Unreadable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: FileLimits = FileLimits { mebibytes: 400, files: 20 };

    #[tokio::test(start_paused = true)]
    async fn files_have_more_time_the_more_of_them_came_and_never_without_end() {
        let mut pace = UploadPace::begin(LIMITS);
        let begun = Instant::now();
        let never = || std::future::pending::<Result<(), MultipartError>>();
        assert!(matches!(pace.within(never()).await, Err(Uneven::TooSlow)));
        assert_eq!(begun.elapsed(), PATIENCE);
        pace.count(100 * usize::try_from(SLOWEST).unwrap()).unwrap();
        assert!(matches!(pace.within(never()).await, Err(Uneven::TooSlow)));
        assert_eq!(begun.elapsed(), PATIENCE + Duration::from_secs(100));
        assert!(matches!(
            pace.count(usize::try_from(LIMITS.octets()).unwrap()),
            Err(Uneven::TooLarge)
        ));
    }
}
