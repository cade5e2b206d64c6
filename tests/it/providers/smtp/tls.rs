//! A relay behind TLS: from the first byte, and after STARTTLS.

use std::path::Path;
use std::sync::Arc;

use chappe::clock::Clock;
use chappe::delivery::{FailureKind, SendError};
use chappe::providers::{Guard, Provider, Smtp, SmtpSecurity, SmtpSettings};
use chappe::settings::Span;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use crate::identity::Identity;
use crate::scripted::{an_email, smtp};

fn acceptor(identity: &Identity) -> TlsAcceptor {
    let certificates =
        CertificateDer::pem_file_iter(&identity.certificate).unwrap().map(Result::unwrap).collect();
    let key = PrivateKeyDer::from_pem_file(&identity.key).unwrap();
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(ring)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(certificates, key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

async fn relay(security: SmtpSecurity, acceptor: TlsAcceptor) -> (u16, JoinSet<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut running = JoinSet::new();
    running.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            match security {
                SmtpSecurity::None => smtp::hold(stream, Vec::new(), true, usize::MAX).await,
                SmtpSecurity::Tls => {
                    if let Ok(stream) = acceptor.accept(stream).await {
                        smtp::hold(stream, Vec::new(), true, usize::MAX).await;
                    }
                }
                SmtpSecurity::Starttls => start_tls(stream, &acceptor, b"220 2.0.0 Go\r\n").await,
            }
        }
    });
    (port, running)
}

/// Answers STARTTLS so, and goes on in TLS where the client does.
async fn start_tls(stream: TcpStream, acceptor: &TlsAcceptor, answer: &[u8]) {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 scripted ESMTP\r\n").await.unwrap();
    let mut line = String::new();
    stream.read_line(&mut line).await.unwrap();
    assert!(line.starts_with("EHLO"), "{line}");
    stream.write_all(b"250-scripted\r\n250 STARTTLS\r\n").await.unwrap();
    line.clear();
    stream.read_line(&mut line).await.unwrap();
    assert_eq!(line, "STARTTLS\r\n");
    stream.write_all(answer).await.unwrap();
    if let Ok(stream) = acceptor.accept(stream.into_inner()).await {
        smtp::talk(BufReader::new(stream), Vec::new(), true, usize::MAX).await;
    }
}

async fn send(
    port: u16,
    security: SmtpSecurity,
    authority: Option<&Path>,
) -> Result<(), SendError> {
    let settings = SmtpSettings {
        port: Some(port),
        security,
        authority: authority.map(Path::to_owned),
        answer_limit: Span::secs(10),
        ..SmtpSettings::new("localhost", "secretariat@example.org")
    };
    let clock = Clock::system();
    let relay = Smtp::new("relay", &settings, None, clock, Guard::LoopbackOnly).unwrap();
    relay.send(&an_email()).await?;
    relay.send(&an_email()).await.map(|_| ())
}

#[tokio::test]
async fn a_relay_of_a_trusted_authority_is_written_to() {
    let identity = Identity::of_days(2);
    for security in [SmtpSecurity::Tls, SmtpSecurity::Starttls] {
        let (port, _running) = relay(security, acceptor(&identity)).await;
        let sent = send(port, security, Some(&identity.certificate)).await;
        assert!(sent.is_ok(), "{security:?}: {sent:?}");
    }
}

#[tokio::test]
async fn a_relay_of_an_unknown_authority_is_not() {
    let (theirs, ours) = (Identity::of_days(2), Identity::of_days(2));
    for security in [SmtpSecurity::Tls, SmtpSecurity::Starttls] {
        let (port, _running) = relay(security, acceptor(&theirs)).await;
        let error = send(port, security, Some(&ours.certificate)).await.unwrap_err();
        assert_eq!(error.kind, FailureKind::Misconfigured, "{security:?}: {error}");
    }
}

#[tokio::test]
async fn what_came_in_clear_after_starttls_ends_the_connection() {
    let identity = Identity::of_days(2);
    for (answer, expected) in [
        // Taken for the answer to EHLO in TLS, it would tell us to log in in clear, or not at all.
        (&b"220 Go\r\n250-x\r\n250 AUTH PLAIN\r\n"[..], FailureKind::Misconfigured),
        (b"220 Go\r\n\r\n", FailureKind::Misconfigured),
        (b"220 Go\r\n2", FailureKind::Misconfigured),
        (b"454 4.7.0 Not now\r\n", FailureKind::Throttled),
        (b"502 5.5.1 No\r\n", FailureKind::Misconfigured),
        (b"354 Go\r\n", FailureKind::Unreachable),
        (b"rien\r\n", FailureKind::Unreachable),
    ] {
        let acceptor = acceptor(&identity);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let running = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            start_tls(stream, &acceptor, answer).await;
        });
        let authority = Some(identity.certificate.as_path());
        let error = send(port, SmtpSecurity::Starttls, authority).await.unwrap_err();
        assert_eq!(error.kind, expected, "{}: {error}", String::from_utf8_lossy(answer));
        running.await.unwrap();
    }
}

#[tokio::test]
async fn nothing_leaves_in_clear_where_tls_was_asked_for() {
    let identity = Identity::of_days(2);
    let (port, _running) = relay(SmtpSecurity::None, acceptor(&identity)).await;
    let authority = Some(identity.certificate.as_path());
    let error = send(port, SmtpSecurity::Starttls, authority).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Misconfigured, "{error}");
    let error = send(port, SmtpSecurity::Tls, authority).await.unwrap_err();
    assert!(!matches!(error.kind, FailureKind::Uncertain | FailureKind::Refused), "{error}");
}
