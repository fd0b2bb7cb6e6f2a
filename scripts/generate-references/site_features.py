#!/usr/bin/env python3
"""Write features of sites that matminer computes to Datasets/references/site_features/.

    site_features.py [--output DIR]

Needs matminer 0.10.1, pymatgen 2026.10.24 and numpy 2.4.6 (Python 3.11). Writes crystals.csv.gz (lattice and fractional coordinates
rounded to 7 decimals) and matminer.csv.gz. Statistics over the sites are mean, std (of the population), min, max.
"""

import argparse
import csv
import gzip
import io
import json
import pathlib
import warnings

warnings.simplefilter("ignore")

import numpy as np
from matminer.featurizers.site import AGNIFingerprints, AverageBondAngle, AverageBondLength, BondOrientationalParameter, CoordinationNumber
from pymatgen.analysis.local_env import MinimumDistanceNN, VoronoiNN
from pymatgen.core import Lattice, Structure

ROOT = pathlib.Path(__file__).resolve().parents[2]
SEED = 20261121
STATISTICS = {"mean": np.mean, "std": np.std, "min": np.min, "max": np.max}
# Faces of less than this part of the largest solid angle come and go with rounding.
FACE = 1e-6


def text(value):
    return "" if value != value else repr(float(value))


def write(path, header, rows):
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    with open(path, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as file:
        file.write(buffer.getvalue().encode())


def rounded(structure):
    lattice = Lattice(np.round(structure.lattice.matrix, 7))
    return Structure(lattice, [site.specie.symbol for site in structure], np.round(structure.frac_coords, 7))


def ideal():
    hexagonal = Lattice.hexagonal(3, 3 * (8 / 3) ** 0.5)
    return {
        "sc": Structure(Lattice.cubic(3), ["Po"], [[0.1, 0.2, 0.3]]),
        "bcc": Structure(Lattice.cubic(3), ["Fe", "Fe"], [[0, 0, 0], [0.5, 0.5, 0.5]]),
        "fcc": Structure(Lattice.cubic(4), ["Al"] * 4, [[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]]),
        "hcp": Structure(hexagonal, ["Mg", "Mg"], [[1 / 3, 2 / 3, 0.25], [2 / 3, 1 / 3, 0.75]]),
    }


def random_crystals(generator, count):
    found = {}
    while len(found) < count:
        atoms = int(generator.integers(1, 9))
        edge = 2.6 * atoms ** (1 / 3)
        lattice = Lattice.from_parameters(*(edge * generator.uniform(0.8, 1.3, 3)), *generator.uniform(50, 125, 3))
        if not np.isfinite(lattice.matrix).all() or lattice.volume < 11 * atoms:
            continue
        structure = Structure(lattice, ["Si"] * atoms, generator.uniform(-0.4, 1.6, (atoms, 3)))
        if min(len(structure.get_neighbors(site, 1.6)) == 0 for site in structure):
            found[f"random-{len(found)}"] = structure
    return found


def measured(generator, count):
    with gzip.open(ROOT / "Datasets/structures/mp_elastic_2015.json.gz", "rt") as file:
        table = json.load(file)
    rows = table["data"] if isinstance(table, dict) else table
    column = table["columns"].index("structure") if isinstance(table, dict) else "structure"
    found = {}
    for index in generator.permutation(len(rows)):
        structure = rows[index][column]
        structure = Structure.from_dict(structure) if isinstance(structure, dict) else Structure.from_str(structure, "json")
        if len(structure) <= 14:
            found[f"elastic-{index}"] = structure
        if len(found) == count:
            return found


def is_clear(structure):
    """No distance near the limit of the smallest times 1.1."""
    for site in structure:
        distances = np.array([n.nn_distance for n in structure.get_neighbors(site, 8)])
        if np.min(np.abs(distances / distances.min() - 1.1)) < 1e-5:
            return False
    return True


def over_sites(label, values):
    return {f"{label} {name}": statistic(values) for name, statistic in STATISTICS.items()}


def features(structure):
    # pymatgen's tessellation finds no faces for atoms outside of the cell.
    structure = Structure(structure.lattice, structure.species, structure.frac_coords, to_unit_cell=True)
    sites = range(len(structure))
    row = {}
    for name, neighbors in (("minimum-distance", MinimumDistanceNN(tol=0.1)), ("voronoi", VoronoiNN(tol=FACE))):
        for weights in ("none", "sum", "effective"):
            numbers = [CoordinationNumber(neighbors, weights).featurize(structure, i)[0] for i in sites]
            row |= over_sites(f"{name} {weights} coordination", numbers)
        row |= over_sites(f"{name} site bond length", [AverageBondLength(neighbors).featurize(structure, i)[0] for i in sites])
        angles = [AverageBondAngle(neighbors).featurize(structure, i)[0] for i in sites if len(neighbors.get_nn_info(structure, i)) > 1]
        row |= over_sites(f"{name} smallest bond angle", np.degrees(angles) if angles else [np.nan])
    order = BondOrientationalParameter(max_l=10, compute_w_hat=True)
    parameters = np.array([order.featurize(structure, i) for i in sites])
    for l in range(1, 11):
        row |= over_sites(f"q{l}", parameters[:, l - 1])
        if l % 2 == 0:
            row |= over_sites(f"w{l}", parameters[:, 10 + l - 1])
    fingerprints = AGNIFingerprints(directions=[None])
    values = np.array([fingerprints.featurize(structure, i) for i in sites])
    for k, label in enumerate(fingerprints.feature_labels()):
        row |= {f"mean {label}": values[:, k].mean(), f"std_dev {label}": values[:, k].std()}
    return row


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "Datasets/references/site_features")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    generator = np.random.default_rng(SEED)
    crystals = {name: rounded(s) for name, s in (ideal() | random_crystals(generator, 10) | measured(generator, 14)).items()}
    crystals = {name: s for name, s in crystals.items() if is_clear(s)}
    write(
        options.output / "crystals.csv.gz",
        ["id", "lattice", "atomic_numbers", "fractional"],
        [
            [
                name,
                " ".join(text(x) for x in s.lattice.matrix.flatten()),
                " ".join(str(site.specie.Z) for site in s),
                " ".join(text(x) for x in s.frac_coords.flatten()),
            ]
            for name, s in crystals.items()
        ],
    )
    rows = {name: features(s) for name, s in crystals.items()}
    labels = list(next(iter(rows.values())))
    write(options.output / "matminer.csv.gz", ["id", *labels], [[name, *(text(row[l]) for l in labels)] for name, row in rows.items()])


if __name__ == "__main__":
    main()
