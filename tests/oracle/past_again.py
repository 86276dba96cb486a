"""What git says of records and of what was deployed, read again with the git program for `recount.py`.

Knows histories in one line with merges beside it, no deployment logs and no shallow clones: it stops where it meets others.
Shares no code with tickmark.
"""

import re
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

import yaml
from site_again import Text, at, days_of, listed


@dataclass
class Deployment:
    at: datetime
    commit: str
    records: set


class Past:
    def __init__(self, site):
        self.site = site
        self.deployments, self.nowhere, self.gone = [], [], []
        self.first_day = None
        repositories = site.config.get("repositories") or []
        if any("deployments" in r for r in repositories):
            sys.exit("the recount knows no deployment logs")
        self.repositories = repositories
        self.lines = [self.line(r) for r in repositories]
        if repositories:
            self.recorded()
        self.records()

    def git(self, *arguments, root=None, input=None):
        ran = subprocess.run(["git", "-C", str(root or self.site.root), *arguments], input=input, capture_output=True)
        if ran.returncode:
            sys.exit(f"git {' '.join(arguments)}: {ran.stderr.decode()}")
        return ran.stdout

    # What was deployed.

    def line(self, settings):
        """The commits of a production branch, oldest first: id, parents, when, message, and what a merge brought."""
        root = self.site.root / settings["path"]
        told = self.git("log", "--first-parent", "--reverse", "--format=%H%x00%P%x00%ct%x00%B%x01", settings["branch"], root=root).decode()
        list_, before = [], None
        since = date.fromisoformat(settings["since"]) if "since" in settings else None
        for entry in told.split("\x01")[:-1]:
            commit, parents, when, message = entry.strip().split("\0")
            when = datetime.fromtimestamp(int(when), timezone.utc)
            if before and when < before:
                sys.exit(f"{commit}: the recount knows no clocks that run backwards")
            before = when
            parents = parents.split()
            brought = set()
            if len(parents) > 1:
                brought = set(self.git("rev-list", commit, f"^{parents[0]}", root=root).decode().split()) - {commit}
            if parents and when <= self.site.as_of and (since is None or self.site.day(when) >= since):
                list_.append((commit, len(parents), when, message, brought))
        return list_

    def recorded(self):
        """Which records speak of which commits, and which recorded commits stand nowhere."""
        by_id = {c.id.lower(): c for c in self.site.changes}
        all_ = [(number, entry) for number, line in enumerate(self.lines) for entry in line]
        reachable = set()
        for settings in self.repositories:
            reachable |= set(self.git("rev-list", settings["branch"], root=self.site.root / settings["path"]).decode().split())
        named = defaultdict(set)
        for change in self.site.changes:
            deployments = listed(change.raw.get("deployments"))
            commits = [d["commit"] for d in deployments + listed(change.raw.get("pull_requests")) if d.get("commit")]
            for commit in commits:
                named[commit.lower()].add(change.id)
            for d in deployments:
                commit = (d.get("commit") or "").lower()
                if commit and d.get("environment") in self.site.production and not any(r.startswith(commit) for r in reachable if len(commit) >= 7):
                    when = at(d.get("at")) or change.at
                    self.nowhere.append((when, change.id, change.judged["policy"], d["commit"]))
        for _, (commit, _, when, message, brought) in all_:
            records = set()
            for one in {commit} | brought:
                for name, ids in named.items():
                    if len(name) >= 7 and one.startswith(name):
                        records |= ids
            for word in re.split(r"[^A-Za-z0-9._-]", message):
                word = word.strip(".-_").lower()
                if word in by_id and re.search(r"\d", word) and re.search("[a-z]", word):
                    records.add(by_id[word].id)
            self.deployments.append(Deployment(when, commit, records))

    def quarters(self):
        """The quarters in which something was deployed that is not recorded, or recorded that is nowhere."""
        times = [d.at for d in self.deployments if not d.records] + [when for when, *_ in self.nowhere]
        return {self.site.quarter_of(t) for t in times}

    # What became of records.

    def records(self):
        """The texts of every record, commit by commit; only where a record is dated by git, or a rule asks."""
        site = self.site
        dated = [c for c in site.changes if self.dated(c.requested)]
        inside = subprocess.run(["git", "-C", str(site.root), "rev-parse", "--show-prefix"], capture_output=True)
        if inside.returncode:
            self.outside = True
            return
        self.outside = False
        first = self.git("log", "--reverse", "--format=%ct", "--", "tickmark.yaml").decode().split()
        self.first_day = site.day(datetime.fromtimestamp(int(first[0]), timezone.utc)) if first else None
        dated = [c for c in site.changes if self.dated(c.requested)]
        if not dated and not site.whole:
            return
        if self.git("rev-list", "--merges", "--count", "HEAD").strip() != b"0":
            sys.exit("the recount follows records through no merges")
        texts, held, read = defaultdict(list), {}, {}
        log = self.git("log", "--reverse", "--raw", "--no-abbrev", "--no-renames", "--format=%x01%ct", "--", "changes").decode()
        for entry in log.split("\x01")[1:]:
            when, *lines = entry.strip().splitlines()
            when = datetime.fromtimestamp(int(when), timezone.utc)
            before = {}
            for old, new, path in ((*l.split()[2:4], l.split("\t")[1]) for l in lines if l.startswith(":")):
                before |= {i: held[i] for i in read.pop(path, {}) if i in held}
                if set(new) != {"0"}:
                    read[path] = self.texts(self.git("cat-file", "blob", new))
            now = {i: raw for there in read.values() for i, raw in there.items()}
            for i, raw in before.items():
                if i not in now:
                    self.gone.append((when, i, raw))
            for i, raw in now.items():
                if held.get(i) is not raw:
                    said = told(raw)
                    if not texts[i] or texts[i][-1] != said:
                        texts[i].append(said)
            held = now
        closed = lambda said: said.get("status") == "closed" or "closed_at" in said
        for change in dated:
            said = told(change.raw)
            list_ = texts[change.id]
            if list_ and list_[-1] != said:
                list_.append(said)
            closing = next((n for n, text in enumerate(list_) if closed(text)), None)
            change.edited = None if closing is None else closing + 1 < len(list_)
        here = {c.id for c in site.changes}
        self.gone += [(site.as_of, i, raw) for i, raw in held.items()]
        self.gone = [g for g in self.gone if g[1] not in here]
        self.read = len(texts)

    def dated(self, requested):
        start = self.site.history_from or self.first_day
        return start is not None and requested is not None and self.site.day(requested) >= start

    @staticmethod
    def texts(blob):
        loader = yaml.load_all(blob.decode("utf-8-sig"), Loader=Text)
        return {d["id"]: d for d in loader if d and d.get("id")}

    # Rules that are judged for all records together.

    def whole(self, quarter):
        """What each came to over a quarter."""
        site, out = self.site, {}
        first, last = days_of(quarter, site.starts)
        last = min(last, site.day(site.as_of))
        for policy, effective, rule in site.whole:
            if effective is None or effective > last:
                continue
            begin = max(first, effective)
            asks = self.retained if "retained" in rule else self.complete
            days, of, unsure, none = asks(policy, rule, begin, last)
            missed = sum(len(v) for day in days.values() for v in day.values())
            word = "did not hold" if missed else "nobody can say" if unsure else "not asked" if none else "held"
            listed_ = [{"day": day.isoformat()} | {"records": []} | {k: sorted(v) for k, v in there.items()} for day, there in sorted(days.items())]
            out[policy, rule["id"]] = {"held": word, "days": listed_, "whole": {"says": None, "missed": missed, "of": of}}
        return out

    def retained(self, policy, rule, begin, last):
        if self.outside:
            return {}, None, True, False
        site, days = self.site, defaultdict(lambda: defaultdict(list))
        number, unit = rule["retained"].split()
        for when, i, raw in self.gone:
            start = at(raw.get("closed_at")) or at(raw.get("requested_at"))
            if raw.get("policy", site.default) != policy or not self.dated(at(raw.get("requested_at"))):
                continue
            local = start.astimezone(site.zone)
            if unit.startswith("year"):
                until = local.replace(year=local.year + int(number))
            elif unit.startswith("day"):
                until = local + timedelta(days=int(number))
            else:
                sys.exit(f"the recount keeps nothing for {rule['retained']}")
            if when < until and begin <= site.day(when) <= last:
                days[site.day(when)]["records"].append(i)
        start = max(d for d in (self.first_day, site.history_from, date.min) if d)
        return days, None, self.first_day is None or start > begin, False

    def complete(self, policy, rule, begin, last):
        site, days = self.site, defaultdict(lambda: defaultdict(list))
        if not self.repositories:
            return {}, None, True, False
        here = lambda when: begin <= site.day(when) <= last
        for d in self.deployments:
            if here(d.at) and not d.records:
                days[site.day(d.at)]["commits"].append(d.commit)
        for when, i, of, _ in self.nowhere:
            if here(when) and of == policy:
                days[site.day(when)]["records"].append(i)
        of = sum(here(d.at) for d in self.deployments)
        late = any("since" in r and date.fromisoformat(r["since"]) > begin for r in self.repositories)
        return days, of, late, of == 0

    def seen(self):
        return f"{len(self.deployments)} deployments, {len(self.gone)} deleted records"


def told(raw):
    """What a record says: blank values say nothing."""
    def blank(value):
        return value is None or value == [] or isinstance(value, str) and not value.strip()

    def plain(value):
        if isinstance(value, dict):
            return {k: plain(v) for k, v in value.items() if not blank(v)}
        if isinstance(value, list):
            return [plain(v) for v in value]
        return value.strip() if isinstance(value, str) else value

    return plain(raw)
