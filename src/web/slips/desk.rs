//! Scans that this machine reads just now, one after the other.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::super::fault::Explained;
use super::super::refusals::told_of_scan;
use crate::how_far::HowFar;
use crate::id::Id;
use crate::office::{self, KeptScan, School};

/// Readings that came to nothing and are remembered.
const REMEMBERED: usize = 20;

/// The scans under way; clones share them.
#[derive(Clone, Default)]
pub(crate) struct ScanDesk {
    readings: Arc<Mutex<BTreeMap<Id<KeptScan>, ScanReading>>>,
    turn: Arc<tokio::sync::Mutex<()>>,
}

/// How far the reading of a scan is.
#[derive(Clone)]
pub(super) enum ScanReading {
    AtWork(HowFar),
    /// It came to nothing, and why.
    Failed(Explained),
}

impl ScanDesk {
    /// Goes on with what was being read as the program stopped.
    pub(crate) fn resume(&self, school: &Arc<School>) {
        for id in office::unread_scans(school) {
            self.reading(Arc::clone(school), id);
        }
    }

    /// How far a scan is that is not read to its end; begins to read it where nobody does.
    pub(super) fn reading(&self, school: Arc<School>, id: Id<KeptScan>) -> ScanReading {
        let far = HowFar::default();
        let mut readings = self.readings();
        if let Some(reading) = readings.get(&id) {
            return reading.clone();
        }
        readings.insert(id, ScanReading::AtWork(far.clone()));
        drop(readings);
        let (desk, seen) = (self.clone(), far.clone());
        tokio::spawn(async move {
            let turn = desk.turn.lock().await;
            let read = office::read_kept_scan(&school, id, &far).await;
            drop(turn);
            let mut readings = desk.readings();
            readings.remove(&id);
            if let Err(refusal) = read {
                tracing::warn!(error = %refusal, "A scan could not be read.");
                readings.insert(id, ScanReading::Failed(told_of_scan(&refusal)));
                while readings.len() > REMEMBERED {
                    readings.pop_first();
                }
            }
        });
        ScanReading::AtWork(seen)
    }

    fn readings(&self) -> MutexGuard<'_, BTreeMap<Id<KeptScan>, ScanReading>> {
        self.readings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
