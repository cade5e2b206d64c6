//! Where the database of a life stands.

use std::path::Path;

use chappe::clock::Clock;
use chappe::store::Store;
use tempfile::TempDir;

use crate::databases;

/// A place that ends with its life.
pub enum Place {
    Memory,
    File(TempDir),
    /// A database on a server whose clock is the simulation's.
    Server(OnServer),
}

/// A database on our server, which is taken away with this.
pub struct OnServer(String);

impl Place {
    /// On a server, a new database there.
    pub fn on_server() -> Self {
        Self::Server(OnServer(databases::on_simulated_time()))
    }

    pub fn open(&self, clock: &Clock) -> Store {
        let opened = match self {
            Self::Memory => Store::in_line(Path::new(":memory:")),
            Self::File(folder) => Store::in_line(&folder.path().join("chappe.sqlite3")),
            Self::Server(OnServer(url)) => Store::in_line_on(url, clock),
        };
        opened.expect("a database")
    }

    /// Whether it stands without its handles.
    pub fn is_kept(&self) -> bool {
        !matches!(self, Self::Memory)
    }
}

impl Drop for OnServer {
    fn drop(&mut self) {
        databases::drop_database(&self.0);
    }
}
