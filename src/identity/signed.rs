//! A text that a provider signed (a JWT, RFC 7519, in the short form of RFC 7515).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::IdentityError;
use super::keys::{Algorithm, KeySet};

/// A signed text, taken apart and not believed yet.
pub(super) struct Signed<'a> {
    algorithm: Algorithm,
    kid: Option<String>,
    /// What was signed: the head and the claims, as they were written.
    text: &'a str,
    claims: Vec<u8>,
    signature: Vec<u8>,
}

#[derive(Deserialize)]
struct SignedHead {
    alg: String,
    #[serde(default)]
    kid: Option<String>,
    /// What whoever does not know it must refuse.
    #[serde(default)]
    crit: Option<serde_json::Value>,
}

impl<'a> Signed<'a> {
    /// Takes a text apart.
    pub(super) fn read(jwt: &'a str) -> Result<Self, IdentityError> {
        let bad = || IdentityError::NotBelieved("it is no signed token");
        let (text, signature) = jwt.trim().rsplit_once('.').ok_or_else(bad)?;
        let (head, claims) = text.split_once('.').ok_or_else(bad)?;
        let bytes = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| bad());
        let head: SignedHead = serde_json::from_slice(&bytes(head)?).map_err(|_| bad())?;
        let algorithm = Algorithm::from_name(&head.alg).filter(|_| head.crit.is_none());
        let algorithm = algorithm
            .ok_or(IdentityError::NotBelieved("it is signed neither by RS256 nor by ES256"))?;
        let (claims, signature) = (bytes(claims)?, bytes(signature)?);
        Ok(Self { algorithm, kid: head.kid, text, claims, signature })
    }

    /// Whether one of these keys signed it.
    pub(super) fn is_by(&self, keys: &KeySet) -> bool {
        let how = (self.algorithm, self.kid.as_deref());
        keys.signed(how, self.text.as_bytes(), &self.signature)
    }

    /// What it says, which is to be believed only where one of the provider's keys signed it.
    pub(super) fn claims<T: DeserializeOwned>(&self) -> Result<T, IdentityError> {
        serde_json::from_slice(&self.claims)
            .map_err(|_| IdentityError::NotBelieved("its claims cannot be read"))
    }
}

#[cfg(test)]
mod tests {
    use ring::rand::SystemRandom;
    use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
    use serde_json::{Value, json};

    use super::*;

    struct Signer(EcdsaKeyPair);

    impl Signer {
        fn new() -> Self {
            let chance = SystemRandom::new();
            let how = &ECDSA_P256_SHA256_FIXED_SIGNING;
            let key = EcdsaKeyPair::generate_pkcs8(how, &chance).unwrap();
            Self(EcdsaKeyPair::from_pkcs8(how, key.as_ref(), &chance).unwrap())
        }

        fn keys(&self, more: &Value) -> KeySet {
            let (x, y) = self.0.public_key().as_ref()[1..].split_at(32);
            let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
            let mut key =
                json!({ "kty": "EC", "crv": "P-256", "kid": "k", "x": part(x), "y": part(y) });
            key.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            // One that nobody reads stands beside it.
            serde_json::from_value(json!({ "keys": [{ "kty": 3 }, key] })).unwrap()
        }

        fn token(&self, head: &Value) -> String {
            let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
            let text = format!("{}.{}", part(head), part(&json!({ "sub": "1" })));
            let signature = self.0.sign(&SystemRandom::new(), text.as_bytes()).unwrap();
            format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
        }
    }

    #[test]
    fn a_token_is_believed_for_a_signature_of_its_provider_alone() {
        let (ours, other) = (Signer::new(), Signer::new());
        let token = ours.token(&json!({ "alg": "ES256", "kid": "k" }));
        let signed = Signed::read(&token).unwrap();
        assert!(signed.is_by(&ours.keys(&json!({}))));
        assert_eq!(signed.claims::<Value>(), Ok(json!({ "sub": "1" })));
        assert!(!signed.is_by(&other.keys(&json!({}))), "another key of the same name");
        assert!(!signed.is_by(&KeySet::default()));
        for unfit in [
            json!({ "kid": "l" }),
            json!({ "use": "enc" }),
            json!({ "alg": "RS256" }),
            json!({ "crv": "P-384" }),
        ] {
            assert!(!signed.is_by(&ours.keys(&unfit)), "{unfit}");
        }
        let unnamed = ours.token(&json!({ "alg": "ES256" }));
        assert!(Signed::read(&unnamed).unwrap().is_by(&ours.keys(&json!({}))));
        let (head, rest) = token.split_once('.').unwrap();
        let claims = URL_SAFE_NO_PAD.encode(json!({ "sub": "2" }).to_string());
        let forged = format!("{head}.{claims}.{}", rest.split_once('.').unwrap().1);
        assert!(!Signed::read(&forged).unwrap().is_by(&ours.keys(&json!({}))));
    }

    #[test]
    fn a_token_that_is_not_signed_by_a_key_of_the_provider_s_own_is_none() {
        let signer = Signer::new();
        for head in [
            json!({ "alg": "none" }),
            json!({ "alg": "HS256" }),
            json!({ "alg": "es256" }),
            json!({ "alg": "ES256", "crit": ["b64"] }),
            json!({}),
        ] {
            assert!(Signed::read(&signer.token(&head)).is_err(), "{head}");
        }
        for text in ["", "a.b", "a.b.c", "..", "eyJhbGciOiJFUzI1NiJ9..", "a.b.c.d.e"] {
            assert!(Signed::read(text).is_err() || text.starts_with("eyJ"), "{text}");
        }
    }
}
