#!/usr/bin/env python3
"""Crystal graphs: pymatgen's neighbour list and numpy arrays against matsieve-bench, one thread, same structures.

    crystal_graph_peer.py [--binary .build/release/matsieve-bench] [--rows 1500] [--repeats 3] [--json FILE] [--tiny]

The peer describes every n-th structure of each set, MatSieve all of them. Edges are compared before times: all of the first 300 structures,
and the number and total length of those of every structure that the peer describes.
"""

import argparse
import csv
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

SETS = {"perovskites": "perov5_heat_ref.json.zip", "carbon": "carbon24_energy_per_atom.json.zip"}
RULES = ["cutoff", "nearest"]
CUTOFF, NEIGHBORS, TIE, RADIUS = 5.0, 12, 1e-3, 8.0
TOLERANCE = 1e-8
OWN_REPEATS = 3


def poscars(name):
    """Texts in the order of the file, whatever the nesting."""
    with zipfile.ZipFile(ROOT / "Datasets/structures" / name) as archive:
        return list(texts(json.loads(archive.read(archive.namelist()[0]))))


def write_table(path, all_texts):
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "poscar"])
        writer.writerows(enumerate(all_texts))
    return path


def texts(value):
    if isinstance(value, str):
        yield value.replace("\\n", "\n")
    else:
        for part in value.values():
            yield from texts(part)


def graph(structure, rule):
    """Arrays of one graph: node features by element, edges in the order of source, target, image."""
    center, target, image, distance = structure.get_neighbor_list(CUTOFF if rule == "cutoff" else RADIUS, exclude_self=True)
    if rule == "nearest":
        by_distance = np.lexsort((distance, center))
        first = np.searchsorted(center[by_distance], np.arange(len(structure)))
        reach = distance[by_distance][first + NEIGHBORS - 1] + TIE
        keep = distance <= reach[center]
        center, target, image, distance = center[keep], target[keep], image[keep], distance[keep]
    image = np.rint(image).astype(np.int32)
    order = np.lexsort((image[:, 2], image[:, 1], image[:, 0], target, center))
    center, target, image, distance = center[order], target[order], image[order], distance[order]
    fractional = structure.frac_coords
    vector = (fractional[target] + image - fractional[center]) @ structure.lattice.matrix
    return FEATURES[list(structure.atomic_numbers)], center, target, image, distance, vector


FEATURES = np.eye(119, 49, dtype=np.float32)


def check(name, rule, structures, rows, binary, table):
    graphs, first = table.with_name("graphs.json"), table.with_name("edges.json")
    outcome = run_bench(binary, "crystal-graph", input=table, rule=rule, repeats=1, graphs=graphs, edges=first)
    summaries, edges = read_matrix(graphs), read_matrix(first)
    for row, structure in zip(rows, structures):
        _, center, target, image, distance, _ = graph(structure, rule)
        if len(center) != summaries[row, 0] or abs(distance.sum() - summaries[row, 1]) > TOLERANCE * max(1, distance.sum()):
            fail(f"{name}, {rule}: structure {row} has {summaries[row, 0]:.0f} edges of {summaries[row, 1]!r} Å, pymatgen "
                 f"{len(center)} of {distance.sum()!r}")
        if row < 300:
            own = edges[edges[:, 0] == row]
            want = np.column_stack([center, target, image])
            if not np.array_equal(own[:, 1:6], want) or np.abs(own[:, 6] - distance).max() > TOLERANCE:
                fail(f"{name}, {rule}: edges of structure {row} differ")
    return outcome["rows"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", help="the matsieve-bench executable; without it only the peer runs")
    parser.add_argument("--rows", type=int, default=1500, help="structures of each set for the peer")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json")
    parser.add_argument("--tiny", action="store_true", help="60 structures of each set, once")
    options = parser.parse_args()
    if options.tiny:
        options.rows, options.repeats = 60, 1

    from pymatgen.io.vasp import Poscar

    figures = {"repeats": options.repeats}
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for name, file in SETS.items():
            all_texts = poscars(file)
            table = write_table(folder / f"{name}.csv", all_texts)
            # The first ones are compared edge by edge.
            rows = sorted({*range(min(30, options.rows)), *range(0, len(all_texts), max(1, len(all_texts) // options.rows))})
            structures = [Poscar.from_str(all_texts[row]).structure for row in rows]
            for rule in RULES:
                label = f"{name}, {rule}"
                if options.binary:
                    figures[f"{label}: structures"] = check(name, rule, structures, rows, options.binary, table)
                peer, own = [], []
                for _ in range(options.repeats):
                    peer.append(timed(lambda: [graph(structure, rule) for structure in structures])[0])
                    if options.binary:
                        outcome = run_bench(options.binary, "crystal-graph", input=table, rule=rule, repeats=OWN_REPEATS, threads=1)
                        own += outcome["seconds"]
                figures[f"{label}: peer structures/s"] = median_rate(len(structures), peer)
                figures[f"{label}: peer spread"] = relative_spread(peer)
                if own:
                    figures[f"{label}: matsieve structures/s"] = median_rate(outcome["rows"], own)
                    figures[f"{label}: matsieve spread"] = relative_spread(own)
                    figures[f"{label}: ratio"] = figures[f"{label}: matsieve structures/s"] / figures[f"{label}: peer structures/s"]
    report(figures, options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
