#!/usr/bin/env python3
"""POSCAR text to structure: pymatgen against matsieve-bench, one thread, same texts.

    poscar_peer.py [--binary .build/release/matsieve-bench] [--rows 1000] [--repeats 3] [--json FILE] [--tiny]
"""

import argparse
import json
import pathlib
import sys
import tempfile
import warnings
import zipfile

warnings.simplefilter("ignore")

import numpy as np

from harness import ROOT, fail, median_rate, relative_spread, report, run_bench, timed
from matrices import read_matrix

TOLERANCE = 1e-12
# MatSieve's half takes milliseconds: runs of one turn.
OWN_REPEATS = 7
INPUT = ROOT / "Datasets/structures/perov5_heat_ref.json.zip"


def all_texts():
    with zipfile.ZipFile(INPUT) as archive:
        found = json.loads(archive.read(archive.namelist()[0]))
    texts = {name: text for part in found.values() for name, text in part.items()}
    # The set holds its line ends as two characters.
    return [texts[name].replace("\\n", "\n") for name in sorted(texts)]


def figures_of(structure):
    charges = np.array([site.specie.Z for site in structure], dtype=float)
    return [len(charges), *structure.lattice.matrix.ravel(), charges.sum(), *(charges @ structure.frac_coords)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", help="the matsieve-bench executable; without it only the peer runs")
    parser.add_argument("--rows", type=int, default=1_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json")
    parser.add_argument("--tiny", action="store_true", help="50 rows, once")
    options = parser.parse_args()
    if options.tiny:
        options.rows, options.repeats = 50, 1

    from pymatgen.io.vasp import Poscar

    texts = all_texts()
    # Spread over the whole set.
    rows = list(range(0, len(texts), max(1, len(texts) // options.rows)))[: options.rows]
    sample = [texts[row] for row in rows]

    def parse():
        return [Poscar.from_str(text).structure for text in sample]

    want = np.array([figures_of(structure) for structure in parse()])
    peer, own, result, worst = [], [], None, None
    if options.binary:
        with tempfile.TemporaryDirectory() as folder:
            output = pathlib.Path(folder) / "figures.json"
            run_bench(options.binary, "poscar", input=INPUT, output=output, repeats=1)
            got = read_matrix(output)
        if got.shape != (len(texts), want.shape[1]):
            fail(f"shape {got.shape}, expected {(len(texts), want.shape[1])}")
        difference = np.abs(got[rows] - want) / np.maximum(1, np.abs(want))
        worst = float(difference.max())
        if not worst <= TOLERANCE:
            row, column = np.unravel_index(difference.argmax(), difference.shape)
            fail(f"figure {column} of structure {rows[row]}: {got[rows[row], column]!r}, pymatgen {want[row, column]!r}")
    for _ in range(options.repeats):
        peer.append(timed(parse)[0])
        if options.binary:
            result = run_bench(options.binary, "poscar", input=INPUT, repeats=OWN_REPEATS, threads=1)
            own += result["seconds"]

    figures = {"rows (peer)": len(sample), "repeats": options.repeats}
    figures["peer rows/s"] = median_rate(len(sample), peer)
    figures["peer spread"] = relative_spread(peer)
    if own:
        figures["rows (matsieve)"] = result["rows"]
        figures["largest relative difference"] = worst
        figures["matsieve rows/s"] = median_rate(result["rows"], own)
        figures["matsieve spread"] = relative_spread(own)
        figures["matsieve MB/s"] = figures["matsieve rows/s"] / result["rows"] * result["bytes"] / 1e6
        figures["ratio"] = figures["matsieve rows/s"] / figures["peer rows/s"]
    report(figures, options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
