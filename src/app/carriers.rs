//! From the configuration to providers.

use std::path::Path;
use std::sync::Arc;

use super::secrets::{self, SecretError};
use crate::clock::Clock;
use crate::config::{EdificeGrant, ProviderSettings};
use crate::providers::{
    BadSettings, Edifice, EdificeSecrets, Folder, Guard, Ovh, OvhSecrets, Provider, Smtp,
};
use crate::settings::SecretPlace;

/// A provider that cannot be made ready. Nothing was started.
#[derive(Debug, thiserror::Error)]
pub enum CarrierError {
    /// A secret is missing.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// A setting does not fit.
    #[error(transparent)]
    Settings(#[from] BadSettings),
}

/// The provider of one section `[providers.NAME.KIND]`.
pub(super) fn build(
    name: &str,
    settings: &ProviderSettings,
    folder: &Path,
    clock: Clock,
    guard: Guard,
) -> Result<Arc<dyn Provider>, CarrierError> {
    let secret = |key: &str, place: &SecretPlace| {
        secrets::read(&format!("providers.{name}.{key}"), place, folder)
    };
    Ok(match settings {
        ProviderSettings::Smtp(smtp) => {
            let password =
                smtp.password.as_ref().map(|place| secret("smtp.password", place)).transpose()?;
            let mut smtp = smtp.clone();
            smtp.authority = smtp.authority.map(|path| folder.join(path));
            Arc::new(Smtp::new(name, &smtp, password, clock, guard)?)
        }
        ProviderSettings::Ovh(ovh) => {
            let secrets = OvhSecrets {
                application_secret: secret("ovh.application_secret", &ovh.application_secret)?,
                consumer_key: secret("ovh.consumer_key", &ovh.consumer_key)?,
            };
            Arc::new(Ovh::new(name, ovh, secrets, clock, guard)?)
        }
        ProviderSettings::Edifice(edifice) => {
            let password = match &edifice.grant {
                EdificeGrant::ClientCredentials => None,
                EdificeGrant::Password { password, .. } => {
                    Some(secret("edifice.grant.password", password)?)
                }
            };
            let client_secret = secret("edifice.client_secret", &edifice.client_secret)?;
            let secrets = EdificeSecrets { client_secret, password };
            Arc::new(Edifice::new(name, edifice, secrets, clock, guard)?)
        }
        ProviderSettings::Folder(settings) => {
            let mut settings = settings.clone();
            settings.path = folder.join(settings.path);
            Arc::new(Folder::new(name, &settings)?)
        }
    })
}
