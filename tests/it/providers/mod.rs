//! Each provider: what it is told, what it answers, what that means. A kind that is still to come has its
//! stand-in here, over `scripted`: the program that is shipped does not grow by it.

pub mod edifice;
mod folder;
mod matrix;
mod ovh;
pub mod pushing;
mod smtp;
mod standard_webhook;
