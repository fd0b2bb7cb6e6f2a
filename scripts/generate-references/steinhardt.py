#!/usr/bin/env python3
"""Write Steinhardt parameters that freud computes to Datasets/references/site_features/freud.csv.gz.

    steinhardt.py

Needs freud-analysis 3.4.0 and numpy (Python 3.11), and crystals.csv.gz beside it, which site_features.py writes. Crystals are repeated
until freud's box holds the cutoff; statistics are over the sites of one cell.
"""

import csv
import gzip
import io
import pathlib

import freud
import numpy as np

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Datasets/references/site_features"
DEGREES = [2, 3, 4, 6, 8, 10, 12]
CUTOFF = 4.2
NEAREST = 8


def read_crystals():
    with gzip.open(FOLDER / "crystals.csv.gz", "rt") as file:
        for row in csv.DictReader(file):
            lattice = np.array(row["lattice"].split(), float).reshape(3, 3)
            yield row["id"], lattice, np.array(row["fractional"].split(), float).reshape(-1, 3)


def repeated(lattice, fractional, reach):
    """Box, points and the indices of one cell's atoms; each direction is repeated to at least 2.2 times the reach."""
    heights = np.abs(np.linalg.det(lattice)) / np.array([np.linalg.norm(np.cross(lattice[(k + 1) % 3], lattice[(k + 2) % 3])) for k in range(3)])
    counts = np.maximum(1, np.ceil(2.2 * reach / heights)).astype(int)
    shifts = np.array(np.meshgrid(*map(range, counts), indexing="ij")).reshape(3, -1).T
    scaled = (fractional[None] + shifts[:, None]).reshape(-1, 3) / counts
    # Upper triangular, right-handed.
    q, r = np.linalg.qr((lattice * counts[:, None]).T)
    r = (r.T * np.sign(np.diag(r))).T
    return freud.box.Box.from_matrix(r), (r @ (scaled % 1 - 0.5).T).T, np.arange(len(fractional))


def values(box, points, cell, neighbors, **options):
    system = (box, points)
    row = {}
    for degree in DEGREES:
        second = freud.order.Steinhardt(degree, **options).compute(system, neighbors).particle_order[cell]
        row |= over_sites(f"q{degree}", second)
        if degree % 2 == 0:
            third = freud.order.Steinhardt(degree, wl=True, wl_normalize=True, **options).compute(system, neighbors).particle_order[cell]
            # Of no meaning where q vanishes.
            row |= over_sites(f"w{degree}", third if second.min() > 0.02 else np.full(len(cell), np.nan))
    return row


def over_sites(label, numbers):
    numbers = np.asarray(numbers, float)
    return {f"{label} mean": numbers.mean(), f"{label} std": numbers.std(), f"{label} min": numbers.min(), f"{label} max": numbers.max()}


def main():
    table = []
    for name, lattice, fractional in read_crystals():
        box, points, cell = repeated(lattice, fractional, 12)
        query = freud.locality.AABBQuery(box, points)
        distances = np.sort(query.query(points[cell], dict(num_neighbors=NEAREST + 1 + 1, exclude_ii=False)).toNeighborList().distances.reshape(len(cell), -1), axis=1)
        row = {"id": name}
        within = query.query(points, dict(r_max=CUTOFF, exclude_ii=True)).toNeighborList()
        gap = np.abs(query.query(points[cell], dict(r_max=CUTOFF + 0.5, exclude_ii=False)).toNeighborList().distances - CUTOFF).min()
        clear = gap > 1e-4 and set(within.query_point_indices) == set(range(len(points)))
        row |= prefixed("cutoff", values(box, points, cell, within) if clear else {})
        row |= prefixed("average", values(box, points, cell, within, average=True) if clear else {})
        if (distances[:, NEAREST + 1] - distances[:, NEAREST]).min() > 1e-4:
            nearest = query.query(points, dict(num_neighbors=NEAREST, exclude_ii=True)).toNeighborList()
            row |= prefixed("nearest", values(box, points, cell, nearest))
        table.append(row)
    labels = list(dict.fromkeys(key for row in table for key in row))
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(labels)
    for row in table:
        writer.writerow([row["id"], *("" if row.get(k, np.nan) != row.get(k, np.nan) else repr(round(row[k], 9)) for k in labels[1:])])
    with open(FOLDER / "freud.csv.gz", "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as file:
        file.write(buffer.getvalue().encode())


def prefixed(word, row):
    return {f"{word} {key}": float(value) for key, value in row.items()}


if __name__ == "__main__":
    main()
