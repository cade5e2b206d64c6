//! What every door of the daemon shares: who is let in and for how long, what a refusal looks like, how the
//! daemon says that it is well, and where providers push what comes back.

mod errors;
mod greeting;
mod health;
mod hooks;
mod limits;
mod paced;
mod pages;
mod pulse;

pub use greeting::SecureDoor;
pub use health::{Fitness, health};
pub use hooks::Hooks;
pub use limits::{Peer, serve};
pub use pages::PresentPages;
pub use pulse::Pulse;
