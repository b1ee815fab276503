"""Recomputes in DuckDB what `measure_revenue` prints of a folder of CSV files.

    python3 tests/oracle/metrics.py --binary target/debug/revarch --data DIR --now 2024-05-01T00:00:00Z

Knows two folders by their tables: the sample company and the instructor tables of leadforge. The definitions come from
the tool's formulas and field comments; none of the code is followed. Needs duckdb 1.4 or later. Exit status 1 and a
list of differences if any value differs.
"""

import argparse
import datetime
import json
import math
import pathlib
import subprocess
import sys
import tempfile

import cells
import duckdb

# Where each thing stands: table and columns, by the file that tells the folder.
LAYOUTS = {
    "deal_stage_history.csv": {
        "deals": ("deals", "amount", "created_at", "close_date", "stage", "contact_id"),
        "leads": ("leads", "contact_id", "lead_source", "created_at"),
        "touches": ("touches", "contact_id", "channel", "occurred_at"),
        "spend": ("campaign_spend", "spend", "month"),
        "subscriptions": ("subscriptions", "account_id", "mrr", "started_at", "ended_at"),
        "marketing": ["paid_search", "webinar", "content"],
    },
    "customers.csv": {
        "deals": ("opportunities", "estimated_acv", "created_at", "closed_at", "close_outcome", "lead_id"),
        "leads": ("leads", "lead_id", "lead_source", "lead_created_at"),
        "touches": ("touches", "lead_id", "touch_channel", "touch_timestamp"),
        "spend": None,
        "subscriptions": ("subscriptions", "customer_id", None, "subscription_start_at", None),
        "marketing": ["inbound_marketing"],
    },
}
GIVEN = {"gross_margin": 0.8, "sales_cost": 50_000.0}
COUNTED = """deals_created pipeline_created sourced_pipeline influenced_pipeline deals_won deals_lost won_amount
    won_with_amount won_days won_with_days leads_created lead_days deals_from_leads marketing_spend new_customers
    customers_start customers_lost customers_end mrr_start mrr_end expansion contraction churned""".split()


def formulas(q):
    """Each metric from its quantities, as the tool words it."""
    months, margin = q["months"], q["gross_margin"]
    m = {}

    def put(name, value):
        try:
            m[name] = value()
        except (KeyError, TypeError, ZeroDivisionError):
            pass

    put("pipeline_created", lambda: q["pipeline_created"] + 0)
    put("sourced_pipeline_share", lambda: q["sourced_pipeline"] / q["pipeline_created"])
    put("influenced_pipeline_share", lambda: q["influenced_pipeline"] / q["pipeline_created"])
    put("win_rate", lambda: q["deals_won"] / (q["deals_won"] + q["deals_lost"]))
    put("mean_deal", lambda: q["won_amount"] / q["won_with_amount"])
    put("cycle_days", lambda: q["won_days"] / q["won_with_days"])
    put("velocity", lambda: q["deals_created"] * m["win_rate"] * m["mean_deal"] / m["cycle_days"])
    put("lead_to_opportunity_days", lambda: q["lead_days"] / q["deals_from_leads"])
    put("cost_per_lead", lambda: q["marketing_spend"] / q["leads_created"])
    put("cost_per_pipeline_dollar", lambda: q["marketing_spend"] / q["pipeline_created"])
    put("cac", lambda: (q["marketing_spend"] + q["sales_cost"]) / q["new_customers"])
    put("monthly_arpa", lambda: q["mrr_end"] / q["customers_end"])
    put("customer_churn", lambda: q["customers_lost"] / q["customers_start"])
    put("monthly_churn", lambda: q["customers_lost"] / (q["customers_start"] * months))
    put("clv_revenue", lambda: m["monthly_arpa"] / m["monthly_churn"])
    put("clv_margin", lambda: m["monthly_arpa"] * margin / m["monthly_churn"])
    put("clv_revenue_to_cac", lambda: m["clv_revenue"] / m["cac"])
    put("clv_margin_to_cac", lambda: m["clv_margin"] / m["cac"])
    put("payback_months", lambda: m["cac"] / (m["monthly_arpa"] * margin))
    put("nrr", lambda: (q["mrr_start"] + q["expansion"] - q["contraction"] - q["churned"]) / q["mrr_start"])
    put("grr", lambda: (q["mrr_start"] - q["contraction"] - q["churned"]) / q["mrr_start"])
    put("expansion_rate", lambda: q["expansion"] / q["mrr_start"])
    return m


class Folder:
    """The CSV files as tables of text whose empty and placeholder cells are null."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        known = [layout for name, layout in LAYOUTS.items() if (self.directory / name).exists()]
        if not known:
            sys.exit(f"{directory} is neither the sample company nor leadforge's instructor tables")
        self.layout = known[0]
        self.db = duckdb.connect()
        self.db.execute("SET TimeZone = 'UTC'")
        words = ", ".join("'" + word.replace("'", "''") + "'" for word in [*cells.PLACEHOLDERS, *cells.DEFAULT_DATES])
        self.db.execute(f"CREATE MACRO cell(x) AS CASE WHEN trim(x) = '' OR lower(trim(x)) IN ({words}) THEN NULL ELSE trim(x) END")
        self.db.execute("CREATE MACRO moment(x) AS epoch_us(TRY_CAST(cell(x) AS TIMESTAMPTZ))")
        for file in self.directory.glob("*.csv"):
            self.db.execute(f"CREATE VIEW {file.stem} AS SELECT * FROM read_csv('{file}', all_varchar = true)")
        self.prepare()

    def prepare(self):
        table, amount, created, closed, outcome, key = self.layout["deals"]
        leads, lead_key, source, lead_created = self.layout["leads"]
        touches, touch_key, channel, touched = self.layout["touches"]
        self.marketing = ", ".join(f"'{name}'" for name in self.layout["marketing"])
        self.db.execute(f"""
            CREATE TABLE d AS
            WITH l AS (
                SELECT cell({lead_key}) AS k, min(moment({lead_created})) AS at,
                    first(cell({source}) ORDER BY moment({lead_created}), cell({source})) AS src
                FROM {leads} WHERE cell({lead_key}) IS NOT NULL GROUP BY 1),
            t AS (
                SELECT cell({touch_key}) AS k, min(moment({touched})) AS at FROM {touches}
                WHERE cell({channel}) IN ({self.marketing}) GROUP BY 1)
            SELECT TRY_CAST(cell({amount}) AS DOUBLE) AS a, moment({created}) AS c, moment({closed}) AS z,
                CASE cell({outcome}) WHEN 'closed_won' THEN 'won' WHEN 'closed_lost' THEN 'lost' ELSE 'open' END AS s,
                l.src AS src, l.at AS l, t.at AS t
            FROM {table} LEFT JOIN l ON cell({table}.{key}) = l.k LEFT JOIN t ON cell({table}.{key}) = t.k""")

    def one(self, sql):
        return [0 if value is None else value for value in self.db.execute(sql).fetchone()]

    def quantities(self, start, end, now, segment):
        day = 86_400_000_000
        of = "true" if segment is None else f"coalesce(src, '(none)') = '{segment}'"
        made, closed = f"c >= {start} AND c < {end} AND {of}", f"z >= {start} AND z < {end} AND {of}"
        first = f"coalesce(CASE WHEN s <> 'open' THEN z END, {now})"
        before = f"l <= c + {day} AND l // {day} * {day} <= c"
        q = dict(zip(COUNTED, self.one(f"""
            SELECT count(*), sum(a), sum(a) FILTER (WHERE src IN ({self.marketing})), sum(a) FILTER (WHERE t < {first})
            FROM d WHERE {made}""")))
        q.update(zip(COUNTED[4:10], self.one(f"""
            SELECT count(*) FILTER (WHERE s = 'won'), count(*) FILTER (WHERE s = 'lost'), sum(a) FILTER (WHERE s = 'won'),
                count(a) FILTER (WHERE s = 'won'),
                sum(greatest(z - c, 0) / {day}::DOUBLE) FILTER (WHERE s = 'won' AND z >= c // {day} * {day}),
                count(*) FILTER (WHERE s = 'won' AND z >= c // {day} * {day})
            FROM d WHERE {closed}""")))
        leads, _, source, created = self.layout["leads"]
        own = "true" if segment is None else f"coalesce(cell({source}), '(none)') = '{segment}'"
        q["leads_created"] = self.one(
            f"SELECT count(*) FROM {leads} WHERE moment({created}) >= {start} AND moment({created}) < {end} AND {own}")[0]
        q["lead_days"], q["deals_from_leads"] = self.one(
            f"SELECT sum(greatest(c - l, 0) / {day}::DOUBLE), count(*) FROM d WHERE {before} AND {made}")
        if segment is None:
            q.update(self.spend(start, end))
            q.update(self.customers(start, end))
        return q

    def spend(self, start, end):
        if self.layout["spend"] is None:
            return {}
        table, amount, month = self.layout["spend"]
        spent = self.one(f"SELECT sum(TRY_CAST(cell({amount}) AS DOUBLE)) FROM {table} WHERE moment({month}) >= {start} AND moment({month}) < {end}")
        return {"marketing_spend": spent[0]}

    def customers(self, start, end):
        table, account, mrr, began, ended = self.layout["subscriptions"]
        new = self.one(f"""SELECT count(*) FROM (SELECT min(moment({began})) AS first FROM {table}
            WHERE cell({account}) IS NOT NULL GROUP BY cell({account})) WHERE first >= {start} AND first < {end}""")
        if mrr is None:
            return {"new_customers": new[0]}

        def at(time):
            rows = self.db.execute(f"""SELECT cell({account}), sum(TRY_CAST(cell({mrr}) AS DOUBLE)) FROM {table}
                WHERE cell({account}) IS NOT NULL AND moment({began}) < {time}
                AND (moment({ended}) IS NULL OR moment({ended}) >= {time}) GROUP BY 1""").fetchall()
            return {key: value or 0.0 for key, value in rows}

        before, after = at(start), at(end)
        both = before.keys() & after.keys()
        gone = before.keys() - after.keys()
        return {
            "new_customers": new[0],
            "customers_start": len(before),
            "customers_lost": len(gone),
            "customers_end": len(after),
            "mrr_start": sum(before.values()),
            "mrr_end": sum(after.values()),
            "expansion": sum(max(after[key] - before[key], 0) for key in both),
            "contraction": sum(max(before[key] - after[key], 0) for key in both),
            "churned": sum(before[key] for key in gone),
        }


def ask(arguments, **call):
    with tempfile.TemporaryDirectory() as empty:
        command = [str(pathlib.Path(arguments.binary).resolve()), "--data", str(pathlib.Path(arguments.data).resolve()),
                   "--now", arguments.now, "call", "measure_revenue", "--args", json.dumps(call)]
        run = subprocess.run(command, cwd=empty, capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"`{' '.join(command)}` failed: {run.stderr.strip()}")
    return json.loads(run.stdout)


def answer(arguments, **call):
    """The periods and every value, page after page."""
    values, cursor = {}, None
    while True:
        page = ask(arguments, response_format="detailed", **call, **({"cursor": cursor} if cursor else {}))
        for metric in page["metrics"]:
            for value in metric["values"]:
                values[metric["metric"], metric.get("segment"), value["period"]] = value
        cursor = page.get("next_cursor")
        if not cursor:
            return page["periods"], values


def micros(text):
    return round(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1e6)


def main():
    parser = argparse.ArgumentParser()
    for name in ("binary", "data", "now"):
        parser.add_argument(f"--{name}", required=True)
    arguments = parser.parse_args()
    folder = Folder(arguments.data)
    now = micros(arguments.now)
    passed, differences, known = 0, [], set()
    for period in ("quarter", "month"):
        names = [one["name"] for one in ask(arguments, period=period)["periods"]]
        given = [{"what": "gross_margin", "value": GIVEN["gross_margin"]}]
        given += [{"what": "sales_cost", "value": GIVEN["sales_cost"], "period": name} for name in names]
        periods, values = answer(
            arguments, period=period, segment_by="source", marketing_sources=folder.layout["marketing"], given=given)
        for one in periods:
            start, end = micros(one["from"]), micros(one["until"])
            for segment in sorted({key[1] for key in values}, key=str):
                q = folder.quantities(start, end, now, segment)
                begin = datetime.date.fromisoformat(one["from"][:10])
                q["months"] = {"quarter": 3, "month": 1}[period] if not one["partial"] else (end - start) / 86_400e6 / (365.25 / 12)
                q["gross_margin"] = GIVEN["gross_margin"]
                if segment is None:
                    q["sales_cost"] = GIVEN["sales_cost"]
                expected = formulas(q)
                told = {key[0]: value for key, value in values.items() if key[1:] == (segment, one["name"])}
                for metric in sorted(expected.keys() | told.keys()):
                    ours, theirs = expected.get(metric), told.get(metric, {}).get("value")
                    same = (ours is None) == (theirs is None) and (
                        ours is None or math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-6))
                    passed += same
                    if ours is not None:
                        known.add(metric)
                    if not same and not (theirs is None and metric not in told and segment is not None and not ours):
                        differences.append(f"{metric} of {segment} in {one['name']} (from {begin}): oracle {ours!r}, revarch {theirs!r}")
    for difference in differences:
        print(f"DIFFERS {difference}")
    print(f"{passed} passed, {len(differences)} failed; metrics with a value: {', '.join(sorted(known))}")
    sys.exit(1 if differences else 0)


if __name__ == "__main__":
    main()
