//! Addresses and numbers of people as somebody types them.

use anyhow::{anyhow, bail};

use crate::chat_address::ChatAddress;
use crate::email_address::EmailAddress;
use crate::people::PostalAddress;
use crate::phone_number::PhoneNumber;

pub(super) fn email(typed: &str) -> anyhow::Result<EmailAddress> {
    EmailAddress::parse(typed)
        .map_err(|_| anyhow!("\"{typed}\" is no e-mail address; nothing was changed"))
}

pub(super) fn chat(typed: &str) -> anyhow::Result<ChatAddress> {
    ChatAddress::parse(typed).map_err(|bad| anyhow!("\"{typed}\" {bad}; nothing was changed"))
}

pub(super) fn phone(typed: &str, region: &str) -> anyhow::Result<PhoneNumber> {
    PhoneNumber::parse(typed, region)
        .map_err(|bad| anyhow!("\"{typed}\" {bad}; nothing was changed"))
}

/// `12 rue des Lilas; 31000 TOULOUSE`; abroad, `1 place du Jeu; 1000 BRUXELLES; BELGIQUE`.
pub(super) fn postal_address(typed: &str) -> anyhow::Result<PostalAddress> {
    let parts = typed.split(';').map(|line| line.trim().to_owned());
    let mut lines: Vec<String> = parts.filter(|line| !line.is_empty()).collect();
    let country = lines.pop_if(|last| !last.contains(|it: char| it.is_ascii_digit()));
    let town = lines.pop().unwrap_or_default();
    let is_postcode = |code: &str| {
        country.is_some() || (code.len() == 5 && code.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let Some((postcode, town)) = town.split_once(' ').filter(|(code, _)| is_postcode(code)) else {
        bail!(
            "end the address with the postcode and the town, like \"12 rue des Lilas; 31000 \
             TOULOUSE\"; nothing was changed"
        );
    };
    Ok(PostalAddress { lines, postcode: postcode.to_owned(), town: town.to_owned(), country })
}
