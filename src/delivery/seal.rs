//! References that nobody can make up: by one, what comes back by e-mail names a delivery.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::message::{BadReference, Reference, base32};

/// Octets of the seal; nobody tries 2^40 mails.
const OCTETS: usize = 5;
/// Signs of it.
const SIGNS: usize = OCTETS * 8 / 5;

/// How the word for a batch begins; no reference has an L or an O.
const BATCH: &str = "LOT-";

/// What a school seals its references with. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct SealKey([u8; 32]);

impl std::fmt::Debug for SealKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealKey")
    }
}

impl SealKey {
    /// The key of these octets.
    #[must_use]
    pub const fn of(octets: [u8; 32]) -> Self {
        Self(octets)
    }

    /// A reference with its seal: `7K4M-02QB-9F3K0C7D`. Letters, digits and `-` only, so that it goes into an
    /// address, an ENVID and a Message-ID as it is.
    #[must_use]
    pub fn sealed(&self, reference: &str) -> String {
        format!("{reference}-{}", self.seal(reference))
    }

    /// The reference under its seal; none where the seal is not ours. Capitals are none of a mail server's business: some
    /// lower an address.
    #[must_use]
    pub fn opened(&self, sealed: &str) -> Option<Reference> {
        let (typed, seal) = sealed.rsplit_once('-').filter(|(_, seal)| seal.len() == SIGNS)?;
        let reference: Result<Reference, BadReference> = typed.parse();
        let reference = reference.ok()?;
        self.seal(&reference.to_string()).eq_ignore_ascii_case(seal).then_some(reference)
    }

    /// The word that says of a batch of letters that it was posted: whoever was not given it cannot say so.
    #[must_use]
    pub fn sealed_batch(&self, number: u32) -> String {
        self.sealed(&format!("{BATCH}{number}"))
    }

    /// The number of the batch under its seal; none where the seal is not ours.
    #[must_use]
    pub fn opened_batch(&self, sealed: &str) -> Option<u32> {
        let number = sealed.strip_prefix(BATCH)?.split('-').next()?.parse().ok()?;
        (self.sealed_batch(number) == sealed).then_some(number)
    }

    fn seal(&self, reference: &str) -> String {
        // A key of any length is taken.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return String::new() };
        mac.update(reference.as_bytes());
        let octets = mac.finalize().into_bytes();
        let bits = octets.iter().take(OCTETS).fold(0_u64, |bits, it| (bits << 8) | u64::from(*it));
        base32(bits, SIGNS)
    }
}

#[cfg(test)]
mod tests {
    use super::SealKey;
    use crate::message::Code;

    #[test]
    fn a_sealed_reference_is_read_back_whatever_a_server_did_to_its_letters() {
        let key = SealKey::of([7; 32]);
        let reference = Code::from_chance(0x3_A48D).delivery(40_000, 2);
        let sealed = key.sealed(&reference);
        assert_eq!(sealed.len(), reference.len() + 9, "{sealed}");
        for text in [sealed.clone(), sealed.to_lowercase()] {
            assert_eq!(key.opened(&text), reference.parse().ok(), "{text}");
        }
    }

    #[test]
    fn the_word_for_a_batch_is_that_of_no_other() {
        let (key, other) = (SealKey::of([7; 32]), SealKey::of([8; 32]));
        let word = key.sealed_batch(3);
        assert_eq!(key.opened_batch(&word), Some(3));
        let seal = word.rsplit_once('-').unwrap().1;
        for forged in [
            other.sealed_batch(3),
            format!("LOT-4-{seal}"),
            format!("LOT-03-{seal}"),
            "LOT-3".to_owned(),
            "LOT--".to_owned(),
            String::new(),
        ] {
            assert_eq!(key.opened_batch(&forged), None, "{forged}");
        }
        assert_eq!(key.opened(&word), None);
    }

    #[test]
    fn nobody_makes_up_a_seal() {
        let (key, other) = (SealKey::of([7; 32]), SealKey::of([8; 32]));
        let reference = Code::from_chance(1).delivery(2, 1);
        let sealed = key.sealed(&reference);
        let neighbour = Code::from_chance(1).delivery(3, 1);
        let seal = sealed.rsplit_once('-').unwrap().1;
        for forged in [
            other.sealed(&reference),
            format!("{neighbour}-{seal}"),
            reference.clone(),
            format!("{reference}-"),
            String::new(),
            "-".to_owned(),
            "é-é-é".to_owned(),
        ] {
            assert_eq!(key.opened(&forged), None, "{forged}");
        }
    }
}
