//! What our accounts in an ENT see of it, each its part: together they are one list.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::providers::ListedAccount;

/// The accounts of an ENT, as far as they are known.
pub struct Listing {
    /// Each once.
    pub accounts: Vec<ListedAccount>,
    /// Whether everybody who lists them did: who does not stand there has no account that we see.
    pub is_whole: bool,
}

impl Listing {
    /// All that there are.
    #[must_use]
    pub const fn whole(accounts: Vec<ListedAccount>) -> Self {
        Self { accounts, is_whole: true }
    }
}

/// What each provider of a school that lists the accounts of an ENT brought last. Clones share it.
#[derive(Clone, Default)]
pub struct Listings {
    brought: Arc<Mutex<BTreeMap<String, Vec<ListedAccount>>>>,
}

impl Listings {
    /// Those of these providers, none of which has listed anything yet.
    pub fn of<'a>(providers: impl IntoIterator<Item = &'a str>) -> Self {
        let awaited = providers.into_iter().map(|name| (name.to_owned(), Vec::new()));
        Self { brought: Arc::new(Mutex::new(awaited.collect())) }
    }

    /// What a provider lists now, with what the others listed last. A list without any account is no word about
    /// anybody: it takes no other's place.
    #[must_use]
    pub fn bring(&self, provider: &str, accounts: &[ListedAccount]) -> Listing {
        let mut brought = self.brought.lock().unwrap_or_else(PoisonError::into_inner);
        if !accounts.is_empty() {
            brought.insert(provider.to_owned(), accounts.to_vec());
        }
        let mut by_id: BTreeMap<&str, &ListedAccount> = BTreeMap::new();
        for account in brought.values().flatten() {
            let known = by_id.entry(&account.id).or_insert(account);
            // An account of ours may not be told whose guardian somebody is.
            if known.pupils.is_empty() {
                *known = account;
            }
        }
        Listing {
            accounts: by_id.into_values().cloned().collect(),
            is_whole: brought.values().all(|list| !list.is_empty()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(id: &str, pupils: &[&str]) -> ListedAccount {
        let pupils = pupils.iter().map(|it| (*it).to_owned()).collect();
        ListedAccount { id: id.to_owned(), display_name: String::new(), is_staff: false, pupils }
    }

    fn ids(listing: &Listing) -> Vec<&str> {
        listing.accounts.iter().map(|it| it.id.as_str()).collect()
    }

    #[test]
    fn the_lists_of_all_are_one_which_is_whole_once_each_was_brought() {
        let listings = Listings::of(["a", "b"]);
        let first = listings.bring("a", &[account("u-1", &[]), account("u-2", &["Zoé DURAND"])]);
        assert_eq!((ids(&first), first.is_whole), (vec!["u-1", "u-2"], false));
        let second = listings.bring("b", &[account("u-2", &[]), account("u-3", &[])]);
        assert_eq!((ids(&second), second.is_whole), (vec!["u-1", "u-2", "u-3"], true));
        assert_eq!(second.accounts[1].pupils, ["Zoé DURAND"], "whoever is told");
        let third = listings.bring("a", &[account("u-1", &[])]);
        assert_eq!(ids(&third), ["u-1", "u-2", "u-3"], "the other one sees it still");
        let last = listings.bring("b", &[account("u-3", &[])]);
        assert_eq!((ids(&last), last.is_whole), (vec!["u-1", "u-3"], true));
    }

    #[test]
    fn a_list_without_any_account_takes_no_other_s_place() {
        let listings = Listings::of(["a"]);
        assert!(!listings.bring("a", &[]).is_whole);
        assert!(listings.bring("a", &[account("u-1", &[])]).is_whole);
        assert_eq!(ids(&listings.bring("a", &[])), ["u-1"]);
    }
}
