//! TLS, the same for every provider, for the database and for the pages: rustls with ring, the authorities that the
//! machine trusts, and the certificate that it shows.

mod ring;
mod served;

use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, ConfigBuilder, RootCertStore, WantsVerifier};
use rustls_platform_verifier::Verifier;

use ring::ring;

pub use served::{PairError, Served, ServedPair, Validity};

/// A configuration that trusts nobody: where no TLS is spoken. It needs no authority on the machine.
pub fn no_authority() -> Result<ClientConfig, String> {
    Ok(with_ring()?.with_root_certificates(RootCertStore::empty()).with_no_client_auth())
}

/// A configuration that trusts what the machine trusts, and `authority` (a PEM file) besides.
/// The provider of cryptography is named, so that nothing depends on a process-wide default.
pub fn client_config(authority: Option<&Path>) -> Result<ClientConfig, String> {
    let crypto = ring();
    let verifier = match authority {
        Some(file) => Verifier::new_with_extra_roots(certificates(file)?, Arc::clone(&crypto)),
        None => Verifier::new(Arc::clone(&crypto)),
    }
    .map_err(|error| error.to_string())?;
    Ok(with_ring()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth())
}

fn with_ring() -> Result<ConfigBuilder<ClientConfig, WantsVerifier>, String> {
    ClientConfig::builder_with_provider(ring())
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let found: Vec<_> = CertificateDer::pem_file_iter(file)
        .and_then(Iterator::collect)
        .map_err(|error| format!("{}: {error}", file.display()))?;
    if found.is_empty() {
        return Err(format!("{} holds no certificate", file.display()));
    }
    Ok(found)
}
