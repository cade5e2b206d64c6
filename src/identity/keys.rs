//! The keys of a provider (RFC 7517), and whether one of them signed something. Signatures are ring's.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::Deserialize;

/// How a token may be signed: by a key whose other half the provider alone has. What is signed by a secret that
/// we have too, or not at all, is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Algorithm {
    /// RSA with SHA-256, from 2048 bits on.
    Rs256,
    /// ECDSA on P-256 with SHA-256.
    Es256,
}

impl Algorithm {
    /// Of its name (RFC 7518, 3.1).
    pub(super) fn from_name(name: &str) -> Option<Self> {
        match name {
            "RS256" => Some(Self::Rs256),
            "ES256" => Some(Self::Es256),
            _ => None,
        }
    }
}

/// The keys of a provider. One that cannot be read says nothing of the others.
#[derive(Debug, Default, Deserialize)]
pub(super) struct KeySet {
    keys: Vec<serde_json::Value>,
}

/// One of them; what is not there is empty.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct WebKey {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    use_: Option<String>,
    alg: Option<String>,
    crv: String,
    n: String,
    e: String,
    x: String,
    y: String,
}

impl KeySet {
    /// Whether one of these keys, of this name where one is given, made a signature.
    pub(super) fn signed(
        &self,
        (algorithm, kid): (Algorithm, Option<&str>),
        text: &[u8],
        signature: &[u8],
    ) -> bool {
        let is_meant = |key: &WebKey| kid.is_none() || key.kid.as_deref() == kid;
        let mut keys = self.keys.iter().filter_map(|key| WebKey::deserialize(key).ok());
        keys.any(|key| {
            is_meant(&key)
                && key.is_for(algorithm)
                && key.made(algorithm, text, signature).is_some()
        })
    }
}

impl WebKey {
    /// Whether it is one that signs so.
    fn is_for(&self, algorithm: Algorithm) -> bool {
        let kind = match algorithm {
            Algorithm::Rs256 => self.kty == "RSA",
            Algorithm::Es256 => self.kty == "EC" && self.crv == "P-256",
        };
        let signs = self.use_.as_deref().is_none_or(|it| it == "sig");
        let is_so =
            self.alg.as_deref().is_none_or(|it| Algorithm::from_name(it) == Some(algorithm));
        kind && signs && is_so
    }

    /// `Some` where it made the signature.
    fn made(&self, algorithm: Algorithm, text: &[u8], signature: &[u8]) -> Option<()> {
        let bytes = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
        match algorithm {
            Algorithm::Rs256 => {
                let key = RsaPublicKeyComponents { n: bytes(&self.n)?, e: bytes(&self.e)? };
                key.verify(&RSA_PKCS1_2048_8192_SHA256, text, signature).ok()
            }
            Algorithm::Es256 => {
                // A point as SEC 1 writes it, uncompressed.
                let point = [vec![4], bytes(&self.x)?, bytes(&self.y)?].concat();
                let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
                key.verify(text, signature).ok()
            }
        }
    }
}
