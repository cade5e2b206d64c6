//! The secretariat's pages, served by a daemon at work and read as people read them: every page that is
//! fetched is checked, journeys are driven in Chromium with scripts and without.

mod accounts_pages;
mod announcements;
mod answers;
mod approvals;
mod calls;
mod channels;
mod composing;
mod directory;
mod documents;
mod doors;
mod everywhere;
mod help;
mod home;
mod imports;
mod journal;
mod letters;
mod lists;
mod live;
mod mailed;
mod morning;
mod openid;
mod own_account;
mod seeing;
mod settings;
mod signing_in;
pub(crate) mod site;
mod slips;
mod templates;
mod to_do;
mod trials;
mod waiting;
