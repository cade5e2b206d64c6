//! What a digest holds for one addressee.

use std::sync::Arc;

use super::About;
use crate::message::Message;

/// One message within a digest, as its own copy would have been for this addressee.
#[derive(Debug, Clone)]
pub struct Enclosed {
    /// The message.
    pub message: Arc<Message>,
    /// The pupils whom it is about, for this addressee.
    pub about: Vec<About>,
}
