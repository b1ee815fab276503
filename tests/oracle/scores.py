"""Writes src/domain/leads/fixtures/scores.json: what scikit-learn, scipy and plain numpy say of made-up scores.

Run from the repository's root with scikit-learn 1.9, scipy 1.17 and numpy 2.4:  python tests/oracle/scores.py
"""

import json
import pathlib

import numpy
from scipy import stats
from sklearn.calibration import calibration_curve
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

ROWS = 600
random = numpy.random.default_rng(4)

raw = random.normal(-1, 1.3, size=ROWS).round(2)
converted = random.random(ROWS) < 1 / (1 + numpy.exp(-raw * 0.8))
other = (raw + random.normal(0, 1.2, size=ROWS)).round(2)
probability = 1 / (1 + numpy.exp(-raw))
activity = random.poisson(numpy.exp(0.3 * raw + 1))

# Distinct probabilities in one order, so that every tool bins them alike.
distinct = (numpy.arange(ROWS) + 0.5) / ROWS
distinct_converted = random.random(ROWS) < distinct**1.5
observed, predicted = calibration_curve(distinct_converted, distinct, n_bins=10, strategy="quantile")
edges = numpy.quantile(distinct, numpy.linspace(0, 1, 11))
rows_of = numpy.histogram(distinct, bins=edges)[0]


def pairs(scores, y):
    """DeLong's placements from their definition, pair by pair."""
    wins = (scores[y][:, None] > scores[~y]) + 0.5 * (scores[y][:, None] == scores[~y])
    return wins.mean(1), wins.mean(0)


def delong_of_difference(a, b, y):
    """The variance of the difference of two areas on the same rows."""
    (pa, na), (pb, nb) = pairs(a, y), pairs(b, y)
    return (pa - pb).var(ddof=1) / y.sum() + (na - nb).var(ddof=1) / (~y).sum()


def lift(scores, y, share):
    """Distinct scores only: the best share of rows against all of them."""
    best = numpy.argsort(-scores, kind="stable")[: int(numpy.ceil(share * len(y)))]
    return {"share": share, "lift": y[best].mean() / y.mean(), "capture": y[best].sum() / y.sum()}


def psi(earlier, later, bins=10, smoothing=0.5):
    edges = numpy.quantile(earlier, numpy.arange(1, bins) / bins)
    count = lambda scores: numpy.bincount(numpy.searchsorted(edges, scores, side="right"), minlength=bins) + smoothing
    before, after = (count(scores) / (len(scores) + smoothing * bins) for scores in (earlier, later))
    return float(((after - before) * numpy.log(after / before)).sum())


earlier, later = random.normal(size=300).round(4), random.normal(0.25, 1, size=200).round(4)
steps = IsotonicRegression(out_of_bounds="clip").fit(raw, converted)
asked = numpy.linspace(-6, 4, 41)
floor = 1 / (ROWS + 2)

fixture = {
    "raw": raw.tolist(),
    "other": other.tolist(),
    "converted": converted.tolist(),
    "activity": activity.tolist(),
    "auc": roc_auc_score(converted, raw),
    "auc_of_other": roc_auc_score(converted, other),
    "delong_of_difference": delong_of_difference(raw, other, converted),
    "log_loss": log_loss(converted, probability),
    "brier": brier_score_loss(converted, probability),
    "spearman": stats.spearmanr(raw, activity).statistic,
    "asked": asked.tolist(),
    # The same limits as ours: no certainty beyond the rule of succession.
    "isotonic": numpy.interp(
        asked, steps.X_thresholds_, numpy.clip(steps.y_thresholds_, floor, 1 - floor)
    ).tolist(),
    "distinct": distinct.tolist(),
    "distinct_converted": distinct_converted.tolist(),
    "observed": observed.tolist(),
    "predicted": predicted.tolist(),
    "calibration_error": float((rows_of / ROWS * numpy.abs(observed - predicted)).sum()),
    "lift": [lift(distinct, distinct_converted, share) for share in (0.1, 0.2, 0.3)],
    "earlier": earlier.tolist(),
    "later": later.tolist(),
    "psi": psi(earlier, later),
    "psi_cut_off": (1 / 300 + 1 / 200) * stats.chi2.isf(0.05, 9),
    "psi_chance": stats.chi2.sf(psi(earlier, later) / (1 / 300 + 1 / 200), 9),
    "chi_square": [[value, int(df), stats.chi2.sf(value, df)] for df in range(1, 20, 2) for value in (0.3, 4.0, 25.0)],
}
path = pathlib.Path(__file__).parents[2] / "src/domain/leads/fixtures/scores.json"
path.write_text(json.dumps(fixture) + "\n")
