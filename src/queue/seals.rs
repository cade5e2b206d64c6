//! References under the school's seal, by which what comes back by e-mail names a delivery. The key is made once, by
//! whoever asks for it first, and stands in the database: it goes with the school wherever that goes.

use super::Queue;
use crate::channel::Channel;
use crate::delivery::SealKey;
use crate::store::{StoreError, Tx, seal_keys};

impl Queue {
    /// What the school seals its references with.
    pub async fn seal_key(&self) -> Result<&SealKey, StoreError> {
        self.seal_key.get_or_try_init(|| self.read_seal_key()).await
    }

    /// A reference under the seal, on a channel where what comes back may name it so; none before the key was read.
    #[must_use]
    pub fn sealed(&self, channel: Channel, reference: &str) -> Option<String> {
        let key = self.seal_key.get().filter(|_| channel == Channel::Email)?;
        Some(key.sealed(reference))
    }

    async fn read_seal_key(&self) -> Result<SealKey, StoreError> {
        let school = self.school.clone();
        let kept = self.store.read(move |tx| seal_keys::of(tx, &school)).await?;
        let kept = match kept {
            Some(kept) => kept,
            None => self.make_seal_key().await?,
        };
        let mut octets = [0; 32];
        hex::decode_to_slice(&kept, &mut octets)
            .map_err(|_| StoreError::Unreadable("a key that seals references".to_owned()))?;
        Ok(SealKey::of(octets))
    }
    async fn make_seal_key(&self) -> Result<String, StoreError> {
        let mut octets = [0; 32];
        getrandom::fill(&mut octets)
            .map_err(|_| StoreError::Unreadable("this machine has no chance to give".to_owned()))?;
        let (school, new) = (self.school.clone(), hex::encode(octets));
        let make = move |tx: &Tx<'_>| {
            seal_keys::put(tx, &school, &new)?;
            seal_keys::of(tx, &school)
        };
        Ok(self.store.write(make).await?.unwrap_or_default())
    }
}
