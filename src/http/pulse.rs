//! Whether a task of the daemon is alive (its heartbeat): when it woke last, and whether it has ended.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::stop::Stop;

/// A task that should have woken this long ago hangs.
const A_WHILE: Duration = Duration::from_mins(2);

/// The pulse of one task.
#[derive(Debug)]
pub struct Pulse {
    task: String,
    wakes_within: Option<Duration>,
    /// By which it ends.
    stop: Stop,
    life: Mutex<Life>,
}

#[derive(Debug, Clone, Copy)]
enum Life {
    /// It woke at this moment.
    Woken(Instant),
    /// It does nothing any more.
    Over,
}

impl Pulse {
    pub(super) fn new(task: String, wakes_within: Option<Duration>, stop: Stop) -> Self {
        Self { task, wakes_within, stop, life: Mutex::new(Life::Woken(Instant::now())) }
    }

    /// Whether the task was told to end: how it is matters no more.
    pub(super) fn is_to_end(&self) -> bool {
        self.stop.is_given()
    }

    /// The task wakes.
    pub fn beat(&self) {
        self.set(Life::Woken(Instant::now()));
    }

    /// The task has ended, though nobody told it to.
    pub fn stop(&self) {
        self.set(Life::Over);
    }

    /// What is wrong with the task, with its name.
    pub(super) fn trouble(&self) -> Option<String> {
        match *self.life.lock().unwrap_or_else(PoisonError::into_inner) {
            Life::Over => Some(format!("the task \"{}\" has ended", self.task)),
            Life::Woken(at) => {
                let limit = self.wakes_within? + A_WHILE;
                (at.elapsed() > limit).then(|| format!("the task \"{}\" hangs", self.task))
            }
        }
    }

    fn set(&self, life: Life) {
        *self.life.lock().unwrap_or_else(PoisonError::into_inner) = life;
    }
}
