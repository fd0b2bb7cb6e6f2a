"""Crystals of Datasets/structures/mp_elastic_2015.json.gz, for the peer and as matsieve-bench reads them."""

import gzip
import json
import random

from ase import Atoms

from harness import ROOT


def crystals():
    with gzip.open(ROOT / "Datasets/structures/mp_elastic_2015.json.gz", "rt") as file:
        table = json.load(file)
    column = table["columns"].index("structure")
    for row in table["data"]:
        structure = row[column]
        yield Atoms(
            symbols=[site["species"][0]["element"] for site in structure["sites"]],
            scaled_positions=[[x % 1.0 for x in site["abc"]] for site in structure["sites"]],
            cell=structure["lattice"]["matrix"],
            pbc=True,
        )


def sample(rows, atoms, seed=7):
    """So many crystals with a number of atoms in the range."""
    found = [one for one in crystals() if len(one) in atoms]
    return random.Random(seed).sample(found, min(rows, len(found)))


def large(rows, atoms, seed=7):
    """Supercells with a number of atoms in the range, a little distorted: equal eigenvalues would flatter."""
    found = []
    for index, one in enumerate(crystals()):
        for n in (8, 4, 2, 1):
            if n * len(one) in atoms:
                one = one.repeat({8: (2, 2, 2), 4: (2, 2, 1), 2: (2, 1, 1), 1: (1, 1, 1)}[n])
                one.rattle(0.05, seed=index)
                found.append(one)
                break
    return random.Random(seed).sample(found, min(rows, len(found)))


def write(path, structures):
    records = [
        {"cell": one.cell.tolist(), "numbers": one.numbers.tolist(), "fractional": one.get_scaled_positions(wrap=False).tolist()}
        for one in structures
    ]
    path.write_text(json.dumps(records))
