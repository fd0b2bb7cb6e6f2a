#!/usr/bin/env python3
"""Gradient boosting: LightGBM against matsieve-bench, one thread, Magpie features of Matbench mp_e_form, official fold 0.

    boosted_trees_peer.py --binary matsieve-bench --matsieve matsieve [--rows N] [--repeats 3] [--work DIR] [--json FILE]
    boosted_trees_peer.py --cache CACHE.npy ...   features from compare_magpie.py's cache instead of matsieve
    boosted_trees_peer.py --tiny                  a smoke run on 600 formulas that matminer describes
"""

import argparse
import csv
import gzip
import pathlib
import statistics
import subprocess
import sys
import tempfile
import warnings

warnings.simplefilter("ignore")

import lightgbm
import numpy as np

from harness import ROOT, fail, median_rate, relative_spread, report, run_bench, timed
from matrices import read_matrix, write_column, write_matrix

INPUT = ROOT / "Datasets/matbench/mp_e_form.csv.gz"
TREES, LEAVES, LEARNING_RATE, BINS, MIN_LEAF_ROWS, SEED = 300, 31, 0.1, 255, 20, 7
# Two boosters of the same settings differ in binning and ties; their errors on the same fold agree to a few per cent.
ERROR_TOLERANCE = 0.03
# One LightGBM model evaluated by both: leaf values are added in tree order, so the sums agree to rounding.
PREDICTION_TOLERANCE = 1e-12
PREDICTION_ROWS = 200_000


def load_table(rows):
    """Formulas, targets and folds; with `rows`, that many evenly spread."""
    with gzip.open(INPUT, "rt", newline="") as file:
        table = [(row["formula"], float(row["target"]), int(row["fold"])) for row in csv.DictReader(file)]
    if rows and rows < len(table):
        table = [table[index * len(table) // rows] for index in range(rows)]
    formulas, targets, folds = zip(*table)
    return list(formulas), np.array(targets), np.array(folds)


def features_by_matsieve(matsieve, formulas, folder):
    """Features in row order; rows that matsieve rejects are NaN, so that nobody's row is lost silently."""
    distinct = list(dict.fromkeys(formulas))
    with open(folder / "formulas.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "formula"])
        writer.writerows(enumerate(distinct))
    command = [matsieve, "describe", str(folder / "formulas.csv"), "--descriptor", "magpie", "-o", str(folder / "features.csv")]
    outcome = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if outcome.returncode != 0:
        sys.exit(f"describe failed with {outcome.returncode}: {outcome.stderr.strip()[-2000:]}")
    values = np.full((len(distinct), 132), np.nan, dtype=np.float32)
    with open(folder / "features.csv", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        for row in reader:
            values[int(row[0])] = [float(cell) if cell else np.nan for cell in row[2:]]
    row_of = {formula: index for index, formula in enumerate(distinct)}
    return values[[row_of[formula] for formula in formulas]]


def features_from_cache(cache, formulas):
    known = {formula: index for index, formula in enumerate(cache.with_suffix(".formulas.txt").read_text().splitlines())}
    missing = [formula for formula in formulas if formula not in known]
    if missing:
        sys.exit(f"{cache} lacks {len(missing)} formulas such as {missing[0]}: run compare_magpie.py --values-only first")
    return np.load(cache, mmap_mode="r")[[known[formula] for formula in formulas]].astype(np.float32)


def features_by_matminer(formulas):
    from lightgbm_model import magpie_features

    return magpie_features(formulas)[0]


def fit_lightgbm(features, target, trees, leaves, layout, objective={"objective": "regression"}):
    parameters = {
        **objective, "num_leaves": leaves, "learning_rate": LEARNING_RATE, "max_bin": BINS, "min_data_in_leaf": MIN_LEAF_ROWS,
        "num_threads": 1, "deterministic": True, layout: True, "seed": SEED, "verbosity": -1,
    }
    return lightgbm.train(parameters, lightgbm.Dataset(features, target, free_raw_data=True), num_boost_round=trees)


def compare_classes(options, classes, train_features, train_target, test_features, test_target, layout, leaves, folder, figures):
    """Fit time and log loss where the targets are parted into equally many of each class; 100 trees a class at most."""
    limits = np.quantile(train_target, np.arange(1, classes) / classes)
    train_codes, test_codes = np.searchsorted(limits, train_target).astype(float), np.searchsorted(limits, test_target).astype(int)
    trees, label = min(options.trees, 100), f"{classes} classes"
    objective = {"objective": "binary"} if classes == 2 else {"objective": "multiclass", "num_class": classes}
    seconds = {"LightGBM": [], "matsieve": []}
    if options.binary:
        write_column(folder / "train_codes.json", train_codes)
        write_column(folder / "test_codes.json", test_codes.astype(float))
    for _ in range(options.repeats):
        elapsed, booster = timed(lambda: fit_lightgbm(train_features, train_codes, trees, leaves, layout, objective))
        seconds["LightGBM"].append(elapsed)
        if options.binary:
            own = run_bench(
                options.binary, "boosted-trees-fit", train=folder / "train.json", target=folder / "train_codes.json", test=folder / "test.json",
                test_target=folder / "test_codes.json", trees=trees, leaves=leaves, learning_rate=LEARNING_RATE, bins=BINS,
                min_leaf_rows=MIN_LEAF_ROWS, seed=SEED, classes=classes, repeats=1, threads=1)
            seconds["matsieve"] += own["seconds"]
    probabilities = booster.predict(test_features, num_threads=1)
    if classes == 2:
        probabilities = np.column_stack([1 - probabilities, probabilities])
    loss = float(-np.log(np.maximum(probabilities[np.arange(len(test_codes)), test_codes], 1e-300)).mean())
    figures[f"{label}: LightGBM: log loss"], figures[f"{label}: LightGBM: fit seconds"] = loss, statistics.median(seconds["LightGBM"])
    if not options.binary:
        return
    figures[f"{label}: matsieve: log loss"], figures[f"{label}: matsieve: fit seconds"] = own["log_loss"], statistics.median(seconds["matsieve"])
    if own["log_loss"] > loss * (1 + ERROR_TOLERANCE) and not options.tiny:
        fail(f"{label}: log loss {own['log_loss']:.6g}, LightGBM {loss:.6g}")
    figures[f"{label}: matsieve seconds / LightGBM seconds"] = statistics.median(seconds["matsieve"]) / statistics.median(seconds["LightGBM"])


def errors(predicted, target):
    return float(np.abs(predicted - target).mean()), float(np.sqrt(((predicted - target) ** 2).mean()))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", help="the matsieve-bench executable; without it only LightGBM runs")
    parser.add_argument("--matsieve", help="the matsieve executable, to describe the formulas")
    parser.add_argument("--cache", type=pathlib.Path, help="compare_magpie.py's CACHE.npy")
    parser.add_argument("--rows", type=int, help="only that many rows, evenly spread")
    parser.add_argument("--trees", type=int, default=TREES)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--work", type=pathlib.Path, help="keep the matrix files here")
    parser.add_argument("--json")
    parser.add_argument("--tiny", action="store_true", help="600 rows, 10 trees, once")
    options = parser.parse_args()
    if options.tiny:
        options.rows, options.trees, options.repeats = 600, 10, 1
    leaves = 7 if options.tiny else LEAVES
    if not (options.matsieve or options.cache or options.tiny):
        parser.error("features come from --matsieve BINARY, --cache CACHE.npy or, with --tiny, matminer")

    with tempfile.TemporaryDirectory() as temporary:
        folder = options.work or pathlib.Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        formulas, targets, folds = load_table(options.rows)
        if options.cache:
            features = features_from_cache(options.cache, formulas)
        elif options.matsieve:
            features = features_by_matsieve(options.matsieve, formulas, folder)
        else:
            features = features_by_matminer(formulas)
        usable = ~np.isnan(features).all(axis=1)
        train, test = usable & (folds != 0), usable & (folds == 0)
        train_features, test_features = np.ascontiguousarray(features[train]), np.ascontiguousarray(features[test])
        train_target, test_target = targets[train], targets[test]
        copies = 1 if options.tiny else -(-PREDICTION_ROWS // len(test_features))
        many = np.tile(test_features, (copies, 1))
        figures = {"train rows": len(train_features), "test rows": len(test_features), "columns": features.shape[1], "trees": options.trees, "leaves": leaves,
                   "prediction rows": len(many), "repeats": options.repeats}

        # LightGBM's layout is a choice of its user: take the faster one on this machine.
        layouts = ["force_col_wise"] if options.tiny else ["force_col_wise", "force_row_wise"]
        trial = {layout: timed(lambda: fit_lightgbm(train_features, train_target, max(5, options.trees // 10), leaves, layout))[0] for layout in layouts}
        layout = min(trial, key=trial.get)

        if options.binary:
            write_matrix(folder / "train.json", train_features)
            write_column(folder / "train_target.json", train_target)
            write_matrix(folder / "test.json", test_features)
            write_column(folder / "test_target.json", test_target)
            write_matrix(folder / "many.json", many)

        def fit_matsieve():
            return run_bench(
                options.binary, "boosted-trees-fit", train=folder / "train.json", target=folder / "train_target.json", test=folder / "test.json",
                test_target=folder / "test_target.json", model_out=folder / "model.h5", predictions=folder / "predictions.json", trees=options.trees,
                leaves=leaves, learning_rate=LEARNING_RATE, bins=BINS, min_leaf_rows=MIN_LEAF_ROWS, seed=SEED, repeats=1, threads=1)

        fit = {"LightGBM": [], "matsieve": []}
        predict = {"LightGBM": [], "matsieve": []}
        for _ in range(options.repeats):
            seconds, booster = timed(lambda: fit_lightgbm(train_features, train_target, options.trees, leaves, layout))
            fit["LightGBM"].append(seconds)
            if options.binary:
                fit["matsieve"] += fit_matsieve()["seconds"]

        peer_predictions = booster.predict(test_features, num_threads=1)
        figures["LightGBM: MAE"], figures["LightGBM: RMSE"] = errors(peer_predictions, test_target)
        if options.binary:
            figures["matsieve: MAE"], figures["matsieve: RMSE"] = errors(read_matrix(folder / "predictions.json")[:, 0], test_target)
            for name in ("MAE", "RMSE"):
                if figures[f"matsieve: {name}"] > figures[f"LightGBM: {name}"] * (1 + ERROR_TOLERANCE) and not options.tiny:
                    fail(f"{name} {figures[f'matsieve: {name}']:.6g}, LightGBM {figures[f'LightGBM: {name}']:.6g}")
            # LightGBM's own model read by MatSieve: the same predictions.
            booster.save_model(str(folder / "model.txt"))
            run_bench(options.binary, "boosted-trees-predict", model=folder / "model.txt", input=folder / "test.json", predictions=folder / "same_model.json", repeats=1)
            difference = float(np.abs(read_matrix(folder / "same_model.json")[:, 0] - peer_predictions).max())
            if difference > PREDICTION_TOLERANCE * max(1.0, float(np.abs(peer_predictions).max())):
                fail(f"LightGBM's model read by matsieve differs by {difference:.3g}")
            figures["same model: largest difference"] = difference

        for _ in range(options.repeats):
            predict["LightGBM"].append(timed(lambda: booster.predict(many, num_threads=1))[0])
            if options.binary:
                predict["matsieve"] += run_bench(options.binary, "boosted-trees-predict", model=folder / "model.h5", input=folder / "many.json", repeats=1, threads=1)["seconds"]

        figures["LightGBM: layout"] = layout
        for name in fit:
            if fit[name]:
                figures[f"{name}: fit seconds"] = statistics.median(fit[name])
                figures[f"{name}: fit spread"] = relative_spread(fit[name])
                figures[f"{name}: predict rows/s"] = median_rate(len(many), predict[name])
                figures[f"{name}: predict spread"] = relative_spread(predict[name])
        if options.binary:
            figures["fit: matsieve seconds / LightGBM seconds"] = figures["matsieve: fit seconds"] / figures["LightGBM: fit seconds"]
            figures["predict: matsieve rate / LightGBM rate"] = figures["matsieve: predict rows/s"] / figures["LightGBM: predict rows/s"]
        for classes in (2, 5):
            compare_classes(options, classes, train_features, train_target, test_features, test_target, layout, leaves, folder, figures)
        report(figures, options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
