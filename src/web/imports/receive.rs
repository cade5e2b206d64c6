//! Files as a browser sends them: written as they come, within a size, and within a time that grows with it.

use std::future::Future;
use std::time::Duration;

use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest as _, Multipart, Request};
use tokio::time::{Instant, timeout_at};

use super::super::stranger::Csrf;
use super::super::visitor::Visitor;
use super::narrow::Ahead;
use crate::office::{IncomingFiles, UploadRefusal};
use crate::store::uploads::KeptUpload;

/// How large all files of an import may be together, in mebibytes: a département's take half of it.
pub(super) const MOST_MEBIBYTES: u64 = 400;
const MOST: u64 = MOST_MEBIBYTES * 1024 * 1024;
/// What is read of files that are too large, so that a browser listens to what is said of them.
const MOST_PASSED_OVER: u64 = 4 * MOST;
/// How many files there may be.
pub(super) const MOST_FILES: usize = 20;
/// How many fields a form may have: its files, its token, and what a browser adds.
const MOST_FIELDS: usize = 2 * MOST_FILES;
/// How many fields of too many are passed over: a folder of files that somebody chose by mistake.
const MOST_FIELDS_PASSED_OVER: usize = 50 * MOST_FIELDS;
/// How large the token of the form may be.
const LARGEST_TOKEN: usize = 200;
/// The time that everything has.
const PATIENCE: Duration = Duration::from_mins(1);
/// Octets a second that a slow line brings: more files have more time.
const SLOWEST: u64 = 64 * 1024;

/// Why files are not taken.
#[derive(Debug)]
pub(super) enum Unfit {
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
    /// None.
    None,
    /// The office does not keep them.
    Refused(UploadRefusal),
}

impl From<UploadRefusal> for Unfit {
    fn from(refusal: UploadRefusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Takes the files of a form, which stand after its token.
pub(super) async fn receive(
    visitor: &Visitor,
    csrf: &Csrf,
    request: Request,
) -> Result<KeptUpload, Unfit> {
    let mut pace = UploadPace::begin(MOST);
    let form = Multipart::from_request(pace.ahead.narrow(request), &()).await;
    let mut form = form.map_err(|_| Unfit::Unreadable)?;
    let taken = take(visitor, csrf, &mut form, &mut pace).await;
    if matches!(taken, Err(Unfit::TooLarge | Unfit::TooMany | Unfit::Refused(_))) {
        (pace.most, pace.most_fields) = (MOST_PASSED_OVER, MOST_FIELDS_PASSED_OVER);
        pass_over(&mut form, &mut pace).await;
    }
    taken
}

async fn take(
    visitor: &Visitor,
    csrf: &Csrf,
    form: &mut Multipart,
    pace: &mut UploadPace,
) -> Result<KeptUpload, Unfit> {
    let first = pace.field(form).await?.ok_or(Unfit::Foreign)?;
    if first.name() != Some("csrf") || !csrf.is_in(&token(first, pace).await?) {
        return Err(Unfit::Foreign);
    }
    let mut incoming = IncomingFiles::begin(visitor.school()).await?;
    while let Some(mut field) = pace.field(form).await? {
        let Some(name) = field.file_name().filter(|name| !name.is_empty()) else {
            while pace.next(&mut field).await?.is_some() {}
            continue;
        };
        if incoming.files() == MOST_FILES {
            return Err(Unfit::TooMany);
        }
        let name = name.to_owned();
        write(&mut incoming, &name, field, pace).await?;
    }
    if incoming.files() == 0 {
        return Err(Unfit::None);
    }
    Ok(incoming.keep(visitor.school(), visitor.actor()).await?)
}

async fn write(
    incoming: &mut IncomingFiles,
    name: &str,
    mut field: Field<'_>,
    pace: &mut UploadPace,
) -> Result<(), Unfit> {
    let file = incoming.file(name)?;
    while let Some(piece) = pace.next(&mut field).await? {
        if file.is_stuck() {
            break;
        }
        file.add(piece).await;
    }
    Ok(file.end().await?)
}

async fn token(mut field: Field<'_>, pace: &mut UploadPace) -> Result<String, Unfit> {
    let mut token = Vec::new();
    while let Some(piece) = pace.next(&mut field).await? {
        token.extend(piece);
        if token.len() > LARGEST_TOKEN {
            return Err(Unfit::Foreign);
        }
    }
    String::from_utf8(token).map_err(|_| Unfit::Foreign)
}

/// A browser reads an answer once it has sent all of its form.
async fn pass_over(form: &mut Multipart, pace: &mut UploadPace) {
    while let Ok(Some(mut field)) = pace.field(form).await {
        while let Ok(Some(_)) = pace.next(&mut field).await {}
    }
}

/// What has come so far, and how long the rest may take.
struct UploadPace {
    begun: Instant,
    received: u64,
    most: u64,
    fields: usize,
    most_fields: usize,
    ahead: Ahead,
}

impl UploadPace {
    fn begin(most: u64) -> Self {
        Self {
            begun: Instant::now(),
            received: 0,
            most,
            fields: 0,
            most_fields: MOST_FIELDS,
            ahead: Ahead::default(),
        }
    }

    /// The next field of a form.
    async fn field<'a>(&mut self, form: &'a mut Multipart) -> Result<Option<Field<'a>>, Unfit> {
        let field = self.within(form.next_field()).await?;
        self.fields += 1;
        self.ahead.renew();
        if self.fields > self.most_fields { Err(Unfit::Unreadable) } else { Ok(field) }
    }

    /// The next piece of a field.
    async fn next(&mut self, field: &mut Field<'_>) -> Result<Option<Vec<u8>>, Unfit> {
        let piece = self.within(field.chunk()).await?.map(Vec::from);
        self.ahead.renew();
        self.count(piece.as_ref().map_or(0, Vec::len))?;
        Ok(piece)
    }

    fn count(&mut self, octets: usize) -> Result<(), Unfit> {
        self.received += u64::try_from(octets).unwrap_or(u64::MAX);
        if self.received > self.most { Err(Unfit::TooLarge) } else { Ok(()) }
    }

    async fn within<T>(
        &self,
        coming: impl Future<Output = Result<T, MultipartError>>,
    ) -> Result<T, Unfit> {
        let end = self.begun + PATIENCE + Duration::from_secs(self.received / SLOWEST);
        let came = timeout_at(end, coming).await.map_err(|_| Unfit::TooSlow)?;
        came.map_err(|_| Unfit::Unreadable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn files_have_more_time_the_more_of_them_came_and_never_without_end() {
        let mut pace = UploadPace::begin(MOST);
        let begun = Instant::now();
        let never = || std::future::pending::<Result<(), MultipartError>>();
        assert!(matches!(pace.within(never()).await, Err(Unfit::TooSlow)));
        assert_eq!(begun.elapsed(), PATIENCE);
        pace.count(100 * usize::try_from(SLOWEST).unwrap()).unwrap();
        assert!(matches!(pace.within(never()).await, Err(Unfit::TooSlow)));
        assert_eq!(begun.elapsed(), PATIENCE + Duration::from_secs(100));
        assert!(matches!(pace.count(usize::try_from(MOST).unwrap()), Err(Unfit::TooLarge)));
    }
}
