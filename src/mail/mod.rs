//! What an e-mail is that came in: a bounce, a person's answer, or a machine's. Octets in, words out: nothing here
//! believes what it reads.
//!
//! | it is | because |
//! |---|---|
//! | a bounce | nobody's return path, and a part `message/delivery-status` anywhere; or a machine's refusal (RFC 8098) |
//! | a reading receipt | any other part `message/disposition-notification` |
//! | automatic | `Auto-Submitted`, its many cousins, or nobody's return path |
//! | of a list | `List-Id`, `Precedence: bulk` or `list` |
//! | an answer | anything else: also what is too broken to be read |

mod arrival;
mod attachments;
mod cause;
mod kind;
mod names;
mod reader;
mod reports;
mod words;

pub use arrival::{Arrival, LARGEST};
pub use attachments::{Attachment, MOST_KEPT};
pub use cause::BounceCause;
pub use kind::MailKind;
pub use reader::{Mail, read};
pub use reports::{MailFate, Report};
