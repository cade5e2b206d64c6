//! Hears that something was launched: by another daemon, or by a command.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::sync::Notify;

use super::Server;
use crate::store::StoreError;

/// The name that `LISTEN` and `NOTIFY` share.
const CHANNEL: &str = "LISTEN chappe";
/// The wait before a lost connection is made anew.
const PAUSE: Duration = Duration::from_secs(2);

/// Starts to listen, on a thread of its own, for as long as somebody may want to hear.
pub(super) fn start(server: Server, news: Arc<Notify>) -> Result<(), StoreError> {
    let refused = |error: std::io::Error| StoreError::Refused(error.to_string());
    let runtime = Builder::new_current_thread().enable_all().build().map_err(refused)?;
    std::thread::Builder::new()
        .name("store-listen".to_owned())
        .spawn(move || runtime.block_on(listen(&server, &news)))
        .map_err(refused)?;
    Ok(())
}

async fn listen(server: &Server, news: &Arc<Notify>) {
    // The other handle is the store's own: when it is gone, nobody hears any more.
    while Arc::strong_count(news) > 1 {
        let heard = Arc::downgrade(news);
        let tell = move |_: &str| {
            if let Some(news) = heard.upgrade() {
                news.notify_waiters();
            }
        };
        if let Ok((client, driver)) = server.connect(tell).await {
            let driver = tokio::spawn(driver);
            if client.batch_execute(CHANNEL).await.is_ok() {
                // What was said while nobody listened is made up for by one look.
                news.notify_waiters();
                while !driver.is_finished() && Arc::strong_count(news) > 1 {
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}
