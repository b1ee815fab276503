"""Serves the same two tools with revarch, FastMCP and the TypeScript SDK, and loads them alike, in one run.

    python3 benches/server.py --install           # the newest peers into target/bench/peers
    python3 benches/server.py                     # three rounds of everything, prints the tables
    python3 benches/server.py --soak 10           # and ten minutes of revarch under load
    python3 benches/server.py --write             # and puts them into benches/README.md
    python3 benches/server.py --check             # one short round: does everything answer?

Wants rustc for the load generator. Exit status 1 if a call fails, 2 if the benchmark cannot be run.
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import statistics
import sys

from profiling import report as house
from serving import contenders, measure, report

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
QUIET = 0.5
FETCH, DESCRIBE = ("fetch", {"id": contenders.ENTRY}), ("describe_data", {"tables": ["accounts"]})
# Calls a second that all clients make together where they pause in between.
PACE = 200


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", type=pathlib.Path, default=ROOT / "target/release/revarch", help="revarch")
    parser.add_argument("--folder", type=pathlib.Path, default=ROOT / "target/bench/server", help="for the tables")
    parser.add_argument("--peers", type=pathlib.Path, default=ROOT / "target/bench/peers", help="where the peers are")
    parser.add_argument("--install", action="store_true", help="install the newest peers first")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="contenders to run (default all)")
    parser.add_argument("--seconds", type=float, help="of each load (default 5; 1 with --check)")
    parser.add_argument("--repeat", type=int, help="rounds, of which the median counts (default 3; 1 with --check)")
    parser.add_argument("--soak", type=float, default=0, metavar="MINUTES", help="of revarch under load (default none)")
    parser.add_argument("--check", action="store_true", help="one short round, and only whether everything answers")
    parser.add_argument("--write", action="store_true", help="put the tables into benches/README.md")
    asked = parser.parse_args()
    asked.binary, asked.folder, asked.peers = asked.binary.resolve(), asked.folder.resolve(), asked.peers.resolve()
    asked.seconds = asked.seconds or (1 if asked.check else 5)
    asked.repeat = asked.repeat or (1 if asked.check else 3)
    return asked


def stop(reason):
    print(reason, file=sys.stderr)
    sys.exit(2)


def loads(asked):
    """Every load by its key: era, clients, calls a second (0: as many as can be), tool."""
    if asked.check:
        return [("modern", 16, 0, *FETCH), ("legacy", 16, 0, *FETCH), ("modern", 16, 0, *DESCRIBE)]
    found = [(era, clients, 0, *FETCH) for era in ("modern", "legacy") for clients in (1, 16, 256)]
    return [*found, ("modern", 256, PACE, *FETCH), *(("modern", clients, 0, *DESCRIBE) for clients in (1, 16, 256))]


def one_round(contender, generator, asked):
    """All that one contender shows in one round."""
    started, calls = measure.start_on_stdio(contender, *FETCH, 200 if asked.check else 2000)
    found = {"stdio_ms": started, "stdio_p50_us": statistics.median(calls), "stdio_p99_us": sorted(calls)[int(len(calls) * 0.99)]}
    with measure.serving(contender) as (process, port, found["http_ms"]):
        found["idle_mb"], found["idle_anonymous_mb"] = measure.memory_mb(process)
        for era, clients, rate, tool, arguments in loads(asked):
            key = report.key(era, clients, rate, tool)
            found[key] = measure.loaded(generator, process, port, era, clients, asked.seconds, rate, tool, arguments)
            if (era, clients, tool) == ("modern", 16, FETCH[0]):
                found["loaded_mb"], found["loaded_anonymous_mb"] = measure.memory_mb(process)
        found["end_mb"], found["end_anonymous_mb"] = measure.memory_mb(process)
    return found


def main():
    asked = arguments()
    machine_load = os.getloadavg()[0]
    if asked.write and machine_load > QUIET * os.cpu_count():
        stop(f"the machine is busy (load {machine_load:.1f}); such numbers are not written down")
    if not asked.binary.is_file():
        stop(f"there is no {asked.binary}; cargo build --release")
    if asked.install:
        contenders.install(asked.peers)
    tables, entry = contenders.prepare(asked.binary, asked.folder)
    generator = contenders.generator(asked.folder)
    present, absent = contenders.find(asked.binary, asked.peers, tables, entry)
    present = [one for one in present if not asked.only or one.name in asked.only]
    for name in absent:
        print(f"not here: {name} (--install)", file=sys.stderr)
    rounds, failures = {}, []
    for number in range(asked.repeat):
        for contender in present:
            found = one_round(contender, generator, asked)
            rounds.setdefault(contender.name, []).append(found)
            for key, load in found.items():
                if isinstance(load, dict) and (load["failures"] or not load["calls"]):
                    failures.append(f"{contender.name}, {key}: {load['failures']} of {load['all_calls']} calls failed: {load['first_failure']}")
            rate = found[report.key("modern", 16, 0, "fetch")]["calls_per_second"]
            print(f"round {number + 1}, {contender.name}: start {found['stdio_ms']:.0f} ms, {rate:.0f} calls/s with 16 clients", file=sys.stderr)
    ours = next((one for one in present if one.name == contenders.OURS), None)
    soaked = measure.soak(generator, ours, asked.soak, [FETCH, DESCRIBE]) if asked.soak and ours else None
    if soaked and soaked["failures"]:
        failures.append(f"soak: {soaked['failures']} calls failed")
    for failure in failures:
        print(f"FAILED {failure}")
    setting = {
        "date": datetime.datetime.now(datetime.timezone.utc).date().isoformat(),
        "machine": f"{house.processor()}, {os.cpu_count()} cores, {platform.system()}",
        "load": machine_load,
        "versions": ", ".join(f"{one.name} {one.version}" for one in present),
        "absent": absent, "seconds": asked.seconds, "rounds": asked.repeat, "pace": PACE,
    }
    medians = {name: report.median(found) for name, found in rounds.items()}
    (asked.folder / "results.json").write_text(json.dumps({"setting": setting, "medians": medians, "soak": soaked}, indent=1) + "\n")
    if asked.check:
        answered = sum(len([one for one in found[0].values() if isinstance(one, dict)]) for found in rounds.values())
        print(f"{answered} loads of {len(rounds)} servers, {len(failures)} with failures")
    else:
        text = report.markdown(setting, medians, soaked)
        print(text)
        if asked.write and not failures:
            report.write(HERE / "README.md", text)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
