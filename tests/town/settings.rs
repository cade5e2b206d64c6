//! The stand-ins in the shipped configuration, and waiting for what they do.

use std::path::Path;
use std::time::Duration;

use chappe::demo::{ent, mailbox, sms_service};

use super::WRITABLE;

/// Long enough for the slowest machine; nothing waits for it but a failure.
pub const DEADLINE: Duration = Duration::from_mins(1);
/// How often a thing that is waited for is looked at.
pub const LOOK: Duration = Duration::from_millis(10);

/// What was waited for has come: `look` says when.
pub async fn until(mut look: impl AsyncFnMut() -> bool) {
    let waited = tokio::time::timeout(DEADLINE, async {
        while !look().await {
            tokio::time::sleep(LOOK).await;
        }
    });
    waited.await.expect("it never came");
}

pub fn set(key: &str, value: &str) -> (String, String) {
    (format!("CHAPPE__{key}"), value.to_owned())
}

/// The stand-ins in the shipped configuration, without any rate.
pub fn overrides(
    ent: &ent::EntStandIn,
    mailbox: &mailbox::MailStandIn,
    sms: &sms_service::SmsStandIn,
) -> Vec<(String, String)> {
    let secret = |name: &str| format!("{{ file = \"secrets/{name}\" }}");
    let pairs = [
        ("HTTP__LISTEN", "127.0.0.1:0".to_owned()),
        ("DISPATCH__UNDO", "0s".to_owned()),
        ("DISPATCH__UNDO_URGENT", "0s".to_owned()),
        ("HOURS__ENT__QUIET", "[]".to_owned()),
        ("HOURS__SMS__QUIET", "[]".to_owned()),
        ("PROVIDERS__ENT__EDIFICE__URL", ent.url().to_owned()),
        ("PROVIDERS__ENT__EDIFICE__CLIENT_SECRET", secret("ent")),
        (
            "PROVIDERS__ENT__EDIFICE__GRANT",
            format!(
                "{{ kind = \"password\", user = \"{}\", password = {} }}",
                ent::LOGIN,
                secret("ent-account")
            ),
        ),
        ("PROVIDERS__ENT__EDIFICE__PACE", "{ every = \"0s\", at_once = 4 }".to_owned()),
        ("PROVIDERS__RELAY__SMTP__HOST", format!("\"{}\"", mailbox.address().ip())),
        ("PROVIDERS__RELAY__SMTP__PORT", mailbox.address().port().to_string()),
        ("PROVIDERS__RELAY__SMTP__SECURITY", "\"none\"".to_owned()),
        ("PROVIDERS__SMS__OVH__ENDPOINT", sms.endpoint().to_owned()),
        ("PROVIDERS__SMS__OVH__SERVICE", sms_service::SERVICE.to_owned()),
        ("PROVIDERS__SMS__OVH__APPLICATION_KEY", sms_service::APPLICATION_KEY.to_owned()),
        ("PROVIDERS__SMS__OVH__APPLICATION_SECRET", secret("ovh-application")),
        ("PROVIDERS__SMS__OVH__CONSUMER_KEY", secret("ovh-consumer")),
        ("PROVIDERS__SMS__OVH__PACE", "{ at_once = 4 }".to_owned()),
    ];
    pairs.iter().map(|(key, value)| set(key, value)).collect()
}

/// The secrets of the stand-ins, where the overrides place them.
pub fn write_secrets(folder: &Path) {
    let folder = folder.join("secrets");
    let secrets = [
        ("ent", ent::CLIENT_SECRET),
        ("ent-account", ent::PASSWORD),
        ("ovh-application", sms_service::APPLICATION_SECRET),
        ("ovh-consumer", sms_service::CONSUMER_KEY),
    ];
    std::fs::create_dir_all(&folder).expect(WRITABLE);
    for (name, secret) in secrets {
        std::fs::write(folder.join(name), secret).expect(WRITABLE);
    }
}
