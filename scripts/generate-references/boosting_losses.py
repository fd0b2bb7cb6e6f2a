"""Reference predictions of small boosted trees for losses other than the squared one, many classes and weights.

Writes Datasets/references/boosting_losses/. Run with the versions of requirements.txt (lightgbm 4.7.0, numpy 2.4.6):
    python scripts/generate-references/boosting_losses.py
"""
import pathlib
import lightgbm
import numpy as np

out = pathlib.Path(__file__).resolve().parents[2] / "Datasets/references/boosting_losses"
out.mkdir(parents=True, exist_ok=True)
random = np.random.default_rng(5)
rows = 120
x = np.repeat(np.arange(4.0), rows // 4)
z = random.integers(0, 6, rows).astype(float)
# Sixty-fourths: LightGBM keeps targets as float32.
y = np.round(64 * (np.array([1.0, 9.0, 4.0, 20.0])[x.astype(int)] + 1.5 * z + random.gamma(1.0, 2.0, rows))) / 64
group = (np.array([0, 1, 2, 1])[x.astype(int)] + (random.random(rows) < 0.2)) % 3
weight = np.round(random.choice([0.5, 1.0, 2.0, 3.0], rows), 1)
X = np.column_stack([x, z])

common = {
    "num_leaves": 4, "learning_rate": 0.3, "min_data_in_leaf": 5, "lambda_l2": 0.0, "max_bin": 255, "num_threads": 1, "deterministic": True,
    "force_col_wise": True, "verbosity": -1,
}
cases = {
    "absolute": ({"objective": "l1"}, y, None),
    "quantile_0.1": ({"objective": "quantile", "alpha": 0.1}, y, None),
    "quantile_0.8": ({"objective": "quantile", "alpha": 0.8}, y, None),
    "squared_weighted": ({"objective": "l2", "min_data_in_leaf": 1}, y, weight),
    "logistic_weighted": ({"objective": "binary", "min_data_in_leaf": 1}, (group == 1).astype(float), weight),
    "softmax": ({"objective": "multiclass", "num_class": 3}, group, None),
}
names, columns = ["x", "z", "y", "class", "weight"], [x, z, y, group, weight]
for name, (own, target, weights) in cases.items():
    booster = lightgbm.train({**common, **own}, lightgbm.Dataset(X, target, weight=weights), num_boost_round=3)
    predicted = booster.predict(X)
    for k, column in enumerate(np.atleast_2d(predicted.T)):
        names.append(f"{name}_{k}" if predicted.ndim > 1 else name)
        columns.append(column)
with open(out / "table.csv", "w") as f:
    f.write(",".join(names) + "\n")
    for row in zip(*columns):
        f.write(",".join(repr(float(v)) for v in row) + "\n")
