//! Where a secret is kept. The configuration never holds one.

use std::path::PathBuf;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// What stands there in place of a place is the secret itself, more often than not: no error repeats it.
const REFUSAL: &str =
    "a secret does not stand in the configuration: write { file = \"…\" } or { env = \"…\" }";

/// The place of a secret: `{ file = "/run/credentials/chappe/relay" }` or `{ env = "RELAY_PASSWORD" }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretPlace {
    /// A file that holds nothing else; a final line break is dropped.
    File(PathBuf),
    /// A variable of the environment.
    Env(String),
}

/// A secret that cannot be read. Its value is in no message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the secret {key} cannot be read from {place}: {reason}; put it there, or name another \
     place under {key}"
)]
pub struct SecretError {
    /// The key of the configuration.
    pub key: String,
    /// The file or variable.
    pub place: String,
    /// Why not.
    pub reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenPlace {
    file: Option<PathBuf>,
    env: Option<String>,
}

impl<'de> Deserialize<'de> for SecretPlace {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PlaceReader)
    }
}

struct PlaceReader;

impl<'de> Visitor<'de> for PlaceReader {
    type Value = SecretPlace;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("{ file = \"…\" } or { env = \"…\" }")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<SecretPlace, A::Error> {
        match WrittenPlace::deserialize(MapAccessDeserializer::new(map)) {
            Ok(WrittenPlace { file: Some(file), env: None }) => Ok(SecretPlace::File(file)),
            Ok(WrittenPlace { file: None, env: Some(variable) }) => Ok(SecretPlace::Env(variable)),
            _ => Err(A::Error::custom(REFUSAL)),
        }
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<SecretPlace, E> {
        Err(E::custom(REFUSAL))
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<SecretPlace, E> {
        Err(E::custom(REFUSAL))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<SecretPlace, E> {
        Err(E::custom(REFUSAL))
    }
}
