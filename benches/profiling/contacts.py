"""Makes the table of contacts as one CSV and one Parquet file, and counts in it exactly.

    python3 benches/profiling/contacts.py FOLDER ROWS
    python3 benches/profiling/contacts.py --recipe

DuckDB evaluates contacts.sql. The exact counts, against which every contender is held, are taken from the
rows themselves and not from any estimate; they wait beside the files, in exact.json.
"""

import hashlib
import json
import os
import pathlib
import sys

import duckdb

HERE = pathlib.Path(__file__).parent
# The texts that src/domain/value.rs takes for empty, as far as they can occur in this table.
PLACEHOLDERS = ["-", "n/a", "none", "unknown", "test", "tbd"]


def recipe():
    """What the files were made from, to tell whether they can be used again."""
    return hashlib.sha256((HERE / "contacts.sql").read_bytes()).hexdigest()


def make(database, folder, rows):
    """Both files; each is written under another name first, so that what stands there is whole."""
    database.execute((HERE / "contacts.sql").read_text())
    csv, parquet = folder / "csv" / "contacts.csv", folder / "parquet" / "contacts.parquet"
    for path in (csv, parquet):
        path.parent.mkdir(parents=True, exist_ok=True)
    for path, source, options in (
        (parquet, f"contacts({rows})", "FORMAT parquet, COMPRESSION zstd"),
        (csv, f"read_parquet('{parquet}')", "FORMAT csv, HEADER true, TIMESTAMPFORMAT '%Y-%m-%d %H:%M:%S'"),
    ):
        unfinished = folder / (path.name + ".unfinished")
        database.execute(f"COPY (SELECT * FROM {source}) TO '{unfinished}' ({options})")
        os.replace(unfinished, path)


def count(database, folder):
    """Rows, and of each column the facts that contenders are asked for."""
    table = f"read_parquet('{folder}/parquet/contacts.parquet')"
    words = ", ".join(f"'{word}'" for word in PLACEHOLDERS)
    facts = {"rows": database.execute(f"SELECT count(*) FROM {table}").fetchone()[0], "columns": {}}
    for name, kind, *_ in database.execute(f"DESCRIBE SELECT * FROM {table}").fetchall():
        text = kind == "VARCHAR"
        blank = f"{name} <> '' AND trim({name}) = ''" if text else "false"
        placeholder = f"lower(trim({name})) IN ({words})" if text else "false"
        ordered = not text and kind != "BOOLEAN"
        ends = f"min({name})::VARCHAR, max({name})::VARCHAR" if ordered else "NULL, NULL"
        nulls, blanks, placeholders, distinct, filled, low, high = database.execute(
            f"""SELECT count(*) FILTER ({name} IS NULL), count(*) FILTER ({blank}),
                count(*) FILTER ({placeholder}), count(DISTINCT {name}),
                count(DISTINCT {name}) FILTER (NOT ({blank}) AND NOT ({placeholder})), {ends} FROM {table}"""
        ).fetchone()
        facts["columns"][name] = {
            "nulls": nulls,
            "blanks": blanks,
            "placeholders": placeholders,
            "distinct": distinct,
            "distinct_filled": filled,
            "min": low,
            "max": high,
        }
    return facts


def main():
    if sys.argv[1:] == ["--recipe"]:
        print(recipe())
        return
    folder, rows = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    database = duckdb.connect(config={"temp_directory": str(folder / "spill")})
    make(database, folder, rows)
    exact = {"recipe": recipe(), **count(database, folder)}
    (folder / "exact.json").write_text(json.dumps(exact, indent=1) + "\n")


if __name__ == "__main__":
    main()
