//! The certificate that whoever comes is shown, with its key: two PEM files, which others renew.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use x509_cert::der::Decode;

use super::ring::ring;
use crate::clock::Moment;
use crate::private_file;

/// What is left of a certificate when whoever renews it should have: Let's Encrypt does 30 days before the end.
const SOON: Duration = Duration::from_hours(21 * 24);

/// A certificate and the key that fits it.
#[derive(Debug, Clone)]
pub struct ServedPair {
    key: Arc<CertifiedKey>,
    /// When the first certificate of its chain ends.
    pub ends_at: Moment,
}

/// How long a certificate still holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// For longer than 21 days.
    Sound,
    /// No longer.
    SoonOver,
    /// It does not: browsers refuse it.
    Over,
}

/// Why a certificate and its key cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum PairError {
    /// A file is missing, or may not be read.
    #[error("{file} cannot be read: {reason}")]
    Unreadable {
        /// Which.
        file: PathBuf,
        /// The system's words.
        reason: io::Error,
    },
    /// Everybody on the machine could speak in the school's name.
    #[error(
        "everybody on this machine may read {0}, the key of the certificate, so it is not used"
    )]
    OpenKey(PathBuf),
    /// A file does not hold what it is named for.
    #[error("{file} holds no {what} in PEM: {reason}")]
    Other {
        /// Which.
        file: PathBuf,
        /// What is due there.
        what: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// Each may be sound; they are not of one pair.
    #[error("the certificate {certificate} and the key {key} do not fit each other: {reason}")]
    Unfit {
        /// The file of the certificate.
        certificate: PathBuf,
        /// The file of the key.
        key: PathBuf,
        /// What is wrong.
        reason: rustls::Error,
    },
}

impl ServedPair {
    /// Reads both files, and holds one against the other.
    pub fn read(certificate: &Path, key: &Path) -> Result<Self, PairError> {
        let unreadable =
            |file: &Path, reason| PairError::Unreadable { file: file.to_owned(), reason };
        if private_file::is_open_to_others(key).map_err(|error| unreadable(key, error))? {
            return Err(PairError::OpenKey(key.to_owned()));
        }
        let [chain, secret] = [certificate, key]
            .map(|file| std::fs::read(file).map_err(|error| unreadable(file, error)));
        Self::of(certificate, &chain?, key, &secret?)
    }

    /// How long it still holds.
    #[must_use]
    pub fn validity(&self, now: Moment) -> Validity {
        match self.ends_at.since(now) {
            Duration::ZERO => Validity::Over,
            left if left < SOON => Validity::SoonOver,
            _ => Validity::Sound,
        }
    }

    fn of(certificate: &Path, chain: &[u8], key: &Path, secret: &[u8]) -> Result<Self, PairError> {
        let other = |file: &Path, what, reason: &dyn fmt::Display| PairError::Other {
            file: file.to_owned(),
            what,
            reason: reason.to_string(),
        };
        let chain: Vec<_> = CertificateDer::pem_slice_iter(chain)
            .collect::<Result<_, _>>()
            .map_err(|error| other(certificate, "certificate", &error))?;
        let ends = chain.iter().map(ends_at).collect::<Result<Vec<_>, _>>();
        let ends = ends.map_err(|error| other(certificate, "certificate", &error))?;
        let nothing = || other(certificate, "certificate", &"there is none");
        let ends_at = ends.into_iter().min().ok_or_else(nothing)?;
        // What is wrong with a key is told without a word of it.
        let secret = PrivateKeyDer::from_pem_slice(secret)
            .map_err(|_| other(key, "private key", &"it cannot be read as one"))?;
        let pair = CertifiedKey::from_der(chain, secret, &ring());
        let pair = pair.map_err(|reason| PairError::Unfit {
            certificate: certificate.to_owned(),
            key: key.to_owned(),
            reason,
        })?;
        Ok(Self { key: Arc::new(pair), ends_at })
    }
}

fn ends_at(certificate: &CertificateDer<'_>) -> Result<Moment, x509_cert::der::Error> {
    let read = x509_cert::Certificate::from_der(certificate)?;
    let ends = read.tbs_certificate.validity.not_after.to_unix_duration();
    Ok(Moment(i64::try_from(ends.as_millis()).unwrap_or(i64::MAX)))
}

/// What is shown now; nothing before there was a pair that can be. Clones show the same.
#[derive(Debug, Clone, Default)]
pub struct Served(Arc<RwLock<Option<Arc<CertifiedKey>>>>);

impl Served {
    /// Shows this pair to whoever comes from now on; who is there already stays.
    pub fn show(&self, pair: &ServedPair) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&pair.key));
    }

    /// How a server speaks that shows it.
    pub fn config(&self) -> Result<Arc<ServerConfig>, String> {
        let mut config = ServerConfig::builder_with_provider(ring())
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(self.clone()));
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

impl ResolvesServerCert for Served {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
