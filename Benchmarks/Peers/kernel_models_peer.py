#!/usr/bin/env python3
"""Kernel ridge and Gaussian process with fixed parameters: scikit-learn, sgemm and dpotrf against matsieve-bench, one thread.

    kernel_models_peer.py --binary matsieve-bench [--rows 5000] [--columns 132] [--queries 20000] [--repeats 3] [--work DIR] [--json FILE]
    kernel_models_peer.py --tiny     a smoke run

Features are random with a decaying spectrum, as correlated descriptors have it. sgemm is numpy's (OpenBLAS), for the product that
distances need; dpotrf is scipy's (OpenBLAS), of a matrix that is there.
"""

import argparse
import os
import pathlib
import statistics
import sys
import tempfile

os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
from scipy.linalg.lapack import dpotrf
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel
from sklearn.kernel_ridge import KernelRidge

from harness import fail, median_rate, relative_spread, report, run_bench, timed
from matrices import read_matrix, write_column, write_matrix

LENGTH_SCALE, NOISE = 10.0, 0.01
PRODUCTS = 10
# matsieve predicts in single precision where that costs at most 1/200 of the noise's deviation (0.1) or 2e-4: in deviations of the target.
MEAN_TOLERANCE, SPREAD_TOLERANCE = 1e-3, 5e-3


def make(rows, queries, columns, seed=11):
    random = np.random.default_rng(seed)
    mixing = random.normal(size=(columns, columns)) * (0.97 ** np.arange(columns))[:, None]
    all_rows = random.normal(size=(rows + queries, columns)) @ mixing
    target = np.sin(all_rows[:, 0]) + 0.2 * all_rows[:, 1] + 0.1 * random.normal(size=len(all_rows))
    x, t = all_rows[:rows], target[:rows]
    mean, deviation = x.mean(0), x.std(0)
    z, q = (x - mean) / deviation, (all_rows[rows:] - mean) / deviation
    return np.ascontiguousarray(z), (t - t.mean()) / t.std(), np.ascontiguousarray(q)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", help="the matsieve-bench executable; without it only the peers run")
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--columns", type=int, default=132)
    parser.add_argument("--queries", type=int, default=20000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--work", type=pathlib.Path, help="keep the matrix files here")
    parser.add_argument("--json")
    parser.add_argument("--tiny", action="store_true", help="300 rows, once")
    options = parser.parse_args()
    if options.tiny:
        options.rows, options.queries, options.repeats = 300, 200, 1

    z, t, q = make(options.rows, options.queries, options.columns)
    figures = {"training rows": len(z), "columns": z.shape[1], "queries": len(q), "repeats": options.repeats}
    spread_queries = q[: max(len(q) // 10, 50)]
    ridge = KernelRidge(alpha=NOISE, kernel="rbf", gamma=1 / (2 * LENGTH_SCALE**2)).fit(z, t)
    process = GaussianProcessRegressor(ConstantKernel(1.0) * RBF(LENGTH_SCALE) + WhiteKernel(NOISE), alpha=0, optimizer=None).fit(z, t)

    with tempfile.TemporaryDirectory() as temporary:
        folder = options.work or pathlib.Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        write_matrix(folder / "train.json", z)
        write_column(folder / "target.json", t)
        write_matrix(folder / "input.json", q)
        write_matrix(folder / "spread.json", spread_queries)
        common = dict(train=folder / "train.json", target=folder / "target.json", kernel="rbf", length_scale=LENGTH_SCALE, noise=NOISE, repeats=1, threads=1)
        mine = {
            "kernel ridge": lambda: run_bench(options.binary, "kernel-ridge-predict", input=folder / "input.json", rows=0, predictions=folder / "ridge.json", **common),
            "GP mean": lambda: run_bench(options.binary, "gaussian-process-predict", input=folder / "input.json", rows=0, output="mean", predictions=folder / "mean.json", **common),
            "GP spread": lambda: run_bench(options.binary, "gaussian-process-predict", input=folder / "spread.json", rows=0, output="spread", predictions=folder / "spread_out.json", **common),
            "GP fit": lambda: run_bench(options.binary, "gaussian-process-fit", input=folder / "spread.json", **common),
        }
        if options.binary:
            # The results first.
            figures["kernel ridge in single precision"] = mine["kernel ridge"]()["is_single"]
            figures["GP in single precision"] = mine["GP mean"]()["is_single"]
            mine["GP spread"]()
            mean, spread = process.predict(spread_queries, return_std=True)
            ours = read_matrix(folder / "spread_out.json")
            differences = {
                "kernel ridge": (np.abs(read_matrix(folder / "ridge.json")[:, 0] - ridge.predict(q)).max(), MEAN_TOLERANCE),
                "GP mean": (np.abs(read_matrix(folder / "mean.json")[:, 0] - process.predict(q)).max(), MEAN_TOLERANCE),
                "GP mean with spread": (np.abs(ours[:, 0] - mean).max(), MEAN_TOLERANCE),
                "GP spread": (np.abs(ours[:, 1] / spread - 1).max(), SPREAD_TOLERANCE),
            }
            for name, (difference, tolerance) in differences.items():
                figures[f"{name}: largest difference"] = float(difference)
                if not difference <= tolerance:
                    fail(f"{name} by {difference:.3g}")

        zs, qs = z.astype(np.float32), q[:1024].astype(np.float32)
        product = np.empty((len(qs), len(zs)), np.float32)
        gram = process.kernel_(z)
        peers = {
            "kernel ridge": (len(q), lambda: ridge.predict(q)),
            "GP mean": (len(q), lambda: process.predict(q)),
            "GP spread": (len(spread_queries), lambda: process.predict(spread_queries, return_std=True)),
            "GP fit": (len(z), lambda: dpotrf(gram, lower=1, overwrite_a=0)),
        }
        times = {name: ([], []) for name in peers}
        sgemm = []
        for _ in range(options.repeats):
            sgemm.append(timed(lambda: [np.matmul(qs, zs.T, out=product) for _ in range(PRODUCTS)])[0] / PRODUCTS)
            for name, (_, action) in peers.items():
                times[name][0].append(timed(action)[0])
                if options.binary:
                    times[name][1].extend(mine[name]()["seconds"])
        sgemm_rate = 2 * len(qs) * len(zs) * z.shape[1] / statistics.median(sgemm)
        figures["sgemm: GFLOP/s"] = sgemm_rate / 1e9
        for name, (rows, _) in peers.items():
            peer, ours = times[name]
            label = "dpotrf" if name == "GP fit" else "scikit-learn"
            figures[f"{name}: {label} rows/s"] = median_rate(rows, peer)
            figures[f"{name}: {label} spread"] = relative_spread(peer)
            if ours:
                figures[f"{name}: matsieve rows/s"] = median_rate(rows, ours)
                figures[f"{name}: matsieve spread"] = relative_spread(ours)
                figures[f"{name}: matsieve rate / {label} rate"] = statistics.median(peer) / statistics.median(ours)
                if name in ("kernel ridge", "GP mean"):
                    flops = 2 * rows * len(z) * z.shape[1] / statistics.median(ours)
                    figures[f"{name}: rate of the product's flops / sgemm rate"] = flops / sgemm_rate
        report(figures, options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
