"""Writes src/domain/attribution/fixtures/oracle.json: what dense linear algebra and plain enumeration say of journeys.

Nothing here follows the way revarch computes: Markov removal effects come from one dense solve for each channel
(numpy), Shapley values from every order of the channels, and the simple rules are written down once more.
Run from the repository's root with numpy 2:  python tests/oracle/attribution.py
"""

import collections
import itertools
import json
import math
import pathlib

import numpy

NAMES = ["affiliate", "direct", "email", "events", "search", "social"]
random = numpy.random.default_rng(7)


def journeys(count):
    """Paths with conversions, nulls and value; channels repeat, and some only ever occur with others."""
    found = collections.OrderedDict()
    while len(found) < count:
        length = int(random.integers(1, 7))
        path = tuple(NAMES[place] for place in random.choice(6, size=length, p=[0.05, 0.3, 0.2, 0.05, 0.25, 0.15]))
        conversions = int(random.poisson(3 if "search" in path else 1))
        nulls = int(random.poisson(12))
        if conversions + nulls:
            found[path] = (conversions, nulls, round(float(random.gamma(2.0, 400.0)) * conversions, 2))
    return found


def markov(paths, order):
    """Removal effects: the chance to convert, and that with the channel's states sent to null."""
    states, flows = {}, collections.Counter()
    for path, (conversions, nulls, _) in paths.items():
        at = ()
        for channel in path:
            after = (*at, channel)[-order:]
            flows[at, after] += conversions + nulls
            at = after
        flows[at, "converted"] += conversions
        flows[at, "null"] += nulls
    for source, target in flows:
        for state in (source, target):
            if isinstance(state, tuple):
                states.setdefault(state, len(states))
    leaving = collections.Counter()
    for (source, _), count in flows.items():
        leaving[source] += count

    def conversion(without):
        stay, reward = numpy.zeros((len(states), len(states))), numpy.zeros(len(states))
        for (source, target), count in flows.items():
            share = count / leaving[source]
            if target == "converted":
                reward[states[source]] += share
            elif isinstance(target, tuple) and target[-1] != without:
                stay[states[source], states[target]] += share
        return numpy.linalg.solve(numpy.eye(len(states)) - stay, reward)[states[()]]

    whole = conversion(None)
    return {name: 1 - conversion(name) / whole for name in NAMES}


def shapley(worth):
    """The mean of what each channel adds to those before it, over all orders."""
    values = dict.fromkeys(NAMES, 0.0)
    for order in itertools.permutations(NAMES):
        for place, name in enumerate(order):
            values[name] += worth(frozenset(order[: place + 1])) - worth(frozenset(order[:place]))
    return {name: value / math.factorial(len(NAMES)) for name, value in values.items()}


def games(paths):
    inside = collections.defaultdict(lambda: [0, 0, 0.0])
    subsets = [frozenset(some) for size in range(7) for some in itertools.combinations(NAMES, size)]
    for path, (conversions, nulls, value) in paths.items():
        for subset in subsets:
            if set(path) <= subset:
                inside[subset][0] += conversions
                inside[subset][1] += conversions + nulls
                inside[subset][2] += value
    rate = lambda subset: inside[subset][0] / inside[subset][1] if inside[subset][1] else 0.0
    return shapley(lambda subset: inside[subset][2]), shapley(rate)


def positions(paths):
    """First, last, last that is not direct, linear, and 40/20/40."""
    rules = {name: dict.fromkeys(NAMES, 0.0) for name in ("first", "last", "last_non_direct", "linear", "u_shaped")}
    for path, (_, _, value) in paths.items():
        indirect = [channel for channel in path if channel != "direct"]
        rules["first"][path[0]] += value
        rules["last"][path[-1]] += value
        rules["last_non_direct"][(indirect or path)[-1]] += value
        for channel in path:
            rules["linear"][channel] += value / len(path)
        if len(path) <= 2:
            shares = [1 / len(path)] * len(path)
        else:
            shares = [0.4, *[0.2 / (len(path) - 2)] * (len(path) - 2), 0.4]
        for channel, share in zip(path, shares):
            rules["u_shaped"][channel] += share * value
    return rules


paths = journeys(160)
sums, rates = games(paths)
fixture = {
    "channels": NAMES,
    "paths": [
        {"path": list(path), "conversions": conversions, "nulls": nulls, "value": value}
        for path, (conversions, nulls, value) in paths.items()
    ],
    "removal": {str(order): markov(paths, order) for order in (1, 2, 3, 4)},
    "shapley": sums,
    "shapley_rate": rates,
    "positions": positions(paths),
}
path = pathlib.Path(__file__).parents[2] / "src/domain/attribution/fixtures/oracle.json"
path.parent.mkdir(exist_ok=True)
path.write_text(json.dumps(fixture) + "\n")
