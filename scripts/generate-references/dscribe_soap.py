#!/usr/bin/env python3
"""Write DScribe's SOAP of a few structures to Datasets/references/dscribe_soap/.

    dscribe_soap.py [--output DIR] [--tiny]

Made with dscribe 2.1.2, ase 3.29.0, numpy 2.4.6 and scipy 1.17.1.
"""

import argparse
import gzip
import json
import pathlib
import tempfile

import numpy as np
from ase import Atoms
from ase.build import bulk, fcc111, molecule
from dscribe.descriptors import SOAP

ROOT = pathlib.Path(__file__).resolve().parents[2]


def structures():
    """By name: crystals, a skewed cell with displaced atoms, a slab, a chain, a molecule."""
    random = np.random.default_rng(20261)
    nacl = bulk("NaCl", "rocksalt", a=5.64, cubic=True)
    diamond = bulk("C", "diamond", a=3.567)
    perovskite = Atoms(
        "SrTiO3",
        cell=[[3.905, 0, 0], [1.9, 3.4, 0], [0.7, -1.1, 3.8]],
        scaled_positions=[[0, 0, 0], [0.5, 0.5, 0.5], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]],
        pbc=True,
    )
    perovskite = perovskite.repeat((1, 2, 1))
    perovskite.set_scaled_positions(perovskite.get_scaled_positions() + random.uniform(-0.03, 0.03, (10, 3)))
    carbon = Atoms("C7", cell=[[4.1, 0, 0], [0.3, 4.4, 0], [-0.8, 0.5, 4.9]], scaled_positions=random.uniform(0, 1, (7, 3)), pbc=True)
    slab = fcc111("Cu", (1, 1, 3), vacuum=5.0)
    slab.append("O")
    slab.positions[-1] = slab.positions[-2] + [0.2, 0.1, 1.3]
    chain = Atoms("HF", cell=[[2.5, 0, 0], [0, 9, 0], [0, 0, 9]], positions=[[0, 4, 4], [0.95, 4.3, 4.2]], pbc=[True, False, False])
    methanol = molecule("CH3OH")
    methanol.set_cell([20, 20, 20])
    return {
        "NaCl": nacl,
        "diamond": diamond,
        "perovskite": perovskite,
        "carbon": carbon,
        "slab": slab,
        "chain": chain,
        "methanol": methanol,
    }


def plain(atoms):
    """A structure as it goes into the file; DScribe reads the same numbers."""
    return {
        "cell": np.asarray(atoms.cell).tolist(),
        "pbc": [bool(p) for p in atoms.pbc],
        "numbers": [int(z) for z in atoms.numbers],
        "fractional": np.linalg.solve(np.asarray(atoms.cell).T, atoms.positions.T).T.tolist(),
    }


def restored(record):
    return Atoms(numbers=record["numbers"], cell=record["cell"], scaled_positions=record["fractional"], pbc=record["pbc"])


def case(structure, species, rows="all", weighting=None, species_weighting=None, **settings):
    return {
        "structure": structure,
        "rows": rows,
        "settings": {"species": species, "weighting": weighting, "species_weighting": species_weighting, **settings},
    }


def cases():
    poly = {"function": "poly", "r0": 4.0, "c": 1.3, "m": 2}
    power = {"function": "pow", "r0": 2.0, "c": 1.0, "d": 0.8, "m": 5.5}
    exponential = {"function": "exp", "r0": 1.5, "c": 2.0, "d": 1.2}
    sto = ["O", "Ti", "Sr"]
    found = [
        case("NaCl", ["Na", "Cl"], rows=[0, 1], r_cut=5.0, n_max=8, l_max=6, sigma=1.0, average="off", compression="off"),
        case("NaCl", ["Cl", "Na", "O"], r_cut=4.0, n_max=4, l_max=3, sigma=0.5, average="outer", compression="off"),
        case("diamond", ["C"], rows=[0, 1], r_cut=6.0, n_max=9, l_max=9, sigma=0.4, average="off", compression="off"),
        case("diamond", ["C"], r_cut=3.0, n_max=1, l_max=0, sigma=0.3, average="outer", compression="off"),
        case("diamond", ["C"], r_cut=4.0, n_max=3, l_max=20, sigma=0.6, average="outer", compression="off"),
        case("carbon", ["C"], r_cut=4.5, n_max=6, l_max=5, sigma=0.3, average="off", compression="off"),
        case("slab", ["Cu", "O"], r_cut=5.0, n_max=5, l_max=4, sigma=0.7, average="off", compression="off"),
        case("chain", ["H", "F"], r_cut=6.0, n_max=4, l_max=4, sigma=0.5, average="outer", compression="off"),
        case("methanol", ["H", "C", "O"], r_cut=3.5, n_max=5, l_max=4, sigma=0.4, average="outer", compression="off"),
        case("methanol", ["H", "C", "O"], rows=[0, 3], r_cut=3.5, n_max=4, l_max=2, sigma=0.4, average="off", compression="off"),
    ]
    for compression in ("off", "mu2", "mu1nu1", "crossover"):
        for average in ("inner", "outer"):
            found.append(case("perovskite", sto, r_cut=4.2, n_max=4, l_max=3, sigma=0.5, average=average, compression=compression))
        found.append(
            case("perovskite", sto, rows=[2], r_cut=4.2, n_max=6, l_max=2, sigma=0.5, average="off", compression=compression,
                 species_weighting={"Sr": 1.5, "Ti": 0.25, "O": -2.0})
        )
    for weighting in (poly, power, exponential):
        settings = dict(n_max=5, l_max=3, sigma=0.5, average="outer", compression="off")
        found.append(case("perovskite", sto, weighting=weighting, r_cut=5.0, **settings))
        found.append(case("carbon", ["C"], weighting={**weighting, "w0": 0.6}, **settings))
    found.append(case("NaCl", ["Na", "Cl"], weighting={"w0": 0.0}, r_cut=4.0, n_max=4, l_max=3, sigma=0.5, average="outer", compression="off"))
    return found


def compute(record, settings, rows):
    arguments = dict(settings)
    compression = {"mode": arguments.pop("compression"), "species_weighting": arguments.pop("species_weighting")}
    soap = SOAP(periodic=any(record["pbc"]), compression=compression, **{k: v for k, v in arguments.items() if v is not None})
    values = np.atleast_2d(soap.create(restored(record)))
    return values if rows == "all" else values[rows]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=pathlib.Path)
    parser.add_argument("--tiny", action="store_true", help="two cases, to a temporary folder")
    options = parser.parse_args()
    folder = options.output or (pathlib.Path(tempfile.mkdtemp()) if options.tiny else ROOT / "Datasets/references/dscribe_soap")
    folder.mkdir(parents=True, exist_ok=True)
    records = {name: plain(atoms) for name, atoms in structures().items()}
    found = cases()[:2] if options.tiny else cases()
    for one in found:
        one["values"] = compute(records[one["structure"]], json.loads(json.dumps(one["settings"])), one["rows"]).tolist()
    text = json.dumps({"structures": records, "cases": found}, separators=(",", ":"))
    with open(folder / "soap.json.gz", "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        packed.write(text.encode())
    print(f"{len(found)} cases, {sum(np.size(one['values']) for one in found)} values in {folder}")


if __name__ == "__main__":
    main()
