#!/usr/bin/env python3
"""Distances to the training rows: numpy and scikit-learn against matsieve-bench, one thread, 132 correlated columns.

    applicability_domain_peer.py --binary matsieve-bench [--rows N] [--repeats 3] [--json FILE]
    applicability_domain_peer.py --tiny ...   a smoke run
"""

import argparse
import os
import pathlib
import sys
import tempfile

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np
from sklearn.metrics.pairwise import euclidean_distances

from harness import fail, median_rate, relative_spread, report, run_bench, timed
from matrices import read_matrix, write_matrix

COLUMNS, DIRECTIONS, LIMIT = 132, 16, 1000.0
# Both add some hundred products; the squares of distances to centres cancel a digit or two.
TOLERANCE = 1e-9


def rows(count, generator, mixing):
    """Clusters on a plane of 20 directions in 132 columns, with noise."""
    hidden = generator.normal(size=(count, 20)) + 4 * generator.integers(0, 2, (count, 20))
    return np.ascontiguousarray(hidden @ mixing + 0.1 * generator.normal(size=(count, COLUMNS)))


def distances(features, parts):
    """The definition of `ApplicabilityDomain`, in blocks that stay in the cache."""
    result = []
    for first in range(0, len(features), 1024):
        z = np.clip((features[first:first + 1024] - parts["means"]) * parts["factors"], -LIMIT, LIMIT)
        p = z @ parts["directions"]
        rest = np.maximum(np.einsum("ij,ij->i", z, z) - np.einsum("ij,ij->i", p, p), 0)
        squares = euclidean_distances(p[:, :parts["count"]], parts["centers"], squared=True) * parts["scales"]
        result.append(np.sqrt(squares.min(1) + rest * parts["edge"][1]) / parts["edge"][0])
    return np.concatenate(result)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", help="the matsieve-bench executable")
    parser.add_argument("--rows", type=int, default=300_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json")
    parser.add_argument("--tiny", action="store_true", help="2,000 rows, once")
    options = parser.parse_args()
    if not options.binary:
        parser.error("the distances are those of a domain that --binary learns")
    if options.tiny:
        options.rows, options.repeats = 2_000, 1
    generator = np.random.default_rng(5)
    mixing = generator.normal(size=(20, COLUMNS))
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        features = rows(options.rows, generator, mixing)
        write_matrix(folder / "train.json", rows(1_000 if options.tiny else 10_000, generator, mixing))
        write_matrix(folder / "input.json", features)

        def matsieve(**more):
            return run_bench(options.binary, "applicability-domain", train=folder / "train.json", input=folder / "input.json", repeats=1, threads=1, **more)

        matsieve(distances=folder / "distances.json", parameters=folder / "part")
        names = ("means", "factors", "directions", "centers", "scales", "edge")
        parts = {name: read_matrix(folder / f"part.{name}.json")[:, 0] for name in names}
        parts["directions"] = parts["directions"].reshape(COLUMNS, DIRECTIONS)
        parts["centers"] = parts["centers"].reshape(len(parts["scales"]), -1)
        parts["count"] = parts["centers"].shape[1]
        difference = float(np.abs(read_matrix(folder / "distances.json")[:, 0] - distances(features, parts)).max())
        if difference > TOLERANCE:
            fail(f"distances differ by {difference:.3g}")
        seconds = {"numpy and scikit-learn": [], "matsieve": []}
        for _ in range(options.repeats):
            seconds["numpy and scikit-learn"].append(timed(lambda: distances(features, parts))[0])
            seconds["matsieve"] += matsieve()["seconds"]
    figures = {"rows": options.rows, "columns": COLUMNS, "largest difference": difference}
    for name, values in seconds.items():
        figures[f"{name}: rows/s"] = median_rate(options.rows, values)
        figures[f"{name}: spread"] = relative_spread(values)
    figures["matsieve: ns/row"] = 1e9 / figures["matsieve: rows/s"]
    figures["matsieve rate / numpy and scikit-learn rate"] = figures["matsieve: rows/s"] / figures["numpy and scikit-learn: rows/s"]
    report(figures, options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
