#!/usr/bin/env python3
"""Reading CIF texts: pymatgen against matsieve-bench, one thread, same texts; sites and volumes are compared first.

    cif_peer.py [--binary .build/release/matsieve-bench] [--rows 400] [--repeats 3] [--json FILE] [--tiny]

Three sets: --rows perovskites of perov5 (5 atoms, about 900 bytes), all COFs, all frameworks (symmetry, up to 4,000 atoms).
"""

import argparse
import csv
import gzip
import pathlib
import statistics
import sys
import tarfile
import tempfile
import warnings

warnings.simplefilter("ignore")

from harness import ROOT, fail, relative_difference, relative_spread, report, run_bench, timed

# Explained in Datasets/references/cif_agreement/EXPLAINED.md: pymatgen refuses one, and merges the images of the other otherwise.
DIFFERENT = {"CAN-12.cif", "DDR.cif"}
OWN_REPEATS = 15


def sets(rows):
    with gzip.open(ROOT / "Datasets/structures/perov5.csv.gz", "rt", newline="") as file:
        texts = [row["cif"] for row in csv.DictReader(file)]
    yield "perovskites", [(f"{k}.cif", text.encode()) for k, text in enumerate(texts[:: max(len(texts) // rows, 1)][:rows])]
    for name in ("cofs", "frameworks"):
        with tarfile.open(ROOT / f"Datasets/structures/{name}.tar.gz") as archive:
            files = [m for m in archive if m.isfile() and m.name.endswith(".cif")]
            yield name, [(pathlib.PurePath(m.name).name, archive.extractfile(m).read()) for m in files]


def read_with_pymatgen(texts):
    from pymatgen.io.cif import CifParser

    results = []
    for _, text in texts:
        try:
            structure = CifParser.from_str(text.decode("utf-8", "replace")).parse_structures(primitive=False, on_error="raise")[0]
            results.append((len(structure), structure.volume))
        except Exception:
            results.append((0, 0.0))
    return results


def check(texts, own, peer):
    for (name, _), (sites, volume), (peer_sites, peer_volume) in zip(texts, own, peer, strict=True):
        if name in DIFFERENT:
            continue
        if sites != peer_sites or relative_difference(volume, peer_volume) > 1e-9:
            fail(f"{name}: {sites} sites in {volume} Å³, pymatgen {peer_sites} in {peer_volume}")


def measure(name, texts, options, folder):
    place = pathlib.Path(folder) / name
    place.mkdir()
    for k, (_, text) in enumerate(texts):
        (place / f"{k:05}.cif").write_bytes(text)
    megabytes = sum(len(text) for _, text in texts) / 1e6
    peer, own = [], []
    for _ in range(options.repeats):
        seconds, results = timed(lambda: read_with_pymatgen(texts))
        peer.append(seconds)
        if options.binary:
            output = place / "out.csv"
            own += run_bench(options.binary, "cif", input=place, output=output, repeats=OWN_REPEATS)["seconds"]
            lines = [line.split(",") for line in output.read_text().split()]
            check(texts, [(int(sites), float(volume)) for sites, volume in lines], results)
    figures = {f"{name}: texts": len(texts), f"{name}: MB": megabytes, f"{name}: peer MB/s": megabytes / statistics.median(peer)}
    figures[f"{name}: peer spread"] = relative_spread(peer)
    if own:
        figures[f"{name}: matsieve MB/s"] = megabytes / statistics.median(own)
        figures[f"{name}: matsieve spread"] = relative_spread(own)
        figures[f"{name}: ratio"] = statistics.median(peer) / statistics.median(own)
    return figures


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", help="the matsieve-bench executable; without it only the peer runs")
    parser.add_argument("--rows", type=int, default=400)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json")
    parser.add_argument("--tiny", action="store_true", help="5 texts of each set, once")
    options = parser.parse_args()
    if options.tiny:
        options.rows, options.repeats = 5, 1
    figures = {"repeats": options.repeats}
    with tempfile.TemporaryDirectory() as folder:
        for name, texts in sets(options.rows):
            figures.update(measure(name, texts[:5] if options.tiny else texts, options, folder))
    report(figures, options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
