"""Who is measured, how each is started, and how its answer is read."""

import collections.abc
import csv
import dataclasses
import importlib.metadata
import io
import json
import pathlib
import shlex
import shutil
import subprocess
import sys

PEERS = pathlib.Path(__file__).with_name("peers.py")
BOTH = ("parquet", "csv")
OURS, SUMMARIZE = "revarch describe_data", "DuckDB SUMMARIZE"

QUANTILES = "estimated quantiles (5, 25, 50, 75, 95%) of numbers and times"
COMPUTES = {
    "bytes": "nothing: the bytes are read and not looked at",
    "duckdb-summarize": "type, nulls in percent, distinct (estimate), min, max, mean, deviation, quartiles",
    "duckdb-sql": "type, nulls, blanks, placeholders, distinct (estimate), min, max, 20 top values (approximate), "
    f"{QUANTILES}, texts that look like email, phone, URL, date, number",
    "polars": f"type, nulls, blanks, placeholders, distinct (estimate), min, max, {QUANTILES}; "
    "no top values, no patterns",
    "qsv": "`stats --everything`: type, nulls, distinct (exact), min, max, mean, deviation, quartiles, percentiles, "
    "mode and antimode, lengths, sort order; with the index it makes first",
}
# What the fields of a column in the answer of describe_data are called in the table.
FIELDS = {
    "name": None,
    "distinct_estimated": None,
    "value_type": "type",
    "distinct": "distinct (exact to 20,000, then an estimate)",
    "pattern": "pattern (email, phone, URL, domain)",
    "type_exceptions": "values of another type",
}


@dataclasses.dataclass
class Contender:
    """A name, a version, and the functions that make a command and read its output."""

    name: str
    version: str
    formats: tuple[str, ...]
    computes: str | None
    command: collections.abc.Callable
    answer: collections.abc.Callable


def find(asked):
    """The contenders that are here, and of each that is not the reason."""
    present, absent = [], []
    python = [("bytes", "reading the bytes", "python")]
    for package, contenders in {
        "duckdb": [("duckdb-summarize", SUMMARIZE), ("duckdb-sql", "DuckDB, equal SQL")],
        "polars": [("polars", "Polars, streaming")],
    }.items():
        try:
            version = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            absent.append(f"{package} (python3 -m pip install {package})")
            continue
        python += [(which, name, f"{package} {version}") for which, name in contenders]
    for which, name, version in python:
        present.append(Contender(name, version, BOTH, COMPUTES[which], peer(which, asked.threads), json.loads))
    if asked.binary.is_file():
        present.insert(1, ours(asked.binary.resolve()))
    else:
        absent.append(f"revarch ({asked.binary}; cargo build --release)")
    if program := asked.qsv or shutil.which("qsv") or shutil.which("qsvlite"):
        present.append(qsv(str(pathlib.Path(program).resolve()), asked.threads))
    else:
        absent.append("qsv (https://github.com/dathere/qsv)")
    if asked.only:
        present = [one for one in present if any(name.lower() in one.name.lower() for name in asked.only)]
    return present, absent


def first_words(program):
    """`NAME VERSION`, of a version line that may be longer."""
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    return " ".join(said.split()[:2])


def peer(which, threads):
    return lambda file, _folder: [sys.executable, str(PEERS), which, str(file), str(threads)]


def ours(binary):
    wanted = json.dumps({"tables": ["contacts"], "response_format": "detailed"})

    def command(file, _folder):
        return [str(binary), "call", "describe_data", "--data", str(file.parent), "--args", wanted]

    def answer(text):
        (table,) = json.loads(text)["tables"]
        columns, fields = {}, {}
        for column in table["columns"]:
            fields |= dict.fromkeys(column)
            columns[column["name"]] = column
        told = [FIELDS.get(field, field.replace("_", " ")) for field in fields]
        computes = ", ".join(word for word in told if word)
        return {"rows": table["rows"], "over": "filled", "columns": columns, "computes": computes}

    return Contender(OURS, first_words(binary), BOTH, None, command, answer)


def qsv(program, threads):
    """qsv wants an index to use more than one core, and writes it beside the file: into the empty folder."""

    def command(file, folder):
        link = pathlib.Path(folder, file.name)
        link.symlink_to(file)
        quoted = shlex.quote(program)
        stats = f"{quoted} stats --everything --infer-dates --infer-boolean --jobs {threads} --cache-threshold 0"
        return ["sh", "-c", f"{quoted} index {link.name} && {stats} {link.name}"]

    def answer(text):
        columns = {}
        for row in csv.DictReader(io.StringIO(text)):
            if not row["nullcount"]:
                continue  # lines about the whole file
            nulls = int(row["nullcount"])
            # qsv counts the empty cell as a value of its own.
            columns[row["field"]] = {"nulls": nulls, "distinct": int(row["cardinality"]) - (nulls > 0)}
        return {"over": "all", "columns": columns}

    return Contender("qsv stats", first_words(program), ("csv",), COMPUTES["qsv"], command, answer)
