//! Files that one other person alone can open: sealed for their key by `age` (age-encryption.org/v1), where it is
//! installed. What is sealed goes to it by a pipe, and never lies open on the disk.

use std::io;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use serde::Deserialize;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use crate::installed;

/// What the program is called, in the folders where programs lie.
const PROGRAM: &str = "age";
/// How long a batch may take: it is a matter of seconds.
const TIME_LIMIT: Duration = Duration::from_mins(2);
/// How a public key begins.
const BEGINS: &str = "age1";
/// How many letters and digits it has in all (Bech32 of 32 octets).
const LENGTH: usize = 62;

/// Whoever is given sealed files, as the configuration says it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartnerSettings {
    /// Their public key: what `age-keygen -y` prints.
    pub key: PublicKey,
}

/// For whom a file is sealed: `age1…`, which is no secret.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct PublicKey(String);

/// What is no public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no public key of age: it begins with age1 and has 62 letters and digits")]
pub struct BadPublicKey;

impl TryFrom<String> for PublicKey {
    type Error = BadPublicKey;

    fn try_from(typed: String) -> Result<Self, BadPublicKey> {
        let is_of_its_signs = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit();
        let is_one = typed.len() == LENGTH
            && typed.starts_with(BEGINS)
            && typed.chars().all(is_of_its_signs);
        if is_one { Ok(Self(typed)) } else { Err(BadPublicKey) }
    }
}

/// Why nothing is sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The program is not there.
    #[error("age is not installed")]
    NotInstalled,
    /// It could not be run.
    #[error("age cannot be run: {0}")]
    Run(#[from] io::Error),
    /// It took longer than it may.
    #[error("age took longer than {} s", TIME_LIMIT.as_secs())]
    TooSlow,
    /// It did not: most often the key has a slip of the pen.
    #[error("age seals nothing for this key ({0})")]
    Refused(ExitStatus),
}

/// The program, where this machine has it.
#[must_use]
pub fn installed() -> Option<PathBuf> {
    installed::program(&[PROGRAM])
}

/// Seals a file for whoever has this key.
pub async fn sealed(file: &[u8], key: &PublicKey) -> Result<Vec<u8>, SealError> {
    let program = installed().ok_or(SealError::NotInstalled)?;
    let mut command = Command::new(program);
    command.args(["-r", &key.0]).env_clear().kill_on_drop(true);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn()?;
    let pipe = child.stdin.take();
    let hand_in = async move {
        if let Some(mut pipe) = pipe {
            // One that refuses its key reads nothing: how it ends tells.
            drop(pipe.write_all(file).await);
        }
    };
    let work = async { tokio::join!(hand_in, child.wait_with_output()).1 };
    let ended = tokio::time::timeout(TIME_LIMIT, work).await.map_err(|_| SealError::TooSlow)??;
    if ended.status.success() { Ok(ended.stdout) } else { Err(SealError::Refused(ended.status)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_key_is_told_from_a_secret_and_from_one_that_was_cut() {
        let key = format!("age1{}", "q".repeat(58));
        assert_eq!(PublicKey::try_from(key.clone()), Ok(PublicKey(key.clone())));
        for typed in [
            String::new(),
            key.chars().take(61).collect(),
            format!("{key}q"),
            key.to_uppercase(),
            format!("AGE-SECRET-KEY-1{}", "Q".repeat(58)),
        ] {
            assert_eq!(PublicKey::try_from(typed.clone()), Err(BadPublicKey), "{typed}");
        }
    }
}
