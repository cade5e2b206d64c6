//! The certificate of the pages: whoever renews it replaces its files, and it is shown from then on.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::clock::{Clock, Moment};
use crate::config::TlsSettings;
use crate::http::Fitness;
use crate::stop::Stop;
use crate::tls::{PairError, Served, ServedPair, Validity};

/// How often its files are looked at.
pub(super) const LOOKED_AT_EVERY: Duration = Duration::from_secs(10);

const UNUSABLE: &str = "the certificate of the pages cannot be used, and nobody reaches them";
const OLD_ONE: &str =
    "the new certificate of the pages cannot be used, the one before it is shown on";
const OVER: &str = "the certificate of the pages is over, and browsers refuse it";

/// The files of a certificate, and what is shown of them.
pub(super) struct Certificate {
    files: [PathBuf; 2],
    served: Served,
    /// How the files were when they were read last.
    read: Option<[FileState; 2]>,
    shown: Option<ServedPair>,
    is_refused: bool,
    told: Option<Validity>,
    clock: Clock,
    /// Where it is told how it is.
    fitness: Fitness,
    /// Heard from the moment when this stands: otherwise it would end the daemon.
    hangup: Option<Signal>,
}

/// By which a file is known that was replaced, written or given other rights: its inode, and when that changed.
type FileState = Option<(u64, i64, i64)>;

impl Certificate {
    /// Of these settings, whose paths start from this folder.
    pub(super) fn of(
        settings: &TlsSettings,
        folder: &Path,
        served: Served,
        clock: Clock,
        fitness: Fitness,
    ) -> Self {
        let files = [&settings.certificate, &settings.key].map(|file| folder.join(file));
        let hangup = signal(SignalKind::hangup()).ok();
        let (read, shown, told) = (None, None, None);
        Self { files, served, read, shown, is_refused: false, told, clock, fitness, hangup }
    }

    /// Looks at it whenever its files may have changed: now and then, and when somebody says so by SIGHUP.
    pub(super) async fn keep(mut self, stop: Stop) {
        while !stop.is_given() {
            tokio::select! {
                biased;
                () = stop.pause(LOOKED_AT_EVERY) => {}
                () = heard(self.hangup.as_mut()) => self.read = None,
            }
            self.look();
        }
    }

    /// Shows what stands in the files now. A pair that cannot be shown changes nothing of what is.
    pub(super) fn look(&mut self) {
        let now = self.files.each_ref().map(|file| state(file));
        if self.read != Some(now) {
            self.read = Some(now);
            let [certificate, key] = &self.files;
            self.take(ServedPair::read(certificate, key));
        }
        let now = self.clock.now();
        self.log_end(now);
        self.fitness.certificate_is(self.fault(now));
    }

    fn take(&mut self, read: Result<ServedPair, PairError>) {
        self.is_refused = read.is_err();
        match read {
            Ok(pair) => {
                self.served.show(&pair);
                self.shown = Some(pair);
                tracing::info!("The certificate of the pages is shown from now on.");
            }
            Err(error) => {
                let kept = if self.shown.is_some() { OLD_ONE } else { UNUSABLE };
                tracing::error!(%error, "Put a certificate and its key right: {kept}.");
            }
        }
    }

    /// Once for each that it becomes.
    fn log_end(&mut self, now: Moment) {
        let validity = self.shown.as_ref().map(|pair| pair.validity(now));
        if validity != self.told {
            self.told = validity;
            match validity {
                Some(Validity::Over) => tracing::error!("Renew it: {OVER}."),
                Some(Validity::SoonOver) => {
                    tracing::warn!(
                        "The certificate of the pages is over within 21 days: renew it."
                    );
                }
                Some(Validity::Sound) | None => {}
            }
        }
    }

    fn fault(&self, now: Moment) -> Option<&'static str> {
        match self.shown.as_ref().map(|pair| pair.validity(now)) {
            None => Some(UNUSABLE),
            Some(Validity::Over) => Some(OVER),
            Some(_) => self.is_refused.then_some(OLD_ONE),
        }
    }
}

fn state(file: &Path) -> FileState {
    let about = fs::metadata(file).ok()?;
    Some((about.ino(), about.ctime(), about.ctime_nsec()))
}

async fn heard(signal: Option<&mut Signal>) {
    match signal {
        Some(signal) => {
            signal.recv().await;
        }
        None => std::future::pending().await,
    }
}
