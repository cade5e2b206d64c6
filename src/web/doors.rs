//! Every address of the pages, and what whoever asks for it must be allowed to.

use axum::Router;
use axum::extract::{Request, State};
use axum::handler::Handler;
use axum::http::Method;
use axum::http::header::SET_COOKIE;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};

use super::context::Web;
use super::fault::Fault;
use super::guard::guard;
use super::stranger::Stranger;
use super::visitor::{self, Visitor};
use super::{assets, page, resend};
use crate::people::Right;

/// What an address needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: whoever comes.
    Nobody,
    /// An account of the school.
    Account,
    /// An account that may do this.
    Right(Right),
}

/// One address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Door {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Its path, `{…}` where it varies.
    pub path: &'static str,
    /// What it needs.
    pub needs: Needs,
}

/// The addresses as they are put together.
pub(super) struct Doors {
    web: Web,
    router: Router<Web>,
    table: Vec<Door>,
}

impl Doors {
    /// None yet.
    pub(super) fn new(web: Web) -> Self {
        Self { web, router: Router::new(), table: Vec::new() }
    }

    /// A page that is looked at.
    pub(super) fn get<H, T>(self, path: &'static str, needs: Needs, page: H) -> Self
    where
        H: Handler<T, Web>,
        T: 'static,
    {
        self.add(Door { method: "GET", path, needs }, get(page))
    }

    /// What a form asks for.
    pub(super) fn post<H, T>(self, path: &'static str, needs: Needs, act: H) -> Self
    where
        H: Handler<T, Web>,
        T: 'static,
    {
        self.add(Door { method: "POST", path, needs }, post(act))
    }

    fn add(mut self, door: Door, answers: MethodRouter<Web>) -> Self {
        let admit = middleware::from_fn_with_state((self.web.clone(), door.needs), admit);
        self.router = self.router.route(door.path, answers.route_layer(admit));
        self.table.push(door);
        self
    }

    /// The addresses, ready to be served.
    pub(super) fn into_router(self) -> Router {
        let Self { web, router, .. } = self;
        router
            .merge(assets::routes())
            .fallback(nothing_there)
            .layer(middleware::from_fn_with_state(web.clone(), guard))
            .with_state(web)
    }

    /// The addresses, to be looked through.
    pub(super) fn into_table(self) -> Vec<Door> {
        self.table
    }
}

/// Lets in whoever may; a handler's fault becomes a page here, where it is known for whom.
async fn admit(
    State((web, needs)): State<(Web, Needs)>,
    mut request: Request,
    next: Next,
) -> Response {
    let visitor = match visitor::of(&web, request.headers()).await {
        Ok(visitor) => visitor,
        Err(fault) => return page::of_fault(&web, None, &fault).into_response(),
    };
    if let Err(fault) = may_enter(needs, visitor.as_ref(), &request) {
        let fault = match fault {
            Fault::SignedOut(_) => resend::of_stranger(request).await,
            other => other,
        };
        return page::of_fault(&web, visitor.as_ref(), &fault).into_response();
    }
    let given = match &visitor {
        Some(visitor) => {
            request.extensions_mut().insert(visitor.clone());
            None
        }
        None => match Stranger::of(&web, request.headers()) {
            Ok(stranger) => {
                let given = stranger.cookie(&web);
                request.extensions_mut().insert(stranger);
                given
            }
            Err(fault) => return page::of_fault(&web, None, &fault).into_response(),
        },
    };
    let mut answer = shown(&web, needs, visitor.as_ref(), to_its_end(request, next).await);
    if let Some(given) = given {
        answer.headers_mut().append(SET_COOKIE, given);
    }
    answer
}

/// An act goes to its end, also where the browser that asked for it has gone meanwhile.
async fn to_its_end(request: Request, next: Next) -> Response {
    if request.method() != Method::POST {
        return next.run(request).await;
    }
    let acted = tokio::spawn(next.run(request)).await;
    acted.unwrap_or_else(|_| Fault::Broken("an act has panicked".to_owned()).into_response())
}

/// What a handler answers, or the page of its fault.
fn shown(web: &Web, needs: Needs, visitor: Option<&Visitor>, answer: Response) -> Response {
    match answer.extensions().get::<Fault>() {
        // Nobody signs in or out by what a former session wrote, and where it wrote secrets alone, nothing is left.
        Some(Fault::Overdue(unsent))
            if needs == Needs::Nobody || (unsent.had_secret() && unsent.fields().is_empty()) =>
        {
            page::of_fault(web, visitor, &Fault::Foreign)
        }
        Some(fault) => page::of_fault(web, visitor, fault),
        None => answer,
    }
}

fn may_enter(needs: Needs, visitor: Option<&Visitor>, request: &Request) -> Result<(), Fault> {
    let right = match needs {
        Needs::Nobody => return Ok(()),
        Needs::Account => None,
        Needs::Right(right) => Some(right),
    };
    let Some(visitor) = visitor else {
        return Err(Fault::signed_out(request));
    };
    // Whoever must take a second factor comes to their own account alone until they have.
    if visitor.session().account.owes_second_factor() && !is_own_account(request.uri().path()) {
        return Err(Fault::OwesSecondFactor);
    }
    match right {
        Some(right) if !visitor.may(right) => Err(Fault::NotAllowed),
        _ => Ok(()),
    }
}

fn is_own_account(path: &str) -> bool {
    path == "/compte" || path.starts_with("/compte/")
}

async fn nothing_there(State(web): State<Web>, request: Request) -> Response {
    let visitor = visitor::of(&web, request.headers()).await.ok().flatten();
    page::of_fault(&web, visitor.as_ref(), &Fault::NothingThere).into_response()
}
