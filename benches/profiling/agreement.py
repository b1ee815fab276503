"""Whether the answers agree with what DuckDB counted exactly in the same rows.

Rows, nulls, blanks and placeholders must be equal in every answer that gives them. Of revarch, all columns must
be there, distinct counts equal or, where they are marked as estimates, within 3%, and the ends of numbers and
times equal. Estimates of the others are not judged; how far they are off stands in the table.
"""

import math
import statistics

from profiling.contenders import OURS

FARTHEST = 0.03
# Of a few values an estimate that is off by one is off by much, and nobody estimates there.
MANY = 1000
COUNTED = ("nulls", "blanks", "placeholders")


def differences(runs, exact):
    """Every difference once, however many rounds show it."""
    found = {}
    for (format, name), all_runs in runs.items():
        for run in all_runs:
            if run.failure is None:
                said = compare(name, run.answer, exact)
            else:
                said = [run.failure] if name == OURS else []
            found |= dict.fromkeys(f"{format}, {name}: {one}" for one in said)
    return list(found)


def compare(name, answer, exact):
    if "columns" not in answer:
        return
    if answer.get("rows", exact["rows"]) != exact["rows"]:
        yield f"{answer['rows']} rows for {exact['rows']}"
    if sorted(answer["columns"]) != sorted(exact["columns"]):
        yield f"columns {', '.join(answer['columns'])}"
        return
    for column, truth in exact["columns"].items():
        given = answer["columns"][column]
        for count in COUNTED:
            if (count in given or name == OURS) and given.get(count) != truth[count]:
                yield f"{column}: {given.get(count)} {count} for {truth[count]}"
        if name == OURS:
            yield from compare_ours(column, given, truth)


def compare_ours(column, given, truth):
    distinct, counted = given["distinct"], truth["distinct_filled"]
    if abs(distinct - counted) > (FARTHEST * counted if given.get("distinct_estimated") else 0):
        yield f"{column}: {distinct} distinct for {counted}"
    for end in ("min", "max"):
        if truth[end] is not None and not same_place(given.get(end), truth[end]):
            yield f"{column}: {end} {given.get(end)} for {truth[end]}"


def same_place(given, truth):
    """Whether two texts are the same number or the same moment."""
    if given is None:
        return False
    try:
        return math.isclose(float(given), float(truth), rel_tol=1e-12)
    except ValueError:
        return moment(given) == moment(truth)


def moment(text):
    text = text.replace("T", " ").removesuffix("Z")
    return text.rstrip("0").rstrip(".") if "." in text else text


def distinct_error(answer, exact):
    """How far the distinct counts of the columns with many values are off on average, as a share."""
    if "columns" not in answer:
        return None
    counted = "distinct_filled" if answer["over"] == "filled" else "distinct"
    many = {column: truth[counted] for column, truth in exact["columns"].items() if truth[counted] >= MANY}
    if not many:
        return None
    return statistics.mean(abs(answer["columns"][column]["distinct"] - truth) / truth for column, truth in many.items())
