#!/usr/bin/env python3
"""Write a LightGBM model and what it answers, for a leaf-exact test of tree traversal, to Datasets/references/lightgbm_trees/.

    lightgbm_model.py [--output DIR] [--tiny]

20 trees x 31 leaves on Magpie features of the measured band gaps (float32, 2 % of the values made missing), then 500 rows with the
model's leaf and prediction for each. Needs lightgbm and matminer of scripts/generate-references/requirements.txt.
"""

import argparse
import pathlib
import sys
import tempfile
import warnings

warnings.simplefilter("ignore")

import lightgbm
import numpy as np
import pandas as pd

from matrices import write_column, write_matrix

ROOT = pathlib.Path(__file__).resolve().parents[2]
SEED = 7


def magpie_features(formulas):
    from matminer.featurizers.composition import ElementProperty
    from pymatgen.core import Composition

    featurizer = ElementProperty.from_preset("magpie", impute_nan=True)
    return np.array([featurizer.featurize(Composition(formula)) for formula in formulas], dtype=np.float32), featurizer.feature_labels()


def generate(folder, rows, trees, leaves, kept):
    folder.mkdir(parents=True, exist_ok=True)
    table = pd.read_csv(ROOT / "Datasets/matbench/expt_gap.csv", keep_default_na=False).iloc[:rows]
    features, names = magpie_features(table["formula"])
    generator = np.random.default_rng(SEED)
    features[generator.random(features.shape) < 0.02] = np.nan
    target = table["target"].to_numpy(dtype=float)
    parameters = {
        "objective": "regression", "num_leaves": leaves, "learning_rate": 0.1, "max_bin": 255, "min_data_in_leaf": 10,
        "num_threads": 1, "deterministic": True, "force_col_wise": True, "seed": SEED, "verbosity": -1,
    }
    booster = lightgbm.train(parameters, lightgbm.Dataset(features, target), num_boost_round=trees)
    chosen = np.sort(generator.choice(len(features), size=min(kept, len(features)), replace=False))
    sample = features[chosen]
    # Three rows at the edges: everything missing, everything zero, everything huge.
    sample[0], sample[1], sample[2] = np.nan, 0, 1e30
    booster.save_model(str(folder / "model.txt"))
    write_matrix(folder / "features.json", sample, names)
    write_column(folder / "predictions.json", booster.predict(sample))
    write_matrix(folder / "leaves.json", booster.predict(sample, pred_leaf=True).astype(np.int32))
    size = sum(path.stat().st_size for path in folder.iterdir())
    print(f"{booster.num_trees()} trees, {len(sample)} rows, {size} bytes in {folder}", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=pathlib.Path)
    parser.add_argument("--tiny", action="store_true", help="300 rows, 3 trees; to a temporary folder unless --output is given")
    options = parser.parse_args()
    if options.tiny:
        if options.output:
            return generate(options.output, 300, 3, 7, 50)
        with tempfile.TemporaryDirectory() as folder:
            return generate(pathlib.Path(folder), 300, 3, 7, 50)
    generate(options.output or ROOT / "Datasets/references/lightgbm_trees", 4_604, 20, 31, 500)


if __name__ == "__main__":
    main()
