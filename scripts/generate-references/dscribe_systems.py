"""Structures that dscribe_matrices.py and dscribe_mbtr.py share, as they go into the files and as DScribe reads them."""

import argparse
import gzip
import json
import pathlib
import sys
import tempfile
import warnings

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Benchmarks/Peers"))
warnings.simplefilter("ignore")

import numpy as np
from ase import Atoms
from ase.build import bulk, fcc111, molecule

import dscribe_ase  # noqa: F401  (mends DScribe)


def structures():
    """By name: crystals, skewed cells with displaced atoms, a slab, a molecule."""
    random = np.random.default_rng(20262)
    perovskite = Atoms(
        "SrTiO3",
        cell=[[3.905, 0, 0], [1.9, 3.4, 0], [0.7, -1.1, 3.8]],
        scaled_positions=[[0, 0, 0], [0.5, 0.5, 0.5], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]],
        pbc=True,
    ).repeat((1, 2, 1))
    perovskite.set_scaled_positions(perovskite.get_scaled_positions() + random.uniform(-0.03, 0.03, (10, 3)))
    lonsdaleite = Atoms(
        "C4",
        cell=[[2.51, 0, 0], [-1.255, 2.173724, 0], [0, 0, 4.12]],
        scaled_positions=[[1 / 3, 2 / 3, 0.0625], [2 / 3, 1 / 3, 0.5625], [1 / 3, 2 / 3, 0.4375], [2 / 3, 1 / 3, 0.9375]],
        pbc=True,
    )
    lonsdaleite.positions += random.uniform(-0.02, 0.02, (4, 3))
    slab = fcc111("Cu", (1, 1, 3), vacuum=5.0)
    slab.append("O")
    slab.positions[-1] = slab.positions[-2] + [0.2, 0.1, 1.3]
    slab.set_pbc([True, True, False])
    methanol = molecule("CH3OH")
    methanol.set_cell([20, 20, 20])
    return {
        "NaCl": bulk("NaCl", "rocksalt", a=5.64, cubic=True),
        "lonsdaleite": lonsdaleite,
        "methanol": methanol,
        "perovskite": perovskite,
        "slab": slab,
    }


def plain(atoms, wrapped):
    """A structure as it goes into the file: atoms in the cell, or some of them moved to other cells."""
    fractional = np.linalg.solve(np.asarray(atoms.cell).T, atoms.positions.T).T
    for axis in range(3):
        if atoms.pbc[axis]:
            fractional[:, axis] %= 1.0
            if not wrapped:
                fractional[:: axis + 2, axis] += axis - 1
    return {
        "cell": np.asarray(atoms.cell).tolist(),
        "pbc": [bool(p) for p in atoms.pbc],
        "numbers": [int(z) for z in atoms.numbers],
        "fractional": fractional.tolist(),
    }


def restored(record):
    return Atoms(numbers=record["numbers"], cell=record["cell"], scaled_positions=record["fractional"], pbc=record["pbc"])


def write(name, description, cases, wrapped):
    """cases() yields dictionaries with `structure`, `settings` and `compute`, a function of the atoms."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--output", type=pathlib.Path)
    parser.add_argument("--tiny", action="store_true", help="three cases, to a temporary folder")
    options = parser.parse_args()
    folder = options.output or (pathlib.Path(tempfile.mkdtemp()) if options.tiny else ROOT / "Datasets/references" / name)
    folder.mkdir(parents=True, exist_ok=True)
    records = {key: plain(atoms, wrapped) for key, atoms in structures().items()}
    found = list(cases())[: 3 if options.tiny else None]
    for one in found:
        values = np.asarray(one.pop("compute")(restored(records[one["structure"]])))
        one["values"] = [float(x) for x in values.ravel()]
    text = json.dumps({"structures": records, "cases": found}, separators=(",", ":"))
    with open(folder / f"{name}.json.gz", "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        packed.write(text.encode())
    print(f"{len(found)} cases, {sum(len(one['values']) for one in found)} values in {folder}")
