#!/usr/bin/env python3
"""What pymatgen reads of every CIF in Datasets/structures: writes Datasets/references/cif_agreement/pymatgen.jsonl.gz.

    cif_agreement.py [--output DIR] [--tiny]

Needs pymatgen 2026.10.24, numpy. One line a text: the files of the archives below whose names end in .cif or .mcif (also .gz), and 100
evenly spaced rows of each table. What a line holds is described in PROVENANCE.md there.
"""

import argparse
import csv
import gzip
import json
import pathlib
import tarfile
import warnings

warnings.simplefilter("ignore")

import numpy as np
from pymatgen.io.cif import CifParser

ROOT = pathlib.Path(__file__).resolve().parents[2]
ARCHIVES = ["cif_poscar_variety", "cod_sample", "cofs", "frameworks", "jarvis_tests"]
TABLES = ["perov5", "carbon24"]
ROWS = 100
SAMPLES = 48


def texts(tiny):
    for name in ARCHIVES[:2] if tiny else ARCHIVES:
        with tarfile.open(ROOT / f"Datasets/structures/{name}.tar.gz") as archive:
            for member in archive:
                path = member.name.removesuffix(".gz")
                if not member.isfile() or not path.endswith((".cif", ".mcif")):
                    continue
                data = archive.extractfile(member).read()
                if member.name.endswith(".gz"):
                    data = gzip.decompress(data)
                yield member.name, data.decode("utf-8", errors="replace")
    for name in TABLES:
        with gzip.open(ROOT / f"Datasets/structures/{name}.csv.gz", "rt", newline="") as file:
            rows = list(csv.DictReader(file))
        for k in range(ROWS):
            row = k * len(rows) // ROWS
            yield f"{name}.csv:{row}", rows[row]["cif"]


def distances(structure):
    """A cutoff in the widest gap between 3 and 4.5 Å, the number of (directed) pairs below it, and distances at even ranks."""
    pairs = np.sort(structure.get_neighbor_list(4.5, exclude_self=True)[3])
    limits = np.concatenate([[3.0], pairs[pairs > 3.0], [4.5]])
    widest = np.argmax(np.diff(limits))
    cutoff = round(float(limits[widest] + limits[widest + 1]) / 2, 6)
    pairs = pairs[pairs < cutoff]
    ranks = np.unique(np.linspace(0, max(len(pairs) - 1, 0), SAMPLES).astype(int))
    return {"cutoff": cutoff, "pairs": len(pairs), "distances": [round(float(d), 5) for d in pairs[ranks[ranks < len(pairs)]]]}


def amounts(structure):
    result = {}
    for element, amount in structure.composition.element_composition.items():
        symbol = "H" if element.symbol in ("D", "T") else element.symbol
        result[symbol] = round(result.get(symbol, 0) + float(amount), 8)
    return dict(sorted(result.items()))


def described(text):
    blocks = sum(line.strip().lower().startswith("data_") for line in text.splitlines())
    try:
        structures = CifParser.from_str(text).parse_structures(primitive=False, on_error="raise")
    except Exception as error:
        return {"blocks": blocks, "refused": f"{type(error).__name__}: {' '.join(str(error).split())}"[:160]}
    assert len(structures) == 1
    structure = structures[0]
    lattice = [round(float(x), 9) for x in structure.lattice.parameters]
    return {
        "blocks": blocks, "sites": len(structure), "ordered": bool(structure.is_ordered), "composition": amounts(structure),
        "lattice": lattice, **distances(structure),
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "Datasets/references/cif_agreement")
    parser.add_argument("--tiny", action="store_true")
    options = parser.parse_args()
    lines = [json.dumps({"file": name, **described(text)}, separators=(",", ":")) for name, text in texts(options.tiny)]
    options.output.mkdir(parents=True, exist_ok=True)
    path = options.output / "pymatgen.jsonl.gz"
    with open(path, "wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(("\n".join(lines) + "\n").encode())
    print(path, len(lines), "texts", path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
