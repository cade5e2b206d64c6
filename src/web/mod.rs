//! The secretariat's pages, in French, made on the server: they work without a script and better with ours. A
//! page asks the office and words its answer; no rule lives here.

mod account;
mod accounts;
mod address;
mod announcements;
mod approvals;
mod assets;
mod audience;
mod calls;
mod channels;
mod compose;
mod context;
mod directory;
mod documents;
mod doors;
mod fault;
mod field;
mod file;
mod guard;
mod health;
mod help;
mod home;
mod imports;
mod journal;
mod letters;
mod levels;
mod lists;
mod live;
mod numbered;
mod onwards;
mod packed;
mod page;
mod percent;
mod place;
mod posted;
mod receive;
mod refusals;
mod resend;
mod section;
mod settings;
mod sheet;
mod sign_in;
mod slips;
mod stranger;
mod templates;
mod to_do;
mod typed;
mod typography;
mod unsent;
mod visitor;
mod words;

use std::sync::Arc;

use axum::Router;

pub use address::{Address, BadAddress};
pub use doors::{Door, Needs};

use crate::office::School;
use crate::providers::Guard;
use crate::stop::{self, Stop};
use context::Web;
use doors::Doors;

/// The pages at an address: what they know of what goes on stays when the school's settings change.
#[derive(Clone)]
pub struct Pages(Web);

impl Pages {
    /// The pages of a school, reached at this address until `stop` is given; they call no host that the guard does
    /// not allow.
    #[must_use]
    pub fn new(school: Arc<School>, address: Address, guard: Guard, stop: Stop) -> Self {
        Self(Web::new(school, address, guard, stop))
    }

    /// The same, of the school as it is now.
    #[must_use]
    pub fn of(self, school: Arc<School>) -> Self {
        Self(self.0.of(school))
    }

    /// What answers them.
    pub fn routes(self) -> Router {
        doors(self.0).into_router()
    }
}

/// Every address that the pages answer, and what it needs.
#[must_use]
pub fn table(school: Arc<School>, address: Address) -> Vec<Door> {
    let (_stopper, stop) = stop::channel();
    doors(Web::new(school, address, Guard::LoopbackOnly, stop)).into_table()
}

fn doors(web: Web) -> Doors {
    let parts = [
        sign_in::open,
        home::open,
        announcements::open,
        compose::open,
        approvals::open,
        to_do::open,
        calls::open,
        letters::open,
        documents::open,
        slips::open,
        directory::open,
        imports::open,
        lists::open,
        channels::open,
        templates::open,
        settings::open,
        accounts::open,
        journal::open,
        help::open,
        account::open,
    ];
    parts.into_iter().fold(Doors::new(web), |doors, open| open(doors))
}
