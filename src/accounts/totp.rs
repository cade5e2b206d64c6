//! The second factor: codes of a telephone, by time (TOTP, RFC 6238: SHA-1, six digits, steps of 30 seconds, which
//! is what every such application takes).

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;

use super::secrets::{NoChance, chance};
use crate::clock::Moment;

/// How long a code is shown, in milliseconds.
const STEP: i64 = 30_000;
/// The digits of a code.
const DIGITS: usize = 6;
/// One more than the greatest code.
const CODES: u32 = 1_000_000;
/// A telephone may be this many steps off.
const OFF_BY: i64 = 1;
/// RFC 4648, base 32.
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// What a telephone and we both hold: 160 bits. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct TotpSecret([u8; 20]);

impl std::fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TotpSecret")
    }
}

impl TotpSecret {
    /// A new one.
    pub fn new() -> Result<Self, NoChance> {
        Ok(Self(chance()?))
    }

    /// As it is typed into a telephone that cannot see the picture, and kept.
    #[must_use]
    pub fn base_32(&self) -> String {
        let fives = self.0.chunks(5).map(|five| {
            let bits = five.iter().fold(0_u64, |bits, byte| (bits << 8) | u64::from(*byte));
            let value = move |at: u32| usize::from((bits >> (at * 5)).to_le_bytes()[0] & 31);
            (0..8).rev().map(move |at| char::from(ALPHABET[value(at)]))
        });
        fives.flatten().collect()
    }

    /// One that was written so; `None` for what is none.
    #[must_use]
    pub fn from_base_32(written: &str) -> Option<Self> {
        let mut bytes = Vec::with_capacity(20);
        for eight in written.as_bytes().chunks(8) {
            let mut bits = 0_u64;
            for letter in eight {
                let value = ALPHABET.iter().position(|it| it == letter)?;
                bits = (bits << 5) | value as u64;
            }
            bytes.extend_from_slice(bits.to_be_bytes().get(3..)?);
        }
        bytes.try_into().ok().map(Self)
    }

    /// What the picture says that a telephone reads (the key URI format of authenticator applications).
    #[must_use]
    pub fn uri(&self, school: &str, login: &str) -> String {
        let (school, login) = (escaped(school), escaped(login));
        let secret = self.base_32();
        format!("otpauth://totp/{school}:{login}?secret={secret}&issuer={school}")
    }

    /// The step whose code this is, around a moment and after the step that was used last.
    #[must_use]
    pub fn step_of(&self, code: &str, now: Moment, used: i64) -> Option<i64> {
        let code: String = code.chars().filter(|it| !it.is_whitespace()).collect();
        let this = now.0.div_euclid(STEP);
        let mut near = (this - OFF_BY..=this + OFF_BY).filter(|step| *step > used);
        near.rfind(|step| self.code(*step).as_deref() == Some(code.as_str()))
    }

    /// The code that is shown at a moment, as a telephone shows it; `None` before 1970.
    #[must_use]
    pub fn code_at(&self, now: Moment) -> Option<String> {
        self.code(now.0.div_euclid(STEP))
    }

    /// The code of a step (RFC 4226, 5.3).
    fn code(&self, step: i64) -> Option<String> {
        let counter = u64::try_from(step).ok()?.to_be_bytes();
        let mut mac = Hmac::<Sha1>::new_from_slice(&self.0).ok()?;
        mac.update(&counter);
        let hash = mac.finalize().into_bytes();
        let at = usize::from(hash.last()? & 15);
        let four: [u8; 4] = hash.get(at..at + 4)?.try_into().ok()?;
        let number = (u32::from_be_bytes(four) & 0x7FFF_FFFF) % CODES;
        Some(format!("{number:0DIGITS$}"))
    }
}

/// Whether a text looks like a code of a telephone, and not like one on paper.
#[must_use]
pub fn is_of_a_telephone(code: &str) -> bool {
    let code: Vec<char> = code.chars().filter(|it| !it.is_whitespace()).collect();
    code.len() == DIGITS && code.iter().all(char::is_ascii_digit)
}

/// A text within a URI: what is neither a letter nor a digit is written by its bytes.
fn escaped(text: &str) -> String {
    let escape = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> TotpSecret {
        TotpSecret(*b"12345678901234567890")
    }

    /// The last six digits of those of RFC 6238, appendix B.
    #[test]
    fn codes_are_those_of_the_norm() {
        let seconds =
            [59, 1_111_111_109, 1_111_111_111, 1_234_567_890, 2_000_000_000, 20_000_000_000];
        let codes = seconds.map(|it| secret().code_at(Moment(it * 1_000)).unwrap());
        assert_eq!(codes, ["287082", "081804", "050471", "005924", "279037", "353130"]);
    }

    #[test]
    fn a_telephone_may_be_a_step_off_and_a_code_goes_once() {
        let (now, step) = (Moment(1_111_111_109_000), 37_037_036);
        let code = |off: i64| secret().code_at(Moment(now.0 + off * STEP)).unwrap();
        let step_of = |code: &str, used| secret().step_of(code, now, used);
        assert_eq!(
            [-1, 0, 1].map(|off| step_of(&code(off), 0)),
            [-1, 0, 1].map(|off| Some(step + off))
        );
        assert_eq!([-2, 2].map(|off| step_of(&code(off), 0)), [None, None]);
        assert_eq!(step_of(&code(0), step), None);
        assert_eq!(step_of(&code(-1), step), None, "nor does an earlier one afterwards");
        assert_eq!(step_of("081 804", 0), Some(step));
        assert_eq!(step_of("", 0), None);
    }

    #[test]
    fn a_secret_is_written_as_telephones_read_it() {
        assert_eq!(secret().base_32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(TotpSecret::from_base_32(&secret().base_32()), Some(secret()));
        assert_eq!(TotpSecret::from_base_32("GEZD"), None);
        let uri = secret().uri("Collège A&B", "sylvie");
        assert_eq!(
            uri,
            "otpauth://totp/Coll%C3%A8ge%20A%26B:sylvie?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=Coll%C3%A8ge%20A%26B"
        );
    }
}
