#!/usr/bin/env python3
"""Multilayer perceptron: scikit-learn's MLPRegressor against matsieve-bench, one thread, the same layers, steps and epochs.

    mlp_peer.py --binary matsieve-bench [--rows 10000] [--columns 132] [--epochs 20] [--repeats 3] [--json FILE]
    mlp_peer.py --tiny        a smoke run

The rows are made here: standard normal features (float32 in both) and a smooth target with noise.
"""

import argparse
import os
import pathlib
import statistics
import tempfile
import warnings

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"
warnings.simplefilter("ignore")

import numpy as np
from sklearn.neural_network import MLPRegressor

from harness import fail, median_rate, relative_spread, report, run_bench, timed
from matrices import read_matrix, write_column, write_matrix

# Networks of other starts: their errors on the same rows scatter by some per cent.
ERROR_TOLERANCE = 0.1


def make_rows(rows, columns, random):
    features = random.normal(size=(rows, columns)).astype(np.float32)
    signal = np.sin(features[:, 0] * 2) + features[:, 1] * features[:, 2] + np.abs(features[:, 3])
    return features, signal + 0.1 * random.normal(size=rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", help="the matsieve-bench executable; without it only scikit-learn runs")
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--columns", type=int, default=132)
    parser.add_argument("--hidden", type=int, default=256)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json")
    parser.add_argument("--tiny", action="store_true", help="300 rows, 8 columns, once")
    options = parser.parse_args()
    if options.tiny:
        options.rows, options.columns, options.hidden, options.epochs, options.repeats = 300, 8, 8, 2, 1
    random = np.random.default_rng(7)
    train, target = make_rows(options.rows, options.columns, random)
    test, truth = make_rows(options.rows // 2, options.columns, random)
    copies = 1 if options.tiny else 20
    many = np.tile(test, (copies, 1))
    mean, deviation = target.mean(), target.std()

    def fit_peer():
        model = MLPRegressor(
            hidden_layer_sizes=(options.hidden, (options.hidden + 1) // 2), batch_size=options.batch, learning_rate_init=0.001, alpha=0,
            max_iter=options.epochs, n_iter_no_change=10**6, tol=0, random_state=7)
        return model.fit(train, ((target - mean) / deviation).astype(np.float32))

    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        write_matrix(folder / "train.json", train)
        write_column(folder / "target.json", target)
        write_matrix(folder / "test.json", test)
        common = dict(
            train=folder / "train.json", target=folder / "target.json", test=folder / "test.json", hidden=options.hidden,
            epochs=options.epochs, batch_size=options.batch, members=1, repeats=1, threads=1)
        fit = {"scikit-learn": [], "matsieve": []}
        predict = {"scikit-learn": [], "matsieve": []}
        for _ in range(options.repeats):
            seconds, model = timed(fit_peer)
            fit["scikit-learn"].append(seconds)
            if options.binary:
                fit["matsieve"] += run_bench(options.binary, "mlp-fit", predictions=folder / "predictions.json", **common)["seconds"]
        figures = {"train rows": options.rows, "columns": options.columns, "hidden": options.hidden, "epochs": options.epochs}
        figures["scikit-learn: MAE"] = float(np.abs(model.predict(test) * deviation + mean - truth).mean())
        if options.binary:
            figures["matsieve: MAE"] = float(np.abs(read_matrix(folder / "predictions.json")[:, 0] - truth).mean())
            if figures["matsieve: MAE"] > figures["scikit-learn: MAE"] * (1 + ERROR_TOLERANCE) and not options.tiny:
                fail(f"MAE {figures['matsieve: MAE']:.6g}, scikit-learn {figures['scikit-learn: MAE']:.6g}")
        for _ in range(options.repeats):
            predict["scikit-learn"].append(timed(lambda: model.predict(many))[0])
            if options.binary:
                predict["matsieve"] += run_bench(options.binary, "mlp-predict", copies=copies, **common)["seconds"]
        for name in fit:
            if fit[name]:
                figures[f"{name}: fit seconds"] = statistics.median(fit[name])
                figures[f"{name}: fit spread"] = relative_spread(fit[name])
                figures[f"{name}: predict rows/s"] = median_rate(len(many), predict[name])
        if options.binary:
            figures["fit: scikit-learn seconds / matsieve seconds"] = figures["scikit-learn: fit seconds"] / figures["matsieve: fit seconds"]
            figures["predict: matsieve rate / scikit-learn rate"] = figures["matsieve: predict rows/s"] / figures["scikit-learn: predict rows/s"]
        report(figures, options.json)


if __name__ == "__main__":
    main()
