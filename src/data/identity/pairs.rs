//! Pairs, made by joins of the engine and compared as they come.

use super::{
    compare::{Comparer, Scale},
    rules::NO_KEY,
};
use crate::{DataError, Run, engine};
use datafusion::{
    arrow::{
        array::{
            ArrayRef, AsArray, Float64Array, Int64Array, RecordBatch, UInt32Array, UInt64Array, UInt64Builder,
        },
        datatypes::{DataType, Field, Float64Type, Int64Type, Schema, SchemaRef, UInt32Type, UInt64Type},
    },
    datasource::MemTable,
    error::Result,
    execution::context::{SessionConfig, SessionContext},
    logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility},
};
use revarch_domain::identity::pattern::Pattern;
use std::{
    hash::{Hash, Hasher},
    sync::Arc,
};

/// Records that may share a key before it tells nobody apart.
pub(super) const CROWD: u64 = 1_000;
/// Records in a batch of keys.
const BATCH: usize = 1 << 16;

/// How often a key occurs, counted.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Load {
    pub(super) pairs: f64,
    pub(super) crowded: u64,
    pub(super) crowd: u64,
}

/// Records and their keys under one rule, where the engine can join them.
pub(super) struct Joiner {
    context: SessionContext,
    schema: SchemaRef,
}

impl Joiner {
    pub(super) fn new(tables: &SessionContext) -> Self {
        // A catalog of its own: several calls may be at it at once.
        let config = SessionConfig::new().with_information_schema(false);
        let context = SessionContext::new_with_config_rt(config, tables.runtime_env());
        let schema = Schema::new(vec![
            Field::new("r", DataType::UInt32, false),
            Field::new("k", DataType::UInt64, false),
        ]);
        Self { context, schema: Arc::new(schema) }
    }

    /// Puts keys where queries find them; records without one are left out.
    pub(super) fn put(&self, keys: impl Iterator<Item = (u32, u64)>) -> std::result::Result<(), DataError> {
        let mut batches = Vec::new();
        let (mut records, mut found) = (Vec::with_capacity(BATCH), Vec::with_capacity(BATCH));
        let mut flush = |records: &mut Vec<u32>, found: &mut Vec<u64>| {
            let columns: Vec<ArrayRef> = vec![
                Arc::new(UInt32Array::from(std::mem::take(records))),
                Arc::new(UInt64Array::from(std::mem::take(found))),
            ];
            RecordBatch::try_new(Arc::clone(&self.schema), columns).map(|batch| batches.push(batch))
        };
        for (record, key) in keys.filter(|(_, key)| *key != NO_KEY) {
            records.push(record);
            found.push(key);
            if records.len() == BATCH {
                flush(&mut records, &mut found).map_err(datafusion::error::DataFusionError::from)?;
            }
        }
        flush(&mut records, &mut found).map_err(datafusion::error::DataFusionError::from)?;
        self.register("keys", &batches)
    }

    fn register(&self, name: &str, batches: &[RecordBatch]) -> std::result::Result<(), DataError> {
        let half = batches.len().div_ceil(2).max(1);
        let schema = batches.first().map_or_else(|| Arc::clone(&self.schema), RecordBatch::schema);
        let mut parts: Vec<Vec<RecordBatch>> = batches.chunks(half).map(<[RecordBatch]>::to_vec).collect();
        if parts.is_empty() {
            parts.push(Vec::new());
        }
        self.context.deregister_table(name)?;
        self.context.register_table(name, Arc::new(MemTable::try_new(schema, parts)?))?;
        Ok(())
    }

    /// What a join on the keys would make, without those that more than so many share.
    pub(super) async fn load(&self, crowd: u64, run: &Run) -> std::result::Result<Load, DataError> {
        let sql = format!(
            "SELECT coalesce(sum(CASE WHEN n <= {crowd} THEN CAST(n AS DOUBLE) * (CAST(n AS DOUBLE) - 1) / 2 END), CAST(0 AS DOUBLE)), \
             count(*) FILTER (WHERE n > {crowd}), \
             CAST(coalesce(sum(n) FILTER (WHERE n > {crowd}), 0) AS BIGINT) \
             FROM (SELECT count(*) AS n FROM keys GROUP BY k)"
        );
        let rows = engine::query(&self.context, "keys", &sql, run).await?;
        let Some(row) = rows.iter().find(|batch| batch.num_rows() > 0) else { return Ok(Load::default()) };
        let whole =
            |at: usize| u64::try_from(row.column(at).as_primitive::<Int64Type>().value(0)).unwrap_or(0);
        let pairs: &Float64Array = row.column(0).as_primitive::<Float64Type>();
        Ok(Load { pairs: pairs.value(0), crowded: whole(1), crowd: whole(2) })
    }

    /// Keeps only the records that share a key with some others, and not with a crowd.
    pub(super) async fn shared_only(&self, crowd: u64, run: &Run) -> std::result::Result<(), DataError> {
        let sql = format!(
            "SELECT r, keys.k FROM keys JOIN (SELECT k FROM keys GROUP BY k HAVING count(*) BETWEEN 2 AND {crowd}) AS g \
             ON keys.k = g.k"
        );
        let rows = engine::query(&self.context, "keys", &sql, run).await?;
        self.register("shared", &rows)
    }

    /// How often each pattern occurs among the pairs.
    pub(super) async fn patterns(
        &self,
        comparer: &Arc<Comparer>,
        rule: usize,
        run: &Run,
    ) -> std::result::Result<Vec<(Pattern, u64)>, DataError> {
        self.context.register_udf(ScalarUDF::from(Compare::new(comparer, rule, None)));
        let sql = format!("SELECT p, count(*) FROM ({PAIRS}) WHERE p IS NOT NULL GROUP BY p");
        let mut found = Vec::new();
        for batch in engine::query(&self.context, "pairs", &sql, run).await? {
            let (patterns, counts): (&UInt64Array, &Int64Array) =
                (batch.column(0).as_primitive::<UInt64Type>(), batch.column(1).as_primitive::<Int64Type>());
            let rows = patterns.values().iter().zip(counts.values());
            found.extend(
                rows.map(|(pattern, count)| (Pattern::of(*pattern), u64::try_from(*count).unwrap_or(0))),
            );
        }
        Ok(found)
    }

    /// The pairs that weigh enough.
    pub(super) async fn matches(
        &self,
        comparer: &Arc<Comparer>,
        rule: usize,
        least: (Arc<Scale>, f64),
        run: &Run,
    ) -> std::result::Result<Vec<(u32, u32, Pattern)>, DataError> {
        self.context.register_udf(ScalarUDF::from(Compare::new(comparer, rule, Some(least))));
        let sql = format!("SELECT a, b, p FROM ({PAIRS}) WHERE p IS NOT NULL");
        let mut found = Vec::new();
        for batch in engine::query(&self.context, "pairs", &sql, run).await? {
            let (a, b): (&UInt32Array, &UInt32Array) =
                (batch.column(0).as_primitive::<UInt32Type>(), batch.column(1).as_primitive::<UInt32Type>());
            let patterns: &UInt64Array = batch.column(2).as_primitive::<UInt64Type>();
            let rows = a.values().iter().zip(b.values()).zip(patterns.values());
            found.extend(rows.map(|((a, b), pattern)| (*a, *b, Pattern::of(*pattern))));
        }
        Ok(found)
    }
}

const PAIRS: &str = "SELECT x.r AS a, y.r AS b, compare(x.r, y.r) AS p \
                     FROM shared AS x JOIN shared AS y ON x.k = y.k AND x.r < y.r";

/// The comparison of two records as a function of the engine: their pattern, or null where an earlier rule brings the
/// pair too or where it weighs too little.
struct Compare {
    comparer: Arc<Comparer>,
    rule: usize,
    least: Option<(Arc<Scale>, f64)>,
    signature: Signature,
}

impl Compare {
    fn new(comparer: &Arc<Comparer>, rule: usize, least: Option<(Arc<Scale>, f64)>) -> Self {
        // Not to be moved or done twice: a pair is compared where it is made.
        let signature = Signature::exact(vec![DataType::UInt32, DataType::UInt32], Volatility::Volatile);
        Self { comparer: Arc::clone(comparer), rule, least, signature }
    }
}

impl std::fmt::Debug for Compare {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Compare").field("rule", &self.rule).finish_non_exhaustive()
    }
}

impl PartialEq for Compare {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.comparer, &other.comparer)
            && self.rule == other.rule
            && self.least.is_some() == other.least.is_some()
    }
}

impl Eq for Compare {}

impl Hash for Compare {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.rule.hash(state);
    }
}

impl ScalarUDFImpl for Compare {
    fn name(&self) -> &'static str {
        "compare"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::UInt64)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let cells = ColumnarValue::values_to_arrays(&args.args)?;
        let (a, b): (&UInt32Array, &UInt32Array) =
            (cells[0].as_primitive::<UInt32Type>(), cells[1].as_primitive::<UInt32Type>());
        let mut memory = self.comparer.memory();
        let mut patterns = UInt64Builder::with_capacity(a.len());
        let mut compared = 0;
        for (a, b) in a.values().iter().zip(b.values()) {
            let pattern = self.comparer.pattern(self.rule, *a, *b, &mut memory);
            compared += u64::from(pattern.is_some());
            let pattern = pattern.filter(|pattern| {
                self.least
                    .as_ref()
                    .is_none_or(|(scale, least)| scale.weigh(&self.comparer.records, *pattern, *a) >= *least)
            });
            patterns.append_option(pattern.map(Pattern::number));
        }
        self.comparer.give_back(memory, compared);
        Ok(ColumnarValue::Array(Arc::new(patterns.finish())))
    }
}
