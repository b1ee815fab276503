"""Writes src/domain/risk/fixtures/survival.json: made-up stays, and what lifelines says of them.

    python3 tests/oracle/risk.py

Kaplan-Meier with Greenwood's log-log interval, and Aalen-Johansen with its variance. lifelines moves the events of
different ways out apart where they fall on the same moment, so the stays of that estimate never tie; on tied stays
the estimate is worked out here, from its definition. Needs lifelines 0.30.
"""

import json
import pathlib
import random

import lifelines
import pandas

WAYS = {"won": 1, "lost": 2, "moved": 3}
AGES = [1.0, 7.5, 20.0, 45.0, 80.0]


def stays(seed, count, tied):
    """Days and way out; 0 where the stay goes on."""
    dice = random.Random(seed)
    rows = []
    for _ in range(count):
        way = dice.choices([1, 2, 3], [2, 3, 5])[0]
        left = dice.expovariate(1 / {1: 50, 2: 35, 3: 25}[way])
        seen = dice.expovariate(1 / 60)
        days, way = (left, way) if left <= seen else (seen, 0)
        rows.append((float(round(days)) if tied else days, way))
    return rows


def kaplan_meier(rows, entry=None):
    if entry is not None:
        rows = [row for row in rows if row[0] > entry]
    days, ended = [row[0] for row in rows], [row[1] > 0 for row in rows]
    entries = None if entry is None else [entry] * len(rows)
    fitter = lifelines.KaplanMeierFitter().fit(days, ended, entry=entries)
    return fitter


def at(frame, age):
    """The value of a step function at an age."""
    return float(frame[frame.index <= age].iloc[-1])


def survival(rows):
    fitter = kaplan_meier(rows)
    interval = fitter.confidence_interval_
    told = []
    for age in AGES:
        told.append(
            {
                "age": age,
                "staying": at(fitter.survival_function_.iloc[:, 0], age),
                "low": at(interval.iloc[:, 0], age),
                "high": at(interval.iloc[:, 1], age),
            }
        )
    return {"points": told, "median": float(fitter.median_survival_time_)}


def conditional(rows, more=30.0):
    told = []
    for age in AGES[:4]:
        fitter = kaplan_meier(rows, entry=age)
        interval = fitter.confidence_interval_
        told.append(
            {
                "age": age,
                "more": more,
                "staying": at(fitter.survival_function_.iloc[:, 0], age + more),
                "low": at(interval.iloc[:, 0], age + more),
                "high": at(interval.iloc[:, 1], age + more),
            }
        )
    return told


def incidence(rows):
    days, ways = pandas.Series([row[0] for row in rows]), pandas.Series([row[1] for row in rows])
    told = {}
    for name, way in WAYS.items():
        fitter = lifelines.AalenJohansenFitter(calculate_variance=True).fit(days, ways, event_of_interest=way)
        values, variances = fitter.cumulative_density_.iloc[:, 0], fitter.variance_
        told[name] = [{"age": age, "value": at(values, age), "variance": at(variances, age)} for age in AGES]
    return told


def incidence_of_ties(rows):
    """By the definition: the chance to stay until just before a day, times the share that leaves on it in a way."""
    told = {name: [] for name in WAYS}
    for name, way in WAYS.items():
        for age in AGES:
            staying, value = 1.0, 0.0
            for day in sorted({row[0] for row in rows if row[0] <= age}):
                at_risk = sum(row[0] >= day for row in rows)
                value += staying * sum(row == (day, way) for row in rows) / at_risk
                staying *= 1 - sum(row[0] == day and row[1] > 0 for row in rows) / at_risk
            told[name].append({"age": age, "value": value})
    return told


def main():
    smooth, tied = stays(1, 160, tied=False), stays(2, 160, tied=True)
    fixture = {
        "lifelines": lifelines.__version__,
        "smooth": {
            "stays": smooth,
            "survival": survival(smooth),
            "conditional": conditional(smooth),
            "incidence": incidence(smooth),
        },
        "tied": {
            "stays": tied,
            "survival": survival(tied),
            "conditional": conditional(tied),
            "incidence": incidence_of_ties(tied),
        },
    }
    path = pathlib.Path(__file__).parents[2] / "src/domain/risk/fixtures/survival.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(fixture, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
