//! The cryptography of all TLS.

use std::sync::Arc;

use rustls::crypto::CryptoProvider;

/// Ring's.
pub(super) fn ring() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}
