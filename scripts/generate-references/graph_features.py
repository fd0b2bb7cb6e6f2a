"""Crystal graphs and descriptors of the net of bonds, by pymatgen 2026.10.24, networkx, scipy, numpy and ase 3.29.0.

    python scripts/generate-references/graph_features.py [--tiny]

Random crystals go to `Datasets/references/graph_features/crystals.json`, values to `features.json.gz` beside it. Neighbours come from
pymatgen, dimensions from its Larsen algorithm, distances and rings from breadth-first searches of networkx in a supercell, spectrum
moments from the eigenvalues of numpy on a mesh of Bloch vectors, radii from ase.
"""

import argparse
import gzip
import itertools
import json
import pathlib
import sys
import warnings

warnings.simplefilter("ignore")

import networkx as nx
import numpy as np
from ase.data import covalent_radii
from pymatgen.analysis.dimensionality import get_structure_components
from pymatgen.analysis.graphs import StructureGraph
from pymatgen.core import Element, Lattice, Structure

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Datasets" / "references" / "graph_features"
MASK = (1 << 64) - 1
SHELLS, LARGEST, MOMENTS, DISTANCE = 4, 6, 5, 3


def crystals(random, count):
    """Skewed cells in which no two atoms come closer than 1.6 Å."""
    made = []
    while len(made) < count:
        atoms = 1 + len(made) % 6
        edge = 2.7 * atoms ** (1 / 3)
        lattice = Lattice.from_parameters(*(edge * random.uniform(0.8, 1.4, 3)), *random.uniform(60, 120, 3))
        if not lattice.volume > 10 * atoms:
            continue
        frac = random.uniform(-0.4, 1.4, (atoms, 3))
        numbers = [int(z) for z in random.choice([1, 3, 6, 8, 14, 17, 26, 82], atoms)]
        structure = Structure(lattice, numbers, frac)
        if len(structure.get_neighbor_list(1.6)[0]) > 0:
            continue
        made.append({
            "lattice": [float(x) for x in np.round(lattice.matrix, 8).ravel()],
            "atomic_numbers": numbers,
            "fractional": [float(x) for x in np.round(frac, 8).ravel()],
        })
    return made


def structure_of(crystal):
    return Structure(
        Lattice(np.array(crystal["lattice"]).reshape(3, 3)), crystal["atomic_numbers"],
        np.array(crystal["fractional"]).reshape(-1, 3), to_unit_cell=False)


def pairs_within(structure, radius):
    center, point, image, distance = structure.get_neighbor_list(radius, numerical_tol=1e-8, exclude_self=True)
    image = np.rint(image).astype(int)
    pairs = [(int(i), int(j), *map(int, n), float(d)) for i, j, n, d in zip(center, point, image, distance)]
    return sorted(pairs)


def edges_by_rule(structure, rule):
    """Edges (i, j, na, nb, nc, d), sorted."""
    if rule["bonds"] == "cutoff":
        return pairs_within(structure, rule["cutoff"])
    pairs = pairs_within(structure, 12.0)
    by_atom = [[p for p in pairs if p[0] == i] for i in range(len(structure))]
    if rule["bonds"] == "nearest":
        chosen = set()
        for own in by_atom:
            reach = sorted(p[5] for p in own)[rule["neighbors"] - 1] + 0.001
            chosen |= {p for p in own if p[5] <= reach}
        return sorted(symmetrized(chosen, pairs) if rule.get("symmetric", True) else chosen)
    radii = [covalent_radii[z] for z in structure.atomic_numbers]
    chosen, extra = {p for p in pairs if p[5] <= radii[p[0]] + radii[p[1]] + 0.25}, set()
    for i, own in enumerate(by_atom):
        if not any(p[0] == i for p in chosen):
            extra |= {p for p in own if p[5] <= 1.1 * min(q[5] for q in own)}
    return sorted(symmetrized(chosen | extra, pairs))


def symmetrized(chosen, pairs):
    known = {p[:5]: p for p in pairs}
    return chosen | {known[(j, i, -a, -b, -c)] for i, j, a, b, c, _ in chosen}


def supercell(edges, atoms, reach):
    """The net within `reach` cells of the one in the middle."""
    net = nx.Graph()
    cells = range(-reach, reach + 1)
    net.add_nodes_from((i, a, b, c) for i in range(atoms) for a in cells for b in cells for c in cells)
    for a, b, c in itertools.product(cells, repeat=3):
        for i, j, na, nb, nc, _ in edges:
            if max(abs(a + na), abs(b + nb), abs(c + nc)) <= reach:
                net.add_edge((i, a, b, c), (j, a + na, b + nb, c + nc))
    return net


def longest_image(edges):
    return max((max(abs(x) for x in e[2:5]) for e in edges), default=0)


def wrapped(structure, edges):
    """The same edges between atoms that were brought into the cell."""
    shift = np.floor(structure.frac_coords).astype(int)
    return sorted((i, j, *(int(x) for x in np.array(n) + shift[j] - shift[i]), d) for i, j, *n, d in edges)


def summary(values):
    if not len(values):
        return [None] * 4
    mean = float(np.mean(values))
    return [float(np.min(values)), float(np.max(values)), mean, float(np.mean(np.abs(np.array(values) - mean)))]


def degree(structure, edges):
    degrees = np.bincount([e[0] for e in edges], minlength=len(structure))
    return summary(degrees) + summary([e[5] for e in edges])


def mixed(x):
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


def weisfeiler_lehman(structure, edges, iterations=3, bins=64):
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(len(structure)))
    graph.add_edges_from((e[0], e[1]) for e in edges)
    labels = {i: mixed(int(z)) for i, z in enumerate(structure.atomic_numbers)}
    rows = []
    for t in range(iterations + 1):
        if t:
            fresh = {}
            for i in graph:
                state = (labels[i] + 0x9E3779B97F4A7C15) & MASK
                for label in sorted(labels[j] for _, j in graph.out_edges(i)):
                    state = mixed(state ^ label)
                fresh[i] = mixed(state)
            labels = fresh
        rows += list(np.bincount([label % bins for label in labels.values()], minlength=bins) / len(structure))
    return [float(x) for x in rows]


def coordination(structure, net):
    counts = np.zeros((len(structure), SHELLS + 1))
    for i in range(len(structure)):
        for length in nx.single_source_shortest_path_length(net, (i, 0, 0, 0), cutoff=SHELLS).values():
            counts[i, length] += 1
    density = counts.sum(axis=1)
    return [float(x) for x in counts[:, 1:].mean(axis=0)] + [float(density.mean()), float(np.abs(density - density.mean()).mean())]


def rings(structure, net):
    """All shortest paths between two neighbours of an atom, in the net without it."""
    angles, circuits, unclosed = np.zeros(LARGEST + 1), np.zeros(LARGEST + 1), 0
    for i in range(len(structure)):
        center = (i, 0, 0, 0)
        around = nx.ego_graph(net, center, radius=LARGEST // 2 + 1)
        around.remove_node(center)
        for one, other in itertools.combinations(list(net.neighbors(center)), 2):
            try:
                paths = list(nx.all_shortest_paths(around, one, other))
            except nx.NetworkXNoPath:
                paths = []
            if not paths or len(paths[0]) + 1 > LARGEST:
                unclosed += 1
                continue
            angles[len(paths[0]) + 1] += 1
            circuits[len(paths[0]) + 1] += len(paths)
    total = angles.sum() + unclosed
    row = []
    for size in range(3, LARGEST + 1):
        row += [float(angles[size] / total) if total else 0.0, float(circuits[size] / size / len(structure))]
    row.append(float(unclosed / total) if total else 0.0)
    row.append(float((angles * np.arange(LARGEST + 1)).sum() / angles.sum()) if angles.sum() else None)
    return row


def laplacian(structure, edges):
    """Moments about 1 of the eigenvalues on a mesh on which no closed walk of that length is miscounted."""
    atoms = len(structure)
    degrees = np.bincount([e[0] for e in edges], minlength=atoms)
    size = MOMENTS * longest_image(edges) + 1
    sums = np.zeros(MOMENTS + 1)
    mesh = np.array(list(itertools.product(range(size), repeat=3))) / size
    matrices = np.zeros((len(mesh), atoms, atoms), dtype=complex)
    for i, j, na, nb, nc, _ in edges:
        matrices[:, i, j] -= np.exp(2j * np.pi * (mesh @ np.array([na, nb, nc]))) / np.sqrt(degrees[i] * degrees[j])
    for i in np.flatnonzero(degrees == 0):
        matrices[:, i, i] = -1
    values = np.linalg.eigvalsh(matrices)
    return [float((values**k).mean()) for k in range(2, MOMENTS + 1)]


def correlation(structure, net):
    properties = [
        [Element.from_Z(z).X for z in structure.atomic_numbers],
        [covalent_radii[z] for z in structure.atomic_numbers],
        [float(z) for z in structure.atomic_numbers],
    ]
    shells = [[] for _ in range(DISTANCE + 1)]
    for i in range(len(structure)):
        for node, length in nx.single_source_shortest_path_length(net, (i, 0, 0, 0), cutoff=DISTANCE).items():
            shells[length].append((i, node[0]))
    row = []
    for w in properties:
        row += [float(np.mean([w[i] * w[j] for i, j in shell])) if shell else None for shell in shells]
        row += [float(np.mean([abs(w[i] - w[j]) for i, j in shell])) if shell else None for shell in shells[1:]]
    return row


def components(structure, edges):
    half = {((i, j, (0, 0, 0), (a, b, c))): {} for i, j, a, b, c, _ in edges if (j, a, b, c) >= (i, 0, 0, 0)}
    graph = StructureGraph.from_edges(structure, half)
    found = get_structure_components(graph, inc_site_ids=True)
    atoms = [0.0] * 4
    molecules = []
    for part in found:
        atoms[part["dimensionality"]] += len(part["site_ids"])
        if part["dimensionality"] == 0:
            molecules.append(len(part["site_ids"]))
    row = [x / len(structure) for x in atoms] + [float(max(p["dimensionality"] for p in found))]
    return row + [float(np.mean(molecules)) if molecules else 0.0, float(max(molecules, default=0))]


RULES = [{"bonds": "covalent"}, {"bonds": "cutoff", "cutoff": 2.9}, {"bonds": "nearest", "neighbors": 3}]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tiny", action="store_true", help="three crystals, nothing written")
    options = parser.parse_args()
    made = crystals(np.random.default_rng(20240611), 3 if options.tiny else 24)
    cases = []
    for number, crystal in enumerate(made):
        structure = structure_of(crystal)
        for rule in RULES:
            edges = edges_by_rule(structure, rule)
            inside = wrapped(structure, edges)
            longest = longest_image(inside)
            far = supercell(inside, len(structure), max(SHELLS, 1) * longest)
            near = supercell(inside, len(structure), (LARGEST // 2 + 1) * longest)
            values = {
                "graph-degree": degree(structure, edges),
                "weisfeiler-lehman": weisfeiler_lehman(structure, edges),
                "coordination-sequence": coordination(structure, far),
                "laplacian-spectrum": laplacian(structure, inside),
                "shortest-path-correlation": correlation(structure, far),
                "connected-components": components(structure, edges),
            }
            if len(edges) <= 9 * len(structure):
                values["ring-statistics"] = rings(structure, near)
            cases.append({"crystal": number, "rule": rule, "edges": [list(e) for e in edges], "values": values})
        directed = {"bonds": "nearest", "neighbors": 12, "symmetric": False}
        cases.append({"crystal": number, "rule": directed, "edges": [list(e) for e in edges_by_rule(structure, directed)], "values": {}})
        print(number, file=sys.stderr)
    if options.tiny:
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "crystals.json").write_text(json.dumps(made, separators=(",", ":")) + "\n")
    text = json.dumps({"shells": SHELLS, "largest": LARGEST, "moments": MOMENTS, "distance": DISTANCE, "cases": cases}, separators=(",", ":"))
    with open(FOLDER / "features.json.gz", "wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(text.encode())


main()
