"""Draws the sample of an audit folder again, from population.csv and the method in its README alone.

Usage: audit_sample.py FOLDER
Shares no code with tickmark. Exits with 1 and says what differs; else prints how many were drawn.
"""
import csv
import hashlib
import sys
from fractions import Fraction
from pathlib import Path

TABLE = [(10, 10), (50, 15), (250, 25), (1000, 40), (None, 60)]


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def plain(cell):
    """A cell that would begin like a formula has a quote before it."""
    return cell[1:] if cell.startswith("'") else cell


def usual(population):
    for up_to, size in TABLE:
        if up_to is None or population <= up_to:
            return min(size, population)


def shares(sizes, n):
    whole = sum(sizes)
    if whole == 0 or n == 0:
        return [0] * len(sizes)
    n = min(max(n, len(sizes)), whole)
    exact = [Fraction(n * size, whole) for size in sizes]
    given = [max(1, int(share)) for share in exact]
    remainder = [share - int(share) if share >= 1 else Fraction(0) for share in exact]
    turn = sorted(range(len(sizes)), key=lambda i: (-remainder[i], i))
    while sum(given) < n:
        for i in turn:
            if sum(given) < n and given[i] < sizes[i]:
                given[i] += 1
    while sum(given) > n:
        largest = max(given)
        if largest == 1:
            break
        given[len(given) - 1 - given[::-1].index(largest)] -= 1
    return given


def main(folder):
    source = {row["What"]: plain(row["Value"]) for row in rows(folder / "population-source.csv")}
    raw = (folder / "population.csv").read_bytes()
    assert hashlib.sha256(raw).hexdigest() == source["SHA-256 of population.csv"], "population.csv is another"
    population = [(plain(row["Id"]), plain(row["Type"])) for row in rows(folder / "population.csv")]
    assert len(population) == int(source["Records"]), "another number of rows"
    asked = int(sys.argv[2]) if len(sys.argv) > 2 else usual(len(population))
    names = sorted({stratum for _, stratum in population}, key=lambda name: name.encode())
    members = {name: [] for name in names}
    for ident, stratum in population:
        members[stratum].append((hashlib.sha256(f"{source['Seed']}:{ident}".encode()).hexdigest(), ident))
    drawn = []
    for name, count in zip(names, shares([len(members[name]) for name in names], asked)):
        drawn += [(ident, name, digest) for digest, ident in sorted(members[name])[:count]]
    stated = [
        (plain(row["Id"]), plain(row["Type"]), row["SHA-256 of SEED:ID"]) for row in rows(folder / "sample.csv")
    ]
    if drawn != stated:
        sys.exit(f"drawn by hand: {drawn}\nin sample.csv: {stated}")
    for row in rows(folder / "population.csv"):
        text = folder / "records" / f"{plain(row['Id'])}.yaml"
        if text.exists():
            digest = hashlib.sha256(text.read_bytes()[:-1]).hexdigest()
            assert digest == row["SHA-256 of the record's text"], f"{text} is another"
    print(len(drawn))


main(Path(sys.argv[1]))
