"""Writes src/domain/identity/fixtures/numpy.json: expectation maximisation and match weights, by arrays in numpy.

Each level is a column of indicators here, which is not how revarch counts. Rules that both sides keep: u stays as it
is, a missing value speaks neither way, the start counts as five matches, and the fiftieth step is the last, or one
that changes nothing by 1e-6 or more. Run from the repository's root with numpy 2:  python tests/oracle/identity.py
"""

import json
import pathlib

import numpy

random = numpy.random.default_rng(11)
LEVELS = 4
STILL, START, MOST = 1e-6, 5.0, 50


def maximise(levels, counts, start, u, free, share):
    reached = (levels[:, :, None] == numpy.arange(1, LEVELS + 1)).astype(float)
    known = reached.sum(axis=2) * free
    m = start.copy()
    for step in range(1, MOST + 1):
        bits = numpy.einsum("pcl,cl->pc", reached, numpy.log(m) - numpy.log(u)) * known
        odds = share / (1 - share) * numpy.exp(bits.sum(axis=1))
        expected = counts * odds / (1 + odds)
        new_share = expected.sum() / counts.sum()
        sums = numpy.einsum("p,pcl->cl", expected, reached)
        new = (sums + START * start) / (sums.sum(axis=1, keepdims=True) + START)
        new[~free] = m[~free]
        change = max(abs(new_share - share), numpy.abs(new - m).max())
        m, share = new, new_share
        if change < STILL:
            break
    return m, share, expected.sum(), step


def case(comparisons, pairs, share, fixed):
    true_m = random.dirichlet([1, 1, 2, 12], size=comparisons)
    u = random.dirichlet([40, 4, 2, 1], size=comparisons)
    is_match = random.random(pairs) < share
    levels = numpy.empty((pairs, comparisons), dtype=int)
    for one in range(comparisons):
        drawn = [random.choice(LEVELS, size=pairs, p=p[one]) + 1 for p in (true_m, u)]
        levels[:, one] = numpy.where(is_match, *drawn)
    levels[random.random(levels.shape) < 0.1] = 0
    patterns, counts = numpy.unique(levels, axis=0, return_counts=True)
    free = numpy.array([one not in fixed for one in range(comparisons)])
    start = numpy.tile([0.05, 0.05, 0.05, 0.85], (comparisons, 1))
    m, found, matches, steps = maximise(patterns, counts.astype(float), start, u, free, 0.1)
    prior = 1e-4
    shares = random.uniform(1e-5, 0.05, size=comparisons)
    weights = []
    for row in patterns:
        weight = numpy.log2(prior / (1 - prior))
        for one, level in enumerate(row):
            if level:
                # The same value weighs by its own share, whatever the average is.
                chance = shares[one] if level == LEVELS else u[one, level - 1]
                weight += numpy.log2(m[one, level - 1] / chance)
        weights.append(weight)
    return {
        "patterns": [{"levels": row.tolist(), "count": int(n)} for row, n in zip(patterns, counts)],
        "free": free.tolist(),
        "u": u.tolist(),
        "start": start.tolist(),
        "first_share": 0.1,
        "m": m.tolist(),
        "share_and_matches": [float(found), float(matches)],
        "steps": int(steps),
        "prior": prior,
        "shares": shares.tolist(),
        "weights": [float(weight) for weight in weights],
        "probabilities": [float(1 / (1 + 2.0**-weight)) for weight in weights],
    }


cases = [case(4, 4000, 0.3, []), case(4, 2500, 0.05, [1]), case(3, 1500, 0.6, [0, 2])]
pathlib.Path("src/domain/identity/fixtures/numpy.json").write_text(json.dumps({"cases": cases}) + "\n")
