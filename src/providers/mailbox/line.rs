//! What is talked over with a mail server, in clear or not.

use tokio::io::{AsyncRead, AsyncWrite};

/// A line to a mail server.
pub(super) trait Line: AsyncRead + AsyncWrite + Send + Sync + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Sync + Unpin> Line for S {}
