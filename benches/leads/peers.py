"""Peers on a split by time: the first 60% train, the next 20% stop and calibrate, the last 20% test.

    python benches/leads/peers.py synthetic --rows 200000 --seed 1 --out leads.csv
    python benches/leads/peers.py DIR_OF_LEADFORGE --out leads.csv

`--out` writes the very rows, in the same order, for `cargo bench -p revarch-domain --bench leads`.
"""

import argparse
import json
import time

import lightgbm
import numpy
import pandas
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

import data

THREADS = 2
ROLES = ["created_at", "converted", "lead_id", "account_id", "contact_id"]
# What our own leak test drops or flags in leadforge's public table; the peers are spared it too.
TRAPS = ["total_touches_all"]


def report(name, y, scored, seconds, score):
    took = []
    for _ in range(3):
        start = time.perf_counter()
        chances = score()
        took.append(time.perf_counter() - start)
    fields = {
        "learner": name,
        "auc": round(roc_auc_score(y, chances), 4),
        "log_loss": round(log_loss(y, chances), 4),
        "train_s": round(seconds, 2),
        "rows_per_s": round(scored / min(took)),
    }
    print(json.dumps(fields), flush=True)


def timed(fit):
    start = time.perf_counter()
    model = fit()
    return model, time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("table")
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out")
    asked = parser.parse_args()
    if asked.table == "synthetic":
        frame = data.synthetic(asked.rows, asked.seed)[0]
    else:
        frame = data.leadforge(asked.table)
    if asked.out:
        frame.to_csv(asked.out, index=False)
    y = frame["converted"].to_numpy().astype(bool)
    x = frame.drop(columns=[name for name in ROLES + TRAPS if name in frame])
    words = [name for name in x if x[name].dtype.kind not in "fiub"]
    for name in x.columns.difference(words):
        x[name] = x[name].astype(float)
    numbers = [name for name in x if name not in words]
    # The same places as the domain's: the change of time nearest to each share.
    first, second = (boundary(frame["created_at"].to_numpy(), share) for share in (0.6, 0.8))
    train, stop, test = slice(0, first), slice(first, second), slice(second, None)
    known = slice(0, second)
    rows = len(y) - second

    coded = x.copy()
    for name in words:
        coded[name] = x[name].astype("category")
    quiet = {"verbose": -1, "n_jobs": THREADS, "random_state": 1}
    model, took = timed(lambda: lightgbm.LGBMClassifier(**quiet).fit(coded[train], y[train]))
    report("lightgbm default", y[test], rows, took, lambda: model.predict_proba(coded[test])[:, 1])
    for name, settings in {
        "lightgbm tuned, depth 4": {"max_depth": 4, "num_leaves": 15},
        "lightgbm tuned": {"num_leaves": 15, "min_child_samples": 50},
    }.items():
        settings |= {
            "n_estimators": 2000, "learning_rate": 0.05, "reg_lambda": 5, "subsample": 0.8, "subsample_freq": 1,
            "colsample_bytree": 0.6, "cat_smooth": 50, "cat_l2": 50, **quiet,
        }
        fit = lambda: lightgbm.LGBMClassifier(**settings).fit(
            coded[train], y[train], eval_set=[(coded[stop], y[stop])], eval_metric="logloss",
            callbacks=[lightgbm.early_stopping(50, verbose=False)],
        )
        model, took = timed(fit)
        report(name, y[test], rows, took, lambda: model.predict_proba(coded[test])[:, 1])

    small = [name for name in words if x[name].nunique() <= 255]
    many = [name for name in words if name not in small]
    encoded = x.copy()
    for name in many:
        encoded[name] = OrdinalEncoder().fit_transform(x[[name]])[:, 0]
    for name in small:
        encoded[name] = x[name].astype("category")
    fit = lambda: HistGradientBoostingClassifier(
        categorical_features="from_dtype", early_stopping=True, max_iter=1000, learning_rate=0.1,
        max_leaf_nodes=15, l2_regularization=5, random_state=1,
    ).fit(encoded[train], y[train], X_val=encoded[stop], y_val=y[stop])
    model, took = timed(fit)
    report("HistGradientBoosting tuned", y[test], rows, took, lambda: model.predict_proba(encoded[test])[:, 1])

    marks = make_column_transformer(
        (make_pipeline(SimpleImputer(add_indicator=True), StandardScaler()), numbers),
        (OneHotEncoder(handle_unknown="ignore", min_frequency=20), words),
    )
    fit = lambda: make_pipeline(marks, LogisticRegression(C=0.1, max_iter=2000)).fit(x[train], y[train])
    model, took = timed(fit)
    report("logistic regression", y[test], rows, took, lambda: model.predict_proba(x[test])[:, 1])
    fit = lambda: make_pipeline(marks, LogisticRegression(C=0.1, max_iter=2000)).fit(x[known], y[known])
    model, took = timed(fit)
    report("logistic regression on 80%", y[test], rows, took, lambda: model.predict_proba(x[test])[:, 1])


def boundary(times, share):
    changes = numpy.flatnonzero(times[1:] > times[:-1]) + 1
    return int(changes[numpy.argmin(numpy.abs(changes - share * len(times)))])


main()
