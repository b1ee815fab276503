"""Finds doubles with revarch and with Splink on the same people, in one run, against known truth.

    python3 benches/identity.py --data DIR                        # fake_1000, febrl 1 and 3, people of 50,000 and 1,000,000
    python3 benches/identity.py --data DIR --people 5000000       # only so many generated people beside the published sets
    python3 benches/identity.py --data DIR --write                # and puts the table into benches/README.md

DIR holds splink_fake_1000/fake_1000.csv and febrl/dataset1.csv and dataset3.csv; without it only generated people are
compared. Wants splink 5, duckdb, numpy and pandas. Each contender is a process of its own that reads the same CSV and
writes its pairs; measured are its time from start to end and its peak resident memory. F1 is pairwise, each side at its
own best threshold. Exit status 1 if a contender fails, 2 if the benchmark cannot be run.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys

from matching import sets
from profiling import measure, report

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
BEGIN, END = "<!-- identity:begin -->", "<!-- identity:end -->"
QUIET = 0.5


class Contender:
    """A command that writes pairs to a file."""

    def __init__(self, name, words, pairs):
        self.name, self.words, self.pairs = name, words, pairs

    def command(self, _file, _folder):
        self.pairs.unlink(missing_ok=True)
        return self.words

    def answer(self, _text):
        return {}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=pathlib.Path, help="the folder with splink_fake_1000 and febrl")
    parser.add_argument("--people", type=int, nargs="*", default=[50_000, 1_000_000], help="sizes of generated tables")
    parser.add_argument("--folder", type=pathlib.Path, default=ROOT / "target/bench/identity", help="for the files")
    parser.add_argument("--repeat", type=int, default=3, help="rounds, of which the median counts (default 3)")
    parser.add_argument("--threads", type=int, default=2, help="cores that each contender may use (default 2)")
    parser.add_argument("--binary", type=pathlib.Path, default=ROOT / "target/release/revarch", help="revarch")
    parser.add_argument("--memory", default="4GB", help="memory that revarch's queries may take (default 4GB)")
    parser.add_argument("--only", help="a part of the name of the contenders to run")
    parser.add_argument("--write", action="store_true", help="put the table into benches/README.md")
    return parser.parse_args()


def contenders(asked, one):
    out = one.folder.parent / f"{one.folder.name}_pairs"
    out.mkdir(exist_ok=True)
    compare = [{"table": "people", "column": column, "kind": kind} for column, kind in one.compare.items()]
    wanted = {"from": ["people"], "compare": compare, "review_from": 0.001, "write_pairs": "revarch.csv"}
    ours = [str(asked.binary.resolve()), "call", "resolve_identities", "--data", str(one.folder), "--output", str(out)]
    ours += ["--memory", asked.memory, "--args", json.dumps(wanted)]
    theirs = [sys.executable, str(HERE / "matching/splink_side.py"), one.settings, str(one.file), str(out / "splink.csv")]
    both = [Contender("revarch", ours, out / "revarch.csv"), Contender("Splink", theirs, out / "splink.csv")]
    return [each for each in both if not asked.only or asked.only.lower() in each.name.lower()]


def judged(one, pairs):
    command = [sys.executable, str(HERE / "matching/judge.py"), str(pairs), str(one.truth)]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def main():
    asked = arguments()
    load = os.getloadavg()[0]
    if asked.write and load > QUIET * os.cpu_count():
        print(f"the machine is busy (load {load:.1f}); such numbers are not written down", file=sys.stderr)
        return 2
    if not asked.binary.is_file():
        print(f"there is no {asked.binary}; cargo build --release", file=sys.stderr)
        return 2
    asked.folder.mkdir(parents=True, exist_ok=True)
    found = sets.sets(asked.folder.resolve(), asked.data and asked.data.resolve(), asked.people)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: asked.threads])
    lines, failed = [], False
    for one in found:
        runs = {}
        for number in range(asked.repeat):
            for each in contenders(asked, one):
                run = measure.run(each, one.file)
                runs.setdefault(each.name, []).append((run, each))
                said = f"{run.seconds:.2f} s, {run.peak_mb:.0f} MB" if run.failure is None else run.failure
                print(f"{one.name}, round {number + 1}, {each.name}: {said}", file=sys.stderr)
        for name, of in runs.items():
            if failure := next((run.failure for run, _ in of if run.failure), None):
                failed = True
                lines.append(f"| {one.name} | {name} | – | – | – | – | {failure.replace('|', '/')} |")
                continue
            told = judged(one, of[-1][1].pairs)
            seconds, peak = (statistics.median(values) for values in zip(*((run.seconds, run.peak_mb) for run, _ in of)))
            shares = " | ".join(f"{told[share] or 0:.4f}" for share in ("f1", "precision", "recall"))
            lines.append(f"| {one.name} | {name} | {shares} | {seconds:.2f} | {peak:.0f} |")
    table = "\n".join([
        f"From CSV to pairs with their weights as CSV. {report.processor()}, {asked.threads} cores for each; medians of "
        f"{asked.repeat} rounds; load before the first: {load:.2f}.",
        "",
        "| set | contender | best pairwise F1 | precision | recall | seconds | peak MB |",
        "|---|---|--:|--:|--:|--:|--:|",
        *lines,
    ])
    print(table)
    if asked.write and not failed:
        readme = HERE / "README.md"
        before, begin, rest = readme.read_text().partition(BEGIN)
        _, end, after = rest.partition(END)
        if not begin or not end:
            print(f"{readme} has no {BEGIN} and {END}", file=sys.stderr)
            return 2
        readme.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
