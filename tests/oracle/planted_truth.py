"""Compares what the tools find in a sample company with the defects that were planted in it.

    python3 tests/oracle/planted_truth.py --binary target/debug/revarch --sample DIR --now 2026-06-01T00:00:00Z

DIR is what `revarch demo` wrote with at least 1000 contacts: tables and truth.json. (With fewer, there are too
few events a day and too few conversions for a gap or a score to be judged at all.) Every planted defect that
`describe_data` or `check_data_readiness` claims to measure has to be found with exactly the planted number;
the rest is named in notes. Exit status 1 and a list of differences if anything is missed or counted otherwise.
"""

import argparse
import collections
import csv
import datetime
import json
import pathlib
import re
import sys

from duckdb_facts import Ledger, Revarch, said_of_keys

# Whose rows may lack a key for good reason: the readiness check counts only keys that join nothing there.
KEY_IS_OPTIONAL = {"event", "activity", "history"}


class Planted:
    """The truth on one side, the tools' answers on the other."""

    def __init__(self, sample, tables, readiness, ledger):
        self.sample, self.tables, self.ledger = pathlib.Path(sample), tables, ledger
        self.truth = json.loads((self.sample / "truth.json").read_text())
        self.checks = {one["id"]: one for question in readiness["questions"] for one in question["checks"]}
        self.findings = {one["id"]: one for one in readiness["findings"]}

    def compare(self):
        for table, rows in self.truth["rows"].items():
            self.ledger.same(f"{table} rows", rows, self.tables.get(table, {}).get("rows"))
        self.fields()
        self.links()
        self.duplicates()
        self.values()
        self.events()
        self.score()
        self.twins()
        for name in ("free_mail_contacts", "leaks"):
            self.ledger.notes.append(f"`{name}` is planted and neither tool claims to count it")

    def column(self, key):
        table, column = key.split(".")
        return next(one for one in self.tables[table]["columns"] if one["name"] == column)

    def affected(self, key):
        return self.findings.get(key, {}).get("affected_rows")

    def rows(self, table):
        with open(self.sample / f"{table}.csv", newline="", encoding="utf-8") as lines:
            yield from csv.DictReader(lines)

    def fields(self):
        same = self.ledger.same
        for key, field in self.truth["fields"].items():
            column, table = self.column(key), key.split(".")[0]
            empty = column["nulls"] + column["blanks"] + column["placeholders"]
            filled = self.tables[table]["rows"] - empty
            same(f"describe {key} filled", field["rows"] - field["empty"], filled)
            if not field.get("asked_of"):
                same(f"describe {key} blank", field["blank"], column["nulls"] + column["blanks"])
                same(f"describe {key} placeholders", field["placeholder"], column["placeholders"])
            check = self.checks.get(f"fill.{key}")
            if not check or "hits" not in check:
                continue
            if key == "deals.next_step":
                # The truth counts all deals; the check asks open deals only. Both are in the table.
                is_open = [row for row in self.rows("deals") if row["stage"] not in ("closed_won", "closed_lost")]
                same(f"check {key} rows asked", len(is_open), check["trials"])
                continue
            same(f"check {key} rows asked", field["rows"], check["trials"])
            same(f"check {key} filled", field["rows"] - field["empty"], check["hits"])
            if check["verdict"] == "not_ready":
                same(f"finding {key} affected_rows", field["empty"], self.affected(f"fill.{key}"))

    def links(self):
        same = self.ledger.same
        for key, link in self.truth["links"].items():
            entity = self.tables[key.split(".")[0]].get("entity", {}).get("name")
            finding = self.findings.get(f"link.{key}")
            optional = entity in KEY_IS_OPTIONAL and not link["to"].startswith("users.")
            expected = link["dangling"] + (0 if optional else link["missing"])
            if entity is None:
                self.ledger.notes.append(f"no link is measured from {key}: its table has no entity")
                continue
            same(f"link {key} told of", expected > 0, finding is not None)
            if optional and link["missing"]:
                self.ledger.notes.append(f"{link['missing']} rows without {key} are planted and not counted as broken links")
            if finding:
                none, astray = said_of_keys(finding["what_found"])
                if none is not None:
                    same(f"link {key} rows said to have none", link["missing"], none)
                same(f"link {key} rows said to dangle", link["dangling"], astray)
                same(f"link {key} affected_rows", expected, finding["affected_rows"])
        link = self.truth["links"]["contacts.account_id"]
        check = self.checks["link.contacts.account_id"]
        same("check contacts.account_id joins", link["rows"] - link["missing"] - link["dangling"], check["hits"])
        same("check contacts.account_id rows", link["rows"], check["trials"])
        same("accounts without contacts", self.truth["accounts_without_contacts"], self.affected("childless.accounts.contacts"))
        self.restorable()

    def restorable(self):
        """The truth counts any account's domain; the tool only what exactly one account has. The rest is counted here."""
        domains = collections.Counter(row["domain"].strip().lower() for row in self.rows("accounts") if row["domain"].strip())
        known = {row["account_id"] for row in self.rows("accounts")}
        loose = [row["email"].strip().lower().rpartition("@")[2] for row in self.rows("contacts") if row["account_id"] not in known]
        any_account = sum(domains[domain] > 0 for domain in loose)
        several = sum(domains[domain] > 1 for domain in loose)
        self.ledger.same("restorable by an account's domain, truth against its own tables", any_account, self.truth["contacts_restorable_by_domain"])
        said = re.search(r"for (\d+) of them the e-mail domain is exactly one account's", self.findings["link.contacts.account_id"]["what_found"])
        self.ledger.same("restorable by exactly one account's domain", self.truth["contacts_restorable_by_domain"] - several, said and int(said[1]))

    def duplicates(self):
        for name in ("duplicate_contacts", "duplicate_accounts"):
            planted = self.truth[name]
            finding = self.findings.get(f"duplicate.{planted['column']}", {})
            self.ledger.same(f"{name} extra rows", planted["extra_rows"], finding.get("affected_rows"))
            self.ledger.same(f"{name} rows", planted["rows"], finding.get("scanned_rows"))

    def values(self):
        same = self.ledger.same
        by_column = collections.defaultdict(dict)
        for picklist in self.truth["picklists"]:
            for variant, rows in picklist["variants"].items():
                by_column[picklist["column"]][variant] = rows
        for column, variants in by_column.items():
            finding = self.findings.get(f"picklist.{column}", {})
            says = finding.get("what_found", "")
            for variant, rows in variants.items():
                same(f"picklist {column} tells of `{variant}` ({rows} rows)", True, f"`{variant}` ({rows} rows)" in says)
            same(f"picklist {column} affected_rows", sum(variants.values()), finding.get("affected_rows"))
        for mixed in self.truth["mixed_types"]:
            same(f"mixed type {mixed['column']} affected_rows", mixed["text_rows"], self.affected(f"type.{mixed['column']}"))
            same(f"mixed type {mixed['column']} type_exceptions", mixed["text_rows"], self.column(mixed["column"]).get("type_exceptions"))

    def events(self):
        same, planted = self.ledger.same, self.truth["events"]
        table = planted["gap"]["column"].split(".")[0]
        person = self.checks.get(f"events.person.{table}", {})
        same("events total", planted["total"], person.get("trials"))
        same("events of unknown people", planted["unknown_person"], person.get("trials", 0) - person.get("hits", 0))
        same("events of unknown people, finding", planted["unknown_person"], self.affected(f"events.person.{table}"))
        same("late events", planted["late"], self.affected(f"events.lag.{table}"))
        same("future events", planted["future"], self.affected(f"events.future.{table}"))
        first, last = (datetime.date.fromisoformat(planted["gap"][end]) for end in ("first_day", "last_day"))
        days = (last - first).days + 1
        gap = self.findings.get(f"events.gap.{table}", {}).get("what_found", "")
        same(f"gap from {first} ({days} days)", [(str(first), str(days))], re.findall(r"from (\d{4}-\d\d-\d\d) \((\d+) days?\)", gap))

    def score(self):
        planted, same = self.truth["legacy_score"], self.ledger.same
        check = self.checks.get(f"score.{planted['column']}", {})
        same("legacy score AUC", planted["auc"], check.get("value"), 1e-9)
        same("legacy score verdict", "not_ready", check.get("verdict"))
        finding = self.findings.get(f"score.{planted['column']}", {})
        said = re.search(r"(\d+) converted, (\d+) not", finding.get("what_found", ""))
        outcomes = (planted["positives"], planted["labelled"] - planted["positives"])
        same("legacy score outcomes", outcomes, said and (int(said[1]), int(said[2])))

    def twins(self):
        for one, other in self.truth["twins"]:
            table = one.split(".")[0]
            says = self.findings.get(f"naming.{table}", {}).get("what_found", "")
            named = all(f"`{column.split('.')[1]}`" in says for column in (one, other))
            self.ledger.same(f"twins {one} and {other} named", True, named)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--sample", required=True)
    parser.add_argument("--now", required=True)
    asked = parser.parse_args()
    ledger = Ledger()
    revarch = Revarch(asked.binary, asked.sample, asked.now)
    Planted(asked.sample, revarch.describe(), revarch.readiness(), ledger).compare()
    return ledger.close()


if __name__ == "__main__":
    sys.exit(main())
