"""Profiles one table of contacts with revarch and with the tools that people use for it, in one run.

    python3 benches/profile.py                    # 10,000,000 rows, three rounds, prints the table
    python3 benches/profile.py --write            # and puts it into benches/README.md
    python3 benches/profile.py --check            # 200,000 rows, one round: do the answers agree?

The files are made on the first run and kept. Wants duckdb, and polars and qsv where they are to be compared.
Each contender is a process of its own; measured are its time from start to end and its peak resident memory,
as the operating system counts them. Exit status 1 if an answer differs from the exact counts, 2 if the
benchmark cannot be run.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys

from profiling import agreement, contenders, measure, report

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
CHECKED_ROWS, MEASURED_ROWS = 200_000, 10_000_000
# With more waiting than this, per core, other work would be measured too.
QUIET = 0.5


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, help=f"rows of the table (default {MEASURED_ROWS:,}, or {CHECKED_ROWS:,})")
    parser.add_argument("--folder", type=pathlib.Path, help="for the files (default target/bench/profile-ROWS)")
    parser.add_argument("--repeat", type=int, help="rounds, of which the median counts (default 3; 1 with --check)")
    parser.add_argument("--threads", type=int, default=2, help="cores that each contender may use (default 2)")
    parser.add_argument("--binary", type=pathlib.Path, default=ROOT / "target/release/revarch", help="revarch")
    parser.add_argument("--qsv", help="qsv, if it is not on the PATH")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="contenders to run (default all)")
    parser.add_argument("--check", action="store_true", help="few rows, one round, and only whether the answers agree")
    parser.add_argument("--write", action="store_true", help="put the table into benches/README.md")
    asked = parser.parse_args()
    asked.rows = asked.rows or (CHECKED_ROWS if asked.check else MEASURED_ROWS)
    asked.repeat = asked.repeat or (1 if asked.check else 3)
    asked.folder = (asked.folder or ROOT / f"target/bench/profile-{asked.rows}").resolve()
    return asked


def stop(reason):
    print(reason, file=sys.stderr)
    sys.exit(2)


def exact_counts(folder, rows):
    """Makes the files unless they are there, and returns what is exactly in them."""
    path = folder / "exact.json"
    # Not imported: DuckDB would count as memory of this process, and so of every process that it starts.
    maker = [sys.executable, str(HERE / "profiling/contacts.py")]
    recipe = subprocess.run([*maker, "--recipe"], capture_output=True, text=True, check=True).stdout.strip()
    if not path.exists():
        print(f"making {rows:,} rows in {folder}", file=sys.stderr)
        subprocess.run([*maker, str(folder), str(rows)], check=True)
    exact = json.loads(path.read_text())
    if (exact["recipe"], exact["rows"]) != (recipe, rows):
        stop(f"{folder} holds another table ({exact['rows']:,} rows); name another --folder, or delete it")
    return exact


def pin(threads):
    """Holds this process, and with it all that it starts, to so many cores, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
    os.environ["POLARS_MAX_THREADS"] = str(threads)


def warm(file):
    """Reads a file once, so that no contender waits for the disk on behalf of the others."""
    piece = bytearray(1 << 20)
    with open(file, "rb", buffering=0) as opened:
        while opened.readinto(piece):
            pass


def main():
    asked = arguments()
    load = os.getloadavg()[0]
    if asked.write and load > QUIET * os.cpu_count():
        stop(f"the machine is busy (load {load:.1f}); such numbers are not written down")
    present, absent = contenders.find(asked)
    for reason in absent:
        print(f"not here: {reason}", file=sys.stderr)
    if not present:
        stop("there is nothing to run")
    exact = exact_counts(asked.folder, asked.rows)
    pin(asked.threads)
    runs = {}
    for number in range(asked.repeat):
        for format in ("parquet", "csv"):
            file = asked.folder / format / f"contacts.{format}"
            warm(file)
            for contender in (one for one in present if format in one.formats):
                run = measure.run(contender, file)
                runs.setdefault((format, contender.name), []).append(run)
                said = f"{run.seconds:.2f} s, {run.peak_mb:.0f} MB" if run.failure is None else run.failure
                print(f"round {number + 1}, {format}, {contender.name}: {said}", file=sys.stderr)
    differences = agreement.differences(runs, exact)
    for difference in differences:
        print(f"DIFFERS {difference}")
    rows = report.rows(present, runs, exact)
    setting = report.setting(asked, load, present, absent)
    (asked.folder / "results.json").write_text(json.dumps({"setting": setting, "rows": rows}, indent=1) + "\n")
    if asked.check:
        if not any(one.name == contenders.OURS for one in present):
            stop("revarch was not there, so nothing of it was checked")
        print(f"{len(rows)} answers, {len(differences)} differences")
    else:
        table = report.markdown(setting, rows)
        print(table)
        if asked.write and not differences:
            report.write(HERE / "README.md", table)
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
