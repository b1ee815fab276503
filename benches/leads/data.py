"""Leads to compare learners on: made-up ones by seed, or a leadforge folder. Both are sorted by time.

The made-up table has 20 numbers (four of them counts, two mostly empty) and 10 categories, one with 500 levels;
about one lead in ten converts. Half of what decides is linear, the rest bends, interacts or hangs on a level.
"""

import pathlib

import numpy
import pandas

LEVELS = [3, 4, 5, 6, 8, 12, 20, 40, 80, 500]


def synthetic(rows, seed):
    random = numpy.random.default_rng(seed)
    table, odds = {}, numpy.full(rows, -3.05)
    for at in range(16):
        table[f"number_{at}"] = random.normal(size=rows).astype(numpy.float32).round(4)
    for at in range(4):
        table[f"count_{at}"] = random.poisson(1.5 + at, size=rows)
    number = lambda at: table[f"number_{at}"].astype(float)
    odds += 0.45 * number(0) - 0.35 * number(1) + 0.25 * number(2) + 0.2 * number(3)
    odds += 0.3 * numpy.sin(2 * number(4)) + 0.25 * numpy.abs(number(5)) + 0.35 * (number(6) > 0.8)
    odds += 0.3 * number(7) * number(8) + 0.3 * (number(0) > 0) * (number(9) > 0)
    odds += 0.35 * numpy.log1p(table["count_0"]) + 0.1 * table["count_1"]
    for at, levels in enumerate(LEVELS):
        share = random.dirichlet(numpy.full(levels, 2.0))
        code = random.choice(levels, size=rows, p=share)
        effect = random.normal(scale=[0.1, 0.3, 0, 0.3, 0, 0.2, 0.3, 0, 0.3, 0.45][at], size=levels)
        odds += effect[code]
        table[f"category_{at}"] = numpy.char.add("level", code.astype(str))
    odds += 0.25 * (table["category_1"] == "level0") * number(10)
    converted = random.random(rows) < 1 / (1 + numpy.exp(-odds))
    for at, empty in [(2, 0.1), (9, 0.3), (12, 0.6), (13, 0.7)]:
        values = table[f"number_{at}"].astype(float)
        values[random.random(rows) < empty] = numpy.nan
        table[f"number_{at}"] = values
    frame = pandas.DataFrame(table)
    minutes = numpy.arange(rows) * (2 * 365 * 24 * 60) // rows
    frame["created_at"] = pandas.Timestamp("2023-01-01") + pandas.to_timedelta(minutes, unit="m")
    frame["converted"] = converted
    return frame, odds


def leadforge(folder):
    parts = [read(pathlib.Path(folder) / part) for part in ("train", "valid", "test")]
    frame = pandas.concat(parts, ignore_index=True)
    frame = frame.rename(columns={"lead_created_at": "created_at", "converted_within_90_days": "converted"})
    frame["created_at"] = pandas.to_datetime(frame["created_at"])
    return frame.sort_values("created_at", kind="stable").reset_index(drop=True)


def read(part):
    packed = part.with_suffix(".parquet")
    return pandas.read_parquet(packed) if packed.exists() else pandas.read_csv(part.with_suffix(".csv"))
