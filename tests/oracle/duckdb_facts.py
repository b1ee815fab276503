"""Recomputes in DuckDB what `describe_data` and `check_data_readiness` print of a folder of CSV files.

    python3 tests/oracle/duckdb_facts.py --binary target/debug/revarch --data DIR --now 2024-05-01T00:00:00Z

The definitions come from the tools' descriptions, the field comments of their results, the comments of
src/domain and the thresholds and fields of src/domain/readiness/lens.json; none of the code is followed. From
the binary's own answer this script takes only what was recognised: which table holds which entity, which
column plays which role, which key joins what. Every number is counted here again, from text columns, and the
checks and findings that have to be there are worked out here, too. Needs duckdb 1.4 or later. Exit status 1
and a list of differences if any fact differs.
"""

import argparse
import collections
import csv
import datetime
import functools
import itertools
import json
import math
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

import cells
import duckdb

Z_95 = 1.959963984540054
SURE = 0.6  # below it a guess is shown and not used
# An empty day is a gap when its weekday usually brings so many events, known from so many weeks.
USUAL_EVENTS, WEEKS = 5, 3
STRAYS = 0.001  # of the rows, the first: their days do not make the others look idle
LEAST_OUTCOMES = 50  # of each sort, for a score to be judged
JOINS_SHOWN = 30
COMPANY_COLUMNS = "company companyname accountname organization organisation employer".split()
GOOD = "('true', 't', '1', '1.0', 'yes', 'y', 'won', 'closed_won', 'closedwon', 'closed won', 'converted')"
BAD = """('false', 'f', '0', '0.0', 'no', 'n', 'lost', 'closed_lost', 'closedlost', 'closed lost', 'not converted',
    'unconverted')"""
LENS = json.loads((pathlib.Path(__file__).parents[2] / "src/domain/readiness/lens.json").read_text())
LIMITS = {name: one["value"] for name, one in LENS["thresholds"].items()}
FIELDS = {one["entity"]: one["fields"] for one in LENS["fields"]}
PERCENTS = (5, 25, 50, 75, 95)


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

    def pages(self, tool, **arguments):
        page = self.call(tool, response_format="detailed", **arguments)
        yield page
        while page.get("next_cursor"):
            page = self.call(tool, response_format="detailed", cursor=page["next_cursor"], **arguments)
            yield page

    def describe(self):
        """Every table with all its columns, page after page."""
        tables = {}
        for page in self.pages("describe_data"):
            for problem in page["problems"]:
                print(f"note: revarch could not read {problem['file']}: {problem['reason']}")
            for table in page["tables"]:
                if table["name"] in tables:
                    tables[table["name"]]["columns"] += table["columns"]
                else:
                    tables[table["name"]] = table
        return tables

    def joins(self, names):
        """Every join. So many are listed of a folder at most, so tables are asked of in pairs of ever smaller groups."""
        for groups in range(1, len(names) + 1):
            parts = [names[at::groups] for at in range(groups)]
            pairs = itertools.combinations(parts, 2) if groups > 1 else [(parts[0], [])]
            told = [self.call("describe_data", tables=one + other).get("joins", []) for one, other in pairs]
            if all(len(joins) < JOINS_SHOWN for joins in told):
                return [json.loads(join) for join in dict.fromkeys(json.dumps(one) for joins in told for one in joins)]
        return []

    def readiness(self):
        """The whole answer, page after page."""
        whole = None
        for page in self.pages("check_data_readiness"):
            if whole is None:
                whole = page
                continue
            for question, more in zip(whole["questions"], page["questions"]):
                question["checks"] += more["checks"]
            whole["findings"] += page["findings"]
        return whole


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def text(value):
    return "'" + value.replace("'", "''") + "'"


class Folder:
    """The CSV files as DuckDB tables of text."""

    def __init__(self, directory):
        self.db = duckdb.connect()
        self.db.execute("SET TimeZone = 'UTC'")
        words = ", ".join(map(text, cells.PLACEHOLDERS))
        dates = "|".join(re.escape(date) for date in cells.DEFAULT_DATES)
        self.db.execute(rf"""
            CREATE MACRO bare(x) AS regexp_replace(x, '^[\s\p{{Z}}]+|[\s\p{{Z}}]+$', '', 'g');
            CREATE MACRO is_blank(x) AS x IS NOT NULL AND bare(x) = '';
            CREATE MACRO is_placeholder(x) AS x IS NOT NULL AND (lower(bare(x)) IN ({words})
                OR regexp_full_match(bare(x), '({dates})([T ]00:00.*)?'));
            CREATE MACRO filled(x) AS x IS NOT NULL AND NOT is_blank(x) AND NOT is_placeholder(x);
            CREATE MACRO value(x) AS CASE WHEN filled(x) THEN bare(x) END;
            CREATE MACRO key(x) AS regexp_replace(value(x), '^([0-9]+)\.0$', '\1');
            CREATE MACRO number(x) AS TRY_CAST(value(x) AS DOUBLE);
            CREATE TABLE moments (written VARCHAR PRIMARY KEY, micros BIGINT);
            CREATE MACRO micros(x) AS (SELECT micros FROM moments WHERE written = x);
        """)
        self.columns, self.cells, self.files = {}, {}, {}
        for path in sorted(pathlib.Path(directory).rglob("*.csv")):
            name, columns = path.stem, self.header(path)
            types = "{" + ", ".join(f"{text(column)}: 'VARCHAR'" for column in columns) + "}"
            self.db.execute(
                f"CREATE TABLE {quoted(name)} AS SELECT * FROM read_csv({text(str(path))}, all_varchar = true,"
                f" header = true, delim = ',', quote = '\"', escape = '\"', auto_detect = false, columns = {types})"
            )
            self.columns[name], self.files[name] = columns, path
            for column in columns:
                self.cells[name, column] = cells.Cells(
                    self.rows(f"SELECT {quoted(column)}, count(*) FROM {quoted(name)} GROUP BY 1")
                )
                self.learn_moments(self.cells[name, column])

    def learn_moments(self, column):
        """So that queries can compare times: DuckDB reads fewer ways of writing them."""
        if not column.moments:
            return
        read = [(raw, cells.moment(cells.bare(raw))) for raw, _ in column.top]
        rows = [(raw, when[0]) for raw, when in read if when and when[0] is not None]
        lists = [[raw for raw, _ in rows], [micros for _, micros in rows]]
        self.db.execute("INSERT OR IGNORE INTO moments SELECT unnest($1), unnest($2)", lists)

    @staticmethod
    def header(path):
        with open(path, newline="", encoding="utf-8-sig") as lines:
            return [cells.bare(name) for name in next(csv.reader(lines))]

    def count(self, table):
        return self.one(f"SELECT count(*) FROM {quoted(table)}")

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


def judge(low, high, limit):
    return "ready" if low >= limit else "not_ready" if high < limit else "inconclusive"


def judge_share(hits, trials, limit):
    return judge(*wilson(hits, trials), limit) if trials else "unknown"


class Link:
    """A key of one table and the tables it points at."""

    def __init__(self, joins):
        self.table, self.column = joins[0]["from"]
        self.targets = [join["to"] for join in joins]
        self.many = joins[0].get("many", False)
        self.elsewhere = any(join.get("elsewhere") for join in joins)


class Oracle:
    """One folder, counted here and there."""

    def __init__(self, folder, tables, joins, readiness, now, ledger):
        self.folder, self.tables, self.readiness, self.ledger = folder, tables, readiness, ledger
        self.now = int(datetime.datetime.fromisoformat(now.replace("Z", "+00:00")).timestamp()) * 1_000_000
        self.checks = {check["id"]: check for question in readiness["questions"] for check in question["checks"]}
        self.findings = {finding["id"]: finding for finding in readiness["findings"]}
        self.expected_checks, self.expected_findings = set(), {}
        self.links = self.followed(joins)
        self.measured = collections.defaultdict(list)

    # Names and roles, as revarch recognised them.

    def split(self, rest):
        """`table.column` of a key; names may hold dots, so the longest table that fits is taken."""
        table = max((name for name in self.tables if rest == name or rest.startswith(name + ".")), key=len)
        return table, rest[len(table) + 1 :]

    def role(self, table, column):
        """What a column is for, if that is sure."""
        guess = next(one.get("role") for one in self.tables[table]["columns"] if one["name"] == column)
        return guess["name"] if guess and guess["confidence"] >= SURE else None

    def column(self, table, role):
        """The column that surest plays a role, of equals the first by name."""
        found = [
            (-one["role"]["confidence"], one["name"])
            for one in self.tables[table]["columns"]
            if self.role(table, one["name"]) == role
        ]
        return min(found)[1] if found else None

    def entity(self, table):
        guess = self.tables[table].get("entity")
        return guess["name"] if guess and guess["confidence"] >= SURE else None

    def holders(self, *entities):
        return [name for name in self.tables if self.entity(name) in entities]

    def followed(self, joins):
        """The joins that are sure and lead from a recognised table to another, by the key they start from."""
        by_key = collections.defaultdict(list)
        for join in joins:
            ends = {end: self.split(join[end]) for end in ("from", "to")}
            if join["confidence"] >= SURE and all(self.entity(table) for table, _ in ends.values()):
                by_key[ends["from"]].append(join | ends)
        return {key: Link(found) for key, found in by_key.items()}

    def cells(self, table, column):
        return self.folder.cells[table, column]

    # describe_data

    def describe(self):
        same = self.ledger.same
        same("tables", sorted(self.folder.columns), sorted(self.tables))
        for name, table in self.tables.items():
            if name not in self.folder.columns:
                continue
            rows = self.folder.count(name)
            same(f"{name} rows", rows, table["rows"])
            same(f"{name} bytes", self.folder.files[name].stat().st_size, table["bytes"])
            same(f"{name} left_out", [], table.get("left_out", []))
            names = self.folder.columns[name]
            same(f"{name} column_count", len(names), table["column_count"])
            if same(f"{name} columns", names, [column["name"] for column in table["columns"]]):
                for column in table["columns"]:
                    self.describe_column(name, column, rows)
        scanned = self.readiness["scanned"]
        same("scanned tables", len(self.tables), scanned["tables"])
        same("scanned rows", sum(map(self.folder.count, self.tables)), scanned["rows"])
        same("scanned files", len(self.folder.files), scanned["files"])
        same("scanned bytes", sum(path.stat().st_size for path in self.folder.files.values()), scanned["bytes"])
        same("scanned left_out", [], scanned.get("left_out", []))

    def describe_column(self, table, column, rows):
        at, c, ours = f"{table}.{column['name']}", quoted(column["name"]), self.cells(table, column["name"])
        same = lambda fact, mine, theirs, tolerance=0.0: self.ledger.same(f"{at} {fact}", mine, theirs, tolerance)
        nulls, blanks, placeholders, filled, distinct = self.folder.row(f"""
            SELECT count(*) FILTER ({c} IS NULL), count(*) FILTER (is_blank({c})),
                count(*) FILTER (is_placeholder({c})), count(*) FILTER (filled({c})),
                count(DISTINCT {c}) FILTER (filled({c})) FROM {quoted(table)}""")
        same("nulls", nulls, column["nulls"])
        same("blanks", blanks, column["blanks"])
        same("placeholders", placeholders, column["placeholders"])
        same("fill", filled / rows if rows else None, column.get("fill"), 0.5e-4 + 1e-12)
        counted = not column.get("distinct_estimated")
        if counted:
            same("distinct", distinct, column["distinct"])
        else:
            same("distinct within 3%", True, abs(column["distinct"] - distinct) <= 0.03 * distinct)
        same("type", ours.type, column["type"])
        same("type_exceptions", ours.exceptions, column.get("type_exceptions", 0))
        same("pattern", ours.pattern, column.get("pattern"))
        same("plain orders to an agent are told", True, ours.orders <= column.get("instruction_like", 0))
        several = lambda counts: {name: count for name, count in counts.items() if count} if sum(map(bool, counts.values())) > 1 else {}
        listed = lambda counts: {one["name"]: one["rows"] for one in counts}
        same("kinds", several(ours.kinds), listed(column.get("kinds", [])))
        same("date_formats", several(ours.formats), listed(column.get("date_formats", [])))
        same("implausible_dates", ours.implausible, column.get("implausible_dates", 0))
        same("padded", ours.padded, column.get("padded", 0))
        same("controls", ours.controls, column.get("controls", 0))
        same("longest", ours.longest, column.get("longest", 0))
        commonest = ours.top[0][1] if ours.top else None
        if counted:
            same("case_variants", ours.case_variants, column.get("case_variants", 0))
            same("space_variants", ours.space_variants, column.get("space_variants", 0))
            same("commonest_rows", commonest, column.get("commonest_rows"))
        else:
            same("commonest_rows are no more than there are", True, column.get("commonest_rows", 0) <= commonest)
        if ours.type in ("integer", "decimal"):
            self.spread(same, ours.numbers, column, counted, float)
        elif ours.type in ("date", "timestamp"):
            with_time = ours.kinds["timestamp"] > 0
            same("min and max are shown in ISO form", True, all(
                cells.shown(cells.moment(end)[0], with_time) == end for end in (column.get("min"), column.get("max")) if end
            ))
            self.spread(same, ours.moments, column, counted, lambda told: cells.moment(told)[0])
        else:
            same("no range of text", (None, None, None), (column.get("min"), column.get("max"), column.get("quantiles")))

    @staticmethod
    def spread(same, values, column, counted, read):
        """The ends and the quantiles: exact where the values were counted, else within a point of their share."""
        if not values:
            same("no range without values", None, column.get("quantiles"))
            return
        same("min", min(values)[0], read(column["min"]))
        same("max", max(values)[0], read(column["max"]))
        told = [read(value) for value in column["quantiles"]]
        if counted:
            same("quantiles", [cells.nearest_rank(values, percent) for percent in PERCENTS], told)
            return
        for percent, value in zip(PERCENTS, told):
            low, high = (cells.nearest_rank(values, max(0, percent + off)) for off in (-1, 1))
            same(f"quantile {percent}% lies between the {percent - 1}% and the {percent + 1}%", True, low <= value <= high)

    # check_data_readiness: what has to be there

    def check(self):
        same, answer = self.ledger.same, self.readiness
        ids = [check["id"] for question in answer["questions"] for check in question["checks"]]
        same("checks told once", [], [name for name, times in collections.Counter(ids).items() if times > 1])
        ids = [finding["id"] for finding in answer["findings"]]
        same("findings told once", [], [name for name, times in collections.Counter(ids).items() if times > 1])
        same("findings_total", len(ids), answer["findings_total"])
        self.fields()
        self.association()
        self.events()
        self.scores()
        self.repeats()
        self.hygiene()
        same("checks that are missing", sorted(set(self.expected_checks) - set(self.checks)), [])
        same("checks that nothing asks for", [], sorted(set(self.checks) - set(self.expected_checks)))
        same("findings that are missing", sorted(set(self.expected_findings) - set(self.findings)), [])
        same("findings that nothing asks for", [], sorted(set(self.findings) - set(self.expected_findings)))
        for finding in answer["findings"]:
            if (ours := self.expected_findings.get(finding["id"])) is not None:
                same(f"{finding['id']} affected_rows and scanned_rows", ours, (finding.get("affected_rows"), finding.get("scanned_rows")))
            self.evidence(finding)
        for question in answer["questions"]:
            self.question(question)
        self.entities()
        self.measures()

    def says(self, key):
        return self.findings.get(key, {}).get("what_found", "")

    def expect(self, key, affected, scanned):
        self.expected_findings[key] = (affected, scanned)

    def share(self, key, hits, trials, limit, exact=False):
        """A check by a share; gives its verdict."""
        self.expected_checks.add(key)
        check, same = self.checks.get(key), self.ledger.same
        verdict = judge_share(hits, trials, LIMITS[limit])
        if exact and trials:
            verdict = judge(hits / trials, hits / trials, LIMITS[limit])
        if not check:
            return verdict
        same(f"{key} hits of trials", (hits, trials), (check.get("hits"), check.get("trials")))
        if trials:
            same(f"{key} value", hits / trials, check.get("value"), 1e-12)
        same(f"{key} has an interval", bool(trials) and not exact, "interval" in check)
        if "interval" in check and trials:
            for end, ours in zip(("low", "high"), wilson(hits, trials)):
                same(f"{key} interval {end}", ours, check["interval"][end], 1e-9)
        self.told(check, verdict, limit, "measured" if trials else "unknown")
        return verdict

    def bound(self, key, value, limit, verdict=None):
        self.expected_checks.add(key)
        verdict = verdict or ("unknown" if value is None else "ready" if value <= LIMITS[limit] else "not_ready")
        if check := self.checks.get(key):
            self.ledger.same(f"{key} value", value, check.get("value"), 1e-9)
            self.told(check, verdict, limit, "unknown" if value is None else "measured")
        return verdict

    def open(self, key, limit):
        self.expected_checks.add(key)
        if check := self.checks.get(key):
            self.ledger.same(f"{key} has no value", None, check.get("value"))
            self.told(check, "unknown", limit, "unknown")

    def told(self, check, verdict, limit, provenance):
        same, lens = self.ledger.same, LENS["thresholds"][limit]
        same(f"{check['id']} verdict", verdict, check["verdict"])
        same(f"{check['id']} provenance", provenance, check["provenance"])
        same(f"{check['id']} threshold", (lens["value"], lens["provenance"]), (check["threshold"], check["threshold_from"]))

    def question(self, question):
        """One failure fails it, one doubt leaves it in doubt."""
        verdicts = [check["verdict"] for check in question["checks"]]
        worst = next((one for one in ("not_ready", "inconclusive", "unknown") if one in verdicts), "ready" if verdicts else "unknown")
        self.ledger.same(f"question {question['id']} verdict", worst, question["verdict"])
        self.ledger.same(f"question {question['id']} passed", verdicts.count("ready"), question["passed"])

    def entities(self):
        for entity in self.readiness["entities"]:
            tables = self.holders(entity["entity"])
            self.ledger.same(f"entity {entity['entity']} tables", sorted(tables), sorted(entity["tables"]))
            self.ledger.same(f"entity {entity['entity']} rows", sum(map(self.folder.count, tables)), entity["rows"])
            grave = [
                finding
                for finding in self.readiness["findings"]
                if finding.get("entity") == entity["entity"] and finding["severity"] != "minor"
            ]
            self.ledger.same(f"entity {entity['entity']} grave_findings", len(grave), entity["grave_findings"])

    # Question one: fields

    def fields(self):
        named, judged = [0, 0], []
        for table in self.tables:
            fields = FIELDS.get(self.entity(table))
            if not fields:
                continue
            needed = []
            for field in fields:
                column, role = self.column(table, field["role"]), field["role"]
                if column:
                    needed.append(column)
                    judged.append(self.needed(table, column))
                elif not (field.get("unless_key") and self.column(table, f"{field['unless_key']}_key")):
                    self.open(f"fill.{table}.{role}", "filled")
            self.optional(table, needed)
            hits, trials = self.naming(table)
            named = [named[0] + hits, named[1] + trials]
            self.types_and_lists(table)
        judged = [verdict for verdict in judged if verdict != "unknown"]
        if judged:
            self.measured["fields_filled_share"].append((judged.count("ready") / len(judged), None))
        if named[1]:
            self.measured["consistent_naming_share"].append((named[0] / named[1], None))
        for measure, entity, role in (("consent_filled_share", "contact", "consent"), ("owner_filled_share", "deal", "owner")):
            column = next(((table, self.column(table, role)) for table in self.holders(entity) if self.column(table, role)), None)
            if column and (found := self.cells(*column)).rows:
                self.measured[measure].append((found.filled / found.rows, wilson(found.filled, found.rows)))

    def needed(self, table, column):
        key, (hits, trials), among = f"fill.{table}.{column}", self.fill(table, column), self.among(table, column)
        verdict = self.share(key, hits, trials, "filled")
        if check := self.checks.get(key):
            words = f" among {among[0]}" if among else ""
            self.ledger.same(f"{key} what", f"{table}.{column} filled{words}", check["what"])
        if verdict == "not_ready":
            self.expect(key, trials - hits, trials)
            placeholders = re.search(r"(\d+) of them with a placeholder", self.says(key))
            ours = 0 if among else self.cells(table, column).placeholders
            self.ledger.same(f"{key} placeholders said", ours, int(placeholders[1]) if placeholders else 0)
        return verdict

    def among(self, table, column):
        """The rows a field is asked of where it is not asked of all: a close reason of closed deals."""
        closed = self.closed(table)
        if closed and column == self.column(table, "close_reason"):
            return "closed deals", closed
        if closed and column == self.column(table, "next_step"):
            return "open deals", f"NOT ({closed})"
        return None

    def fill(self, table, column):
        among, c = self.among(table, column), quoted(column)
        asked = among[1] if among else "true"
        return self.folder.row(f"SELECT count(*) FILTER (filled({c})), count(*) FROM {quoted(table)} WHERE {asked}")

    def closed(self, table):
        """A deal is closed if a flag says so, else if its stage is a won or lost one. Other records never are."""
        if self.entity(table) != "deal":
            return None
        if flag := self.column(table, "closed_flag"):
            return f"lower(value({quoted(flag)})) IN {GOOD}"
        if stage := self.column(table, "stage"):
            stage = f"lower(value({quoted(stage)}))"
            ends = f"regexp_matches({stage}, '^(closed|won|lost)|( closed|won|lost)$')"
            return f"{ends} AND NOT regexp_matches({stage}, '^(not |un)')"
        return None

    def optional(self, table, needed):
        """The columns whose whole interval lies below the threshold and that nobody asks for by name."""
        low = {}
        for column in self.folder.columns[table]:
            # A call outside any deal has no deal, and that is no defect.
            if self.entity(table) == "activity" and (self.role(table, column) or "").endswith("_key"):
                continue
            hits, trials = self.fill(table, column)
            if column not in needed and judge_share(hits, trials, LIMITS["filled"]) == "not_ready":
                low[column] = f"{hits / trials * 100:.1f}%"
        if not low:
            return
        key, same = f"fill_optional.{table}", self.ledger.same
        self.expect(key, None, self.folder.count(table))
        said = re.match(r"(\d+) of (\d+) columns are surely filled in less than [\d.]+% of rows, .* below: (.*)", self.says(key))
        if not said:
            return
        same(f"{key} columns", (len(low), len(self.folder.columns[table])), (int(said[1]), int(said[2])))
        for item in said[3].split(", "):
            name, _, share = item.rpartition(" ")
            if share.endswith("%"):
                same(f"{key} share of {name}", low.get(name), share)

    def naming(self, table):
        """Columns with a name of their own that says something, in the commonest style."""
        names, key = self.folder.columns[table], f"naming.{table}"
        styles = collections.Counter(style for style in map(style_of, names) if style)
        most = max(styles.values(), default=0)
        # Where two styles are as common either may be taken for the table's own.
        odd = {name for name in names if style_of(name) not in (None, *(one for one in styles if styles[one] == most))}
        tied = sum(times for times in styles.values() if times == most) - most
        odd |= {name for name in names if '"' in name or "`" in name or says_nothing(name)}
        for at, name in enumerate(names):
            if any(core_of(name) == core_of(other) and self.role(table, name) == self.role(table, other) for other in names[:at]):
                odd.add(name)
        if tied:
            self.ledger.notes.append(f"{key}: two styles are as common, {tied} names are in one of them")
        hits = len(names) - len(odd) - tied
        self.share(key, hits, len(names), "named", exact=True)
        if hits < len(names):
            self.expect(key, None, self.folder.count(table))
            said = re.match(r"(\d+) of (\d+) columns", self.says(key))
            self.ledger.same(f"{key} columns said", (len(names) - hits, len(names)), said and (int(said[1]), int(said[2])))
        return hits, len(names)

    def is_code(self, table, column):
        """Keys and telephone numbers: some are all digits, and none is a number."""
        role = self.role(table, column) or ""
        return role in ("id", "owner", "phone") or role.endswith("_key") or column.lower().endswith("id")

    def types_and_lists(self, table):
        for column in self.folder.columns[table]:
            found = self.cells(table, column)
            if found.exceptions and not self.is_code(table, column):
                self.expect(f"type.{table}.{column}", found.exceptions, found.rows)
            variants = found.misspelt() if found.is_picklist and found.type == "text" else []
            if variants:
                key = f"picklist.{table}.{column}"
                self.expect(key, sum(rows for _, _, rows in variants), found.rows)
                is_choice = self.role(table, column) in ("stage", "source", "type", "industry", "close_reason")
                told = re.findall(r"`([^`]*)` \((\d+) rows\) beside `([^`]*)`", self.says(key))
                ours = [(rare[:40], str(rows), common[:40]) for rare, common, rows in variants][: 8 if is_choice else 0]
                self.ledger.same(f"{key} variants told", ours, told)

    # Question two: association

    @functools.cache
    def joined(self, link):
        """For each row of a link's table its key, and whether one of the link's tables holds it."""
        is_address = self.role(*link.targets[0]) == "email"
        # Programs write `101.0` behind whole keys that were `101`.
        key = f"key({quoted(link.column)})"
        if link.many:
            key = f"nullif(bare(split_part({key}, ';', 1)), '')"
        fold = "lower({})" if is_address else "{}"
        known = " UNION ".join(
            f"SELECT {fold.format(f'key({quoted(own)})')} AS k FROM {quoted(table)}" for table, own in link.targets
        )
        name = f"joined {link.table} {link.column}"
        self.folder.db.execute(f"""
            CREATE TEMP TABLE {quoted(name)} AS SELECT row, k, k IS NOT NULL AND k IN (SELECT k FROM ({known}) WHERE k IS NOT NULL) AS hit
            FROM (SELECT rowid AS row, {fold.format(key)} AS k FROM {quoted(link.table)})""")
        self.folder.db.execute(f"CREATE TEMP TABLE {quoted('known' + name)} AS SELECT DISTINCT k FROM ({known}) WHERE k IS NOT NULL")
        return quoted(name), quoted("known" + name)

    def association(self):
        asked = False
        for link in self.links.values():
            rows, missing, hits = self.folder.row(
                f"SELECT count(*), count(*) FILTER (k IS NULL), count(*) FILTER (hit) FROM {self.joined(link)[0]}"
            )
            self.broken(link, rows, missing, 0 if link.elsewhere else rows - missing - hits)
            if self.from_person(link):
                asked = True
                self.share(f"link.{link.table}.{link.column}", hits, rows, "linked")
                if rows:
                    self.measured["contact_account_link_share"].append((hits / rows, wilson(hits, rows)))
                self.childless(link)
        if not asked and (contacts := self.holders("contact")):
            self.open(f"link.{contacts[0]}.account_key", "linked")

    def from_person(self, link):
        return self.entity(link.table) == "contact" and self.entity(link.targets[0][0]) == "account"

    def broken(self, link, rows, missing, dangling):
        """Rows whose key is missing, where it may not be, or held by nobody."""
        key, same = f"link.{link.table}.{link.column}", self.ledger.same
        is_optional = self.entity(link.table) in ("event", "activity", "history") and self.entity(link.targets[0][0]) != "user"
        affected = dangling + (0 if is_optional else missing)
        if not affected:
            return
        self.expect(key, affected, rows)
        if key not in self.findings:
            return
        says = self.says(key)
        none, astray = said_of_keys(says)
        same(f"{key} rows said to have none", missing, none)
        same(f"{key} rows said to dangle", dangling, astray)
        same(f"{key} target", True, f"not in {link.targets[0][0]}" in says)
        ours = self.restorable(link) if self.from_person(link) else {}
        for way, words in WAYS_BACK.items():
            said = re.search(rf"for (\d+) of them {words}", says)
            same(f"{key} {way} said", ours.get(way, 0), int(said[1]) if said else 0)

    def restorable(self, link):
        """Each row without a working key by the first thing that tells its account: domain, name, nearly one of them."""
        holder = link.targets[0][0]
        email, domain = self.column(link.table, "email"), self.column(holder, "domain")
        company = next((c for c in self.folder.columns[link.table] if re.sub("[^a-z0-9]", "", c.lower()) in COMPANY_COLUMNS), None)
        name = self.column(holder, "name")
        pick = lambda column: f"value({quoted(column)})" if column else "NULL"
        if not (email and domain):
            email = domain = None if not (company and name) else email and domain
        host = lambda web: re.sub(r"^(https?://)?(www\.)?([^/]*).*$", r"\3", web.lower())
        accounts = self.folder.rows(f"SELECT {pick(domain)}, {pick(name)} FROM {quoted(holder)}")
        domains = collections.Counter(host(web) for web, _ in accounts if web)
        names = collections.Counter(cells.company_core(one) for _, one in accounts if one)
        broken = self.folder.rows(f"""
            SELECT {pick(self.column(link.table, 'email'))}, {pick(company)} FROM {quoted(link.table)} AS t
            JOIN {self.joined(link)[0]} AS j ON j.row = t.rowid WHERE NOT j.hit""")
        once = lambda counts: [one for one, times in counts.items() if times == 1]

        @functools.cache
        def is_like(word, kind):
            known = domains if kind == "domain" else names
            near = [one for one in once(known) if len(one) >= 6 and cells.one_letter_apart(word, one)]
            return len(word) >= 6 and word not in known and len(near) == 1

        found = collections.Counter()
        for mail, employer in broken:
            at = (mail or "").lower().partition("@")[2].split("@")[0]
            is_free = at in cells.FREE_MAIL
            at, core = "" if is_free else at, cells.company_core(employer or "")
            if at and domains[at] == 1:
                found["by_domain"] += 1
            elif core and names[core] == 1:
                found["by_name"] += 1
            elif at and is_like(at, "domain") or core and is_like(core, "name"):
                found["by_likeness"] += 1
            elif is_free:
                found["free_mail"] += 1
        return found

    def childless(self, link):
        if link.many:
            return  # Only the first key of a cell is looked at, so nothing is known of who is left.
        joined, known = self.joined(link)
        ours, total = self.folder.row(f"SELECT count(*) FILTER (k NOT IN (SELECT k FROM {joined} WHERE k IS NOT NULL)), count(*) FROM {known}")
        if ours:
            self.expect(f"childless.{link.targets[0][0]}.{link.table}", ours, total)

    # Question three: events

    def people(self, table):
        """Rows whose person is known: any of their keys to contacts or leads is some record's."""
        links = [
            link for link in self.links.values()
            if link.table == table and any(self.entity(target) in ("contact", "lead") for target, _ in link.targets)
        ]
        if not links:
            return None
        rows = self.folder.count(table)
        hits = " UNION ".join(f"SELECT row FROM {self.joined(link)[0]} WHERE hit" for link in links)
        return self.folder.one(f"SELECT count(*) FROM ({hits})"), rows

    def lags(self, table):
        """Whole minutes from happening to arrival with their rows."""
        occurred, loaded = self.column(table, "occurred"), self.column(table, "loaded")
        if not loaded:
            return []
        return self.folder.rows(f"""
            SELECT CAST(floor((b.micros - a.micros) / 60000000) AS BIGINT), count(*) FROM {quoted(table)} AS t
            JOIN moments AS a ON a.written = t.{quoted(occurred)} JOIN moments AS b ON b.written = t.{quoted(loaded)} GROUP BY 1""")

    def events(self):
        streams = [table for table in self.holders("event", "activity") if self.column(table, "occurred")]
        flows = {flow["table"]: flow for flow in self.readiness.get("flows", [])}
        behaviour = [table for table in streams if self.entity(table) == "event"]
        self.ledger.same("flows", sorted(behaviour), sorted(flows))
        for table in streams:
            self.clock(table)
        # The table with the most rows speaks for the data layer.
        main = max(behaviour, key=lambda table: (self.folder.count(table), behaviour.index(table)), default=None)
        for table in behaviour:
            self.stream(table, flows.get(table, {}), table == main)

    def stream(self, table, flow, is_main):
        same, rows = self.ledger.same, self.folder.count(table)
        same(f"flow {table} rows", rows, flow.get("rows"))
        people = self.people(table)
        if people:
            if self.share(f"events.person.{table}", *people, "known_person") == "not_ready":
                self.expect(f"events.person.{table}", people[1] - people[0], people[1])
            same(f"flow {table} known_person", people[0] / rows if rows else None, flow.get("known_person"), 1e-9)
        else:
            self.open(f"events.person.{table}", "known_person")
        age = self.age(table)
        if self.bound(f"events.age.{table}", age, "age_days") == "not_ready":
            self.expect(f"events.age.{table}", None, rows)
            said = re.search(r"is (\d+) days old", self.says(f"events.age.{table}"))
            same(f"events.age.{table} days said", age, said and float(said[1]), 0.5)
        same(f"flow {table} age_days", age, flow.get("age_days"), 1e-9)
        late = self.late(table, flow)
        if is_main:
            if people and rows:
                self.measured["event_known_person_share"].append((people[0] / rows, wilson(*people)))
            for measure, value in (("event_lag_p95_hours", late), ("event_age_days", age)):
                if value is not None:
                    self.measured[measure].append((value, None))
        self.gaps(table, rows)
        self.event_types(table, flow, rows)

    def age(self, table):
        occurred = quoted(self.column(table, "occurred"))
        newest = self.folder.one(
            f"SELECT max(m.micros) FROM {quoted(table)} AS t JOIN moments AS m ON m.written = t.{occurred} WHERE m.micros <= {self.now}"
        )
        return None if newest is None else (self.now - newest) / 86_400e6

    def late(self, table, flow):
        """Hours until 95% have arrived; a lag below nought is a clock's error and no lag."""
        key, same, lags = f"events.lag.{table}", self.ledger.same, self.lags(table)
        median, most = (cells.nearest_rank(lags, percent) / 60 if lags else None for percent in (50, 95))
        same(f"flow {table} lag_p50_hours", median, flow.get("lag_p50_hours"), 1e-9)
        same(f"flow {table} lag_p95_hours", most, flow.get("lag_p95_hours"), 1e-9)
        most = most if most is not None and most >= 0 else None
        late = sum(rows for minutes, rows in lags if minutes >= LIMITS["lag_p95_hours"] * 60)
        timed = sum(rows for _, rows in lags)
        self.bound(key, most, "lag_p95_hours", None if most is None else judge_share(timed - late, timed, 0.95))
        if late and most is not None:
            self.expect(key, late, timed)
            said = re.search(r"median ([\d.]+) h, 95% within ([\d.]+) h", self.says(key))
            same(f"{key} median said", median, said and float(said[1]), 0.05 + 1e-9)
            same(f"{key} 95% said", most, said and float(said[2]), 0.05 + 1e-9)
        return most

    def clock(self, table):
        """Times that cannot be: after now, before 1990, unreadable, or after the arrival."""
        rows, occurred = self.folder.count(table), quoted(self.column(table, "occurred"))
        future, ancient, timed = self.folder.row(f"""
            SELECT count(*) FILTER (m.micros > {self.now}), count(*) FILTER (m.micros < {cells.micros_of_day(1990, 1, 1)}),
                count(*) FROM {quoted(table)} AS t JOIN moments AS m ON m.written = t.{occurred}""")
        early = sum(times for minutes, times in self.lags(table) if minutes < 0)
        for kind, count in (("future", future), ("ancient", ancient), ("untimed", rows - timed), ("early", early)):
            if count:
                self.expect(f"events.{kind}.{table}", count, rows)

    def gaps(self, table, rows):
        silent, key = self.silent_days(table), f"events.gap.{table}"
        if not silent:
            return
        self.expect(key, None, rows)
        said = re.match(r"(\d+) days? of ", self.says(key))
        self.ledger.same(f"{key} days said", len(silent), said and int(said[1]))
        runs = [(str(first), length) for first, length in runs_of(silent)]
        told = [(first, int(length)) for first, length in re.findall(r"(\d{4}-\d\d-\d\d) \((\d+) days?\)", self.says(key))]
        self.ledger.same(f"{key} runs said", runs[:5], told)

    def silent_days(self, table):
        """Days without an event, between the first and the last, whose weekday's median is a usual one."""
        occurred = quoted(self.column(table, "occurred"))
        seen = self.folder.rows(f"""
            SELECT CAST(make_timestamp(m.micros) AS DATE) AS day, count(*) FROM {quoted(table)} AS t
            JOIN moments AS m ON m.written = t.{occurred} WHERE m.micros <= {self.now} GROUP BY 1 ORDER BY 1""")
        passed, every = 0, sum(count for _, count in seen)
        while seen and passed + seen[0][1] <= STRAYS * every:
            passed += seen.pop(0)[1]
        if not seen:
            return []
        length, seen = (seen[-1][0] - seen[0][0]).days + 1, dict(seen)
        days = [min(seen) + datetime.timedelta(days=at) for at in range(length)]
        by_weekday = collections.defaultdict(list)
        for day in days:
            by_weekday[day.weekday()].append(seen.get(day, 0))
        usual = {
            day for day, counts in by_weekday.items()
            if len(counts) >= WEEKS and statistics.median_high(counts) >= USUAL_EVENTS
        }
        return [day for day in days if day not in seen and day.weekday() in usual]

    def event_types(self, table, flow, rows):
        """How many types there are; rows without one, between the two thresholds; one type written twice."""
        column = self.column(table, "type")
        found = self.cells(table, column) if column else None
        if not found or found.distinct > 200:
            self.ledger.same(f"flow {table} has no types", None, flow.get("distinct_types"))
            return
        self.ledger.same(f"flow {table} distinct_types", found.distinct, flow.get("distinct_types"))
        untyped = found.rows - found.filled
        verdicts = [judge_share(found.filled, found.rows, LIMITS[limit]) for limit in ("typed", "filled")]
        if verdicts[0] == "not_ready" and verdicts[1] != "not_ready":
            self.expect(f"events.untyped.{table}", untyped, rows)
        # The variants of a short list are told of its column.
        if not found.is_picklist and found.type == "text" and (alike := sum(one[2] for one in found.misspelt())):
            self.expect(f"events.types.{table}", alike, rows)

    # Question four: the score

    def scores(self):
        any_score = False
        for table in self.tables:
            outcome = self.column(table, "outcome")
            for score in self.folder.columns[table]:
                if outcome and self.role(table, score) == "score":
                    any_score = True
                    self.score(table, score, outcome)
        if not any_score and (leads := self.holders("lead")):
            self.open(f"score.{leads[0]}", "auc")

    def score(self, table, score, outcome):
        """Every pair of a good and a bad outcome, a tie for a half."""
        key, same = f"score.{table}.{score}", self.ledger.same
        self.expected_checks.add(key)
        check = self.checks.get(key, {})
        same(f"{key} what", f"AUC of {table}.{score} against {outcome}", check.get("what"))
        result, decided = f"lower(value({quoted(outcome)}))", self.closed(table) or "true"
        rows = self.folder.rows(f"""
            SELECT number({quoted(score)}), {result} IN {GOOD} FROM {quoted(table)}
            WHERE number({quoted(score)}) IS NOT NULL AND ({result} IN {GOOD} OR {result} IN {BAD}) AND {decided}""")
        good, bad = [score for score, won in rows if won], [score for score, won in rows if not won]
        if min(len(good), len(bad)) < LEAST_OUTCOMES:
            same(f"{key} is not judged", ("unknown", None), (check.get("verdict"), check.get("value")))
            return
        # DeLong's variance, from the definition; the interval on the scale of log odds, so that it stays within 0 and 1.
        by_good = [sum((g > b) + 0.5 * (g == b) for b in bad) / len(bad) for g in good]
        by_bad = [sum((g > b) + 0.5 * (g == b) for g in good) / len(good) for b in bad]
        auc = sum(by_good) / len(good)
        spread = lambda part: sum((one - auc) ** 2 for one in part) / (len(part) - 1) / len(part)
        half = Z_95 * math.sqrt(spread(by_good) + spread(by_bad)) / (auc * (1 - auc))
        ends = [1 / (1 + (1 - auc) / auc * math.exp(step)) for step in (half, -half)]
        same(f"{key} value", auc, check.get("value"), 1e-9)
        for end, ours in zip(("low", "high"), ends):
            same(f"{key} interval {end} (DeLong, log odds)", ours, check.get("interval", {}).get(end), 1e-9)
        verdict = judge(*ends, LIMITS["auc"])
        if check:
            self.told(check, verdict, "auc", "measured")
        self.measured["lead_score_auc"].append((auc, ends))
        if verdict == "not_ready":
            self.expect(key, len(rows), len(rows))
            said = re.search(r"(\d+) converted, (\d+) not", self.says(key))
            same(f"{key} outcomes said", (len(good), len(bad)), said and (int(said[1]), int(said[2])))

    # Beside the questions

    def repeats(self):
        for entity, role in (("contact", "email"), ("account", "domain")):
            for table in self.holders(entity):
                column = self.column(table, role)
                if not column:
                    continue
                value = f"value({quoted(column)})"
                filled, distinct = self.folder.row(f"SELECT count({value}), count(DISTINCT lower({value})) FROM {quoted(table)}")
                if entity == "contact" and filled:
                    extra = filled - distinct
                    self.measured["duplicate_contact_share"].append((extra / filled, wilson(extra, filled)))
                if filled > distinct:
                    self.expect(f"duplicate.{table}.{column}", filled - distinct, filled)

    def hygiene(self):
        """The rules about single columns of recognised tables."""
        for table in self.tables:
            for column in self.folder.columns[table]:
                found = self.cells(table, column)
                told = next(one for one in self.tables[table]["columns"] if one["name"] == column)
                if orders := told.get("instruction_like"):
                    self.expect(f"instruction.{table}.{column}", orders, found.rows)
                if self.entity(table):
                    self.dates(table, column, found)
                    self.texts(table, column, found, told)
                    self.shared(table, column, found)

    def dates(self, table, column, found):
        days, count = sum(found.formats.values()), found.formats
        if not days or days * 2 < found.filled:
            return
        if found.implausible:
            self.expect(f"implausible.{table}.{column}", found.implausible, found.rows)
        # Where one of two orders is in use alone it tells how the ambiguous days are to be read.
        ambiguous, ways = count["day_or_month_first"], dict(count)
        settled = bool(count["day_first"]) != bool(count["month_first"])
        if settled:
            ways["day_first" if count["day_first"] else "month_first"] += ways.pop("day_or_month_first")
        others = sum(ways.values()) - max(ways.values())
        if others or ambiguous:
            affected = max(others, 0 if settled else ambiguous) if others else ambiguous
            self.expect(f"dates.{table}.{column}", affected, found.rows)

    def texts(self, table, column, found, told):
        if found.controls:
            self.expect(f"control.{table}.{column}", found.controls, found.rows)
        if found.padded:
            self.expect(f"padded.{table}.{column}", found.padded, found.rows)
        is_code, variants = self.is_code(table, column), found.case_variants + found.space_variants
        listed = found.is_picklist and found.type == "text" and found.misspelt()
        repeats = found.distinct * 4 <= found.filled and not told.get("distinct_estimated")
        plain = found.type == "text" and found.pattern not in ("salesforce_id", "uuid", "url")
        if variants and repeats and plain and not listed and not is_code:
            self.expect(f"variants.{table}.{column}", variants, found.rows)
        formatted = found.kinds["formatted_number"]
        numbers = formatted + found.kinds["integer"] + found.kinds["decimal"]
        if formatted and numbers * 2 >= found.filled and not found.exceptions and not is_code:
            self.expect(f"number.{table}.{column}", formatted, found.rows)

    def shared(self, table, column, found):
        """Values that stand on too many rows to be one person's."""
        if self.entity(table) not in ("contact", "lead") or self.role(table, column) not in ("email", "phone"):
            return
        least = max(LIMITS["shared_value"] * found.filled, LIMITS["shared_rows"])
        if rows := sum(rows for _, rows in found.top if rows > least):
            self.expect(f"shared.{table}.{column}", rows, found.rows)

    def evidence(self, finding):
        """A query that shows a finding has to run and, where it counts, to give the finding's rows."""
        query = finding.get("evidence_query")
        if not query:
            return
        try:
            ours = self.folder.rows(query)
        except duckdb.Error as error:
            self.ledger.same(f"{finding['id']} evidence_query runs", True, str(error).splitlines()[0])
            return
        if query.startswith("SELECT count(") and "GROUP BY" not in query:
            self.ledger.same(f"{finding['id']} evidence_query", ours[0][0], finding.get("affected_rows"))

    def measures(self):
        """Of several values of a measure the worst is told, with its interval."""
        same, told = self.ledger.same, {one["measure"]: one for one in self.readiness["measures"]}
        same("measures there", sorted(self.measured), sorted(told))
        for name, measure in told.items():
            if name not in self.measured:
                continue
            lower_is_better = name in ("event_lag_p95_hours", "event_age_days", "duplicate_contact_share")
            value, interval = (max if lower_is_better else min)(self.measured[name], key=lambda one: one[0])
            same(f"measure {name}", float(value), measure["value"], 1e-9)
            same(f"measure {name} provenance", "measured", measure["provenance"])
            ends = zip(("low", "high"), interval or (None, None))
            for end, ours in ends:
                same(f"measure {name} {end}", ours, measure.get(end), 1e-9)


WAYS_BACK = {
    "by_domain": "the e-mail domain is exactly one account's",
    "by_name": "the company they name is exactly one account's",
    "by_likeness": "the domain or company is one letter from one account's",
    "free_mail": "the address is at a mail provider and names no employer",
}


def said_of_keys(says):
    """Rows said to have no key and rows said to hold a key that joins nothing."""
    none, astray = re.search(r"(\d+) (?:more )?have none", says), re.search(r"(\d+) hold a key", says)
    return none and int(none[1]), astray and int(astray[1])


def style_of(name):
    """The way a name is written; nothing for one lower-case word, which fits several."""
    name = name.strip("\"`'").lstrip("_")
    styles = {
        "spaced": r"[^_-]* [^_-]*",
        "snake": r"[^A-Z -]*_[^A-Z -]*",
        "kebab": r"[^A-Z _]*-[^A-Z _]*",
        "upper": r"[^a-z -]*[A-Z][^a-z -]*",
        "pascal": r"[A-Z][^_ -]*[a-z][^_ -]*",
        "camel": r"[^A-Z_ -][^_ -]*[A-Z][^_ -]*",
    }
    if re.fullmatch(r"[^A-Z_ -]*", name):
        return None
    return next((style for style, form in styles.items() if re.fullmatch(form, name)), "mixed")


def core_of(name):
    """A name without the words that add nothing to it."""
    words = re.findall(r"[^\W_]+", name.lower())
    kept = [word for word in words if word not in ("number", "address", "name", "value", "text", "field")]
    return "".join(kept or words)


def says_nothing(name):
    words = re.findall(r"[^\W_]+", name.lower())
    empty = "custom field column attribute unnamed untitled temp tmp".split()
    return not words or words[0] in empty and all(re.fullmatch("[0-9]+", word) for word in words[1:])


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
    tables = revarch.describe()
    oracle = Oracle(Folder(asked.data), tables, revarch.joins(list(tables)), revarch.readiness(), asked.now, ledger)
    oracle.describe()
    oracle.check()
    return ledger.close()


if __name__ == "__main__":
    sys.exit(main())
