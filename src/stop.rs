//! The signal by which a run ends: given once, heard by all.

use std::time::Duration;

use tokio::sync::watch;

/// Gives the signal. Dropping it gives it too.
#[derive(Debug)]
pub struct Stopper(watch::Sender<bool>);

/// Hears the signal; clones hear the same one.
#[derive(Debug, Clone)]
pub struct Stop(watch::Receiver<bool>);

/// A signal not yet given.
#[must_use]
pub fn channel() -> (Stopper, Stop) {
    let (sender, receiver) = watch::channel(false);
    (Stopper(sender), Stop(receiver))
}

impl Stopper {
    /// Gives the signal.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Stop {
    /// Whether it was given.
    #[must_use]
    pub fn is_given(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it is given.
    pub async fn given(&self) {
        let mut receiver = self.0.clone();
        let _ = receiver.wait_for(|given| *given).await;
    }

    /// Sleeps for so long, or until it is given.
    pub async fn pause(&self, length: Duration) {
        tokio::select! {
            biased;
            () = tokio::time::sleep(length) => {}
            () = self.given() => {}
        }
    }
}
