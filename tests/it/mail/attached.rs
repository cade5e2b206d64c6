//! Mails with something attached, as a person's program writes them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A mail with these files, each with its name.
pub(crate) fn with_files(from: &str, subject: &str, files: &[(&str, &[u8])]) -> String {
    let part = |(name, content): &(&str, &[u8])| {
        let text = STANDARD.encode(content);
        let lines: Vec<&str> =
            text.as_bytes().chunks(76).map(|it| std::str::from_utf8(it).unwrap()).collect();
        format!(
            "--b\r\nContent-Type: application/octet-stream\r\n\
             Content-Disposition: attachment; filename=\"{name}\"\r\n\
             Content-Transfer-Encoding: base64\r\n\r\n{}\r\n",
            lines.join("\r\n")
        )
    };
    let parts: String = files.iter().map(part).collect();
    format!(
        "Return-Path: <{from}>\r\nFrom: {from}\r\nTo: retours@ecole.example.org\r\nSubject: {subject}\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nVoici.\r\n{parts}--b--\r\n"
    )
}
