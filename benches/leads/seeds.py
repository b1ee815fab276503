"""The same comparison on tables nobody has looked at: fresh seeds of the made-up leads, and new leadforge worlds.

    python benches/leads/seeds.py --seeds 11 12 13 --worlds 5 6 --bench target/release/deps/leads-HASH

Prints one line of JSON for each learner and table. The learners' settings were chosen on seed 1; a seed that they were
not chosen on shows what they are worth. `--bench` is the program that `cargo bench -p revarch-domain --bench leads
--no-run` makes. A world wants PyPI `leadforge`.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent


def lines(command, **environment):
    done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def compare(name, table, arguments, bench, folder):
    csv = folder / "leads.csv"
    found = lines([sys.executable, str(HERE / "peers.py"), table, "--out", str(csv), *arguments])
    found += lines([bench], LEADS=str(csv))
    for line in found:
        print(json.dumps({"table": name} | line), flush=True)


def world(seed, folder):
    """A new company of leadforge's, made by its command line; its folder of train, valid and test."""
    out = folder / f"world{seed}"
    made = [
        "leadforge", "generate", "--recipe", "b2b_saas_procurement_v1", "--seed", str(seed),
        "--n-leads", "5000", "--mode", "student_public", "--out", str(out),
    ]
    subprocess.run(made, check=True, capture_output=True, text=True)
    return next(out.glob("tasks/*"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, nargs="*", default=[])
    parser.add_argument("--worlds", type=int, nargs="*", default=[])
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--bench", required=True)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for seed in asked.seeds:
            arguments = ["--rows", str(asked.rows), "--seed", str(seed)]
            compare(f"made-up, seed {seed}", "synthetic", arguments, asked.bench, folder)
        for seed in asked.worlds:
            compare(f"leadforge, seed {seed}", str(world(seed, folder)), [], asked.bench, folder)


main()
