//! What a form sends: its fields as they were typed, after it has proven to be a form of this very session.

use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::Uri;
use axum::http::uri::PathAndQuery;
use secrecy::SecretString;
use tokio::time::timeout;

use super::context::Web;
use super::fault::Fault;
use super::stranger::Csrf;
use super::unsent::{Unsent, is_secret};
use super::visitor::Visitor;

/// How large a form may be without files, in octets.
const MOST: usize = 256 * 1024;
/// How long it may take to come: a slow line has the time, and nobody holds a place by a form that never ends.
const LONGEST: Duration = Duration::from_mins(1);

/// The fields of a form, in its order; one may stand several times.
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    /// What an address asks after its `?`.
    pub(super) fn asked(query: &str) -> Self {
        Self(read(query.as_bytes()))
    }

    /// What stands beside the files of a form.
    pub(super) const fn of_fields(fields: Vec<(String, String)>) -> Self {
        Self(fields)
    }

    /// What came in, which nothing proves to be a form of ours yet.
    pub(super) async fn unproven(body: Body) -> Result<Self, Fault> {
        Ok(Self(read(&received(body).await?)))
    }

    /// What it says to this address, where it is not heard.
    pub(super) fn unsent(self, address: &Uri) -> Unsent {
        Unsent::of(address.path_and_query().map_or("/", PathAndQuery::as_str), self.0)
    }

    /// What was typed into a field, without what stands around it; empty where there is none.
    pub(super) fn text<'a>(&'a self, name: &'a str) -> &'a str {
        self.all(name).next().unwrap_or_default()
    }

    /// A secret, to the letter: a blank belongs to it.
    pub(super) fn secret(&self, name: &str) -> SecretString {
        debug_assert!(is_secret(name), "{name} would be shown again");
        let typed = self.0.iter().find(|(of, _)| of == name).map(|(_, typed)| typed.as_str());
        SecretString::from(typed.unwrap_or_default())
    }

    /// What was typed into a field, where something was.
    pub(super) fn some<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        Some(self.text(name)).filter(|typed| !typed.is_empty())
    }

    /// Everything that was chosen under a name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(of, _)| of == name).map(|(_, typed)| typed.trim())
    }

    /// Whether a box is ticked, or a button of this name was pressed.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(of, _)| of == name)
    }

    /// Its fields of names that begin so, by what follows.
    pub(super) fn beginning<'a>(
        &'a self,
        with: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        let of = move |(name, typed): &'a (String, String)| {
            Some((name.strip_prefix(with)?, typed.trim()))
        };
        self.0.iter().filter_map(of)
    }
}

impl std::fmt::Debug for Form {
    /// What was typed stays hidden.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Form({} fields)", self.0.len())
    }
}

impl FromRequest<Web> for Form {
    type Rejection = Fault;

    async fn from_request(request: Request, _: &Web) -> Result<Self, Fault> {
        let (asked, body) = request.into_parts();
        let form = Self::unproven(body).await?;
        let csrf = Csrf::of(&asked.extensions);
        if csrf.is_some_and(|csrf| csrf.is_in(form.text("csrf"))) {
            return Ok(form);
        }
        // A page of ours asks, or it would not have come so far: it was opened before this session began.
        match asked.extensions.get::<Visitor>() {
            Some(_) => Err(Fault::Overdue(form.unsent(&asked.uri))),
            None => Err(Fault::Foreign),
        }
    }
}

async fn received(body: Body) -> Result<Bytes, Fault> {
    let whole = timeout(LONGEST, to_bytes(body, MOST)).await.map_err(|_| Fault::TooSlow)?;
    whole.map_err(|_| Fault::Unreadable)
}

/// Browsers end a line as mail does.
fn read(body: &[u8]) -> Vec<(String, String)> {
    let fields = form_urlencoded::parse(body);
    fields.map(|(name, typed)| (name.into_owned(), typed.replace("\r\n", "\n"))).collect()
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use futures_util::{StreamExt, stream};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_form_that_never_ends_is_given_a_minute_and_one_too_large_no_time() {
        let begun = stream::once(async { Ok::<_, Infallible>("csrf=") });
        let endless = Body::from_stream(begun.chain(stream::pending()));
        let asked = tokio::time::Instant::now();
        assert!(matches!(received(endless).await, Err(Fault::TooSlow)));
        assert_eq!(asked.elapsed(), LONGEST);
        let large = Body::from("a".repeat(MOST + 1));
        assert!(matches!(received(large).await, Err(Fault::Unreadable)));
        assert_eq!(received(Body::from("a=b")).await.unwrap(), "a=b");
    }
}
