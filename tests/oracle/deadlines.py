#!/usr/bin/env python3
"""Deadlines over every zone transition 2000-2035, by Python's zoneinfo: what our calendar must agree with.

Prints a table. A line `@ZONE` begins a zone; every other line is a start in seconds since 1970 and, each as seconds after
the start: 24 hours later, 1 day, 1 month, 1, 2 and 5 business days later, 1 day and 2 business days earlier, 1 year later
and 1 month earlier. Business days are Monday to Friday without 1 January and 25 December.

A local time is looked up among all instants that show it, so that Python's own reading of gaps and folds plays no part:
the first of two, and where there is none as much later as the clocks went forward.
"""

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

ZONES = ["Australia/Lord_Howe", "Pacific/Apia", "Europe/Berlin", "America/New_York", "Australia/Brisbane"]
UTC = timezone.utc


def local(zone, second):
    return datetime.fromtimestamp(second, UTC).astimezone(zone).replace(tzinfo=None)


def offset(zone, second):
    return int(datetime.fromtimestamp(second, UTC).astimezone(zone).utcoffset().total_seconds())


def instant(zone, wall):
    naive = int(wall.replace(tzinfo=UTC).timestamp())
    offsets = {offset(zone, naive + h * 3600) for h in range(-50, 51)}
    found = sorted(naive - o for o in offsets if offset(zone, naive - o) == o)
    if found:
        return found[0]
    # In a gap: clocks showed the wall time minus the jump when they should have shown it.
    jump = max(offsets) - min(offsets)
    return instant(zone, wall + timedelta(seconds=jump))


def transitions(zone):
    found = []
    second = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp())
    end = int(datetime(2036, 1, 1, tzinfo=UTC).timestamp())
    before = offset(zone, second)
    while second < end:
        after = offset(zone, second + 21600)
        if after != before:
            low, high = second, second + 21600
            while high - low > 1:
                middle = (low + high) // 2
                if offset(zone, middle) == before:
                    low = middle
                else:
                    high = middle
            found.append(high)
        before = after
        second += 21600
    return found


def existed(zone, day):
    noon = datetime(day.year, day.month, day.day, 12)
    return local(zone, instant(zone, noon)) == noon


def is_business(zone, day):
    return day.weekday() < 5 and (day.month, day.day) not in [(1, 1), (12, 25)] and existed(zone, day)


def business(zone, start, n, step):
    wall = local(zone, start)
    day = wall.date()
    while n > 0:
        day += timedelta(days=step)
        n -= is_business(zone, day)
    return instant(zone, datetime.combine(day, wall.time()))


def month(zone, start, step):
    wall = local(zone, start)
    year, number = divmod(wall.year * 12 + wall.month - 1 + step, 12)
    number += 1
    last = (date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)).day
    return instant(zone, wall.replace(year=year, month=number, day=min(wall.day, last)))


def day(zone, start, step):
    return instant(zone, local(zone, start) + timedelta(days=step))


def starts(zone):
    around = transitions(zone)
    if not around:
        around = [int(datetime(y, m, 1, tzinfo=UTC).timestamp()) for y in range(2000, 2036) for m in (1, 4, 12)]
    for at in around:
        for hours in (-73, -48.25, -24, -23.75, 0, 0.5, 24.5):
            yield at + int(hours * 3600)
    for y in range(2000, 2036):
        leap = y % 4 == 0
        for m, d, h in ((1, 31, 9), (2, 29 if leap else 28, 23), (3, 31, 2), (12, 31, 12)):
            yield instant(zone, datetime(y, m, d, h, 30))


def main():
    for name in ZONES:
        zone = ZoneInfo(name)
        print("@" + name)
        for start in starts(zone):
            ends = [
                start + 86400, day(zone, start, 1), month(zone, start, 1), business(zone, start, 1, 1),
                business(zone, start, 2, 1), business(zone, start, 5, 1), day(zone, start, -1),
                business(zone, start, 2, -1), month(zone, start, 12), month(zone, start, -1),
            ]
            print(*[start] + [end - start for end in ends])


main()
