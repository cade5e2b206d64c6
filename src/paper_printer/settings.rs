//! Where a printer is.

use ipp::prelude::Uri;
use reqwest::Url;
use serde::Deserialize;

/// The port of IPP (RFC 8010).
const PORT: u16 = 631;

/// A printer, as the configuration says it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaperPrinterSettings {
    /// Its address: `ipp://192.168.1.20/ipp/print`, `ipps://serveur.example.org/printers/salle-des-profs`.
    pub url: String,
}

/// An address that is no printer's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no address of a printer: write ipp://192.168.1.20/ipp/print, or ipps://…")]
pub struct BadPrinterUrl;

impl PaperPrinterSettings {
    /// Where it is asked, and what it calls itself.
    pub(super) fn addresses(&self) -> Result<(Url, Uri), BadPrinterUrl> {
        let (scheme, rest) = self.url.split_once("://").ok_or(BadPrinterUrl)?;
        let by = match scheme {
            "ipp" => "http",
            "ipps" => "https",
            _ => return Err(BadPrinterUrl),
        };
        let mut url: Url = format!("{by}://{rest}").parse().map_err(|_| BadPrinterUrl)?;
        let named = url.has_host() && url.username().is_empty() && url.password().is_none();
        // The port of the web is left out of an address by whoever reads it: `ipp://host:80/` says it.
        let is_named = rest.split('/').next().is_some_and(|host| {
            host.rsplit(':').next().is_some_and(|it| it.parse::<u16>().is_ok())
        });
        if !is_named {
            url.set_port(Some(PORT)).map_err(|()| BadPrinterUrl)?;
        }
        let uri = self.url.parse().map_err(|_| BadPrinterUrl)?;
        if named { Ok((url, uri)) } else { Err(BadPrinterUrl) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked_at(url: &str) -> Result<String, BadPrinterUrl> {
        PaperPrinterSettings { url: url.to_owned() }.addresses().map(|(url, _)| url.to_string())
    }

    #[test]
    fn a_printer_is_asked_at_the_port_of_ipp_unless_its_address_says_another() {
        for (url, wanted) in [
            ("ipp://192.0.2.7/ipp/print", "http://192.0.2.7:631/ipp/print"),
            ("ipps://imprimante.example.org/ipp", "https://imprimante.example.org:631/ipp"),
            ("ipp://192.0.2.7:8631/ipp/print", "http://192.0.2.7:8631/ipp/print"),
            ("ipp://192.0.2.7:80/", "http://192.0.2.7/"),
        ] {
            assert_eq!(asked_at(url).as_deref(), Ok(wanted), "{url}");
        }
        for url in [
            "http://192.0.2.7/",
            "192.0.2.7",
            "ipp://",
            "ipp://moi:secret@192.0.2.7/ipp",
            "lpd://192.0.2.7/",
        ] {
            assert_eq!(asked_at(url), Err(BadPrinterUrl), "{url}");
        }
    }
}
