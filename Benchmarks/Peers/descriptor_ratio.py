"""Times a descriptor of DScribe and of matsieve-bench on the same crystals, one thread, after comparing their values."""

import argparse
import os
import pathlib
import tempfile

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import numpy as np

import mp_elastic
from harness import fail, median_rate, relative_spread, report, run_bench, timed
from matrices import read_matrix

OWN_REPEATS = 7


def options(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--binary", help="the matsieve-bench executable; without it only the peer runs")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json")
    parser.add_argument("--tiny", action="store_true", help="few crystals, once")
    found = parser.parse_args()
    if found.tiny:
        found.repeats = 1
    return found


def compare(name, structures, create, benchmark, tolerance, settings, figures, **arguments):
    """create(structures) gives the peer's features; figures take what is found."""
    want = np.asarray(create(structures))
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        mp_elastic.write(folder / "crystals.json", structures)
        if settings.binary:
            run_bench(settings.binary, benchmark, input=folder / "crystals.json", output=folder / "out.json", repeats=1, **arguments)
            got = read_matrix(folder / "out.json")
            if got.shape != want.shape:
                fail(f"{name}: shape {got.shape}, expected {want.shape}")
            scale = np.abs(want).max(axis=1)
            worst = float((np.abs(got - want).max(axis=1) / np.where(scale > 0, scale, 1.0)).max())
            if not worst <= tolerance:
                fail(f"{name}: {worst} of the largest value")
            figures[f"{name}: largest relative difference"] = worst
        peer, own = [], []
        for _ in range(settings.repeats):
            peer.append(timed(lambda: create(structures))[0])
            if settings.binary:
                result = run_bench(
                    settings.binary, benchmark, input=folder / "crystals.json", repeats=OWN_REPEATS, threads=1, **arguments)
                own += result["seconds"]
    figures[f"{name}: crystals"] = len(structures)
    figures[f"{name}: atoms"] = sum(map(len, structures))
    figures[f"{name}: peer crystals/s"] = median_rate(len(structures), peer)
    figures[f"{name}: peer spread"] = relative_spread(peer)
    if own:
        figures[f"{name}: matsieve crystals/s"] = median_rate(len(structures), own)
        figures[f"{name}: matsieve spread"] = relative_spread(own)
        figures[f"{name}: ratio"] = figures[f"{name}: matsieve crystals/s"] / figures[f"{name}: peer crystals/s"]


def finish(figures, settings):
    report(figures, settings.json)
