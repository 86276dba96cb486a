"""What the YAML of a site says, read and asked again for `recount.py`. Shares no code with tickmark."""

import re
import sys
from collections import defaultdict
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
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
        self.raw = raw
        self.edited = None

    def said(self):
        """What report.json says of it."""
        stamp = lambda t: t.strftime("%Y-%m-%dT%H:%M:%SZ") if t else None
        named = lambda verdict: [r["rule"] for r in self.rules if r["verdict"] == verdict]
        systems = list(dict.fromkeys(listed(self.raw.get("systems"))))
        return {
            "id": self.id, "policy": self.judged["policy"], "policy_version": self.judged["policy_version"],
            "type": self.title_of_type, "emergency": self.emergency, "status": self.status,
            "verdict": self.judged["verdict"], "outcome": self.outcome, "systems": systems, "at": stamp(self.at),
            "requested": stamp(self.requested), "approved": stamp(self.approved), "deployed": stamp(self.deployed),
            "broken": named("fail"), "unknown": named("unknown"),
        }

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
        "edited-after-closing": lambda c: OUT if c.status != "closed" else UNKNOWN if c.edited is None else is_(c.edited),
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


# What is better the less of it there is; of all else more is better, where a target says so.
LESS = {
    "emergencies", "broken", "partial", "failed", "rolled-back", "caused-incident", "approval-missing", "approval-late",
    "outside-window", "in-freeze", "excused", "waivers-used", "waivers-unused", "edited-after-closing",
    "unrecorded-deployments", "failure-rate", "rework-rate",
}

class Site:
    def __init__(self, root, answer):
        self.root, self.as_of = root, at(answer["as_of"])
        self.config = load(root / "tickmark.yaml")[0]
        calendar = self.config["calendar"]
        self.zone = zone_of(calendar["time_zone"])
        self.starts = int(calendar.get("fiscal_year_starts", 1))
        changes = self.config.get("changes") or {}
        self.production = changes.get("production", ["production"])
        self.default = changes.get("default_policy")
        self.history_from = date.fromisoformat(changes["history_from"]) if "history_from" in changes else None
        self.targets = {k: round(float(v.rstrip("%")) * 100) for k, v in (self.config.get("targets") or {}).items()}
        self.kinds, self.policies, self.titles, self.whole = defaultdict(dict), defaultdict(dict), {}, []
        for path in sorted(root.glob("policies/**/*.md")):
            self.policy(front(path), path)
        judged = {r["id"]: r for r in answer["records"]}
        # Without the text of an earlier version its types and rules are those of the one that is there.
        for record in answer["records"]:
            name, version = record["policy"], record["policy_version"]
            if name in self.policies and version not in self.policies[name]:
                there = next(iter(self.policies[name]))
                self.policies[name][version], self.kinds[name][version] = self.policies[name][there], self.kinds[name][there]
        files = [p for p in sorted(root.glob("changes/**/*.y*ml"))]
        self.changes = [Change(raw, self, self.policies, judged) for p in files for raw in load(p)]
        people = load(root / "people.yaml")[0]
        self.people = {p["id"] for p in people if p.get("kind", "person") == "person"}
        files = sorted(root.glob("waivers/**/*.y*ml"), key=lambda p: p.as_posix())
        self.waivers = [w for p in files for w in load(p)]
        self.used = [self.lifted(c) for c in self.changes]

    def policy(self, head, path):
        changes = head.get("changes") or {}
        name, version = head.get("id", path.stem), head.get("version", "")
        self.policies[name][version] = changes.get("types") or {}
        self.titles[name] = head.get("title") or heading(path)
        rules = changes.get("rules") or []
        self.kinds[name][version] = {r["id"]: self.kind(r) for r in rules}
        effective = head.get("effective")
        effective = date.fromisoformat(effective if len(effective or "") != 7 else effective + "-01") if effective else None
        self.whole += [(name, effective, r) for r in rules if "retained" in r or "complete" in r]

    @staticmethod
    def kind(rule):
        if "deadline" in rule:
            return "deadline " + rule["deadline"]["of"]
        return next((k for k in ("approval", "window", "freeze", "retained", "complete") if k in rule), "other")

    def day(self, instant):
        return instant.astimezone(self.zone).date()

    def quarter_of(self, instant):
        return quarter_of(self.day(instant), self.starts)

    def quarter(self, change):
        return self.quarter_of(change.at)

    def covers(self, waiver, change):
        """Whether a waiver stands for a change: it names it, and is approved by a person with no hand in either."""
        who = waiver.get("approved_by")
        needed = ("reason", "requested_by", "approved_at", "expires")
        if not all(waiver.get(k) for k in needed) or who not in self.people or who == waiver["requested_by"]:
            return False
        if who == change.raw.get("author") or who in listed(change.raw.get("co_authors")):
            return False
        if waiver.get("changes"):
            return change.id in listed(waiver["changes"])
        where = waiver.get("where") or {}
        types, systems = listed(where.get("type")), listed(where.get("systems"))
        return bool(types or systems) and (not types or change.type in types) and (not systems or set(systems) & set(change.systems))

    def lifted(self, change):
        """The numbers of the waivers that lift a rule of a change: of each rule the first that does."""
        found = set()
        for rule in (r for r in change.rules if r["verdict"] == "waived"):
            times = [t for t in (at(rule.get("due")), change.deployed) if t] or [change.requested]
            for number, waiver in enumerate(self.waivers):
                if (waiver.get("policy", self.default), waiver["rule"]) != (change.judged["policy"], rule["rule"]):
                    continue
                if self.covers(waiver, change) and any(self.day(t) <= date.fromisoformat(waiver["expires"]) for t in times):
                    found.add(number)
                    break
            else:
                sys.exit(f"{change.id}: nothing lifts {rule['rule']}")
        return found

    def excuses(self, quarter):
        """Waivers used for changes of a quarter, unused, and ending soon, each of those in force on any day of it."""
        first, last = days_of(quarter, self.starts)
        end = min(last, self.day(self.as_of))
        here = set().union(*(u for c, u in zip(self.changes, self.used) if self.quarter(c) == quarter), set())
        ever = set().union(*self.used, set())
        force = []
        for number, waiver in enumerate(self.waivers):
            if waiver.get("approved_at") and waiver.get("expires"):
                approved, expires = self.day(at(waiver["approved_at"])), date.fromisoformat(waiver["expires"])
                if number in here or approved <= last and expires >= first:
                    force.append((number, expires))
        of = len(force)
        soon = sum(end <= expires <= end + timedelta(days=30) for _, expires in force)
        return {
            "waivers-used": (sum(n in here for n, _ in force), of),
            "waivers-unused": (sum(n not in ever for n, _ in force), of),
            "waivers-ending": (soon, of),
        }


def heading(path):
    found = re.search(r"^# (.*?)\s*(\{#.*\})?$", path.read_text(encoding="utf-8-sig"), re.M)
    return found.group(1) if found else path.stem


def value(n, of, unknown=0, median=None, ninetieth=None):
    return {"n": n, "of": of, "unknown": unknown, "median_seconds": median, "ninetieth_percentile_seconds": ninetieth}


def recount(site, changes, quarter, deployments):
    """Every number of a quarter: its value and the records behind it, by id."""
    out = {}
    for name, ask in questions(site).items():
        said = [(c.id, ask(c)) for c in changes]
        of = {answer: sorted(i for i, a in said if a == answer) for answer in (YES, NO, UNKNOWN)}
        out[name] = (value(len(of[YES]), sum(map(len, of.values())), len(of[UNKNOWN])), of[YES], of[UNKNOWN])
    for name, length in lengths().items():
        said = [(c.id, length(c)) for c in changes]
        known = sorted(s for _, s in said if s not in (None, UNKNOWN))
        unknown = sorted(i for i, s in said if s == UNKNOWN)
        ids = sorted(i for i, s in said if s not in (None, UNKNOWN))
        out[name] = (value(len(known), len(ids) + len(unknown), len(unknown), rank(known, 50), rank(known, 90)), ids, unknown)
    first, last = days_of(quarter, site.starts)
    days = (min(last, site.day(site.as_of)) - first).days + 1
    often = value(sum(c.deployments for c in changes), max(days, 0))
    out["deployment-frequency"] = (often, sorted(c.id for c in changes if c.deployments), [])
    for name, (n, of) in site.excuses(quarter).items():
        out[name] = (value(n, of), [], [])
    here = [d for d in deployments if site.quarter_of(d.at) == quarter]
    out["unrecorded-deployments"] = (value(sum(not d.records for d in here), len(here)), [], [])
    return out


def target(site, name, counted):
    """A target and whether it is met; what nobody can say counts against it."""
    asked = site.targets.get(name)
    if asked is None or counted["of"] == 0:
        return None
    less = name in LESS
    share = (counted["n"] + (counted["unknown"] if less else 0)) * 10_000
    met = share <= asked * counted["of"] if less else share >= asked * counted["of"]
    return {"hundredths_of_a_percent": asked, "at_most": less, "met": met}
