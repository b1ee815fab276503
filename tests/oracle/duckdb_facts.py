"""Recomputes in DuckDB what `describe_data` and `check_data_readiness` print of a folder of CSV files.

    python3 tests/oracle/duckdb_facts.py --binary target/debug/revarch --data DIR --now 2024-05-01T00:00:00Z

The definitions come from the tools' descriptions, the field comments of their results and the comments of
src/domain/value.rs; none of the code is followed. From the binary's own answer this script takes only what
was asked: which column plays which role, which checks and findings there are. Every number is counted here
again, from text columns. Needs duckdb 1.4 or later. Exit status 1 and a list of differences if any fact
differs.
"""

import argparse
import datetime
import json
import math
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

import duckdb

PLACEHOLDERS = """- -- . ? n/a #n/a n.a. none null nil nan tbd tba unknown undefined test xxx""".split() + [
    "not available",
    "not applicable",
    "not provided",
    "not set",
]
DEFAULT_DATES = ["1900-01-01", "0000-00-00", "00/00/0000", "01/01/1900"]
FREE_MAIL = """gmail.com googlemail.com outlook.com hotmail.com live.com yahoo.com icloud.com me.com aol.com
gmx.de gmx.net gmx.com web.de proton.me protonmail.com mail.com""".split()
Z_95 = 1.959963984540054
SURE = 0.6  # below it a guess is shown and not used
# An empty day is a gap when its weekday usually brings so many events, known from so many weeks.
USUAL_EVENTS, WEEKS = 5, 3


class Ledger:
    """What was compared and what differed."""

    def __init__(self):
        self.passed, self.differences, self.notes = 0, [], []

    def same(self, fact, ours, theirs, tolerance=0.0):
        if isinstance(ours, float) and isinstance(theirs, (int, float)):
            agree = math.isclose(ours, theirs, rel_tol=0, abs_tol=tolerance)
        else:
            agree = ours == theirs
        if agree:
            self.passed += 1
        else:
            self.differences.append(f"{fact}: oracle {ours!r}, revarch {theirs!r}")
        return agree

    def close(self):
        for note in dict.fromkeys(self.notes):
            print(f"note: {note}")
        for difference in self.differences:
            print(f"DIFFERS {difference}")
        print(f"{self.passed} passed, {len(self.differences)} failed")
        return 1 if self.differences else 0


class Revarch:
    """The binary under test, away from any configuration of the current folder."""

    def __init__(self, binary, data, now):
        self.binary = str(pathlib.Path(binary).resolve())
        self.options = ["--data", str(pathlib.Path(data).resolve()), "--now", now]

    def call(self, tool, **arguments):
        with tempfile.TemporaryDirectory() as empty:
            command = [self.binary, *self.options, "call", tool, "--args", json.dumps(arguments)]
            run = subprocess.run(command, cwd=empty, capture_output=True, text=True)
        if run.returncode:
            sys.exit(f"`{' '.join(command)}` failed: {run.stderr.strip()}")
        return json.loads(run.stdout)

    def describe(self):
        """Every table with all its columns, page after page."""
        tables, cursor = {}, None
        while True:
            more = {"cursor": cursor} if cursor else {}
            page = self.call("describe_data", response_format="detailed", **more)
            for problem in page["problems"]:
                print(f"note: revarch could not read {problem['file']}: {problem['reason']}")
            for table in page["tables"]:
                if table["name"] in tables:
                    tables[table["name"]]["columns"] += table["columns"]
                else:
                    tables[table["name"]] = table
            if page.get("next_cursor") in (None, cursor):
                return tables
            cursor = page["next_cursor"]

    def readiness(self):
        return self.call("check_data_readiness", response_format="detailed")


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def text(value):
    return "'" + value.replace("'", "''") + "'"


class Folder:
    """The CSV files as DuckDB tables of text."""

    def __init__(self, directory):
        self.db = duckdb.connect()
        self.db.execute("SET TimeZone = 'UTC'")
        words = ", ".join(map(text, PLACEHOLDERS))
        dates = "|".join(re.escape(date) for date in DEFAULT_DATES)
        self.db.execute(rf"""
            CREATE MACRO bare(x) AS regexp_replace(x, '^[\s\p{{Z}}]+|[\s\p{{Z}}]+$', '', 'g');
            CREATE MACRO is_blank(x) AS x IS NOT NULL AND bare(x) = '';
            CREATE MACRO is_placeholder(x) AS x IS NOT NULL AND (lower(bare(x)) IN ({words})
                OR regexp_full_match(bare(x), '({dates})([T ]00:00.*)?'));
            CREATE MACRO filled(x) AS x IS NOT NULL AND NOT is_blank(x) AND NOT is_placeholder(x);
            CREATE MACRO value(x) AS CASE WHEN filled(x) THEN bare(x) END;
            CREATE MACRO is_integer(x) AS regexp_full_match(bare(x), '[+-]?(0|[1-9]\d*)')
                AND NOT regexp_full_match(bare(x), '\+\d{{7,}}');
            CREATE MACRO is_number(x) AS is_integer(x)
                OR regexp_full_match(bare(x), '[+-]?((0|[1-9]\d*)(\.\d*)?|\.\d+)([eE][+-]?\d+)?')
                AND NOT regexp_full_match(bare(x), '[+-]?\d+');
            CREATE MACRO number(x) AS CASE WHEN is_number(x) THEN TRY_CAST(bare(x) AS DOUBLE) END;
            CREATE MACRO year_first(x) AS regexp_matches(bare(x), '^\d{{4}}[-/]\d{{1,2}}[-/]\d{{1,2}}([T ]\d|$)');
            CREATE MACRO moment(x) AS CASE WHEN year_first(x) AND filled(x)
                THEN TRY_CAST(replace(bare(x), '/', '-') AS TIMESTAMPTZ) END;
            CREATE MACRO micros(x) AS epoch_us(moment(x));
        """)
        self.columns = {}
        for path in sorted(pathlib.Path(directory).rglob("*.csv")):
            self.db.execute(
                f"CREATE TABLE {quoted(path.stem)} AS SELECT * FROM read_csv({text(str(path))}, all_varchar = true,"
                " header = true, delim = ',', quote = '\"', escape = '\"', auto_detect = false,"
                f" columns = {self.header(path)})"
            )
            self.columns[path.stem] = [row[0] for row in self.db.execute(f"DESCRIBE {quoted(path.stem)}").fetchall()]

    @staticmethod
    def header(path):
        import csv

        with open(path, newline="", encoding="utf-8-sig") as lines:
            names = next(csv.reader(lines))
        return "{" + ", ".join(f"{text(name)}: 'VARCHAR'" for name in names) + "}"

    def row(self, query):
        return self.db.execute(query).fetchone()

    def one(self, query):
        return self.row(query)[0]

    def rows(self, query):
        return self.db.execute(query).fetchall()


def wilson(hits, trials):
    """Wilson's score interval at 95%."""
    share, square = hits / trials, Z_95 * Z_95
    centre = (share + square / (2 * trials)) / (1 + square / trials)
    half = Z_95 * math.sqrt(share * (1 - share) / trials + square / (4 * trials * trials)) / (1 + square / trials)
    return max(0.0, centre - half), min(1.0, centre + half)


class Oracle:
    """One folder, counted here and there."""

    def __init__(self, folder, tables, readiness, now, ledger):
        self.folder, self.tables, self.readiness, self.ledger = folder, tables, readiness, ledger
        self.now = int(datetime.datetime.fromisoformat(now.replace("Z", "+00:00")).timestamp()) * 1_000_000
        self.measured = {}

    # Names and roles, as revarch recognised them.

    def split(self, rest):
        """`table.column` of a key; names may hold dots, so the longest table that fits is taken."""
        table = max((name for name in self.tables if rest == name or rest.startswith(name + ".")), key=len)
        return table, rest[len(table) + 1 :]

    def by_role(self, table, *roles):
        found = []
        for role in roles:
            for column in self.tables[table]["columns"]:
                guess = column.get("role")
                if guess and guess["name"] == role and guess["confidence"] >= SURE:
                    found.append(column["name"])
        return found

    def holder(self, entity):
        """The table that holds an entity's records: the surest, of equals the largest."""
        held = [
            (table["entity"]["confidence"], table["rows"], name)
            for name, table in self.tables.items()
            if table.get("entity", {}).get("name") == entity and table["entity"]["confidence"] >= SURE
            and self.by_role(name, "id")
        ]
        return max(held, key=lambda one: one[:2])[2] if held else None

    # describe_data

    def describe(self):
        same = self.ledger.same
        same("tables", sorted(self.folder.columns), sorted(self.tables))
        for name, table in self.tables.items():
            if name not in self.folder.columns:
                continue
            rows = self.folder.one(f"SELECT count(*) FROM {quoted(name)}")
            same(f"{name} rows", rows, table["rows"])
            names = self.folder.columns[name]
            same(f"{name} column_count", len(names), table["column_count"])
            if same(f"{name} columns", names, [column["name"] for column in table["columns"]]):
                for column in table["columns"]:
                    self.describe_column(name, column, rows)

    def describe_column(self, table, column, rows):
        same, at, c = self.ledger.same, f"{table}.{column['name']}", quoted(column["name"])
        nulls, blanks, placeholders, filled, distinct = self.folder.row(f"""
            SELECT count(*) FILTER ({c} IS NULL), count(*) FILTER (is_blank({c})),
                count(*) FILTER (is_placeholder({c})), count(*) FILTER (filled({c})),
                count(DISTINCT {c}) FILTER (filled({c})) FROM {quoted(table)}""")
        same(f"{at} nulls", nulls, column.get("nulls"))
        same(f"{at} blanks", blanks, column.get("blanks"))
        same(f"{at} placeholders", placeholders, column.get("placeholders"))
        if rows:
            same(f"{at} fill", filled / rows, column.get("fill"), 0.5e-4 + 1e-12)
        else:
            same(f"{at} fill", None, column.get("fill"))
        if column.get("distinct_estimated"):
            same(f"{at} distinct within 3%", True, abs(column["distinct"] - distinct) <= 0.03 * distinct)
        else:
            same(f"{at} distinct", distinct, column["distinct"])
        kind = column["type"]
        same(f"{at} empty type", filled == 0, kind == "empty")
        if kind in ("integer", "decimal"):
            low, high, numbers, whole = self.folder.row(f"""
                SELECT min(number({c})), max(number({c})), count(*) FILTER (is_number({c})),
                    count(*) FILTER (is_integer({c})) FROM {quoted(table)} WHERE filled({c})""")
            same(f"{at} min", low, float(column.get("min", "nan")), 0.0)
            same(f"{at} max", high, float(column.get("max", "nan")), 0.0)
            same(f"{at} type_exceptions", filled - numbers, column.get("type_exceptions", 0))
            same(f"{at} whole numbers only", whole == numbers, kind == "integer")
        elif kind in ("date", "timestamp"):
            low, high = self.folder.row(f"SELECT min(micros({c})), max(micros({c})) FROM {quoted(table)}")
            for end, ours in (("min", low), ("max", high)):
                theirs = column.get(end)
                theirs = theirs and self.folder.one(f"SELECT micros({text(theirs)})")
                same(f"{at} {end} (microseconds)", ours, theirs)

    # check_data_readiness

    def check(self):
        for question in self.readiness["questions"]:
            for check in question["checks"]:
                self.check_one(check)
        for finding in self.readiness["findings"]:
            self.finding(finding)
        for entity in self.readiness["entities"]:
            rows = sum(self.folder.one(f"SELECT count(*) FROM {quoted(table)}") for table in entity["tables"])
            self.ledger.same(f"entity {entity['entity']} rows", rows, entity["rows"])
        self.completeness()
        self.measures()

    def check_one(self, check):
        key, same = check["id"], self.ledger.same
        if "value" not in check:
            same(f"{key} verdict without a value", "unknown", check["verdict"])
            return
        counted = None
        if key.startswith("fill."):
            counted = self.fill(*self.split(key[5:]), check["what"])
        elif key.startswith("link."):
            rows, missing, dangling, _ = self.link(*self.split(key[5:]))
            counted = (rows - missing - dangling, rows)
        elif key.startswith("naming."):
            counted = self.naming(key[7:])
        elif key.startswith("events.person."):
            counted = self.people(key[14:])
        elif key.startswith("events.lag."):
            lag = self.lag(key[11:], (0.95,))
            same(f"{key} value", lag[0], check["value"], 1e-9)
        elif key.startswith("events.age."):
            same(f"{key} value", self.age(key[11:]), check["value"], 1e-9)
        elif key.startswith("score."):
            self.score(check)
        else:
            self.ledger.notes.append(f"no oracle for the check {key}")
        if counted:
            hits, trials = counted
            same(f"{key} hits", hits, check.get("hits"))
            same(f"{key} trials", trials, check.get("trials"))
            same(f"{key} value", hits / trials, check["value"], 1e-12)
            if "interval" in check:
                low, high = wilson(hits, trials)
                same(f"{key} interval low", low, check["interval"]["low"], 1e-9)
                same(f"{key} interval high", high, check["interval"]["high"], 1e-9)
        self.verdict(check)

    def verdict(self, check):
        """The interval against the threshold, the value where there is none."""
        interval = check.get("interval", {"low": check["value"], "high": check["value"]})
        low, high, limit = interval["low"], interval["high"], check["threshold"]
        if check.get("lower_is_better"):
            verdict = "ready" if high <= limit else "not_ready" if low > limit else "inconclusive"
        else:
            verdict = "ready" if low >= limit else "not_ready" if high < limit else "inconclusive"
        self.ledger.same(f"{check['id']} verdict", verdict, check["verdict"])

    def fill(self, table, column, what):
        """Filled among the rows the field is asked of: a close reason of closed deals, a next step of open ones."""
        asked = "true"
        if " among closed deals" in what or " among open deals" in what:
            closed = self.closed(table)
            asked = closed if " among closed deals" in what else f"NOT ({closed})"
        c = quoted(column)
        return self.folder.row(
            f"SELECT count(*) FILTER (filled({c})), count(*) FROM {quoted(table)} WHERE {asked}"
        )

    def closed(self, table):
        """A deal is closed if a flag says so, else if its stage is a won or lost one."""
        for name in self.folder.columns[table]:
            if re.fullmatch(r"(is_?closed|closed)", name, re.I):
                return f"coalesce(lower(value({quoted(name)})) IN ('true', '1', 'yes', 't'), false)"
        stage = quoted(self.by_role(table, "stage")[0])
        return f"""coalesce(regexp_full_match(regexp_replace(lower(value({stage})), '[^a-z]', '', 'g'),
            '(closed)?(won|lost)|closed'), false)"""

    def target(self, table, column):
        role = next(one["role"]["name"] for one in self.tables[table]["columns"] if one["name"] == column)
        entity = {"owner": "user"}.get(role, role.removesuffix("_key"))
        holder = self.holder(entity)
        return holder, self.by_role(holder, "id")[0]

    def link(self, table, column):
        """Rows, rows without a key, rows whose key no record bears, and the table that should hold it."""
        holder, identity = self.target(table, column)
        key = quoted(column)
        rows, missing, dangling = self.folder.row(f"""
            SELECT count(*), count(*) FILTER (NOT filled({key})),
                count(*) FILTER (filled({key}) AND value({key}) NOT IN
                    (SELECT value({quoted(identity)}) FROM {quoted(holder)} WHERE filled({quoted(identity)})))
            FROM {quoted(table)}""")
        return rows, missing, dangling, holder

    def naming(self, table):
        """Columns in the table's commonest style, less those that say what another one says."""
        names = self.folder.columns[table]
        shapes = {
            "snake": r"[a-z][a-z0-9]*(_[a-z0-9]+)*_*",
            "upper": r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*",
            "kebab": r"[a-z0-9]+(-[a-z0-9]+)*",
            "camel": r"[a-z][a-z0-9]*([A-Z][a-z0-9]*)*",
            "pascal": r"([A-Z][a-z0-9]*)+",
            "title": r"[A-Z][a-z0-9]*( [A-Za-z0-9]+)*",
        }
        fits = {shape: [name for name in names if re.fullmatch(form, name.lstrip("_"))] for shape, form in shapes.items()}
        style = max(fits, key=lambda shape: len(fits[shape]))
        odd = {name for name in names if name not in fits[style]}
        short = {name: re.sub(r"[_\s]*(number|no|address|value|field)$", "", name.lower()) for name in names}
        twins = {name for name in names if short[name] != name.lower() and short[name] in {n.lower() for n in names}}
        return len(names) - len(odd | twins), len(names)

    def people(self, table):
        """Rows whose person is known: any of their contact or lead keys is some record's."""
        known = []
        for role, entity in (("contact_key", "contact"), ("lead_key", "lead")):
            holder = self.holder(entity)
            for column in self.by_role(table, role):
                if holder:
                    identity = quoted(self.by_role(holder, "id")[0])
                    known.append(
                        f"coalesce(value({quoted(column)}) IN (SELECT value({identity}) FROM {quoted(holder)}"
                        f" WHERE filled({identity})), false)"
                    )
        return self.folder.row(
            f"SELECT count(*) FILTER ({' OR '.join(known) or 'false'}), count(*) FROM {quoted(table)}"
        )

    def times(self, table):
        occurred = self.by_role(table, "occurred", "created")
        loaded = self.by_role(table, "loaded", "arrived")
        return quoted(occurred[0]), quoted(loaded[0]) if loaded else None

    def lag(self, table, shares):
        """Hours from happening to arrival that a share of the rows does not exceed, in whole minutes."""
        occurred, loaded = self.times(table)
        return [
            self.folder.one(f"""
                SELECT quantile_disc(floor((micros({loaded}) - micros({occurred})) / 60000000), {share})
                FROM {quoted(table)} WHERE micros({loaded}) IS NOT NULL AND micros({occurred}) IS NOT NULL""")
            / 60.0
            for share in shares
        ]

    def age(self, table):
        occurred, _ = self.times(table)
        newest = self.folder.one(
            f"SELECT max(micros({occurred})) FROM {quoted(table)} WHERE micros({occurred}) <= {self.now}"
        )
        return (self.now - newest) / 86_400e6

    def score(self, check):
        """Every pair of a good and a bad outcome, a tie for a half."""
        matched = re.fullmatch(r"AUC of (.+) against (.+)", check["what"])
        table, column = self.split(matched[1])
        score, outcome = quoted(column), quoted(matched[2])
        rows = self.folder.rows(f"""
            SELECT number({score}), lower(value({outcome})) IN ('true', '1', '1.0', 'yes', 't', 'won')
            FROM {quoted(table)} WHERE number({score}) IS NOT NULL AND filled({score}) AND filled({outcome})""")
        good = [score for score, won in rows if won]
        bad = [score for score, won in rows if not won]
        wins = sum((g > b) + 0.5 * (g == b) for g in good for b in bad)
        auc = wins / (len(good) * len(bad))
        self.ledger.same(f"{check['id']} value", auc, check["value"], 1e-9)
        self.measured["lead_score_auc"] = (auc, None)
        # DeLong's variance, from the definition.
        by_good = [sum((g > b) + 0.5 * (g == b) for b in bad) / len(bad) for g in good]
        by_bad = [sum((g > b) + 0.5 * (g == b) for g in good) / len(good) for b in bad]
        spread = lambda part: sum((one - auc) ** 2 for one in part) / (len(part) - 1) / len(part)
        # The interval is taken on the scale of log odds, so that it stays within 0 and 1.
        half = Z_95 * math.sqrt(spread(by_good) + spread(by_bad)) / (auc * (1 - auc))
        ends = [1 / (1 + (1 - auc) / auc * math.exp(step)) for step in (half, -half)]
        self.ledger.same(f"{check['id']} interval low (DeLong, log odds)", ends[0], check["interval"]["low"], 1e-9)
        self.ledger.same(f"{check['id']} interval high (DeLong, log odds)", ends[1], check["interval"]["high"], 1e-9)
        self.score_counts = (len(good), len(bad))

    # Findings

    def finding(self, finding):
        key, same, says = finding["id"], self.ledger.same, finding["what_found"]
        rows, scanned = finding.get("affected_rows"), finding.get("scanned_rows")
        table = finding.get("table")
        if table:
            every = self.folder.one(f"SELECT count(*) FROM {quoted(table)}")
        if key.startswith("fill_optional."):
            self.optional(finding)
            same(f"{key} scanned_rows", every, scanned)
        elif key.startswith("fill."):
            check = next(one for question in self.readiness["questions"] for one in question["checks"] if one["id"] == key)
            hits, trials = self.fill(*self.split(key[5:]), check["what"])
            same(f"{key} affected_rows", trials - hits, rows)
            same(f"{key} scanned_rows", trials, scanned)
            placeholders = re.search(r"(\d+) of them with a placeholder", says)
            if placeholders:
                column = quoted(finding["column"])
                ours = self.folder.one(f"SELECT count(*) FILTER (is_placeholder({column})) FROM {quoted(table)}")
                same(f"{key} placeholders said", ours, int(placeholders[1]))
        elif key.startswith("link."):
            total, missing, dangling, holder = self.link(*self.split(key[5:]))
            same(f"{key} scanned_rows", total, scanned)
            none, astray = said_of_keys(says)
            if none is not None:
                same(f"{key} rows said to have none", missing, none)
            same(f"{key} rows said to dangle", dangling, astray)
            into = re.search(r"is not in ([^;,]+)", says)[1]
            same(f"{key} target", holder, into)
            # Where a key is optional the finding may leave the missing ones out; it then says nothing of them.
            same(f"{key} affected_rows", dangling + (missing if none is not None else 0), rows)
            restorable = re.search(r"for (\d+) of them the e-mail domain is exactly one account's", says)
            if restorable:
                same(f"{key} restorable rows said", self.restorable(*self.split(key[5:])), int(restorable[1]))
        elif key.startswith("duplicate."):
            c = quoted(self.split(key[10:])[1])
            filled, distinct = self.folder.row(
                f"SELECT count(value({c})), count(DISTINCT lower(value({c}))) FROM {quoted(table)}"
            )
            same(f"{key} affected_rows", filled - distinct, rows)
            same(f"{key} scanned_rows", filled, scanned)
            if finding.get("entity") == "contact":
                self.measured["duplicate_contact_share"] = ((filled - distinct) / filled, wilson(filled - distinct, filled))
        elif key.startswith("type."):
            c = quoted(self.split(key[5:])[1])
            kind = next(one["type"] for one in self.tables[table]["columns"] if one["name"] == finding["column"])
            if kind in ("integer", "decimal"):
                ours = self.folder.one(f"SELECT count(*) FILTER (NOT is_number({c})) FROM {quoted(table)} WHERE filled({c})")
                same(f"{key} affected_rows", ours, rows)
            else:
                self.ledger.notes.append(f"no oracle for {key}: the column is {kind}")
            same(f"{key} scanned_rows", every, scanned)
        elif key.startswith("picklist."):
            column = self.split(key[9:])[1]
            ours = sum(count for _, _, count in self.variants(table, column))
            same(f"{key} affected_rows", ours, rows)
        elif key.startswith("naming."):
            hits, trials = self.naming(table)
            said = re.match(r"(\d+) of (\d+) columns", says)
            same(f"{key} columns said", (trials - hits, trials), (int(said[1]), int(said[2])))
        elif key.startswith("childless."):
            self.childless(finding)
        elif key.startswith("events."):
            self.event_finding(finding)
        elif key.startswith("score."):
            good, bad = self.score_counts
            said = re.search(r"(\d+) converted, (\d+) not", says)
            same(f"{key} outcomes said", (good, bad), (int(said[1]), int(said[2])))
            same(f"{key} scanned_rows", good + bad, scanned)
        else:
            self.ledger.notes.append(f"no oracle for the finding {key}")
        self.evidence(finding)

    def evidence(self, finding):
        """A query that shows a finding has to run and to give the finding's rows."""
        query = finding.get("evidence_query")
        if not query or not query.startswith("SELECT count(*)") or "affected_rows" not in finding:
            return
        instant = datetime.datetime.fromtimestamp(self.now / 1e6, datetime.UTC).isoformat()
        query = query.replace("now()", f"TIMESTAMPTZ '{instant}'")
        for column in self.tables[finding["table"]]["columns"]:
            if column["type"] in ("date", "timestamp"):
                query = re.sub(rf'(?<![\w."]){re.escape(quoted(column["name"]))}', f"moment({quoted(column['name'])})", query)
        try:
            ours = self.folder.one(query)
        except duckdb.Error as error:
            ours = f"does not run: {str(error).splitlines()[0]}"
        self.ledger.same(f"{finding['id']} evidence_query", ours, finding["affected_rows"])

    def optional(self, finding):
        """The columns whose whole interval lies below 80% and that no check asks for by name."""
        table = finding["table"]
        asked = {one["id"] for question in self.readiness["questions"] for one in question["checks"]}
        rows = self.folder.one(f"SELECT count(*) FROM {quoted(table)}")
        ours = {}
        for name in self.folder.columns[table]:
            filled = self.folder.one(f"SELECT count(*) FILTER (filled({quoted(name)})) FROM {quoted(table)}")
            if rows and wilson(filled, rows)[1] < 0.8 and f"fill.{table}.{name}" not in asked:
                ours[name] = f"{filled / rows * 100:.1f}%"
        said = re.match(r"(\d+) of (\d+) columns are surely filled in less than 80.0% of rows, the whole 95% interval being below: (.*)", finding["what_found"])
        self.ledger.same(f"{finding['id']} columns counted", len(ours), int(said[1]))
        self.ledger.same(f"{finding['id']} columns in all", len(self.folder.columns[table]), int(said[2]))
        for item in said[3].split(", "):
            name, _, share = item.rpartition(" ")
            if share.endswith("%"):
                self.ledger.same(f"{finding['id']} share of {name}", ours.get(name), share)

    def restorable(self, table, column):
        """Rows without a working key whose e-mail domain is exactly one account's, free mail aside."""
        holder, identity = self.target(table, column)
        email, domain = self.by_role(table, "email")[0], self.by_role(holder, "domain")[0]
        key, mail, web, identity = map(quoted, (column, email, domain, identity))
        free = ", ".join(map(text, FREE_MAIL))
        return self.folder.one(f"""
            WITH once AS (SELECT lower(value({web})) AS domain FROM {quoted(holder)} WHERE filled({web})
                GROUP BY 1 HAVING count(*) = 1)
            SELECT count(*) FROM {quoted(table)} WHERE coalesce(value({key}) NOT IN
                (SELECT value({identity}) FROM {quoted(holder)} WHERE filled({identity})), true)
                AND filled({mail}) AND split_part(lower(value({mail})), '@', 2) IN (SELECT domain FROM once)
                AND split_part(lower(value({mail})), '@', 2) NOT IN ({free})""")

    def variants(self, table, column):
        """`(variant, value it stands for, rows)`: rarer values that are a commoner one but for case, space or a letter."""
        c = quoted(column)
        counts = self.folder.rows(
            f"SELECT {c}, count(*) FROM {quoted(table)} WHERE filled({c}) GROUP BY 1 ORDER BY 2 DESC, 1"
        )
        plain = lambda value: re.sub(r"\s+", "", value.lower())
        found = []
        for at, (rare, rows) in enumerate(counts):
            for common, more in counts[:at]:
                same = plain(rare) == plain(common)
                if more > rows and same or more > rows and len(plain(rare)) > 4 and distance_is_one(plain(rare), plain(common)):
                    found.append((rare, common, rows))
                    break
        return found

    def childless(self, finding):
        parents, children = re.fullmatch(r"childless\.(.+)\.(.+)", finding["id"]).groups()
        identity = quoted(self.by_role(parents, "id")[0])
        entity = self.tables[parents]["entity"]["name"]
        key = quoted(self.by_role(children, f"{entity}_key")[0])
        ours, total = self.folder.row(f"""
            SELECT count(*) FILTER (value({identity}) NOT IN (SELECT value({key}) FROM {quoted(children)} WHERE filled({key}))),
                count(*) FROM {quoted(parents)} WHERE filled({identity})""")
        self.ledger.same(f"{finding['id']} affected_rows", ours, finding["affected_rows"])
        self.ledger.same(f"{finding['id']} scanned_rows", total, finding["scanned_rows"])

    def event_finding(self, finding):
        key, same, says = finding["id"], self.ledger.same, finding["what_found"]
        kind, table = re.fullmatch(r"events\.(\w+?)\.(.+)", key).groups()
        rows, affected = self.folder.one(f"SELECT count(*) FROM {quoted(table)}"), finding.get("affected_rows")
        same(f"{key} scanned_rows", rows, finding.get("scanned_rows"))
        if kind == "person":
            hits, trials = self.people(table)
            same(f"{key} affected_rows", trials - hits, affected)
            return
        occurred, loaded = self.times(table)
        if kind == "future":
            ours = self.folder.one(f"SELECT count(*) FILTER (micros({occurred}) > {self.now}) FROM {quoted(table)}")
            same(f"{key} affected_rows", ours, affected)
        elif kind == "lag":
            ours = self.folder.one(
                f"SELECT count(*) FILTER (micros({loaded}) - micros({occurred}) >= 86400000000) FROM {quoted(table)}"
            )
            same(f"{key} affected_rows", ours, affected)
            median, late = re.search(r"median ([\d.]+) h, 95% within ([\d.]+) h", says).groups()
            ours = self.lag(table, (0.5, 0.95))
            same(f"{key} median said", ours[0], float(median), 0.05 + 1e-9)
            same(f"{key} 95% said", ours[1], float(late), 0.05 + 1e-9)
        elif kind == "age":
            said = re.search(r"is (\d+) days old", says)
            same(f"{key} days said", self.age(table), float(said[1]), 0.5)
        elif kind == "gap":
            silent = self.silent_days(table)
            said = re.match(r"(\d+) days? of .*: (.*)", says)
            same(f"{key} days said", len(silent), int(said[1]))
            runs = [(str(first), length) for first, length in runs_of(silent)]
            told = re.findall(r"from (\d{4}-\d\d-\d\d) \((\d+) days?\)", says)
            same(f"{key} runs said", runs[: len(told)], [(first, int(length)) for first, length in told])
        else:
            self.ledger.notes.append(f"no oracle for the finding {key}")

    def silent_days(self, table):
        """Days without an event, between the first and the last, whose weekday's median is a usual one."""
        occurred, _ = self.times(table)
        days = [
            (day, count)
            for day, count in self.folder.rows(f"""
                WITH seen AS (SELECT CAST(moment({occurred}) AS DATE) AS day, count(*) AS events FROM {quoted(table)}
                    WHERE micros({occurred}) <= {self.now} GROUP BY 1)
                SELECT CAST(unnest(generate_series(min(day), max(day), INTERVAL 1 DAY)) AS DATE) AS day, 0
                FROM seen""")
        ]
        seen = dict(self.folder.rows(f"""
            SELECT CAST(moment({occurred}) AS DATE), count(*) FROM {quoted(table)}
            WHERE micros({occurred}) <= {self.now} GROUP BY 1"""))
        by_weekday = {}
        for day, _ in days:
            by_weekday.setdefault(day.weekday(), []).append(seen.get(day, 0))
        usual = {day for day, counts in by_weekday.items() if len(counts) >= WEEKS and statistics.median(counts) >= USUAL_EVENTS}
        return [day for day, _ in days if day not in seen and day.weekday() in usual]

    def completeness(self):
        """Findings that should be there: a key, a repeat or a future event that the numbers show and nobody mentions."""
        said = {finding["id"] for finding in self.readiness["findings"]}
        for name, table in self.tables.items():
            if table.get("entity", {}).get("confidence", 0) < SURE:
                continue  # A table that is not recognised is not judged.
            for column in table["columns"]:
                guess = column.get("role")
                if not guess or guess["confidence"] < SURE or not guess["name"].endswith("_key"):
                    continue
                if not self.holder(guess["name"].removesuffix("_key")):
                    continue
                _, _, dangling, _ = self.link(name, column["name"])
                if dangling:
                    self.ledger.same(f"link.{name}.{column['name']} told of ({dangling} dangling)", True, f"link.{name}.{column['name']}" in said)
            if table.get("entity", {}).get("name") == "event" and table["entity"]["confidence"] >= SURE:
                occurred = self.by_role(name, "occurred", "created")
                if occurred:
                    future = self.folder.one(f"SELECT count(*) FILTER (micros({quoted(occurred[0])}) > {self.now}) FROM {quoted(name)}")
                    self.ledger.same(f"events.future.{name} told of ({future} rows)", future > 0, f"events.future.{name}" in said)

    def measures(self):
        """Each measure is some check's value; duplicates have no check and were counted with their finding."""
        checks = [one for question in self.readiness["questions"] for one in question["checks"]]

        def share(prefix, test=lambda _: True):
            chosen = [one for one in checks if one["id"].startswith(prefix) and "value" in one and test(one)]
            return chosen

        for measure in self.readiness["measures"]:
            name, value, same = measure["measure"], measure["value"], self.ledger.same
            prefix = {
                "contact_account_link_share": "link.",
                "event_known_person_share": "events.person.",
                "event_lag_p95_hours": "events.lag.",
                "event_age_days": "events.age.",
                "lead_score_auc": "score.",
            }.get(name)
            if prefix:
                values = [one["value"] for one in share(prefix)]
                same(f"measure {name} is a check's value", True, any(math.isclose(value, one, abs_tol=1e-9) for one in values))
            elif name == "fields_filled_share":
                fills = share("fill.")
                ready = sum(one["verdict"] == "ready" for one in fills)
                same(f"measure {name}", ready / len(fills), value, 1e-9)
            elif name == "consistent_naming_share":
                names = [self.naming(one["id"][7:]) for one in share("naming.")]
                same(f"measure {name}", sum(hits for hits, _ in names) / sum(trials for _, trials in names), value, 1e-9)
            elif name == "duplicate_contact_share":
                if name in self.measured:
                    ours, interval = self.measured[name]
                    same(f"measure {name}", ours, value, 1e-9)
                    same(f"measure {name} low", interval[0], measure["low"], 1e-9)
                    same(f"measure {name} high", interval[1], measure["high"], 1e-9)
            else:
                values = [one["value"] for one in share("fill.")]
                same(f"measure {name} is a fill check's value", True, any(math.isclose(value, one, abs_tol=1e-9) for one in values))


def said_of_keys(says):
    """Rows said to have no key (none where that is not said) and rows said to hold a key that joins nothing."""
    none, astray = re.search(r"(\d+) have none", says), re.search(r"(\d+) hold a key", says)
    return none and int(none[1]), astray and int(astray[1])


def distance_is_one(a, b):
    """Whether one letter added, dropped or changed turns one word into the other."""
    if abs(len(a) - len(b)) > 1 or a == b:
        return False
    if len(a) > len(b):
        a, b = b, a
    at = next((i for i in range(len(a)) if a[i] != b[i]), len(a))
    return a[at:] == b[at + 1 :] or len(a) == len(b) and a[at + 1 :] == b[at + 1 :]


def runs_of(days):
    runs = []
    for day in sorted(days):
        if runs and day - runs[-1][0] == datetime.timedelta(days=runs[-1][1]):
            runs[-1][1] += 1
        else:
            runs.append([day, 1])
    return [tuple(run) for run in runs]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--now", required=True)
    asked = parser.parse_args()
    ledger = Ledger()
    revarch = Revarch(asked.binary, asked.data, asked.now)
    oracle = Oracle(Folder(asked.data), revarch.describe(), revarch.readiness(), asked.now, ledger)
    oracle.describe()
    oracle.check()
    return ledger.close()


if __name__ == "__main__":
    sys.exit(main())
