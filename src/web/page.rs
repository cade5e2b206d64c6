//! One page: what is common to all of them around what is its own.

use askama::Template;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::assets::{SCRIPT_PATH, STYLE_PATH};
use super::context::Web;
use super::fault::{Explained, Fault};
use super::resend::ResendBody;
pub(super) use super::section::Section;
use super::visitor::Visitor;
use super::{health, section, typography};
use crate::people::Right;

/// A page that is ready to be answered.
#[derive(Debug)]
pub(super) struct WebPage {
    status: StatusCode,
    html: String,
}

impl WebPage {
    /// A part of a page, which a script puts in the place of an earlier one.
    pub(super) fn part<T: Template>(part: &T) -> Result<Self, Fault> {
        Ok(Self { status: StatusCode::OK, html: Self::set(part)? })
    }

    /// A part as it stands in a page.
    pub(super) fn set<T: Template>(part: &T) -> Result<String, Fault> {
        Ok(typography::set(&part.render()?))
    }

    /// The same, answering a form that cannot be done as it is.
    pub(super) fn refused(self) -> Self {
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, ..self }
    }
}

impl IntoResponse for WebPage {
    fn into_response(self) -> Response {
        let html = HeaderValue::from_static("text/html; charset=utf-8");
        (self.status, [(CONTENT_TYPE, html)], self.html).into_response()
    }
}

/// Goes on to another page: what was posted is not posted again by Back or by a reload.
pub(super) fn to(path: &str) -> Response {
    match HeaderValue::from_str(path) {
        Ok(path) => (StatusCode::SEE_OTHER, [(LOCATION, path)]).into_response(),
        Err(_) => Fault::Unreadable.into_response(),
    }
}

#[derive(Template)]
#[template(path = "layout.html", config = "src/web/askama.toml")]
struct Layout<'a> {
    title: &'a str,
    school: &'a str,
    style: &'a str,
    script: &'a str,
    who: Option<&'a str>,
    csrf: &'a str,
    sections: Vec<SectionLink>,
    notice: Option<String>,
    body: String,
    help: &'static str,
}

struct SectionLink {
    path: &'static str,
    name: &'static str,
    is_here: bool,
}

impl Visitor {
    /// A page of theirs.
    pub(super) fn page<T: Template>(
        &self,
        section: Section,
        title: &str,
        body: &T,
    ) -> Result<WebPage, Fault> {
        made(self.web(), Some(self), section, title, body)
    }
}

/// Makes a page for somebody, or for whoever is not signed in.
pub(super) fn made<T: Template>(
    web: &Web,
    visitor: Option<&Visitor>,
    section: Section,
    title: &str,
    body: &T,
) -> Result<WebPage, Fault> {
    let account = visitor.map(|it| &it.session().account);
    let layout = Layout {
        title,
        school: &web.school().config.school.name,
        style: &STYLE_PATH,
        script: &SCRIPT_PATH,
        who: account.map(|it| it.name.as_str()),
        csrf: visitor.map_or("", |it| &it.session().csrf),
        sections: visitor.map(|it| listed(it, section.listed())).unwrap_or_default(),
        notice: visitor
            .and_then(Visitor::standstill)
            .map(|it| health::standstill(web.school(), it)),
        body: body.render()?,
        help: section.help(),
    };
    Ok(WebPage { status: StatusCode::OK, html: typography::set(&layout.render()?) })
}

fn listed(visitor: &Visitor, here: Section) -> Vec<SectionLink> {
    let may = |right: Option<Right>| right.is_none_or(|right| visitor.may(right));
    let open = section::LISTED.into_iter().filter(|(.., right)| may(*right));
    open.map(|(one, path, name, _)| SectionLink { path, name, is_here: one == here }).collect()
}

#[derive(Template)]
#[template(path = "fault.html", config = "src/web/askama.toml")]
struct FaultBody<'a> {
    title: &'a str,
    told: &'a Explained,
}

/// The page of a fault. Whoever is not signed in is sent where they can.
pub(super) fn of_fault(web: &Web, visitor: Option<&Visitor>, fault: &Fault) -> Response {
    if let Fault::SignedOut(wanted) = fault
        && !wanted.is_empty()
    {
        return to(&super::onwards::by("/connexion", wanted));
    }
    fault.log();
    let (title, told) = fault.told();
    let page = match fault.unsent() {
        Some(unsent) => {
            let body = ResendBody::of(unsent, title, &told, visitor);
            made(web, visitor, Section::Elsewhere, title, &body)
        }
        None => made(web, visitor, Section::Elsewhere, title, &FaultBody { title, told: &told }),
    };
    match page {
        Ok(page) => WebPage { status: fault.status(), ..page }.into_response(),
        Err(_) => fault.status().into_response(),
    }
}
