#!/usr/bin/env python3
"""Random forest and extra trees: scikit-learn against matsieve-bench, one thread, Magpie features of Matbench mp_e_form.

    forest_peer.py --binary matsieve-bench --matsieve matsieve [--rows N] [--repeats 3] [--work DIR] [--json FILE]
    forest_peer.py --cache CACHE.npy ...   features from compare_magpie.py's cache instead of matsieve
    forest_peer.py --tiny                  a smoke run on 600 formulas that matminer describes

100 full trees on 5,000 rows; both with all features a split (scikit-learn's default) and with a third of them (matsieve's).
"""

import argparse
import pathlib
import statistics
import sys
import tempfile
import warnings

warnings.simplefilter("ignore")

import numpy as np
from sklearn.ensemble import ExtraTreesRegressor, RandomForestRegressor

from boosted_trees_peer import errors, features_by_matminer, features_by_matsieve, features_from_cache, load_table
from harness import fail, median_rate, relative_spread, report, run_bench, timed
from matrices import write_column, write_matrix

TREES, TRAINING_ROWS, SEED, PREDICTION_ROWS = 100, 5_000, 7, 100_000
# Two forests of the same settings differ by their draws; their errors on many fresh rows agree to a few per cent.
ERROR_TOLERANCE = 0.03
CASES = [
    ("random-forest, all features", "random-forest", RandomForestRegressor, 1.0),
    ("random-forest, a third", "random-forest", RandomForestRegressor, 1 / 3),
    ("extra-trees, all features", "extra-trees", ExtraTreesRegressor, 1.0),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", help="the matsieve-bench executable; without it only scikit-learn runs")
    parser.add_argument("--matsieve", help="the matsieve executable, to describe the formulas")
    parser.add_argument("--cache", type=pathlib.Path, help="compare_magpie.py's CACHE.npy")
    parser.add_argument("--rows", type=int, default=15_000, help="that many rows, evenly spread")
    parser.add_argument("--trees", type=int, default=TREES)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--work", type=pathlib.Path, help="keep the matrix files here")
    parser.add_argument("--json")
    parser.add_argument("--tiny", action="store_true", help="600 rows, 10 trees, once")
    options = parser.parse_args()
    if options.tiny:
        options.rows, options.trees, options.repeats = 600, 10, 1
    if not (options.matsieve or options.cache or options.tiny):
        parser.error("features come from --matsieve BINARY, --cache CACHE.npy or, with --tiny, matminer")

    with tempfile.TemporaryDirectory() as temporary:
        folder = options.work or pathlib.Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        formulas, targets, _ = load_table(options.rows)
        if options.cache:
            features = features_from_cache(options.cache, formulas)
        elif options.matsieve:
            features = features_by_matsieve(options.matsieve, formulas, folder)
        else:
            features = features_by_matminer(formulas)
        usable = ~np.isnan(features).all(axis=1)
        order = np.random.default_rng(SEED).permutation(np.flatnonzero(usable))
        chosen, rest = order[: min(TRAINING_ROWS, len(order) * 2 // 3)], order[min(TRAINING_ROWS, len(order) * 2 // 3) :]
        train, test = np.ascontiguousarray(features[chosen]), np.ascontiguousarray(features[rest])
        many = np.tile(test, (1 if options.tiny else -(-PREDICTION_ROWS // len(test)), 1))
        files = {"train": folder / "train.json", "target": folder / "target.json", "test": folder / "test.json", "test_target": folder / "test_target.json"}
        write_matrix(files["train"], train)
        write_column(files["target"], targets[chosen])
        write_matrix(files["test"], test)
        write_column(files["test_target"], targets[rest])
        write_matrix(folder / "many.json", many)
        figures = {"train rows": len(train), "test rows": len(test), "columns": features.shape[1], "trees": options.trees,
                   "prediction rows": len(many), "repeats": options.repeats}

        for case, model, peer_kind, part in CASES:
            fit, predict = {"scikit-learn": [], "matsieve": []}, {"scikit-learn": [], "matsieve": []}
            own = dict(files, model=model, trees=options.trees, max_features=part, seed=SEED, repeats=1, threads=1)
            for _ in range(options.repeats):
                seconds, peer = timed(lambda: peer_kind(options.trees, max_features=part, random_state=SEED, n_jobs=1).fit(train, targets[chosen]))
                fit["scikit-learn"].append(seconds)
                predict["scikit-learn"].append(timed(lambda: peer.predict(many))[0])
                if options.binary:
                    outcome = run_bench(options.binary, "forest-fit", **own)
                    fit["matsieve"] += outcome["seconds"]
                    predict["matsieve"] += run_bench(options.binary, "forest-predict", input=folder / "many.json", **own)["seconds"]
            figures[f"{case}: scikit-learn MAE"] = errors(peer.predict(test), targets[rest])[0]
            if options.binary:
                figures[f"{case}: matsieve MAE"] = outcome["mae"]
                if outcome["mae"] > figures[f"{case}: scikit-learn MAE"] * (1 + ERROR_TOLERANCE) and not options.tiny:
                    fail(f"{case}: MAE {outcome['mae']:.6g}, scikit-learn {figures[f'{case}: scikit-learn MAE']:.6g}")
            for name in fit:
                if fit[name]:
                    figures[f"{case}: {name} fit seconds"] = statistics.median(fit[name])
                    figures[f"{case}: {name} fit spread"] = relative_spread(fit[name])
                    figures[f"{case}: {name} predict rows/s"] = median_rate(len(many), predict[name])
            if options.binary:
                figures[f"{case}: fit, scikit-learn seconds / matsieve seconds"] = (
                    figures[f"{case}: scikit-learn fit seconds"] / figures[f"{case}: matsieve fit seconds"])
                figures[f"{case}: predict, matsieve rate / scikit-learn rate"] = (
                    figures[f"{case}: matsieve predict rows/s"] / figures[f"{case}: scikit-learn predict rows/s"])
        if options.binary:
            figures["fit at equal error: scikit-learn's default / matsieve's default"] = (
                figures[f"{CASES[0][0]}: scikit-learn fit seconds"] / figures[f"{CASES[1][0]}: matsieve fit seconds"])
        report(figures, options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
