"""Credits channels with revarch and with what a user would write around ChannelAttribution, in one run.

    python3 benches/attribution.py                       # 1,000,000 people, three rounds, prints the table
    python3 benches/attribution.py --people 10000000     # ten times as many
    python3 benches/attribution.py --write               # and puts the table into benches/README.md
    python3 benches/attribution.py --check               # 50,000 people, one round: do the answers agree?

The files are made on the first run and kept. Wants numpy, pandas and ChannelAttribution (and matplotlib, which it
imports). Each contender is a process of its own, measured from start to end with its peak resident memory. Exit status
1 if simple rules differ by more than a cent for each channel, 2 if the benchmark cannot be run.
"""

import argparse
import dataclasses
import json
import os
import pathlib
import statistics
import subprocess
import sys

from profiling import measure, report

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
BEGIN, END = "<!-- attribution:begin -->", "<!-- attribution:end -->"
CHECKED, MEASURED = 50_000, 1_000_000
QUIET = 0.5
# ChannelAttribution's own tolerance, and one that brings it within a percent.
DEFAULT, CLOSE = "0.05", "0.005"


@dataclasses.dataclass
class Contender:
    """One way to one answer."""

    name: str
    task: str
    words: list

    def command(self, file, _folder):
        return [str(file.parent.parent) if word == "FOLDER" else word for word in self.words]

    def answer(self, text):
        found = json.loads(text[text.index("{") :])
        if "channels" not in found:
            return found
        of = lambda model: {
            channel["channel"]: credit["value" if model != "markov" else "conversions"]
            for channel in found["channels"]
            for credit in channel["credit"]
            if credit["model"] == model
        }
        return {credit["model"]: of(credit["model"]) for credit in found["channels"][0]["credit"]}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, help=f"people with touches (default {MEASURED:,}, or {CHECKED:,})")
    parser.add_argument("--folder", type=pathlib.Path, help="for the files (default target/bench/attribution-PEOPLE)")
    parser.add_argument("--repeat", type=int, help="rounds, of which the median counts (default 3; 1 with --check)")
    parser.add_argument("--threads", type=int, default=2, help="cores that each contender may use (default 2)")
    parser.add_argument("--binary", type=pathlib.Path, default=ROOT / "target/release/revarch", help="revarch")
    parser.add_argument("--close", action="store_true", help=f"also ChannelAttribution at tolerance {CLOSE}, which takes minutes")
    parser.add_argument("--check", action="store_true", help="few people, one round, and only whether the answers agree")
    parser.add_argument("--write", action="store_true", help="put the table into benches/README.md")
    asked = parser.parse_args()
    asked.people = asked.people or (CHECKED if asked.check else MEASURED)
    asked.repeat = asked.repeat or (1 if asked.check else 3)
    asked.folder = (asked.folder or ROOT / f"target/bench/attribution-{asked.people}").resolve()
    return asked


def stop(reason):
    print(reason, file=sys.stderr)
    sys.exit(2)


def contenders(asked):
    def ours(models, order=1):
        wanted = {"models": models, "markov_order": order, "resamples": 0, "sensitivity": False, "response_format": "detailed"}
        return [str(asked.binary.resolve()), "call", "attribute_revenue", "--data", "DATA", "--args", json.dumps(wanted), "--now", "2026-01-01T00:00:00Z"]

    def peer(*words):
        return [sys.executable, str(HERE / "attributing/pipeline.py"), "tables", "FOLDER", *words]

    found = [
        Contender("revarch", "first, last, linear", ours(["first", "last", "linear"])),
        Contender("pandas and ChannelAttribution", "first, last, linear", peer("heuristics")),
    ]
    for order in (1, 2, 3):
        task = f"Markov, order {order}"
        found.append(Contender("revarch, exact", task, ours(["markov"], order)))
        found.append(Contender("pandas and ChannelAttribution", task, peer("markov", str(order), DEFAULT)))
        if asked.close and order == 1:
            found.append(Contender(f"the same at tolerance {CLOSE}", task, peer("markov", str(order), CLOSE)))
    for one in found:
        one.words = [str(asked.folder / "tables") if word == "DATA" else word for word in one.words]
    return found


def off(exact, other):
    """How far credit by channel is off, at most, as a share of the exact credit."""
    return max(abs(other.get(channel, 0.0) - credit) / credit for channel, credit in exact.items() if credit)


def main():
    asked = arguments()
    load = os.getloadavg()[0]
    if asked.write and load > QUIET * os.cpu_count():
        stop(f"the machine is busy (load {load:.1f}); such numbers are not written down")
    if not asked.binary.is_file():
        stop(f"there is no {asked.binary}; cargo build --release")
    if not (asked.folder / "recipe").exists():
        print(f"making {asked.people:,} people in {asked.folder}", file=sys.stderr)
        subprocess.run([sys.executable, str(HERE / "attributing/journeys.py"), str(asked.folder), str(asked.people)], check=True)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: asked.threads])
    file = asked.folder / "tables/touches.csv"
    runs, present = {}, contenders(asked)
    for number in range(asked.repeat):
        for one in present:
            run = measure.run(one, file)
            runs.setdefault((one.task, one.name), []).append(run)
            said = f"{run.seconds:.2f} s, {run.peak_mb:.0f} MB" if run.failure is None else run.failure
            print(f"round {number + 1}, {one.task}, {one.name}: {said}", file=sys.stderr)
    lines, differences = [], []
    for one in present:
        of = runs[one.task, one.name]
        if failure := next((run.failure for run in of if run.failure), None):
            lines.append(f"| {one.task} | {one.name} | – | – | {failure.replace('|', '/')} |")
            differences.append(f"{one.name}, {one.task}: {failure}")
            continue
        seconds, peak = statistics.median(run.seconds for run in of), statistics.median(run.peak_mb for run in of)
        ours = next(run for (task, name), all_runs in runs.items() for run in all_runs if task == one.task and "revarch" in name)
        worst = max(off(ours.answer[model], credit) for model, credit in of[-1].answer.items()) if ours.answer else None
        if "Markov" not in one.task and worst is not None and worst > 1e-6:
            differences.append(f"{one.name}, {one.task}: off by {worst:.2e}")
        apart = "–" if ours is of[0] or worst is None else f"{100 * worst:.2f}%"
        lines.append(f"| {one.task} | {one.name} | {seconds:.2f} | {peak:.0f} | {apart} |")
    for difference in differences:
        print(f"DIFFERS {difference}")
    table = "\n".join([
        f"{asked.people:,} people, from tables of touches and deals as CSV to credit by channel. {report.processor()}, "
        f"{asked.threads} cores for each; medians of {asked.repeat} rounds; load before the first: {load:.2f}.",
        "",
        "| task | contender | seconds | peak MB | farthest from the exact credit |",
        "|---|---|--:|--:|--:|",
        *lines,
    ])
    print(f"{len(lines)} answers, {len(differences)} differences" if asked.check else table)
    if asked.write and not differences:
        report_write(table)
    return 1 if differences else 0


def report_write(table):
    readme = HERE / "README.md"
    before, begin, rest = readme.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        stop(f"{readme} has no {BEGIN} and {END}")
    readme.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}")


if __name__ == "__main__":
    sys.exit(main())
