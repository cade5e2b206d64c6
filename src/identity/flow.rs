//! One way to the provider and back.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// What binds an answer to the browser that set out: all of it worked out of one token, which nobody else has.
/// Each is 64 letters and digits: ProConnect wants 32 or more, a verifier (RFC 7636) has 43 to 128.
pub struct Flow {
    /// Comes back with the answer.
    pub(super) state: String,
    /// Stands in the ID token.
    pub(super) nonce: String,
    /// Is shown as the code is redeemed.
    pub(super) verifier: String,
}

impl Flow {
    /// The flow of a token of 256 bits of chance.
    #[must_use]
    pub fn of(token: &str) -> Self {
        let derived = |use_: &str| {
            let text = Sha256::new().chain_update(use_).chain_update([0]).chain_update(token);
            hex::encode(text.finalize())
        };
        Self { state: derived("state"), nonce: derived("nonce"), verifier: derived("verifier") }
    }

    /// Whether an answer is to this flow.
    #[must_use]
    pub fn is_answered_by(&self, state: &str) -> bool {
        Sha256::digest(state) == Sha256::digest(&self.state)
    }

    /// What is shown of the verifier as the flow begins: S256 of RFC 7636.
    pub(super) fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(&self.verifier))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_of_a_flow_is_its_own_and_long_enough() {
        let (one, other) = (Flow::of("a"), Flow::of("b"));
        assert!(one.is_answered_by(&one.state) && !one.is_answered_by(&other.state));
        assert!(!one.is_answered_by("") && !one.is_answered_by(&one.nonce));
        for word in [&one.state, &one.nonce, &one.verifier] {
            assert!((43..=128).contains(&word.len()), "{word}");
        }
        assert!(one.nonce != one.verifier && one.challenge().len() == 43);
    }
}
