//! Passwords: argon2id, a few at a time, and none that is guessed first.

use std::sync::Arc;

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Semaphore;

use super::obvious::is_obvious;

/// Memory of one hash, in KiB; with two passes and one lane OWASP's recommendation (Password Storage Cheat
/// Sheet).
const MEMORY: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// How many are worked out at once: whoever guesses takes no more of the machine than this.
const AT_ONCE: usize = 2;
/// The letters that a password has at least.
pub const LEAST_LETTERS: usize = 12;
/// The bytes that it has at most.
const MOST_BYTES: usize = 1_024;
/// What a password is compared with where there is none to compare it with.
const NOBODYS_SALT: &[u8; 16] = b"nobody's account";

/// A password that is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPassword {
    /// It is too short.
    #[error("the password has fewer than {LEAST_LETTERS} letters")]
    TooShort,
    /// It is too long.
    #[error("the password has more than {MOST_BYTES} bytes")]
    TooLong,
    /// It is guessed first.
    #[error(
        "the password is one of those that are guessed first: a name, a row of keys, a few letters again"
    )]
    TooObvious,
}

/// A password could not be worked out: no memory for it, or the program ends.
#[derive(Debug, thiserror::Error)]
#[error("a password could not be worked out: {0}")]
pub struct HashFailed(String);

/// Refused where a password is too short, or would be guessed first by who knows these names.
pub fn check_password(password: &SecretString, names: &[&str]) -> Result<(), BadPassword> {
    let password = password.expose_secret();
    if password.chars().count() < LEAST_LETTERS {
        return Err(BadPassword::TooShort);
    }
    if password.len() > MOST_BYTES {
        return Err(BadPassword::TooLong);
    }
    if is_obvious(password, names) { Err(BadPassword::TooObvious) } else { Ok(()) }
}

/// Works passwords out beside everything else, a few at a time; clones share the places.
#[derive(Debug, Clone)]
pub struct Passwords(Arc<Semaphore>);

impl Default for Passwords {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Passwords {
    /// A password as it is kept: argon2's own notation.
    pub async fn hash(&self, password: SecretString) -> Result<String, HashFailed> {
        self.work(move || {
            let hashed = argon2()?.hash_password(password.expose_secret().as_bytes());
            hashed.map(|it| it.to_string()).map_err(failed)
        })
        .await
    }

    /// Whether a password is the one that is kept; takes as long where none is.
    pub async fn is_right(
        &self,
        password: SecretString,
        kept: Option<String>,
    ) -> Result<bool, HashFailed> {
        self.work(move || {
            let typed = password.expose_secret().as_bytes();
            let typed = typed.get(..MOST_BYTES).unwrap_or(typed);
            let argon2 = argon2()?;
            if let Some(kept) = kept {
                return Ok(argon2.verify_password(typed, kept.as_str()).is_ok());
            }
            argon2.hash_password_with_salt(typed, NOBODYS_SALT).map_err(failed)?;
            Ok(false)
        })
        .await
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, HashFailed> + Send + 'static,
    ) -> Result<T, HashFailed> {
        let place = Arc::clone(&self.0).acquire_owned().await.map_err(failed)?;
        let worked = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(place);
            done
        });
        worked.await.map_err(failed)?
    }
}

fn argon2() -> Result<Argon2<'static>, HashFailed> {
    let params = Params::new(MEMORY, PASSES, LANES, None).map_err(failed)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn failed(error: impl std::fmt::Display) -> HashFailed {
    HashFailed(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_again_and_no_two_are_kept_alike() {
        let (passwords, typed) = (Passwords::default(), SecretString::from("quatre lapins verts"));
        let kept = passwords.hash(typed.clone()).await.unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert_ne!(passwords.hash(typed.clone()).await.unwrap(), kept);
        assert!(passwords.is_right(typed.clone(), Some(kept.clone())).await.unwrap());
        let other = SecretString::from("quatre lapins vert");
        assert!(!passwords.is_right(other, Some(kept)).await.unwrap());
        assert!(!passwords.is_right(typed, None).await.unwrap());
    }

    #[test]
    fn a_short_password_is_refused() {
        let check = |password: &str| check_password(&SecretString::from(password), &["sylvie"]);
        assert_eq!(check("onze lettre"), Err(BadPassword::TooShort));
        assert_eq!(check("sylviesylvie"), Err(BadPassword::TooObvious));
        assert_eq!(check(&"quatre lapins ".repeat(80)), Err(BadPassword::TooLong));
        assert_eq!(check("quatre lapins"), Ok(()));
    }
}
