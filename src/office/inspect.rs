//! The inspection of a school that is at work.

use super::health::{self, provider};
use super::{Check, Inspection, School, carriers};
use crate::config::examples_left;
use crate::identity::OpenId;
use crate::providers::Guard;

/// Looks at everything of a school, changes nothing and sends nothing.
pub async fn inspect(school: &School, guard: Guard) -> Vec<Check> {
    let School { config, folder, clock, .. } = school;
    let read = school.file.as_ref();
    let (file, text) = read.map(|it| (it.path.as_path(), it.text.as_str())).unzip();
    let variables = read.map(|it| it.environment.clone()).unwrap_or_default();
    let inspection = Inspection {
        config,
        file: file.unwrap_or(folder),
        folder,
        examples_left: examples_left(text.unwrap_or_default(), variables).unwrap_or_default(),
        secrets: carriers::secret_files(config, folder),
        store: Ok(school.store().clone()),
        renderer: Ok(school.renderer.clone()),
        carriers: carriers::providers(config, folder, clock, guard),
        openid: config.web.openid.clone().map(|it| OpenId::new(it, clock.clone(), guard)),
        program: school.program.clone(),
        now: clock.now(),
    };
    health::health(inspection).await
}

/// Asks one provider whether it answers; `None` where none of this name is called.
pub async fn try_provider(school: &School, name: &str, guard: Guard) -> Option<Check> {
    let (name, settings) = school.config.providers.get_key_value(name)?;
    if settings.by_hand().is_some() {
        return None;
    }
    let carrier = carriers::carrier(name, settings, (&school.folder, &school.clock, guard));
    let label = carrier.label();
    Some(Check::new(label, provider(carrier, &[]).await))
}
