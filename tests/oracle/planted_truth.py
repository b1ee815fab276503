"""Compares what the tools find in a sample company with the defects that were planted in it.

    python3 tests/oracle/planted_truth.py --binary target/debug/revarch --sample DIR --now 2026-06-01T00:00:00Z

DIR is what `revarch demo` wrote with at least 1000 contacts: tables and truth.json. (With fewer, there are too
few events a day and too few conversions for a gap or a score to be judged at all.) Every planted defect that
`describe_data` or `check_data_readiness` claims to measure has to be found with exactly the planted number;
the rest is named in notes. In a company without any defect (`revarch demo --clean`) nothing at all may be found.
Exit status 1 and a list of differences if anything is missed, counted otherwise or found without having been
planted.
"""

import argparse
import collections
import csv
import datetime
import json
import pathlib
import re
import sys

import cells
from duckdb_facts import WAYS_BACK, Ledger, Revarch, judge_share, said_of_keys

# Whose rows may lack a key for good reason: the readiness check counts only keys that join nothing there.
KEY_IS_OPTIONAL = {"event", "activity", "history"}


class Planted:
    """The truth on one side, the tools' answers on the other."""

    def __init__(self, sample, tables, readiness, ledger):
        self.sample, self.tables, self.ledger = pathlib.Path(sample), tables, ledger
        self.truth = json.loads((self.sample / "truth.json").read_text())
        self.checks = {one["id"]: one for question in readiness["questions"] for one in question["checks"]}
        self.findings = {one["id"]: one for one in readiness["findings"]}
        # Planted defects by their sort, and whether each was found; keys of the findings that tell of them.
        self.recall, self.explained = collections.defaultdict(list), set()

    def found(self, sort, fact, planted, told, key=None):
        """A planted defect and what was told of it."""
        self.recall[sort].append(self.ledger.same(fact, planted, told))
        if key:
            self.explained.add(key)

    def compare(self):
        for table, rows in self.truth["rows"].items():
            self.ledger.same(f"{table} rows", rows, self.tables.get(table, {}).get("rows"))
        if not self.has_defects():
            self.clean()
            return
        self.fields()
        self.links()
        self.duplicates()
        self.values()
        self.events()
        self.score()
        self.twins()
        for name in ("free_mail_contacts", "leaks"):
            self.ledger.notes.append(f"`{name}` is planted and neither tool claims to count all of it")
        for sort, hits in self.recall.items():
            self.ledger.same(f"recall of {sort} ({len(hits)} planted)", 1.0, sum(hits) / len(hits))
            self.ledger.notes.append(f"{sort}: {sum(hits)} of {len(hits)} planted defects found")
        self.beside()

    def has_defects(self):
        truth = self.truth
        links = [link for link in truth["links"].values() if link["dangling"]]
        return bool(truth["picklists"] or truth["twins"] or truth["leaks"] or truth["duplicate_contacts"]["extra_rows"] or links)

    def clean(self):
        """Nobody may find fault with it."""
        same = self.ledger.same
        for key, finding in self.findings.items():
            same(f"finding {key} of a company without defects ({finding['what_found']})", None, key)
        for key, check in self.checks.items():
            same(f"failed or doubtful check {key}", True, check["verdict"] in ("ready", "unknown"))
        told = ("type_exceptions", "instruction_like", "blanks", "placeholders", "implausible_dates", "padded", "case_variants", "space_variants", "controls", "date_formats")
        for name, table in self.tables.items():
            for column in table["columns"]:
                same(f"faults of {name}.{column['name']}", {}, {fault: column[fault] for fault in told if column.get(fault)})
        # A call outside any deal has no deal: that is no defect.
        for key, field in self.truth["fields"].items():
            if self.tables[key.split(".")[0]].get("entity", {}).get("name") not in KEY_IS_OPTIONAL or key not in self.truth["links"]:
                same(f"truth: nothing of {key} is empty", 0, field["empty"])
        same("truth: no gap", None, self.truth["events"]["gap"])

    def beside(self):
        """Findings that tell of nothing planted are false, but for what the planted defects bring with them."""
        brought = {f"fill_optional.{table}" for table in self.tables}
        brought.add("events.early.web_events")
        for key in self.findings.keys() - self.explained - brought:
            kind, _, column = key.partition(".")
            # Outer spaces are planted in picklists and duplicates, and not counted in the truth.
            planted = column in {one["column"] for one in self.truth["picklists"]} | {self.truth[name]["column"] for name in ("duplicate_contacts", "duplicate_accounts")}
            padded = lambda cell: cells.bare(cell) != cell
            if kind == "padded" and planted:
                table, name = column.split(".")
                ours = sum(padded(row[name]) for row in self.rows(table))
                self.ledger.same(f"{key} affected_rows", ours, self.affected(key))
            else:
                self.ledger.same(f"{key} tells of something planted", True, False)

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
            rows, asked = self.tables[table]["rows"], field.get("asked_of")
            self.found("fields", f"describe {key} filled", field["rows"] - field["empty"], rows - empty)
            if not asked:
                same(f"describe {key} blank", field["blank"], column["nulls"] + column["blanks"])
                same(f"describe {key} placeholders", field["placeholder"], column["placeholders"])
            check = self.checks.get(f"fill.{key}")
            if check and "hits" in check:
                self.checked(key, field, check)
            elif table == "activities" and key in self.truth["links"]:
                continue  # An optional key of what salespeople did: its links are looked at elsewhere.
            elif not asked and judge_share(rows - empty, rows, 0.8) == "not_ready":
                name, optional = key.split(".")[1], self.findings.get(f"fill_optional.{table}", {}).get("what_found", "")
                self.found("fields", f"fill_optional.{table} names {name}", True, f" {name} " in optional, f"fill_optional.{table}")

    def checked(self, key, field, check):
        """A field that agents need: its check, and its finding where it fails."""
        same, rows, empty = self.ledger.same, field["rows"], field["empty"]
        if key == "deals.next_step":
            # The truth counts all deals; the check asks open deals only. Both are in the table.
            is_open = [row for row in self.rows("deals") if row["stage"] not in ("closed_won", "closed_lost")]
            filled = sum(bool(cells.bare(row["next_step"])) and not cells.is_placeholder(row["next_step"]) for row in is_open)
            rows, empty = len(is_open), len(is_open) - filled
        same(f"check {key} rows asked", rows, check["trials"])
        self.found("fields", f"check {key} filled", rows - empty, check["hits"])
        verdict = judge_share(rows - empty, rows, check["threshold"])
        same(f"check {key} verdict", verdict, check["verdict"])
        if verdict == "not_ready":
            self.found("fields", f"finding {key} affected_rows", empty, self.affected(f"fill.{key}"), f"fill.{key}")

    def links(self):
        for key, link in self.truth["links"].items():
            entity = self.tables[key.split(".")[0]].get("entity", {}).get("name")
            finding, told_by = self.findings.get(f"link.{key}"), f"link.{key}"
            optional = entity in KEY_IS_OPTIONAL and not link["to"].startswith("users.")
            expected = link["dangling"] + (0 if optional else link["missing"])
            if optional and link["missing"]:
                self.ledger.notes.append(f"{link['missing']} rows without {key} are planted and not counted as broken links")
            self.found("links", f"link {key} affected_rows", expected or None, self.affected(told_by), told_by)
            if finding:
                told = (link["missing"], link["dangling"])
                self.found("links", f"link {key} rows said to have none and to dangle", told, said_of_keys(finding["what_found"]))
        link, check = self.truth["links"]["contacts.account_id"], self.checks["link.contacts.account_id"]
        joined = (link["rows"] - link["missing"] - link["dangling"], link["rows"])
        self.found("links", "check contacts.account_id joins", joined, (check["hits"], check["trials"]))
        key = "childless.accounts.contacts"
        self.found("links", "accounts without contacts", self.truth["accounts_without_contacts"], self.affected(key), key)
        self.restorable()

    def restorable(self):
        """The truth counts any account's domain; the tool only what exactly one account has. The rest is counted here."""
        domains = collections.Counter(row["domain"].strip().lower() for row in self.rows("accounts") if row["domain"].strip())
        known = {row["account_id"] for row in self.rows("accounts")}
        loose = [row["email"].strip().lower().rpartition("@")[2] for row in self.rows("contacts") if row["account_id"] not in known]
        any_account = sum(domains[domain] > 0 for domain in loose)
        several = sum(domains[domain] > 1 for domain in loose)
        self.ledger.same("restorable by an account's domain, truth against its own tables", any_account, self.truth["contacts_restorable_by_domain"])
        says = self.findings.get("link.contacts.account_id", {}).get("what_found", "")
        said = {way: re.search(rf"for (\d+) of them {words}", says) for way, words in WAYS_BACK.items()}
        said = {way: int(found[1]) if found else 0 for way, found in said.items()}
        restorable = self.truth["contacts_restorable_by_domain"] - several
        self.found("links", "restorable by exactly one account's domain", restorable, said["by_domain"])
        self.found("links", "at a mail provider", sum(domain in cells.FREE_MAIL for domain in loose), said["free_mail"])

    def duplicates(self):
        for name in ("duplicate_contacts", "duplicate_accounts"):
            planted, key = self.truth[name], f"duplicate.{self.truth[name]['column']}"
            finding = self.findings.get(key, {})
            self.found("duplicates", f"{name} extra rows", planted["extra_rows"], finding.get("affected_rows"), key)
            self.found("duplicates", f"{name} rows", planted["rows"], finding.get("scanned_rows"))

    def values(self):
        by_column = collections.defaultdict(dict)
        for picklist in self.truth["picklists"]:
            for variant, rows in picklist["variants"].items():
                by_column[picklist["column"]][variant] = (rows, picklist["canonical"])
        for column, variants in by_column.items():
            key = f"picklist.{column}"
            says, affected = self.findings.get(key, {}).get("what_found", ""), sum(rows for rows, _ in variants.values())
            told = re.findall(r"`([^`]*)` \((\d+) rows\) beside `([^`]*)`", says)
            ours = sorted(((rows, variant, canonical) for variant, (rows, canonical) in variants.items()), key=lambda one: (-one[0], one[1]))
            for rows, variant, canonical in ours[:8]:
                self.found("picklist variants", f"picklist {column} tells of `{variant}`", True, (variant, str(rows), canonical) in told)
            self.found("picklist variants", f"{key} affected_rows", affected, self.affected(key), key)
        for mixed in self.truth["mixed_types"]:
            column, key = mixed["column"], f"type.{mixed['column']}"
            self.found("mixed types", f"{key} affected_rows", mixed["text_rows"], self.affected(key), key)
            self.found("mixed types", f"mixed type {column} type_exceptions", mixed["text_rows"], self.column(column).get("type_exceptions"))

    def events(self):
        planted = self.truth["events"]
        table = planted["gap"]["column"].split(".")[0]
        person = self.checks.get(f"events.person.{table}", {})
        self.ledger.same("events total", planted["total"], person.get("trials"))
        for sort, kind in (("unknown_person", "person"), ("late", "lag"), ("future", "future")):
            key = f"events.{kind}.{table}"
            self.found("events", f"{sort} events", planted[sort], self.affected(key), key)
        self.found("events", "events of unknown people, check", planted["unknown_person"], person.get("trials", 0) - person.get("hits", 0))
        first, last = (datetime.date.fromisoformat(planted["gap"][end]) for end in ("first_day", "last_day"))
        days, key = (last - first).days + 1, f"events.gap.{table}"
        told = re.findall(r"(\d{4}-\d\d-\d\d) \((\d+) days?\)", self.findings.get(key, {}).get("what_found", ""))
        self.found("events", f"gap from {first} ({days} days)", [(str(first), str(days))], told, key)

    def score(self):
        planted, same = self.truth["legacy_score"], self.ledger.same
        key = f"score.{planted['column']}"
        check, finding = self.checks.get(key, {}), self.findings.get(key, {})
        same("legacy score AUC", planted["auc"], check.get("value"), 1e-9)
        self.found("useless score", "legacy score verdict", "not_ready", check.get("verdict"))
        said = re.search(r"(\d+) converted, (\d+) not", finding.get("what_found", ""))
        outcomes = (planted["positives"], planted["labelled"] - planted["positives"])
        self.found("useless score", "legacy score outcomes", outcomes, said and (int(said[1]), int(said[2])), key)

    def twins(self):
        for one, other in self.truth["twins"]:
            key = f"naming.{one.split('.')[0]}"
            says = self.findings.get(key, {}).get("what_found", "")
            named = all(f"`{column.split('.')[1]}`" in says for column in (one, other))
            self.found("twins", f"twins {one} and {other} named", True, named, key)


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
