#!/usr/bin/env python3
"""Structures in JSON: json, monty and pymatgen against matsieve-bench, one thread, same files.

    structure_json_peer.py [--binary .build/release/matsieve-bench] [--repeats 3] [--json FILE] [--tiny]
"""

import argparse
import gzip
import json
import sys
import warnings
import zipfile

warnings.simplefilter("ignore")

from harness import ROOT, fail, median_rate, relative_difference, relative_spread, report, run_bench, timed

FOLDER = ROOT / "Datasets/structures"


def elastic(text):
    from pymatgen.core import Structure

    table = json.loads(text)
    place = table["columns"].index("structure")
    return [Structure.from_dict(row[place]) for row in table["data"]]


def poscars(text, count):
    from pymatgen.io.vasp import Poscar

    groups = json.loads(text)
    texts = [text for group in groups.values() for text in group.values()]
    return [Poscar.from_str(text.replace("\\n", "\n")).structure for text in texts[:count]], len(texts)


def checksum(structures):
    return sum(float(s.frac_coords.sum()) + sum(s.atomic_numbers) for s in structures)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", help="the matsieve-bench executable; without it only the peers run")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json")
    parser.add_argument("--tiny", action="store_true", help="once, 100 texts of the map")
    options = parser.parse_args()
    if options.tiny:
        options.repeats = 1
    figures = {"repeats": options.repeats}

    path = FOLDER / "mp_elastic_2015.json.gz"
    text = gzip.open(path).read()
    elastic(text)
    runs = [timed(lambda: elastic(text)) for _ in range(options.repeats)]
    measure(figures, "pymatgen JSON", path, len(runs[0][1]), [seconds for seconds, _ in runs], options, checksum(runs[0][1]))

    path = FOLDER / "perov5_heat_ref.json.zip"
    with zipfile.ZipFile(path) as archive:
        text = archive.read(archive.namelist()[0])
    count = 100 if options.tiny else 2_000
    runs = [timed(lambda: poscars(text, count)) for _ in range(options.repeats)]
    # Only the sample is read by pymatgen; its json.loads of the whole is a small part.
    measure(figures, "map of POSCAR", path, count, [seconds for seconds, _ in runs], options, None)
    report(figures, options.json)
    return 0


def measure(figures, name, path, rows, seconds, options, expected):
    figures[f"{name}: peer rows/s"] = median_rate(rows, seconds)
    figures[f"{name}: peer spread"] = relative_spread(seconds)
    if not options.binary:
        return
    own = run_bench(options.binary, "structure-json", input=path, repeats=7, threads=1)
    if expected is not None and relative_difference(own["checksum"], expected) > 1e-9:
        fail(f"checksum {own['checksum']!r}, expected {expected!r}")
    figures[f"{name}: matsieve rows/s"] = median_rate(own["rows"], own["seconds"])
    figures[f"{name}: matsieve MB/s"] = median_rate(own["bytes"], own["seconds"]) / 1e6
    figures[f"{name}: matsieve spread"] = relative_spread(own["seconds"])
    figures[f"{name}: ratio"] = figures[f"{name}: matsieve rows/s"] / figures[f"{name}: peer rows/s"]


if __name__ == "__main__":
    sys.exit(main())
