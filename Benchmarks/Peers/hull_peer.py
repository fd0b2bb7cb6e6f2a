#!/usr/bin/env python3
"""Energy above the hull: exact linear programming (HiGHS of scipy) and pymatgen against matsieve-bench, one thread, same energies.

    hull_peer.py [--binary .build/release/matsieve-bench] [--rows 300] [--repeats 3] [--json FILE] [--tiny]

All against all: every composition of mp_stability without its own, of which the peer solves a sample, one programme each over the
entries of its elements. One chemical system: hull energies of random compositions of Li-Fe-P-O, pymatgen's facets made beforehand.
"""

import argparse
import csv
import gzip
import itertools
import pathlib
import random
import statistics
import sys
import tempfile
import warnings

warnings.simplefilter("ignore")

import numpy as np
from scipy.optimize import linprog

from harness import ROOT, fail, median_rate, relative_spread, report, run_bench, timed
from matrices import read_matrix

INPUT = ROOT / "Datasets/mp_stability/formation_energy.csv.gz"
REFERENCE = ROOT / "Datasets/mp_stability/hull_reference_sample.csv.gz"
TOLERANCE = 1e-6  # eV/atom, of HiGHS
OWN_REPEATS = 5


def read(path):
    with gzip.open(path, "rt", newline="") as file:
        return list(csv.DictReader(file))


def write_table(path, rows):
    with open(path, "w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return path


def parse(formulas):
    from pymatgen.core import Composition

    return [{e.symbol: a for e, a in Composition(f).items()} for f in formulas]


class Programmes:
    """The entries by chemical system, and one linear programme a composition."""

    def __init__(self, compositions, energies):
        self.compositions, self.energies = compositions, energies
        self.systems = {}
        for index, composition in enumerate(compositions):
            self.systems.setdefault(frozenset(composition), []).append(index)

    def without_own(self, index):
        own = self.compositions[index]
        symbols = sorted(own)
        total = sum(own.values())
        x = np.array([own[s] / total for s in symbols])
        columns, costs = [np.eye(len(symbols))], [np.zeros(len(symbols))]
        for size in range(2, len(symbols) + 1):
            for subset in itertools.combinations(symbols, size):
                for other in self.systems.get(frozenset(subset), []):
                    atoms = sum(self.compositions[other].values())
                    column = np.array([self.compositions[other].get(s, 0) / atoms for s in symbols])
                    if np.abs(column - x).max() < 1e-8:
                        continue
                    columns.append(column[:, None])
                    costs.append([self.energies[other]])
        answer = linprog(np.concatenate(costs), A_eq=np.hstack(columns), b_eq=x, bounds=(0, None), method="highs")
        return self.energies[index] - answer.fun


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", help="the matsieve-bench executable; without it only the peers run")
    parser.add_argument("--rows", type=int, default=300, help="compositions that the peer solves")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json")
    parser.add_argument("--tiny", action="store_true", help="20 rows of 3,000, once")
    options = parser.parse_args()
    if options.tiny:
        options.rows, options.repeats = 20, 1

    from pymatgen.analysis.phase_diagram import PDEntry, PhaseDiagram
    from pymatgen.core import Composition

    table = read(INPUT)[:3_000] if options.tiny else read(INPUT)
    formulas = [row["formula"] for row in table]
    energies = [float(row["formation_energy_ev_per_atom"]) for row in table]
    compositions = parse(formulas)
    programmes = Programmes(compositions, energies)
    sample = random.Random(7).sample(range(len(formulas)), options.rows)
    symbols = ["Li", "O", "P", "Fe"]
    entries = [PDEntry(Composition(formulas[i]), energies[i] * sum(c.values())) for i, c in enumerate(compositions) if set(c) <= set(symbols)]
    entries += [PDEntry(Composition(s), 0.0) for s in symbols]
    diagram = PhaseDiagram(entries)
    figures = {"compositions": len(formulas), "solved by the peer": len(sample)}
    seconds = {"HiGHS": [], "pymatgen": [], "all against all": [], "one system": []}

    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        queries = np.array([[random.Random(k).randint(1, 12) for k in range(q * 4, q * 4 + 4)] for q in range(options.rows)], dtype=float)
        if options.binary:
            small = {"input": write_table(folder / "small.csv", table)} if options.tiny else {}
            own = run_bench(options.binary, "hull", output=folder / "judged.json", repeats=1, threads=1, **small)
            judged = read_matrix(folder / "judged.json")
            if own["rows"] != len(formulas):
                fail(f"{own['rows']} rows judged, expected {len(formulas)}")
            place = {formula: index for index, formula in enumerate(formulas)}
            rows = [row for row in read(REFERENCE) if not options.tiny]
            want = np.array([[float(r["e_above_hull_exact_ev_per_atom"]), float(r["e_decomp_exact_ev_per_atom"])] for r in rows])
            if rows:
                worst = float(np.abs(judged[[place[r["formula"]] for r in rows]] - want).max())
                if worst > TOLERANCE:
                    fail(f"{worst:.3g} eV/atom off the exact sample")
                figures["largest difference, 2,000 exact values (eV/atom)"] = worst
            run_bench(options.binary, "hull-queries", rows=options.rows, output=folder / "queries.json", repeats=1, threads=1, **small)
            found = read_matrix(folder / "queries.json")
            queries = found[:, :4]
        for turn in range(options.repeats):
            elapsed, solved = timed(lambda: [programmes.without_own(i) for i in sample])
            seconds["HiGHS"].append(elapsed)
            asked = [Composition(dict(zip(symbols, q))) for q in queries]
            elapsed, hull = timed(lambda: [diagram.get_hull_energy_per_atom(c) for c in asked])
            seconds["pymatgen"].append(elapsed)
            if options.binary:
                if turn == 0:
                    difference = float(np.abs(judged[sample, 1] - np.array(solved)).max())
                    if difference > TOLERANCE:
                        fail(f"decomposition energies differ by {difference:.3g} eV/atom from HiGHS")
                    figures["largest difference from HiGHS (eV/atom)"] = difference
                    difference = float(np.abs(found[:, 4] - np.array(hull)).max())
                    if difference > TOLERANCE:
                        fail(f"hull energies differ by {difference:.3g} eV/atom from pymatgen")
                    figures["largest difference from pymatgen (eV/atom)"] = difference
                repeats = 1 if options.tiny else OWN_REPEATS
                seconds["all against all"] += run_bench(options.binary, "hull", repeats=repeats, threads=1, **small)["seconds"]
                result = run_bench(options.binary, "hull-queries", repeats=repeats, threads=1, **small, **({"rows": 10_000} if options.tiny else {}))
                seconds["one system"] += result["seconds"]
                asked_of_own = result["rows"]
    figures["HiGHS: compositions/s"] = median_rate(len(sample), seconds["HiGHS"])
    figures["pymatgen: queries/s"] = median_rate(len(queries), seconds["pymatgen"])
    if options.binary:
        figures["matsieve: all against all, seconds"] = statistics.median(seconds["all against all"])
        figures["matsieve: compositions/s"] = median_rate(len(formulas), seconds["all against all"])
        figures["matsieve: spread"] = relative_spread(seconds["all against all"])
        figures["matsieve: queries/s"] = median_rate(asked_of_own, seconds["one system"])
        figures["all against all: ratio to HiGHS"] = figures["matsieve: compositions/s"] / figures["HiGHS: compositions/s"]
        figures["one system: ratio to pymatgen"] = figures["matsieve: queries/s"] / figures["pymatgen: queries/s"]
    report(figures, options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
