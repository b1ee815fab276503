"""The sets that identities are resolved on: where they come from, and what revarch is told of their columns."""

import csv
import dataclasses
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent


@dataclasses.dataclass
class Set:
    """A table of people with known truth."""

    name: str
    settings: str
    folder: pathlib.Path
    compare: dict

    @property
    def file(self):
        return self.folder / "people.csv"

    @property
    def truth(self):
        return self.folder.parent / f"{self.folder.name}_truth.csv"


def published(source, folder, person):
    """Splits a published set into its table and its truth, of which nobody who matches sees anything."""
    with open(source, newline="") as opened:
        header, *rows = [[cell.strip() for cell in row] for row in csv.reader(opened) if row]
    folder.mkdir(parents=True, exist_ok=True)
    shown = [at for at, name in enumerate(header) if name != "cluster"]
    with open(folder / "people.csv", "w", newline="") as table:
        csv.writer(table).writerows([[row[at] for at in shown] for row in [header, *rows]])
    with open(folder.parent / f"{folder.name}_truth.csv", "w", newline="") as truth:
        csv.writer(truth).writerows([["id", "person"], *([row[0], person(row, header)] for row in rows)])


def sets(root, data, sizes):
    """Makes what is not there yet. `data` is the folder with splink_fake_1000 and febrl, where it is at hand."""
    found = []
    if data:
        fake = Set("fake_1000", "fake_1000", root / "fake_1000", {"unique_id": "none"})
        published(data / "splink_fake_1000/fake_1000.csv", fake.folder, lambda row, header: row[header.index("cluster")])
        found.append(fake)
        for number in (1, 3):
            one = Set(f"febrl {number}", "febrl", root / f"febrl{number}", {"street_number": "code", "state": "text"})
            published(data / f"febrl/dataset{number}.csv", one.folder, lambda row, header: row[0].split("-")[1])
            found.append(one)
    for records in sizes:
        one = Set(f"people, {records:,}", "people", root / f"people{records}", {})
        if not one.truth.exists():
            print(f"making {records:,} records in {one.folder}", file=sys.stderr)
            subprocess.run([sys.executable, str(HERE / "people.py"), str(one.folder), str(records)], check=True)
        found.append(one)
    return found
