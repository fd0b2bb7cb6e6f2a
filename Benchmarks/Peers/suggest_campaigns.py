"""The search campaigns that suggest_peer.py and matsieve-bench suggest-campaign both run: tables, directions, starts, what counts as found."""

import csv
import gzip
import math
import pathlib

DATASETS = pathlib.Path(__file__).resolve().parents[2] / "Datasets/suggest"

# Folder of Datasets/suggest/, file, and whether more of the last column is better.
TABLES = {
    "grain-boundary": ("grain_boundary/s5-210.csv.gz", False),
    "agnp": ("pvlab/AgNP.csv.gz", False),
    "autoam": ("pvlab/AutoAM.csv.gz", True),
    "crossed-barrel": ("pvlab/Crossed_barrel.csv.gz", True),
    "p3ht": ("pvlab/P3HT.csv.gz", True),
    "perovskite": ("pvlab/Perovskite.csv.gz", False),
}
# Evaluations after which a search is given up, starts included.
BUDGETS = {"grain-boundary": 120}
DEFAULT_BUDGET = 100
STARTS = 10
MASK = (1 << 64) - 1


def load(name):
    """Distinct conditions in the order of their first rows, and the mean of each one's values, turned so that more is better."""
    file, maximize = TABLES[name]
    with gzip.open(DATASETS / file, "rt", newline="", encoding="utf-8-sig") as text:
        rows = list(csv.reader(text))[1:]
    values = {}
    for row in rows:
        values.setdefault(tuple(map(float, row[:-1])), []).append(float(row[-1]))
    sign = 1 if maximize else -1
    return [list(x) for x in values], [sign * math.fsum(v) / len(v) for v in values.values()]


def starts(seed, count):
    """The first conditions of a permutation: SplitMix64 of the seed, Fisher-Yates from the end, as MatSieve's SplitMix64.permutation."""
    state = seed
    order = list(range(count))
    for i in range(count - 1, 0, -1):
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = state
        z = ((z ^ z >> 30) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ z >> 27) * 0x94D049BB133111EB) & MASK
        z ^= z >> 31
        j = z * (i + 1) >> 64
        order[i], order[j] = order[j], order[i]
    return order[:STARTS]


def goals(values):
    """The least value within the top 5 %, and the best one."""
    ordered = sorted(values, reverse=True)
    return ordered[math.ceil(0.05 * len(values)) - 1], ordered[0]


def summary(values, actions):
    """Evaluations to the top 5 % and to the optimum (None: not within the budget), and the best value where it changes."""
    top, best = goals(values)
    result = {"top": None, "optimum": None, "best": []}
    for n, action in enumerate(actions, 1):
        value = values[action]
        if not result["best"] or value > result["best"][-1][1]:
            result["best"].append([n, value])
        if result["top"] is None and value >= top:
            result["top"] = n
        if result["optimum"] is None and value >= best:
            result["optimum"] = n
    return result
