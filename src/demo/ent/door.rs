//! Who comes in, and what the weather lets through.

use axum::Form;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::state::{Ent, EntToken, SYSTEM_USER, SharedEnt, Weather, lock};

/// The password of the school's accounts.
pub const PASSWORD: &str = "ent-password";
/// The id and the secret of the application, as HTTP Basic writes them.
const BASIC: &str = "Basic Y2hhcHBlOmVudC1zZWNyZXQ=";
/// How long a token holds, in seconds.
const LIFETIME: u64 = 3_600;
/// Where a token is asked for.
const TOKEN: &str = "/auth/oauth2/token";

/// Who calls.
#[derive(Clone)]
pub(super) struct Caller(pub String);

impl Ent {
    /// As whom a call of `path` is made; nobody's without a token, or with one for other modules.
    fn caller(&self, headers: &HeaderMap, path: &str) -> Option<Caller> {
        let token = bearer(headers)?;
        let session = self.sessions.iter().find(|it| it.token == token)?;
        let module = path.split('/').nth(1)?;
        let may_call = session.scope.split(' ').any(|it| it == module);
        may_call.then(|| Caller(session.user.clone()))
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

/// Notes the request, then lets it through as the weather allows.
pub(super) async fn weather_first(
    State(ent): State<SharedEnt>,
    mut request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path().to_owned();
    let (weather, caller) = {
        let mut ent = lock(&ent);
        ent.requests.push(format!("{} {}", request.method(), request.uri()));
        if ent.weather() == Weather::Quota509 {
            ent.sessions.clear();
        }
        (ent.weather(), ent.caller(request.headers(), &path))
    };
    let asks_for_token = path == TOKEN;
    match weather {
        Weather::Quota509 if asks_for_token => {
            let status = StatusCode::from_u16(509).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
            return (status, Json(json!({"error": "quota_overflow"}))).into_response();
        }
        Weather::HtmlPage => {
            let page =
                "<!doctype html><title>ENT</title><p>Trop de connexions : merci de patienter.</p>";
            return Html(page).into_response();
        }
        Weather::Unavailable503 => {
            return (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "30")], "")
                .into_response();
        }
        Weather::Silent => return std::future::pending().await,
        Weather::TimesOut504 if !asks_for_token && path != "/conversation/send" => {
            return StatusCode::GATEWAY_TIMEOUT.into_response();
        }
        _ => {}
    }
    match caller {
        Some(caller) => drop(request.extensions_mut().insert(caller)),
        None if asks_for_token => {}
        None => return sent_to_log_in(&path),
    }
    next.run(request).await
}

/// What whoever is not known gets: no refusal, but the way to the door.
fn sent_to_log_in(path: &str) -> Response {
    let location = format!("/auth/login?callback={}", path.replace('/', "%2F"));
    (StatusCode::FOUND, [(header::LOCATION, location)]).into_response()
}

/// What a call gets that its caller may not make: a page.
pub(super) fn denied() -> Response {
    let page = "<!doctype html><title>401</title><h1>Vous n’avez pas accès à cette page.</h1>";
    (StatusCode::UNAUTHORIZED, Html(page)).into_response()
}

#[derive(Deserialize)]
pub(super) struct Demand {
    grant_type: String,
    #[serde(default)]
    scope: String,
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
}

pub(super) async fn token(
    State(ent): State<SharedEnt>,
    headers: HeaderMap,
    Form(demand): Form<Demand>,
) -> Response {
    let basic = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let refused = |status, error| (status, Json(json!({"error": error}))).into_response();
    if basic != Some(BASIC) {
        return refused(StatusCode::UNAUTHORIZED, "invalid_client");
    }
    let user = match demand.grant_type.as_str() {
        "client_credentials" => SYSTEM_USER.to_owned(),
        "password" if demand.password == PASSWORD => demand.username,
        _ => return refused(StatusCode::UNAUTHORIZED, "invalid_grant"),
    };
    let mut ent = lock(&ent);
    ent.tokens_given += 1;
    let token = format!("token-{}", ent.tokens_given);
    ent.sessions.push(EntToken { token: token.clone(), user, scope: demand.scope });
    Json(json!({"access_token": token, "token_type": "Bearer", "expires_in": LIFETIME}))
        .into_response()
}
