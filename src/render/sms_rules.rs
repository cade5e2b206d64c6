//! What text messages are held to.

/// What the school and its provider ask of text messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SmsRules {
    /// Longer ones are reported, in segments.
    pub max_segments: u32,
    /// They leave by a short number of the provider, which carries no link and no number (`OVHcloud`: 400
    /// "cannot send contact information with shortcode"). Those of the school are left out.
    pub by_short_number: bool,
}
