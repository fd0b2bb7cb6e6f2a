#!/usr/bin/env python3
"""Write DScribe's ACSF of a few structures to Datasets/references/dscribe_acsf/.

    dscribe_acsf.py [--output DIR] [--tiny]

Made with dscribe 2.1.2, ase 3.29.0, numpy 2.4.6 and scipy 1.17.1; the structures are those of dscribe_soap.py.
"""

import argparse
import gzip
import json
import pathlib
import tempfile

import numpy as np
from dscribe.descriptors import ACSF

from dscribe_soap import ROOT, plain, restored, structures


def cases():
    full = {
        "g2_params": [[1.0, 1.0], [0.5, 2.5], [4.0, 0.0]],
        "g3_params": [1.0, 2.7],
        "g4_params": [[0.01, 1.0, 1.0], [0.01, 1.0, -1.0], [0.05, 4.0, 1.0], [0.2, 16.0, -1.0], [0.01, 2.5, 0.5], [0.05, 7.0, -1.0]],
        "g5_params": [[0.01, 1.0, 1.0], [0.1, 3.0, -1.0], [0.01, 1.5, -0.5]],
    }
    species = {
        "NaCl": ["Na", "Cl"],
        "diamond": ["C"],
        "perovskite": ["Sr", "Ti", "O"],
        "carbon": ["C", "H"],
        "slab": ["O", "Cu"],
        "chain": ["F", "H"],
        "methanol": ["C", "O", "H"],
    }
    found = [{"structure": name, "settings": {"species": names, "r_cut": 5.0, **full}} for name, names in species.items()]
    for r_cut in (2.0, 8.0):
        found.append({"structure": "carbon", "settings": {"species": ["C"], "r_cut": r_cut, **full}})
    found.append({"structure": "perovskite", "settings": {"species": ["Sr", "Ti", "O"], "r_cut": 6.0, "g2_params": [[1.0, 2.0]]}})
    found.append({"structure": "slab", "settings": {"species": ["Cu", "O"], "r_cut": 6.0, "g5_params": [[0.02, 2.0, 1.0]]}})
    return found


def compute(record, settings):
    return np.atleast_2d(ACSF(periodic=any(record["pbc"]), **settings).create(restored(record)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=pathlib.Path)
    parser.add_argument("--tiny", action="store_true", help="two cases, to a temporary folder")
    options = parser.parse_args()
    folder = options.output or (pathlib.Path(tempfile.mkdtemp()) if options.tiny else ROOT / "Datasets/references/dscribe_acsf")
    folder.mkdir(parents=True, exist_ok=True)
    records = {name: plain(atoms) for name, atoms in structures().items()}
    found = cases()[:2] if options.tiny else cases()
    for one in found:
        one["rows"] = "all"
        one["values"] = compute(records[one["structure"]], one["settings"]).tolist()
    text = json.dumps({"structures": records, "cases": found}, separators=(",", ":"))
    with open(folder / "acsf.json.gz", "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        packed.write(text.encode())
    print(f"{len(found)} cases, {sum(np.size(one['values']) for one in found)} values in {folder}")


if __name__ == "__main__":
    main()
