#!/usr/bin/env python3
"""Magpie features and formula parsing: matminer and pymatgen against matsieve-bench, one thread, same formulas.

    magpie_peer.py [--binary .build/release/matsieve-bench] [--rows 2000] [--repeats 3] [--json FILE] [--tiny]
"""

import argparse
import csv
import gzip
import pathlib
import random
import sys
import tempfile
import warnings

warnings.simplefilter("ignore")

import numpy as np

from harness import ROOT, fail, median_rate, relative_difference, relative_spread, report, run_bench, timed
from matrices import read_matrix

TOLERANCE = 1e-10
# MatSieve's half takes milliseconds: runs of one turn.
OWN_REPEATS = 7
INPUT = ROOT / "Datasets/matbench/mp_e_form.csv.gz"


def sample(path, rows):
    with gzip.open(path, "rt", newline="") as file:
        formulas = sorted({row["formula"] for row in csv.DictReader(file)})
    return random.Random(7).sample(formulas, min(rows, len(formulas)))


def write_formulas(path, formulas):
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "formula"])
        writer.writerows(enumerate(formulas))


def forget_formulas():
    """pymatgen keeps the last 512 formulas parsed; a formula is to be parsed as written each time."""
    from pymatgen.core import composition

    composition._parse_formula_cached.cache_clear()


def check(got, want, labels):
    """Every value against matminer's; ranges and deviations against the magnitude of their property."""
    if got.shape != want.shape:
        fail(f"shape {got.shape}, expected {want.shape}")
    scale = np.maximum(np.abs(got), np.abs(want))
    for index, label in enumerate(labels):
        if " range " in label or " avg_dev " in label:
            # The columns of one property are minimum, maximum, range, mean, avg_dev, mode.
            low = index - (2 if " range " in label else 4)
            scale[:, index] = np.maximum(scale[:, index], np.abs(want[:, low : low + 2]).max(axis=1))
    with np.errstate(invalid="ignore", divide="ignore"):
        relative = np.where(scale > 0, np.abs(got - want) / scale, 0.0)
    if not relative.max() <= TOLERANCE:
        row, column = np.unravel_index(np.nanargmax(relative), relative.shape)
        fail(f"{labels[column]} of row {row}: {got[row, column]!r}, matminer {want[row, column]!r}")
    return float(relative.max())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", help="the matsieve-bench executable; without it only the peers run")
    parser.add_argument("--rows", type=int, default=2_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json")
    parser.add_argument("--tiny", action="store_true", help="100 rows, once")
    options = parser.parse_args()
    if options.tiny:
        options.rows, options.repeats = 100, 1

    from matminer.featurizers.composition import ElementProperty
    from pymatgen.core import Composition

    formulas = sample(INPUT, options.rows)
    featurizer = ElementProperty.from_preset("magpie", impute_nan=True)
    labels = featurizer.feature_labels()
    featurizer.featurize(Composition("Fe2O3"))
    peer = {"magpie": [], "formula-parsing": []}
    own = {"magpie": [], "formula-parsing": []}
    rows_of_full_table = 0

    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        write_formulas(folder / "formulas.csv", formulas)
        want = np.array([featurizer.featurize(Composition(formula)) for formula in formulas], dtype=float)
        worst = None
        if options.binary:
            first = run_bench(options.binary, "magpie", input=folder / "formulas.csv", output=folder / "features.json", repeats=1)
            worst = check(read_matrix(folder / "features.json"), want, labels)
            if relative_difference(first["checksum"], float(want.sum())) > 1e-9:
                fail(f"checksum {first['checksum']!r}, expected {float(want.sum())!r}")
            parsed = run_bench(options.binary, "formula-parsing", input=folder / "formulas.csv", repeats=1)
            total = sum(element.Z * amount for formula in formulas for element, amount in Composition(formula).items())
            if relative_difference(parsed["checksum"], total) > 1e-9:
                fail(f"formula-parsing: checksum {parsed['checksum']!r}, expected {total!r}")
        for _ in range(options.repeats):
            # matminer on the sample; MatSieve on the whole table, as the sample is too short to time.
            forget_formulas()
            peer["magpie"].append(timed(lambda: [featurizer.featurize(Composition(formula)) for formula in formulas])[0])
            forget_formulas()
            peer["formula-parsing"].append(timed(lambda: [Composition(formula) for formula in formulas])[0])
            if options.binary:
                for name in own:
                    result = run_bench(options.binary, name, input=folder / "formulas.csv" if options.tiny else INPUT, repeats=OWN_REPEATS, threads=1)
                    own[name] += result["seconds"]
                    rows_of_full_table = result["rows"]

    figures = {"rows (peer)": len(formulas), "repeats": options.repeats}
    if worst is not None:
        figures["rows (matsieve)"] = rows_of_full_table
        figures["largest relative difference"] = worst
    for name in peer:
        figures[f"{name}: peer rows/s"] = median_rate(len(formulas), peer[name])
        figures[f"{name}: peer spread"] = relative_spread(peer[name])
        if own[name]:
            figures[f"{name}: matsieve spread"] = relative_spread(own[name])
            figures[f"{name}: matsieve rows/s"] = median_rate(rows_of_full_table, own[name])
            figures[f"{name}: ratio"] = figures[f"{name}: matsieve rows/s"] / figures[f"{name}: peer rows/s"]
    report(figures, options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
