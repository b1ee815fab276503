"""The best F1 that pairs can reach: judge.py PAIRS TRUTH

PAIRS is a CSV with id_a, id_b and match_weight; TRUTH one with id and person. Goes through all thresholds from the top
and prints the best F1 with its threshold, precision and recall as JSON. Pairs that were never made count as missed.
"""

import json
import sys

import duckdb

pairs, truth = sys.argv[1:]
found = duckdb.sql(f"""
    WITH t AS (SELECT CAST(id AS VARCHAR) AS id, person FROM read_csv('{truth}', header = true)),
    p AS (SELECT match_weight AS w, CAST(a.person = b.person AS INT) AS hit
          FROM read_csv('{pairs}', header = true, all_varchar = false) AS x
          JOIN t AS a ON CAST(x.id_a AS VARCHAR) = a.id JOIN t AS b ON CAST(x.id_b AS VARCHAR) = b.id),
    g AS (SELECT w, count(*) AS n, sum(hit) AS hits FROM p GROUP BY w),
    s AS (SELECT w, sum(n) OVER (ORDER BY w DESC) AS n, sum(hits) OVER (ORDER BY w DESC) AS hits FROM g),
    a AS (SELECT sum(n * (n - 1) / 2) AS n FROM (SELECT count(*) AS n FROM t GROUP BY person))
    SELECT s.w, s.hits / s.n, s.hits / a.n, 2 * s.hits / (s.n + a.n), a.n FROM s, a ORDER BY 4 DESC, 1 DESC LIMIT 1
""").fetchall()
names = ["threshold", "precision", "recall", "f1", "true_pairs"]
print(json.dumps(dict(zip(names, map(float, found[0]))) if found else dict.fromkeys(names)))
