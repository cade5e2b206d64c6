//! What a person should know of the text messages of an announcement before they leave.

use serde::Serialize;

use super::{Prepared, TemplateError, samples};
use crate::channel::Channel;
use crate::wording::contact_details::{ContactDetail, contact_details};
use crate::wording::sms;

/// A text message that is long, or dearer than it need be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SmsWarning {
    /// The size of a usual copy.
    pub size: sms::Segments,
    /// The number of segments that the school finds acceptable.
    pub max_segments: u32,
    /// The same for less: [`Prepared::accept_plain_sms`] takes it. Names of people stay as they are.
    pub proposed: sms::Rewrite,
    /// The signs of it that no plain form exists of.
    pub stubborn: Vec<char>,
    /// The segments that it would take without them.
    pub without_stubborn: u32,
}

impl Prepared {
    /// What makes a text message dear: it takes more segments than the school accepts, fewer would do, or
    /// a sign without plain form makes it longer. Nothing is cut in any case.
    pub fn sms_warning(&self) -> Result<Option<SmsWarning>, TemplateError> {
        if !self.has(Channel::Sms) {
            return Ok(None);
        }
        let text = self.usual_sms()?;
        let size = sms::segments(&text);
        let proposed = sms::plain_rewrite(&text);
        let (stubborn, without_stubborn) = sms::stubborn(&proposed);
        let max_segments = self.sms.max_segments;
        let is_worth_it = size.segments > max_segments
            || proposed.size.segments < size.segments
            || without_stubborn < proposed.size.segments;
        let warning = SmsWarning { size, max_segments, proposed, stubborn, without_stubborn };
        Ok(is_worth_it.then_some(warning))
    }

    /// What a usual text message takes; `None` where there are none.
    pub fn sms_size(&self) -> Result<Option<sms::Segments>, TemplateError> {
        let has_sms = self.has(Channel::Sms);
        has_sms.then(|| Ok(sms::segments(&self.usual_sms()?))).transpose()
    }

    fn usual_sms(&self) -> Result<String, TemplateError> {
        self.sms_text(&samples::usual_person(), samples::REFERENCE)
    }

    /// What a text message holds that the provider refuses from everybody; nothing where a sender is
    /// declared.
    pub fn refused_in_sms(&self) -> Result<Vec<ContactDetail>, TemplateError> {
        if !self.sms.by_short_number || !self.has(Channel::Sms) {
            return Ok(Vec::new());
        }
        Ok(contact_details(&self.usual_sms()?))
    }
}
