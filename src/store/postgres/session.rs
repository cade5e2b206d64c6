//! One connection, and the thread that holds it. What need not be waited for is sent on at once and waited
//! for with the next thing that must be: a transaction costs few round trips.

use std::cell::RefCell;
use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use bytes::BytesMut;
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, Row, Statement};

use super::Server;
use crate::crash;
use crate::store::{StoreError, Value};

pub(super) const WRITE: &str = "BEGIN";
/// What the server's clock shows.
pub(in crate::store) const TIME: &str =
    "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";
/// Statements that are under way without being waited for, at most.
const UNDER_WAY: usize = 256;
/// Where the rows that one of several workers has locked are passed over.
const SKIP_LOCKED: (&str, &str) = ("/*skip locked*/", "FOR UPDATE SKIP LOCKED");

/// How soon the server takes back a transaction, and frees what it locked, when we are gone without a word:
/// it asks the machine for a sign of life after ten seconds, and waits a minute for a program that stands
/// still.
const LET_GO: &str = "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 2; \
     SET tcp_keepalives_count = 3; SET idle_in_transaction_session_timeout = '60s'";

type RunningStatement = Pin<Box<dyn Future<Output = Result<(), tokio_postgres::Error>>>>;

/// A connection with its prepared statements.
pub(in crate::store) struct ServerSession {
    pub(super) runtime: Runtime,
    pub(super) client: Arc<Client>,
    statements: RefCell<HashMap<&'static str, Statement>>,
    under_way: RefCell<Vec<RunningStatement>>,
}

impl ServerSession {
    /// Connects. The connection is driven while the session waits for an answer, and only then.
    pub(super) fn open(server: &Server) -> Result<Self, StoreError> {
        let refused = |error: std::io::Error| StoreError::Refused(error.to_string());
        let runtime = Builder::new_current_thread().enable_all().build().map_err(refused)?;
        let client = runtime.block_on(async {
            let (client, driver) = server.connect(|_| {}).await?;
            tokio::spawn(driver);
            client.batch_execute(LET_GO).await?;
            Ok::<_, StoreError>(client)
        })?;
        Ok(Self {
            runtime,
            client: Arc::new(client),
            statements: RefCell::default(),
            under_way: RefCell::default(),
        })
    }

    /// Whether the server has gone.
    pub(in crate::store) fn is_lost(&self) -> bool {
        self.client.is_closed()
    }

    /// Runs `work` between `begin` and a commit; takes all of it back when it fails.
    pub(super) fn transaction<T>(
        &self,
        begin: &'static str,
        work: impl FnOnce() -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.send_script(begin);
        let worked = work();
        match worked {
            Ok(value) => {
                let writes = begin == WRITE;
                if writes {
                    crash::point("store.before_commit");
                }
                self.send_script("COMMIT");
                // The server answers a COMMIT of a broken transaction as well: what broke it came before.
                self.settle().inspect_err(|_| self.roll_back())?;
                if writes {
                    crash::point("store.after_commit");
                }
                Ok(value)
            }
            Err(error) => {
                // What was sent on and failed is the reason why what was waited for failed.
                let earlier = self.settle();
                self.roll_back();
                Err(earlier.err().filter(|_| error.follows_from_another()).unwrap_or(error))
            }
        }
    }

    /// Sends a statement on; whether it failed is known with the next answer.
    pub(in crate::store) fn send(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<(), StoreError> {
        let statement = self.statement(sql)?;
        let values: Vec<Owned> = values.iter().map(Owned::from).collect();
        let client = Arc::clone(&self.client);
        self.start(Box::pin(
            async move { client.execute_raw(&statement, values).await.map(|_| ()) },
        ));
        if self.under_way.borrow().len() >= UNDER_WAY {
            self.settle()?;
        }
        Ok(())
    }

    /// Runs a statement; how many rows it touched.
    pub(in crate::store) fn touched(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<usize, StoreError> {
        let statement = self.statement(sql)?;
        self.settle()?;
        let values = values.iter().map(Owned::from).collect::<Vec<_>>();
        let touched = self.runtime.block_on(self.client.execute_raw(&statement, values))?;
        Ok(usize::try_from(touched).unwrap_or(usize::MAX))
    }

    /// Every row that a query gives.
    pub(in crate::store) fn rows(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<Vec<Row>, StoreError> {
        let statement = self.statement(sql)?;
        let values: Vec<&(dyn ToSql + Sync)> =
            values.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
        // It leaves with what is under way: one round trip for all of it.
        let mut query = std::pin::pin!(self.client.query(&statement, &values));
        let answered = poll_once(query.as_mut());
        self.settle()?;
        Ok(match answered {
            Poll::Pending => self.runtime.block_on(query)?,
            Poll::Ready(rows) => rows?,
        })
    }

    /// Runs statements that take no values and give no rows.
    pub(in crate::store) fn script(&self, sql: &str) -> Result<(), StoreError> {
        self.settle()?;
        Ok(self.runtime.block_on(self.client.batch_execute(sql))?)
    }

    fn send_script(&self, sql: &'static str) {
        let client = Arc::clone(&self.client);
        self.start(Box::pin(async move { client.batch_execute(sql).await }));
    }

    fn start(&self, mut statement: RunningStatement) {
        let statement = match poll_once(statement.as_mut()) {
            Poll::Pending => statement,
            Poll::Ready(done) => Box::pin(std::future::ready(done)),
        };
        self.under_way.borrow_mut().push(statement);
    }

    /// Waits for all that is under way; the first failure.
    pub(super) fn settle(&self) -> Result<(), StoreError> {
        let under_way = std::mem::take(&mut *self.under_way.borrow_mut());
        if under_way.is_empty() {
            return Ok(());
        }
        self.runtime.block_on(async {
            let mut result = Ok(());
            for statement in under_way {
                result = result.and(statement.await);
            }
            Ok(result?)
        })
    }

    fn roll_back(&self) {
        // Where it cannot be told, the connection is lost, and the server takes it back by itself.
        let _ = self.runtime.block_on(self.client.batch_execute("ROLLBACK"));
    }

    fn statement(&self, sql: &'static str) -> Result<Statement, StoreError> {
        if let Some(statement) = self.statements.borrow().get(sql) {
            return Ok(statement.clone());
        }
        self.settle()?;
        let text = sql.replace(SKIP_LOCKED.0, SKIP_LOCKED.1);
        let statement = self.runtime.block_on(self.client.prepare(&text))?;
        self.statements.borrow_mut().insert(sql, statement.clone());
        Ok(statement)
    }
}

/// The first look at a request hands it to the connection: requests leave in the order of their first looks.
fn poll_once<F: Future + ?Sized>(request: Pin<&mut F>) -> Poll<F::Output> {
    request.poll(&mut Context::from_waker(Waker::noop()))
}

/// A parameter that outlives its caller.
#[derive(Debug)]
enum Owned {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl From<&Value<'_>> for Owned {
    fn from(value: &Value<'_>) -> Self {
        match *value {
            Value::Null => Self::Null,
            Value::Int(number) => Self::Int(number),
            Value::Text(text) => Self::Text(text.to_owned()),
            Value::Bytes(bytes) => Self::Bytes(bytes.to_owned()),
        }
    }
}

type Failure = Box<dyn std::error::Error + Sync + Send>;

impl ToSql for Owned {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        match self {
            Self::Null => Value::Null.to_sql(kind, out),
            Self::Int(number) => Value::Int(*number).to_sql(kind, out),
            Self::Text(text) => Value::Text(text).to_sql(kind, out),
            Self::Bytes(bytes) => Value::Bytes(bytes).to_sql(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl ToSql for Value<'_> {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        match *self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(number) if *kind == Type::INT4 => i32::try_from(number)?.to_sql(kind, out),
            Self::Int(number) if *kind == Type::INT8 => number.to_sql(kind, out),
            Self::Text(text) if <&str as ToSql>::accepts(kind) => {
                // The server has no NUL, and a stranger may send one: it must not keep the rest away.
                if text.contains('\0') {
                    return text.replace('\0', "\u{fffd}").to_sql(kind, out);
                }
                text.to_sql(kind, out)
            }
            Self::Bytes(bytes) if *kind == Type::BYTEA => bytes.to_sql(kind, out),
            other => Err(format!("{} where {kind} is due: CAST it", other.word()).into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}
