#!/usr/bin/env python3
"""Table and figures of the search campaigns: MatSieve beside PHYSBO, paired by table, acquisition and seed.

    suggest_figures.py --own own.jsonl --peer physbo.jsonl [--figures DIR]

The files are what `matsieve-bench suggest-campaign --output` and suggest_peer.py wrote. Prints, for each table and acquisition, the mean
evaluations to the top 5 % and to the optimum (a search that did not get there counts with its budget + 1), the paired difference MatSieve - PHYSBO
with its 95 % confidence interval (Student's t), and the processor time a proposal. Writes an SVG figure a table: best value so far, mean over the seeds.
Needs numpy, scipy and matplotlib.
"""

import argparse
import json
import pathlib

import matplotlib
import numpy
from scipy import stats

matplotlib.use("svg")
import matplotlib.pyplot as plt

from suggest_campaigns import BUDGETS, DEFAULT_BUDGET, TABLES, load


def read(path):
    return {(r["set"], r["score"], r["seed"]): r for r in map(json.loads, pathlib.Path(path).read_text().splitlines())}


def difference(own, peer):
    """Mean and half width of the 95 % interval of the paired differences."""
    d = numpy.array(own, float) - numpy.array(peer, float)
    if len(d) < 2:
        return d.mean(), float("nan")
    return d.mean(), stats.t.ppf(0.975, len(d) - 1) * d.std(ddof=1) / len(d) ** 0.5


def curve(result, budget):
    """Best value after 1, 2, … evaluations."""
    values = numpy.empty(budget)
    steps = result["best"] + [[budget + 1, None]]
    for (first, value), (following, _) in zip(steps, steps[1:]):
        values[int(first) - 1 : int(following) - 1] = value
    return values


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--own", required=True)
    parser.add_argument("--peer", required=True)
    parser.add_argument("--figures", type=pathlib.Path)
    options = parser.parse_args()
    own, peer = read(options.own), read(options.peer)
    pairs = sorted(own.keys() & peer.keys())
    print("| table | acquisition | seeds | to the top 5 %: MatSieve, PHYSBO, difference | to the optimum: MatSieve, PHYSBO, difference | ms a proposal: MatSieve, PHYSBO | ratio |")
    print("|---|---|---|---|---|---|---|")
    for name in TABLES:
        budget = min(BUDGETS.get(name, DEFAULT_BUDGET), len(load(name)[1]))
        for score in sorted({key[1] for key in pairs if key[0] == name}):
            seeds = [key for key in pairs if key[:2] == (name, score)]
            cells = []
            for goal in ("top", "optimum"):
                a, b = ([r[key].get(goal) or budget + 1 for key in seeds] for r in (own, peer))
                mean, half = difference(a, b)
                cells.append(f"{numpy.mean(a):.1f}, {numpy.mean(b):.1f}, {mean:+.1f} ± {half:.1f}")
            ms = [1e3 * sum(r[key]["seconds"] for key in seeds) / max(sum(r[key]["proposals"] for key in seeds), 1) for r in (own, peer)]
            print(f"| {name} | {score} | {len(seeds)} | {cells[0]} | {cells[1]} | {ms[0]:.2f}, {ms[1]:.1f} | {ms[1] / ms[0]:.0f} |")
        if options.figures and any(key[0] == name for key in pairs):
            draw(name, budget, own, peer, pairs, options.figures)


def draw(name, budget, own, peer, pairs, folder):
    matplotlib.rcParams["svg.hashsalt"] = "matsieve"
    figure, axes = plt.subplots(figsize=(4.8, 3.2))
    for score, colour in (("EI", "#1f6fb4"), ("TS", "#c4572b")):
        seeds = [key for key in pairs if key[:2] == (name, score)]
        if not seeds:
            continue
        for label, results, style in (("MatSieve", own, "-"), ("PHYSBO", peer, "--")):
            mean = numpy.mean([curve(results[key], budget) for key in seeds], axis=0)
            axes.plot(range(1, budget + 1), mean if TABLES[name][1] else -mean, style, color=colour, label=f"{label} {score}, {len(seeds)} seeds")
    axes.set_xlabel("evaluations")
    axes.set_ylabel("best value, mean")
    axes.set_title(name)
    axes.legend(fontsize=7)
    figure.tight_layout()
    folder.mkdir(parents=True, exist_ok=True)
    figure.savefig(folder / f"suggest-{name}.svg", metadata={"Date": None, "Creator": None})
    plt.close(figure)


if __name__ == "__main__":
    main()
