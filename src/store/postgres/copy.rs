//! Whole tables, streamed into the server: what a school brings along when it moves.

use std::pin::pin;

use rusqlite::Rows;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::{ToSql, Type};

use super::ServerSession;
use crate::store::{StoreError, Value};

/// How many rows are copied between two words about it.
const A_WHILE: usize = 5_000;

impl ServerSession {
    /// Streams rows into these columns of a table; how many. A few of them are in memory at a time.
    pub(in crate::store) fn copy_in(
        &self,
        table: &str,
        columns: &str,
        rows: &mut Rows<'_>,
        tell: &mut dyn FnMut(usize),
    ) -> Result<usize, StoreError> {
        self.settle()?;
        self.runtime.block_on(async {
            let types = self.types(table, columns).await?;
            let sql = format!("COPY {table} ({columns}) FROM STDIN BINARY");
            let sink = self.client.copy_in(&sql).await?;
            let mut writer = pin!(BinaryCopyInWriter::new(sink, &types));
            let mut copied = 0;
            while let Some(row) = rows.next()? {
                let values = (0..types.len()).map(|column| Value::try_from(row.get_ref(column)?));
                let values = values.collect::<Result<Vec<_>, StoreError>>()?;
                let values: Vec<&(dyn ToSql + Sync)> =
                    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
                writer.as_mut().write(&values).await?;
                copied += 1;
                if copied % A_WHILE == 0 {
                    tell(copied);
                }
            }
            writer.finish().await?;
            Ok(copied)
        })
    }

    /// What kinds of values these columns of a table take.
    async fn types(&self, table: &str, columns: &str) -> Result<Vec<Type>, StoreError> {
        let none = format!("SELECT {columns} FROM {table} WHERE FALSE");
        let statement = self.client.prepare(&none).await?;
        Ok(statement.columns().iter().map(|column| column.type_().clone()).collect())
    }

    /// The number that a query about this school gives.
    pub(in crate::store) fn count(&self, sql: &str, school: &str) -> Result<usize, StoreError> {
        self.settle()?;
        let row = self.runtime.block_on(self.client.query_one(sql, &[&school]))?;
        let count: i64 = row.try_get(0)?;
        Ok(usize::try_from(count).unwrap_or_default())
    }
}
