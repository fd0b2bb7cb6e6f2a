#!/usr/bin/env python3
"""Neighbour lists: vesin, ASE and pymatgen against matsieve-bench, one thread, same crystals, pairs compared as sets first.

    neighbors_peer.py [--binary .build/release/matsieve-bench] [--repeats 3] [--json FILE] [--tiny]

Needs vesin 0.6.2, ase 3.29.0 and pymatgen 2026.10.24. Two inputs, cutoff 5 Å: 4,096 atoms of NaCl, and random skewed cells of 8 atoms.
"""

import argparse
import pathlib
import sys
import tempfile

import numpy as np
import vesin
from ase.neighborlist import primitive_neighbor_list
from pymatgen.core import Lattice, Structure

from harness import fail, median_rate, relative_spread, report, run_bench, timed
from matrices import read_matrix, write_matrix

CUTOFF = 5.0
OWN_REPEATS = 7
PERIODIC = (True, True, True)


def rock_salt(cells):
    grid = np.array(np.meshgrid(*[np.arange(2 * cells)] * 3, indexing="ij")).reshape(3, -1).T / (2 * cells)
    return [(np.eye(3) * 5.64 * cells, grid)]


def small_cells(count):
    generator = np.random.default_rng(5)
    found = []
    while len(found) < count:
        lattice = Lattice.from_parameters(*(5.6 * generator.uniform(0.9, 1.1, 3)), *generator.uniform(70, 110, 3)).matrix
        found.append((lattice, generator.uniform(0, 1, (8, 3))))
    return found


def vesin_lists(crystals, sort):
    calculator = vesin.NeighborList(cutoff=CUTOFF, full_list=True, sorted=sort)
    return [calculator.compute(points=f @ lattice, box=lattice, periodic=True, quantities="ijSDd") for lattice, f in crystals]


def ase_lists(crystals):
    return [primitive_neighbor_list("ijSDd", PERIODIC, lattice, f @ lattice, CUTOFF) for lattice, f in crystals]


def pymatgen_lists(structures):
    return [s.get_neighbor_list(CUTOFF) for s in structures]


def pairs(lists):
    """Structure, i, j, offset of every pair, sorted; distances beside them."""
    rows = np.concatenate([np.column_stack([np.full(len(i), k), i, j, s]) for k, (i, j, s, *_) in enumerate(lists)]).astype(np.int64)
    distances = np.concatenate([item[-1] for item in lists])
    order = np.lexsort(rows.T[::-1])
    return rows[order], distances[order]


def check(name, got, want):
    if got[0].shape != want[0].shape or (got[0] != want[0]).any():
        fail(f"{name}: {len(got[0])} pairs, expected {len(want[0])}, or other pairs")
    if np.abs(got[1] - want[1]).max() > 1e-10:
        fail(f"{name}: distances differ by {np.abs(got[1] - want[1]).max()}")


def compare(label, crystals, options, folder):
    structures = [Structure(lattice, ["Na"] * len(f), f) for lattice, f in crystals]
    atoms = sum(len(f) for _, f in crystals)
    peers = {
        "vesin": lambda: vesin_lists(crystals, False),
        "vesin sorted": lambda: vesin_lists(crystals, True),
        "ase": lambda: ase_lists(crystals),
        "pymatgen": lambda: pymatgen_lists(structures),
    }
    want = pairs(peers["vesin"]())
    check("ase", pairs(ase_lists(crystals)), want)
    check("pymatgen", pairs([(i, j, s, d) for i, j, s, d in pymatgen_lists(structures)]), want)
    seconds, own, rows = {name: [] for name in peers}, [], 0
    source = write_matrix(folder / "crystals.json", np.array([np.concatenate([m.ravel(), f.ravel()]) for m, f in crystals]))
    if options.binary:
        run_bench(options.binary, "neighbor-list", input=source, output=folder / "pairs.json", repeats=1)
        values = read_matrix(folder / "pairs.json")
        check("matsieve", (values[:, :6].astype(np.int64), values[:, 6]), want)
    for _ in range(options.repeats):
        for name, action in peers.items():
            seconds[name].append(timed(action)[0])
        if options.binary:
            result = run_bench(options.binary, "neighbor-list", input=source, repeats=OWN_REPEATS, threads=1)
            own += result["seconds"]
            rows = result["rows"]
    figures = {f"{label}: structures": len(crystals), f"{label}: pairs": len(want[0])}
    if own:
        figures[f"{label}: matsieve atoms/s"] = median_rate(rows, own)
        figures[f"{label}: matsieve spread"] = relative_spread(own)
    for name in peers:
        figures[f"{label}: {name} atoms/s"] = median_rate(atoms, seconds[name])
        figures[f"{label}: {name} spread"] = relative_spread(seconds[name])
        if own:
            figures[f"{label}: ratio to {name}"] = figures[f"{label}: matsieve atoms/s"] / figures[f"{label}: {name} atoms/s"]
    return figures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", type=pathlib.Path)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("--tiny", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        figures = compare("supercell", rock_salt(2 if options.tiny else 8), options, folder)
        figures |= compare("8-atom cells", small_cells(20 if options.tiny else 500), options, folder)
    report(figures, options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
