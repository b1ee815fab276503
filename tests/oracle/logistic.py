"""Writes src/domain/leads/fixtures/logistic.json: what scikit-learn and plain numpy say about made-up leads.

Run from the repository's root with scikit-learn 1.9 and numpy 2.4:  python tests/oracle/logistic.py
"""

import json
import pathlib

import numpy
from sklearn.calibration import _SigmoidCalibration
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

ROWS, PENALTIES = 240, [100.0, 10.0, 1.0, 0.1]
random = numpy.random.default_rng(20)


def leads():
    """Two numbers, a rare mark and a mark that separates: only converted leads carry the last."""
    x = numpy.zeros((ROWS, 4))
    x[:, 0] = random.normal(size=ROWS).round(3)
    x[:, 1] = random.poisson(2, size=ROWS)
    x[:, 2] = random.random(ROWS) < 0.1
    chance = 1 / (1 + numpy.exp(-(-1.2 + 0.9 * x[:, 0] + 0.2 * x[:, 1] + 1.1 * x[:, 2])))
    y = random.random(ROWS) < chance
    x[:, 3] = y & (random.random(ROWS) < 0.2)
    return x, y


def delong(scores, y):
    """DeLong's variance from its definition, pair by pair."""
    wins = (scores[y][:, None] > scores[~y]) + 0.5 * (scores[y][:, None] == scores[~y])
    return wins.mean(1).var(ddof=1) / y.sum() + wins.mean(0).var(ddof=1) / (~y).sum()


x, y = leads()
fits = []
for penalty in PENALTIES:
    model = LogisticRegression(C=1 / penalty, solver="newton-cholesky", tol=1e-12, max_iter=1000).fit(x, y)
    fits.append({"penalty": penalty, "weights": [model.intercept_[0], *model.coef_[0]]})

odds = model.decision_function(x)
coarse = odds.round(0)
platt = _SigmoidCalibration().fit(odds / 2, y)
probability = 1 / (1 + numpy.exp(-odds))
fixture = {
    "rows": x.tolist(),
    "converted": y.tolist(),
    "fits": fits,
    "log_odds": odds.tolist(),
    "auc": roc_auc_score(y, odds),
    "auc_of_rounded": roc_auc_score(y, coarse),
    "delong_of_rounded": delong(coarse, y),
    "log_loss": log_loss(y, probability),
    "brier": brier_score_loss(y, probability),
    # scikit-learn writes 1 / (1 + exp(a f + b)): both signs are turned here.
    "platt_of_half": {"slope": -platt.a_, "offset": -platt.b_},
}
path = pathlib.Path(__file__).parents[2] / "src/domain/leads/fixtures/logistic.json"
path.write_text(json.dumps(fixture) + "\n")
