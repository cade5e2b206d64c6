//! What tokens say, and whether it is said to us, now, and about our own flow.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::IdentityError::{self, NotBelieved};
use crate::clock::Moment;

/// Clocks may be so far apart.
const OFF_BY: Duration = Duration::from_mins(1);
/// The longest name of a person that a provider may give (Core 1.0, 2).
const LONGEST_SUBJECT: usize = 255;

/// The claims of an ID token. What a provider may write in several ways is read in each of them: one of another
/// kind says nothing.
#[derive(Debug, Deserialize)]
pub(super) struct IdClaims {
    iss: String,
    pub(super) sub: String,
    aud: Value,
    exp: i64,
    #[serde(default)]
    azp: Value,
    #[serde(default)]
    nonce: Value,
    #[serde(default)]
    acr: Value,
    #[serde(default)]
    amr: Value,
}

/// What a provider knows of somebody. Signed, it says by whom and to whom as well.
#[derive(Debug, Deserialize)]
pub(super) struct UserClaims {
    sub: String,
    #[serde(default)]
    iss: Value,
    #[serde(default)]
    aud: Value,
    #[serde(default)]
    email: Value,
    #[serde(default)]
    email_verified: Value,
}

/// To whom a token must speak, and about what.
pub(super) struct OurFlow<'a> {
    pub(super) issuer: &'a str,
    pub(super) client: &'a str,
    pub(super) nonce: &'a str,
    pub(super) now: Moment,
}

impl IdClaims {
    /// Refused unless they are about this flow (Core 1.0, 3.1.3.7).
    pub(super) fn check(&self, ours: &OurFlow<'_>) -> Result<(), IdentityError> {
        let is_for_others_too = self.aud.as_array().is_some_and(|all| all.len() > 1);
        let azp = self.azp.as_str();
        let ends_at = Moment(self.exp.saturating_mul(1_000)) + OFF_BY;
        if self.iss != ours.issuer {
            Err(NotBelieved("it is of another issuer"))
        } else if !names(&self.aud, ours.client) {
            Err(NotBelieved("it is for another client"))
        } else if azp.map_or(is_for_others_too, |azp| azp != ours.client) {
            Err(NotBelieved("it was given to another client"))
        } else if ends_at <= ours.now {
            Err(NotBelieved("it is over"))
        } else if self.nonce.as_str() != Some(ours.nonce) {
            Err(NotBelieved("it is of another flow"))
        } else if self.sub.is_empty() || self.sub.len() > LONGEST_SUBJECT {
            Err(NotBelieved("it names nobody"))
        } else {
            Ok(())
        }
    }

    /// Whether how sure the provider was of the person is one of these; where none is asked for, it always is.
    pub(super) fn is_sure(&self, acr_values: &[String]) -> bool {
        acr_values.is_empty() || acr_values.iter().any(|it| self.acr.as_str() == Some(it))
    }

    /// Whether one of these words stands for how it made sure.
    pub(super) fn says_one_of(&self, words: &[String]) -> bool {
        words.iter().any(|word| self.acr.as_str() == Some(word) || names(&self.amr, word))
    }
}

impl UserClaims {
    /// Refused where they are about somebody else, or were signed for another.
    pub(super) fn check(
        &self,
        sub: &str,
        ours: &OurFlow<'_>,
        is_signed: bool,
    ) -> Result<(), IdentityError> {
        let is_foreign = |said: &Value, ours: &str| !said.is_null() && !names(said, ours);
        if self.sub != sub {
            return Err(NotBelieved("its userinfo is of somebody else"));
        }
        let elsewhere = is_foreign(&self.iss, ours.issuer) || is_foreign(&self.aud, ours.client);
        if is_signed && elsewhere {
            return Err(NotBelieved("its userinfo was signed for another"));
        }
        Ok(())
    }

    /// The e-mail address, in small letters, where the provider vouches for it.
    pub(super) fn email(&self, vouches_for_all: bool) -> Option<String> {
        let says_so = match &self.email_verified {
            Value::Bool(verified) => *verified,
            Value::String(word) => word == "true",
            // What it denies of one it is not believed of all.
            Value::Null => vouches_for_all,
            _ => false,
        };
        self.email.as_str().filter(|_| says_so).map(str::to_lowercase)
    }
}

/// Whether a claim is this word, or a list that holds it.
fn names(claim: &Value, word: &str) -> bool {
    match claim {
        Value::Array(all) => all.iter().any(|one| one.as_str() == Some(word)),
        one => one.as_str() == Some(word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const NOW: Moment = Moment(1_773_644_400_000);

    fn ours() -> OurFlow<'static> {
        OurFlow { issuer: "https://id.example.org", client: "chappe", nonce: "n", now: NOW }
    }

    fn with(change: &Value) -> IdClaims {
        let mut claims = json!({
            "iss": "https://id.example.org", "sub": "1", "aud": "chappe", "nonce": "n",
            "exp": NOW.0 / 1_000 + 60,
        });
        claims.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        serde_json::from_value(claims).unwrap()
    }

    #[test]
    fn a_token_is_for_us_now_and_about_our_flow_or_not_believed() {
        let good = [
            json!({}),
            json!({ "aud": ["chappe"] }),
            json!({ "aud": ["chappe", "other"], "azp": "chappe" }),
            json!({ "exp": NOW.0 / 1_000 - 59 }),
            json!({ "acr": 1, "amr": "pwd", "auth_time": "now" }),
        ];
        for claims in good {
            assert_eq!(with(&claims).check(&ours()), Ok(()), "{claims}");
        }
        let bad = [
            json!({ "iss": "https://id.example.org/" }),
            json!({ "aud": "other" }),
            json!({ "aud": ["chappe", "other"] }),
            json!({ "azp": "other" }),
            json!({ "aud": null }),
            json!({ "exp": NOW.0 / 1_000 - 60 }),
            json!({ "exp": i64::MIN }),
            json!({ "nonce": "m" }),
            json!({ "nonce": null }),
            json!({ "sub": "" }),
            json!({ "sub": "a".repeat(256) }),
        ];
        for claims in bad {
            assert!(with(&claims).check(&ours()).is_err(), "{claims}");
        }
    }

    #[test]
    fn how_sure_a_provider_was_is_one_of_the_words_that_are_asked_for() {
        let words = |all: &[&str]| all.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        let claims = with(&json!({ "acr": "eidas1", "amr": ["pwd", "mfa"] }));
        assert!(claims.is_sure(&[]) && claims.is_sure(&words(&["eidas2", "eidas1"])));
        assert!(
            !claims.is_sure(&words(&["eidas1-mfa"])) && !with(&json!({})).is_sure(&words(&[""]))
        );
        assert!(claims.says_one_of(&words(&["mfa"])) && claims.says_one_of(&words(&["eidas1"])));
        assert!(!claims.says_one_of(&[]) && !claims.says_one_of(&words(&["otp"])));
    }

    #[test]
    fn an_address_is_taken_where_it_is_vouched_for_and_of_the_same_person_alone() {
        let user = |more: &Value| {
            let mut claims = json!({ "sub": "1", "email": "Ines@example.org" });
            claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            serde_json::from_value::<UserClaims>(claims).unwrap()
        };
        let email = |more: Value, vouches| user(&more).email(vouches);
        let ines = Some("ines@example.org".to_owned());
        assert_eq!(email(json!({ "email_verified": true }), false), ines);
        assert_eq!(email(json!({ "email_verified": "true" }), false), ines);
        assert_eq!(email(json!({}), true), ines);
        for (more, vouches) in [
            (json!({}), false),
            (json!({ "email_verified": false }), true),
            (json!({ "email_verified": 1 }), true),
            (json!({ "email": null }), true),
        ] {
            assert_eq!(email(more.clone(), vouches), None, "{more}");
        }
        let ours = ours();
        assert!(user(&json!({})).check("1", &ours, true).is_ok());
        assert!(user(&json!({})).check("2", &ours, false).is_err());
        assert!(user(&json!({ "aud": "other" })).check("1", &ours, true).is_err());
        assert!(user(&json!({ "iss": "other" })).check("1", &ours, true).is_err());
    }
}
