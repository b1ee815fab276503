"""One contender, one file, one answer as JSON on stdout. benches/profile.py starts it and measures it.

    python3 benches/profiling/peers.py CONTENDER FILE THREADS

The answer gives the rows and, of each column, the nulls (where they are counted exactly) and the distinct
values, with `over` to say whether those are of all values that are not null or of the filled ones only.
"""

import json
import pathlib
import sys

PLACEHOLDERS = """- -- . ? n/a #n/a n.a. none null nil nan tbd tba unknown undefined test xxx""".split() + [
    "not available",
    "not applicable",
    "not provided",
    "not set",
    "1900-01-01",
    "0000-00-00",
    "00/00/0000",
    "01/01/1900",
]
SHARES = [0.05, 0.25, 0.5, 0.75, 0.95]
# What a text may look like: a condition that costs little, and the regular expression where it holds. The shapes
# are those that src/domain/value.rs tells apart, as far as one expression each can tell them.
NUMERIC = "{0} >= '(' AND {0} < ':'"
ENDS_IN_DIGIT = "right({0}, 1) BETWEEN '0' AND '9'"
KINDS = {
    "email": ("contains({0}, '@')", r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}"),
    "phone": (f"{NUMERIC} AND {ENDS_IN_DIGIT}", r"\+[0-9]{7,15}|[+(]?[0-9][0-9 ().-]{5,18}[0-9]"),
    "url": ("starts_with({0}, 'http') OR starts_with({0}, 'www.')", r"(?:https?://|www\.)\S+"),
    "date": (
        f"{NUMERIC} AND (contains({{0}}, '-') OR contains({{0}}, '/'))",
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ].*)?|[0-9]{1,2}[/-][0-9]{1,2}[/-][0-9]{4}",
    ),
    "number": (
        f"{NUMERIC} AND {ENDS_IN_DIGIT}",
        r"[+-]?(?:[1-9][0-9]*|0)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?",
    ),
}


def read_bytes(path, _threads):
    """The floor: every byte is fetched and none is looked at."""
    piece, size = bytearray(1 << 20), 0
    with open(path, "rb", buffering=0) as file:
        while count := file.readinto(piece):
            size += count
    return {"bytes": size}


def duckdb_table(path, threads):
    import duckdb

    read = "read_csv" if path.suffix == ".csv" else "read_parquet"
    return duckdb.connect(config={"threads": threads}), f"{read}('{path}')"


def duckdb_summarize(path, threads):
    database, table = duckdb_table(path, threads)
    summary = f"(SUMMARIZE SELECT * FROM {table})"
    rows = database.execute(f"SELECT column_name, approx_unique, count FROM {summary}").fetchall()
    # Of nulls SUMMARIZE gives a percentage with two decimals, which is no count.
    return {
        "rows": rows[0][2],
        "over": "all",
        "columns": {name: {"distinct": distinct} for name, distinct, _ in rows},
    }


def duckdb_facts(column, kind):
    """The aggregates for one column, in the order in which `duckdb_sql` names them."""
    text = kind == "VARCHAR"
    filled = f"{column} IS NOT NULL"
    facts = {"nulls": f"count(*) - count({column})"}
    if text:
        words = ", ".join(f"'{word}'" for word in PLACEHOLDERS)
        blank, placeholder = f"trim({column}) = ''", f"lower(trim({column})) IN ({words})"
        filled += f" AND NOT ({blank}) AND NOT ({placeholder})"
        facts["blanks"] = f"count(*) FILTER ({blank})"
        facts["placeholders"] = f"count(*) FILTER ({placeholder})"
        for name, (likely, shape) in KINDS.items():
            # Unlike AND, CASE keeps the expression from the rows that the condition rules out.
            sure = f"CASE WHEN {likely.format(column)} THEN regexp_full_match({column}, '{shape}') ELSE false END"
            facts[name] = f"count_if({sure})"
    facts["distinct"] = f"approx_count_distinct({column}) FILTER ({filled})"
    facts["min"], facts["max"] = f"min({column})", f"max({column})"
    if not text and kind != "BOOLEAN":
        facts["quantiles"] = f"approx_quantile({column}, {SHARES})"
    facts["top"] = f"approx_top_k({column}, 20)"
    return facts


def duckdb_sql(path, threads):
    database, table = duckdb_table(path, threads)
    wanted, places = ["count(*)"], []
    for name, kind, *_ in database.execute(f"DESCRIBE SELECT * FROM {table}").fetchall():
        for fact, sql in duckdb_facts(f'"{name}"', kind).items():
            wanted.append(sql)
            places.append((name, fact))
    rows, *values = database.execute(f"SELECT {', '.join(wanted)} FROM {table}").fetchone()
    columns = {}
    for (name, fact), value in zip(places, values):
        if fact in ("nulls", "blanks", "placeholders", "distinct"):
            columns.setdefault(name, {})[fact] = value
    return {"rows": rows, "over": "filled", "columns": columns}


def polars_streaming(path, _threads):
    import polars

    if path.suffix == ".csv":
        frame = polars.scan_csv(path, try_parse_dates=True, infer_schema_length=10_000)
    else:
        frame = polars.scan_parquet(path)
    wanted = [polars.len().alias("rows")]
    for name, kind in frame.collect_schema().items():
        column = polars.col(name)
        facts = {"nulls": column.null_count(), "distinct": column.approx_n_unique()}
        facts |= {"min": column.min(), "max": column.max()}
        if kind == polars.String:
            stripped = column.str.strip_chars()
            facts["blanks"] = (stripped == "").sum()
            facts["placeholders"] = stripped.str.to_lowercase().is_in(PLACEHOLDERS).sum()
        elif kind != polars.Boolean:
            facts["quantiles"] = column.approx_quantile(SHARES)
        wanted += [fact.alias(f"{name}\n{label}") for label, fact in facts.items()]
    row = frame.select(wanted).collect(engine="streaming").row(0, named=True)
    columns = {}
    for place, value in row.items():
        name, _, fact = place.partition("\n")
        if fact in ("nulls", "blanks", "placeholders", "distinct"):
            columns.setdefault(name, {})[fact] = value
    for column in columns.values():
        # Polars counts null as a value of its own.
        column["distinct"] -= column["nulls"] > 0
    return {"rows": row["rows"], "over": "all", "columns": columns}


CONTENDERS = {
    "bytes": read_bytes,
    "duckdb-summarize": duckdb_summarize,
    "duckdb-sql": duckdb_sql,
    "polars": polars_streaming,
}

if __name__ == "__main__":
    contender, file, threads = sys.argv[1:]
    json.dump(CONTENDERS[contender](pathlib.Path(file), int(threads)), sys.stdout)
