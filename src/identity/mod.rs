//! Who somebody is, by the word of an OpenID Connect provider (OpenID Connect Core 1.0; ProConnect, or another):
//! the authorization code with PKCE. What a token says is believed for its signature, and for our own flow alone.
//!
//! Everything that binds an answer to the browser that set out is worked out of one token, which a cookie holds
//! ([`Flow`]): who reads an address, or a database, cannot end the flow of another. Nothing of a flow is kept here; of one
//! that ties an account, the office keeps the hash of its token.

mod claims;
mod discovery;
mod endpoint;
mod error;
mod flow;
mod keys;
mod openid;
mod settings;
mod signed;

pub use error::IdentityError;
pub use flow::Flow;
pub use openid::{Identity, OpenId, error_word};
pub use settings::OpenIdSettings;
