//! `chappe doctor`: checks everything, sends nothing.

use anyhow::bail;
use serde_json::json;

use super::context::Context;
use super::output;
use crate::directory::Roll;
use crate::providers::Guard;

/// One line of the doctor's report.
struct Check {
    what: String,
    /// What was found, or why it fails.
    found: Result<String, String>,
}

pub(super) async fn run(context: &Context) -> anyhow::Result<()> {
    let app = context.app()?;
    let mut checks = vec![Check {
        what: "configuration".to_owned(),
        found: Ok(context.config_path().display().to_string()),
    }];
    let roll = Roll::load(app.store(), app.queue.school()).await;
    checks.push(Check {
        what: "database".to_owned(),
        found: roll
            .map(|roll| format!("{} pupils, {} adults", roll.pupils.len(), roll.persons.len()))
            .map_err(|error| error.to_string()),
    });
    let findings = app.renderer.templates().check();
    checks.push(Check {
        what: "templates".to_owned(),
        found: match findings.first() {
            None => Ok(format!("{} sound", app.renderer.templates().list().count())),
            Some(finding) => Err(format!("{}: {}", finding.template, finding.what)),
        },
    });
    match app.providers(Guard::Anywhere) {
        Ok(providers) => {
            for provider in providers {
                let found = provider.check().await;
                checks.push(Check {
                    what: format!("{} ({})", provider.name(), provider.channel()),
                    found: found.map(|health| health.summary).map_err(|error| error.to_string()),
                });
            }
        }
        Err(error) => {
            checks.push(Check { what: "providers".to_owned(), found: Err(error.to_string()) });
        }
    }
    present(context, &checks)
}

fn present(context: &Context, checks: &[Check]) -> anyhow::Result<()> {
    for Check { what, found } in checks {
        let (sound, words) = match found {
            Ok(words) => (true, words),
            Err(words) => (false, words),
        };
        if context.json {
            output::json(&json!({ "check": what, "sound": sound, "found": words }));
        } else {
            output::line(format!("{} {what}: {words}", if sound { "ok  " } else { "FAIL" }));
        }
    }
    let failed = checks.iter().filter(|check| check.found.is_err()).count();
    if failed > 0 {
        bail!("{failed} of {} checks failed; nothing was sent or changed", checks.len());
    }
    Ok(())
}
