"""Compares the crystal graphs in a store with pymatgen's neighbours of the structures in it; writes nothing.

    matsieve graph STRUCTURES -o graphs.h5 --cutoff 5 --line-graph --vectors --gaussians 20 --expand-edges
    python scripts/generate-references/compare_graphs.py graphs.h5 [--rows 200]

Needs h5py and the packages of `requirements.txt`.
"""

import argparse
import sys

import h5py
import numpy as np
from pymatgen.core import Lattice, Structure


def compare(file, row):
    structure, graph = file["structure"], file["graph"]
    atoms = slice(*structure["offset"][row : row + 2])
    nodes, edges = (slice(*graph[name][row : row + 2]) for name in ("node_offset", "edge_offset"))
    numbers = graph["node_atomic_number"][nodes]
    assert np.array_equal(numbers, structure["atomic_number"][atoms]), "elements"
    cutoff = float(graph.attrs["rule"].decode().split()[1])
    crystal = Structure(Lattice(structure["lattice"][row]), numbers, structure["fractional"][atoms], to_unit_cell=False)
    source, target, image, distance = crystal.get_neighbor_list(cutoff, exclude_self=True)
    image = np.rint(image).astype(int)
    order = np.lexsort((image[:, 2], image[:, 1], image[:, 0], target, source))
    assert np.array_equal(graph["edge_source"][edges], source[order]), "sources"
    assert np.array_equal(graph["edge_target"][edges], target[order]), "targets"
    assert np.array_equal(graph["edge_image"][edges], image[order]), "images"
    assert np.allclose(graph["edge_distance"][edges], distance[order], rtol=1e-6), "distances"
    fractional = structure["fractional"][atoms]
    vector = (fractional[target] + image - fractional[source])[order] @ structure["lattice"][row]
    assert np.allclose(graph["edge_vector"][edges], vector, atol=1e-5), "vectors"
    gaussians = np.exp(-(((distance[order][:, None] - graph["edge_center"][:]) / graph.attrs["edge_width"]) ** 2))
    assert np.allclose(graph["edge_feature"][edges], gaussians, atol=1e-6), "Gaussians"
    pairs = slice(*graph["line_offset"][row : row + 2])
    first, second = graph["line_edge_pair"][pairs].T
    assert np.array_equal(source[order][first], source[order][second]), "pairs"
    degrees = np.bincount(source, minlength=len(numbers))
    assert len(first) == (degrees * (degrees - 1) // 2).sum(), "number of pairs"
    cosine = (vector[first] * vector[second]).sum(axis=1) / (distance[order][first] * distance[order][second])
    assert np.allclose(np.cos(graph["line_angle"][pairs]), cosine, atol=1e-6), "angles"
    return len(source)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("store")
    parser.add_argument("--rows", type=int, default=200)
    options = parser.parse_args()
    with h5py.File(options.store) as file:
        count = len(file["graph/node_offset"]) - 1
        rows = range(0, count, max(1, count // options.rows))
        edges = 0
        for row in rows:
            try:
                edges += compare(file, row)
            except AssertionError as error:
                sys.exit(f"row {row}: {error} differ")
    print(f"{len(rows)} of {count} graphs agree, {edges} edges")


main()
