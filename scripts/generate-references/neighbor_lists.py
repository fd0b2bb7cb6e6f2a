#!/usr/bin/env python3
"""Write neighbour counts and cells that other codes compute to Datasets/references/site_features/neighbors.csv.gz.

    neighbor_lists.py

Needs vesin 0.6.2, ase 3.29.0, scipy and numpy (Python 3.11), and crystals.csv.gz beside it, which site_features.py writes. For each
crystal and cutoff: pairs in both directions, the sum of their distances, and sums over offsets n of n_a + 10 n_b + 100 n_c times
(i + 1) (j + 2), which tell wrong offsets; vesin and ASE must agree. Volume of the Voronoi cell of each atom: qhull on the images around it.
"""

import csv
import gzip
import io
import pathlib

import ase
import numpy as np
import vesin
from ase.neighborlist import primitive_neighbor_list
from scipy.spatial import ConvexHull, Voronoi

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Datasets/references/site_features"
PERIODICITIES = [(True, True, True), (True, True, False), (False, True, False), (False, False, False)]


def summary(i, j, shifts, distances):
    code = (shifts * [1, 10, 100]).sum(axis=1) * (i.astype(int) + 1) * (j.astype(int) + 2)
    return len(i), float(np.sort(distances).sum()), int(code.sum())


def cell_volumes(lattice, fractional):
    points = fractional @ lattice
    shifts = np.array(np.meshgrid(*[range(-3, 4)] * 3, indexing="ij")).reshape(3, -1).T
    images = (points[:, None] + shifts @ lattice).reshape(-1, 3)
    volumes = []
    for point in points:
        around = images[np.argsort(np.linalg.norm(images - point, axis=1), kind="stable")[:600]]
        diagram = Voronoi(around)
        region = diagram.regions[diagram.point_region[0]]
        volumes.append(ConvexHull(diagram.vertices[region]).volume)
    return volumes


def main():
    rows = []
    with gzip.open(FOLDER / "crystals.csv.gz", "rt") as file:
        for row in csv.DictReader(file):
            lattice = np.array(row["lattice"].split(), float).reshape(3, 3)
            fractional = np.array(row["fractional"].split(), float).reshape(-1, 3)
            volumes = cell_volumes(lattice, fractional)
            if abs(sum(volumes) / abs(np.linalg.det(lattice)) - 1) > 1e-9:
                volumes = []
            for periodic in PERIODICITIES:
                for cutoff in (2.7, 6.3):
                    i, j, shifts, distances = primitive_neighbor_list("ijSd", periodic, lattice, fractional @ lattice, cutoff)
                    ours = summary(i, j, shifts, distances)
                    i, j, shifts, distances = vesin.NeighborList(cutoff=cutoff, full_list=True).compute(
                        points=fractional @ lattice, box=lattice, periodic=np.array(periodic), quantities="ijSd"
                    )
                    theirs = summary(i, j, shifts, distances)
                    assert ours[0] == theirs[0] and ours[2] == theirs[2] and abs(ours[1] - theirs[1]) < 1e-7, (row["id"], ours, theirs)
                    rows.append([row["id"], "".join("FT"[p] for p in periodic), cutoff, *ours, " ".join(map(repr, map(float, volumes)))])
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["id", "periodic", "cutoff", "pairs", "distances", "offsets", "volumes"])
    writer.writerows(rows)
    with open(FOLDER / "neighbors.csv.gz", "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as file:
        file.write(buffer.getvalue().encode())


if __name__ == "__main__":
    main()
