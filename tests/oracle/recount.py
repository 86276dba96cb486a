#!/usr/bin/env python3
"""Counts the quarters of a site again, from its YAML, and compares every number with what report.json says.

    recount.py SITE CHECK_JSON INTERNAL

SITE is the folder with tickmark.yaml, CHECK_JSON the answer of `check --format json` as of the same instant, INTERNAL the
internal site. What each rule comes to for each record is taken from CHECK_JSON: judging is tested elsewhere. Everything
else is read here from the YAML with another reader and counted by other code: quarters, types, outcomes, times, systems,
shares, medians, and that every change lies in exactly one quarter. The register, the CSV and the spreadsheet must list the
same changes. Prints what differs, and how much was compared.
"""

import csv
import json
import re
import sys
import zipfile
from collections import defaultdict
from datetime import date, datetime, timedelta, timezone
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import yaml


class Text(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """Scalars stay text, as the fields that read them decide."""


Text.yaml_implicit_resolvers = {}


def load(path):
    return [d for d in yaml.load_all(path.read_text(encoding="utf-8-sig"), Loader=Text) if d]


def front(path):
    text = path.read_text(encoding="utf-8-sig")
    found = re.match(r"---\r?\n(.*?)\r?\n---\r?\n", text, re.S)
    return yaml.load(found.group(1), Loader=Text) if found else {}


def listed(value):
    if value in (None, "", "none"):
        return []
    return value if isinstance(value, list) else [value]


def at(value):
    if not value:
        return None
    value = value.strip().replace("Z", "+00:00").replace("z", "+00:00")
    return datetime.fromisoformat(value).astimezone(timezone.utc)


def zone_of(name):
    offset = re.match(r"([+-])(\d\d):(\d\d)$", name)
    if not offset:
        return ZoneInfo(name)
    sign = -1 if offset.group(1) == "-" else 1
    return timezone(sign * timedelta(hours=int(offset.group(2)), minutes=int(offset.group(3))))


def quarter_of(day, starts):
    months = day.year * 12 + day.month - starts
    year = months // 12 + (0 if starts == 1 else 1)
    return f"{year}-Q{months % 12 // 3 + 1}"


def days_of(quarter, starts):
    year, number = int(quarter[:-3]), int(quarter[-1])
    first = (year if starts == 1 else year - 1) * 12 + starts - 1 + (number - 1) * 3
    day = lambda months: date(months // 12, months % 12 + 1, 1)
    return day(first), day(first + 3) - timedelta(days=1)


class Change:
    """One record, as far as numbers need it."""

    def __init__(self, raw, site, policies, judged):
        self.id = raw["id"]
        self.judged = judged[self.id]
        policy = policies.get(self.judged["policy"])
        types = (policy or {}).get(self.judged["policy_version"], {})
        self.type = raw.get("type")
        self.known = self.type in types
        self.emergency = self.known and types[self.type].get("expedited") == "true"
        self.title_of_type = types[self.type].get("title", self.type) if self.known else "unknown type"
        production = [d for d in listed(raw.get("deployments")) if d.get("environment") in site.production]
        forward = [d for d in production if d.get("rollback") != "true"]
        times = sorted(at(d["at"]) for d in forward if d.get("at"))
        self.deployed = times[0] if times else None
        self.deployments = len(forward)
        self.taken_back = len(forward) < len(production)
        self.requested = at(raw.get("requested_at"))
        self.closed = at(raw.get("closed_at"))
        self.at = self.deployed or self.closed or self.requested
        self.status = raw.get("status")
        approvals = sorted(at(a["at"]) for a in listed(raw.get("approvals")) if a.get("at"))
        approvals = [a for a in approvals if self.deployed and a <= self.deployed]
        self.approved = approvals[-1] if approvals else None
        opened = sorted(at(p["opened_at"]) for p in listed(raw.get("pull_requests")) if p.get("opened_at"))
        self.proposed = opened[0] if opened else None
        self.outcome = (raw.get("outcome") or {}).get("result")
        incidents = listed(raw.get("incidents"))
        self.caused = any(i.get("relation") == "caused" for i in incidents)
        self.triggered = any(i.get("relation") == "triggered-by" for i in incidents)
        self.systems = sorted(set(listed(raw.get("systems"))))
        broke = sorted(at(d["at"]) for d in forward if d.get("at") and d.get("result") == "failed")
        began = broke[0] if broke else self.deployed
        mended = [at(d["at"]) for d in production if d.get("at") and d.get("result") != "failed"]
        mended = sorted(m for m in mended if began and m > began)
        self.recovery = (mended[0] - began).total_seconds() if mended else None
        self.rules = self.judged["rules"]

    def wrong(self):
        return self.taken_back or self.caused or self.outcome in ("failed", "rolled-back")

    def of_kind(self, site, *kinds):
        """Verdicts and codes of rules of these kinds that have fallen due."""
        rules = site.kinds[self.judged["policy"]][self.judged["policy_version"]]
        due = [r for r in self.rules if r["verdict"] not in ("pending", "not-applicable")]
        return [r for r in due if rules.get(r["rule"]) in kinds]


YES, NO, UNKNOWN, OUT = "yes", "no", "unknown", "out"


def is_(yes):
    return YES if yes else NO


def broke(rules, bad):
    if not rules:
        return OUT
    if any(bad(r) for r in rules):
        return YES
    return UNKNOWN if any(r["verdict"] == "unknown" for r in rules) else NO


def kept(rules):
    if not rules:
        return OUT
    if any(r["verdict"] in ("fail", "waived") for r in rules):
        return NO
    return UNKNOWN if any(r["verdict"] == "unknown" for r in rules) else YES


def questions(site):
    """What each share asks of a change."""
    failed = lambda r: r["verdict"] in ("fail", "waived")
    late = lambda r: r["code"] == "approval/late"
    verdict = lambda c, wanted: {"pending": OUT, "not-applicable": OUT, "unknown": UNKNOWN}.get(
        c.judged["verdict"], is_(c.judged["verdict"] == wanted))
    outcome = lambda c, wanted: OUT if not c.deployed else UNKNOWN if not c.outcome else is_(c.outcome == wanted)
    emergency = lambda c, *kinds: OUT if not c.emergency else kept(c.of_kind(site, *kinds))
    return {
        "changes": lambda c: YES,
        "deployed": lambda c: is_(c.deployed),
        "emergencies": lambda c: is_(c.emergency) if c.known else UNKNOWN,
        "kept": lambda c: verdict(c, "pass"),
        "broken": lambda c: verdict(c, "fail"),
        "succeeded": lambda c: outcome(c, "successful"),
        "partial": lambda c: outcome(c, "partial"),
        "failed": lambda c: outcome(c, "failed"),
        "rolled-back": lambda c: outcome(c, "rolled-back"),
        "caused-incident": lambda c: is_(c.caused) if c.deployed else OUT,
        "approval-missing": lambda c: broke(c.of_kind(site, "approval"), lambda r: failed(r) and not late(r)),
        "approval-late": lambda c: broke(c.of_kind(site, "approval"), lambda r: failed(r) and late(r)),
        "outside-window": lambda c: broke(c.of_kind(site, "window"), failed),
        "in-freeze": lambda c: broke(c.of_kind(site, "freeze"), failed),
        "emergency-documented": lambda c: emergency(c, "deadline documented", "deadline proposed"),
        "emergency-reviewed": lambda c: emergency(c, "deadline reviewed"),
        "excused": lambda c: is_(any(r["verdict"] == "waived" for r in c.rules)),
        "failure-rate": lambda c: OUT if not c.deployed else is_(c.wrong()) if c.outcome or c.wrong() else UNKNOWN,
        "rework-rate": lambda c: is_(c.emergency or c.triggered) if c.deployed else OUT,
    }


def lengths():
    """What each length of time is from and to: none where it is not asked."""
    between = lambda c, a, b: None if not c.deployed else ((b - a).total_seconds() if a and b and b >= a else UNKNOWN)
    return {
        "request-to-approval": lambda c: between(c, c.requested, c.approved),
        "approval-to-production": lambda c: between(c, c.approved, c.deployed),
        "request-to-production": lambda c: between(c, c.requested, c.deployed),
        "lead-time": lambda c: between(c, c.proposed, c.deployed),
        "recovery-time": lambda c: None if not (c.deployed and c.wrong()) else UNKNOWN if c.recovery is None else c.recovery,
    }


def rank(values, percent):
    """The smallest value that so many per cent do not exceed."""
    return next((v for n, v in enumerate(values, 1) if n * 100 >= percent * len(values)), None)


class Site:
    def __init__(self, root, answer):
        config = load(root / "tickmark.yaml")[0]
        calendar = config["calendar"]
        self.zone = zone_of(calendar["time_zone"])
        self.starts = int(calendar.get("fiscal_year_starts", 1))
        self.production = (config.get("changes") or {}).get("production", ["production"])
        self.default = (config.get("changes") or {}).get("default_policy")
        self.kinds, policies = defaultdict(dict), defaultdict(dict)
        for path in sorted(root.glob("policies/**/*.md")):
            head = front(path)
            changes = head.get("changes") or {}
            name, version = head.get("id", path.stem), head.get("version", "")
            policies[name][version] = changes.get("types") or {}
            self.kinds[name][version] = {r["id"]: self.kind(r) for r in changes.get("rules") or []}
        judged = {r["id"]: r for r in answer["records"]}
        # Without the text of an earlier version its types and rules are those of the one that is there.
        for record in answer["records"]:
            name, version = record["policy"], record["policy_version"]
            if name in policies and version not in policies[name]:
                there = next(iter(policies[name]))
                policies[name][version], self.kinds[name][version] = policies[name][there], self.kinds[name][there]
        files = [p for p in sorted(root.glob("changes/**/*.y*ml"))]
        self.changes = [Change(raw, self, policies, judged) for p in files for raw in load(p)]
        self.waivers = [w for p in sorted(root.glob("waivers/**/*.y*ml")) for w in load(p)]

    @staticmethod
    def kind(rule):
        if "deadline" in rule:
            return "deadline " + rule["deadline"]["of"]
        return next((k for k in ("approval", "window", "freeze") if k in rule), "other")

    def day(self, instant):
        return instant.astimezone(self.zone).date()

    def quarter(self, change):
        return quarter_of(self.day(change.at), self.starts)


def recount(site, changes, quarter, as_of):
    """Every number that can be had from the records: (n, of, unknown, median, ninetieth) by id."""
    out = {}
    for name, ask in questions(site).items():
        said = [ask(c) for c in changes]
        out[name] = (said.count(YES), len(said) - said.count(OUT), said.count(UNKNOWN), None, None)
    for name, length in lengths().items():
        said = [length(c) for c in changes]
        known = sorted(s for s in said if s not in (None, UNKNOWN))
        of, unknown = len(said) - said.count(None), said.count(UNKNOWN)
        out[name] = (len(known), of, unknown, rank(known, 50), rank(known, 90))
    first, last = days_of(quarter, site.starts)
    days = (min(last, site.day(as_of)) - first).days + 1
    out["deployment-frequency"] = (sum(c.deployments for c in changes), max(days, 0), 0, None, None)
    return out


class Register(HTMLParser):
    """The ids of a page of the register, in their order."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.inside = [], False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.inside = tag == "a" and dict(attributes).get("class") == "id"

    def handle_data(self, data):
        if self.inside:
            self.ids.append(data)
            self.inside = False


def spreadsheet(path):
    """The first sheet: rows of texts and numbers, and which cells are dates."""
    space = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    with zipfile.ZipFile(path) as book:
        strings = ElementTree.fromstring(book.read("xl/sharedStrings.xml")).findall("m:si", space)
        texts = ["".join(t.text or "" for t in s.iter("{%s}t" % space["m"])) for s in strings]
        styles = ElementTree.fromstring(book.read("xl/styles.xml"))
        formats = {f.get("numFmtId"): f.get("formatCode") for f in styles.findall("m:numFmts/m:numFmt", space)}
        looks = [formats.get(x.get("numFmtId"), "") for x in styles.findall("m:cellXfs/m:xf", space)]
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    rows = []
    for row in sheet.findall("m:sheetData/m:row", space):
        cells = {}
        for cell in row.findall("m:c", space):
            if cell.find("m:f", space) is not None:
                sys.exit(f"{path}: {cell.get('r')} is a formula")
            column = re.match("[A-Z]+", cell.get("r")).group()
            value = cell.find("m:v", space).text
            if cell.get("t") == "s":
                value = texts[int(value)]
            elif "yyyy" in looks[int(cell.get("s", 0))]:
                value = datetime(1899, 12, 30) + timedelta(seconds=round(float(value) * 86400))
            else:
                value = float(value)
            cells[column] = value
        rows.append(cells)
    return rows


def letters(number):
    return chr(ord("A") + number)


def same_tables(site, folder, changes, register, differ):
    """CSV and spreadsheet list the quarter's changes as the register does, with the same cells."""
    rows = list(csv.reader((folder / "changes.csv").open(encoding="utf-8", newline="")))
    ids = [r[0] for r in rows[1:]]
    if ids != [i for i in register if i in changes]:
        differ(f"{folder.name}: changes.csv lists other changes than the register")
        return 0
    sheet = spreadsheet(folder / "changes.xlsx")
    if len(sheet) != len(rows):
        differ(f"{folder.name}: changes.xlsx has {len(sheet)} rows, changes.csv {len(rows)}")
    dates = 0
    for line, cells in zip(rows, sheet):
        for number, text in enumerate(line):
            value = cells.get(letters(number), "")
            if isinstance(value, datetime):
                dates += 1
                text = datetime.fromisoformat(text).replace(tzinfo=None, microsecond=0)
            elif isinstance(value, float):
                text = float(text)
            if value != text:
                differ(f"{folder.name}: {line[0]}: {value!r} in changes.xlsx, {text!r} in changes.csv")
    for row in rows[1:]:
        change = changes.get(row[0])
        if change is None:
            continue
        deployed = datetime.fromisoformat(row[10]) if row[10] else None
        if deployed != change.deployed:
            differ(f"{folder.name}: {row[0]}: deployed {deployed} in changes.csv, {change.deployed} in the record")
    return dates


def tables(site, report, changes, differ):
    """Parts sum to wholes, and by type, outcome, policy and system the counts are those of the records."""
    want = defaultdict(int)
    for c in changes:
        want["type-verdict", c.title_of_type] += 1
        for system in c.systems or ["No system named"]:
            want["system-verdict", system] += 1
    for row in report["by"]:
        if sum(row["counts"].values()) != row["total"]:
            differ(f"{report['quarter']}: {row['table']}, {row['label']}: parts are no whole")
        key = (row["table"], row["label"])
        if row["label"] != "All changes" and row["table"] in ("type-verdict", "system-verdict") and want.get(key, 0) != row["total"]:
            differ(f"{report['quarter']}: {key}: {row['total']}, recounted {want.get(key, 0)}")
        if row["label"] == "All changes" and row["total"] != len(changes):
            differ(f"{report['quarter']}: {row['table']}: {row['total']} of {len(changes)} changes")


def controls(site, report, changes, differ):
    count = defaultdict(int)
    for c in changes:
        for rule in c.rules:
            count[c.judged["policy"], rule["rule"], rule["verdict"]] += 1
    for row in report["controls"]:
        for word, verdict in [("kept", "pass"), ("broken", "fail"), ("waived", "waived"), ("unknown", "unknown"), ("pending", "pending")]:
            if row[word] != count[row["policy"], row["rule"], verdict]:
                differ(f"{report['quarter']}: {row['policy']}/{row['rule']}: {word} {row[word]}")
        if sum(len(d["records"]) for d in row["days"]) != row["broken"]:
            differ(f"{report['quarter']}: {row['policy']}/{row['rule']}: days do not sum to what is broken")


def main():
    root, answer, internal = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
    answer = json.loads(answer.read_text())
    site = Site(root, answer)
    as_of = at(answer["as_of"])
    faults = []
    differ = faults.append
    by_quarter = defaultdict(list)
    for change in site.changes:
        by_quarter[site.quarter(change)].append(change)
    pages = sorted(internal.glob("register/**/index.html"), key=lambda p: int(p.parent.name) if p.parent.name.isdigit() else 1)
    register = [i for p in pages if "broken" not in p.parts for i in Register(p.read_text()).ids]
    if sorted(register) != sorted(c.id for c in site.changes):
        differ("the register does not list every change once")
    compared = total = dates = 0
    folders = sorted(p.parent for p in internal.glob("reports/*/report.json"))
    for folder in folders:
        report = json.loads((folder / "report.json").read_text())
        changes = by_quarter[report["quarter"]]
        total += len(report["records"])
        if sorted(r["id"] for r in report["records"]) != sorted(c.id for c in changes):
            differ(f"{report['quarter']}: other changes than recounted")
        again = recount(site, changes, report["quarter"], as_of)
        for number in report["numbers"]:
            if number["id"] not in again:
                continue
            says = tuple(number[k] for k in ("n", "of", "unknown", "median_seconds", "ninetieth_percentile_seconds"))
            compared += 1
            if says != again[number["id"]]:
                differ(f"{report['quarter']}: {number['id']}: {says}, recounted {again[number['id']]}")
            if number["kind"] != "frequency" and (len(number["records"]), len(number["unknown_records"])) != (says[0], says[2]):
                differ(f"{report['quarter']}: {number['id']}: its records are not as many as it says")
        tables(site, report, changes, differ)
        controls(site, report, changes, differ)
        dates += same_tables(site, folder, {c.id: c for c in changes}, register, differ)
    if total != len(site.changes) or {f.name for f in folders} != set(by_quarter):
        differ(f"{total} changes in {len(folders)} reports, and {len(site.changes)} records in {len(by_quarter)} quarters")
    for fault in faults[:40]:
        print(fault)
    if faults:
        sys.exit(f"{len(faults)} differences")
    print(f"{len(site.changes)} changes, {len(folders)} quarters, {compared} numbers, {dates} dates: the same")


if __name__ == "__main__":
    main()
