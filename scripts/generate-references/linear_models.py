"""Reference values for ridge regression, logistic ridge, boosted trees' error and metrics.

Writes Datasets/references/linear_models/. Run with the versions of requirements.txt:
    python scripts/generate-references/linear_models.py
"""
import csv, gzip, pathlib, re, warnings
import lightgbm
import numpy as np
from sklearn import metrics
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.preprocessing import StandardScaler

warnings.filterwarnings("ignore")
root = pathlib.Path(__file__).resolve().parents[2]
out = root / "Datasets/references/linear_models"
out.mkdir(parents=True, exist_ok=True)


def write(name, header, columns):
    with open(out / name, "w", newline="") as f:
        f.write(",".join(header) + "\n")
        for row in zip(*columns):
            f.write(",".join(repr(float(v)) for v in row) + "\n")


rows = list(csv.DictReader(gzip.open(root / "Datasets/matbench/steels.csv.gz", "rt")))
key = "formula" if "formula" in rows[0] else "composition"
parsed = [{e: float(n or 1) for e, n in re.findall(r"([A-Z][a-z]?)([0-9.]*)", r[key])} for r in rows]
elements = sorted({e for p in parsed for e in p})
X = np.array([[p.get(e, 0.0) / sum(p.values()) for e in elements] for p in parsed])
y = np.array([float(r["target"]) for r in rows])
fold = np.array([int(r["fold"]) for r in rows])
strong = (y > np.median(y)).astype(float)
write("steels.csv", elements + ["target", "strong", "fold"], list(X.T) + [y, strong, fold])

# Ridge on folds 1-4, predicted for all rows; few: only the first 10 of them, fewer than features.
train = np.flatnonzero(fold != 0)
columns, names = [], []
for label, chosen in (("all", train), ("few", train[:10])):
    scaler = StandardScaler().fit(X[chosen])
    Z, Zt = scaler.transform(X), scaler.transform(X[chosen])
    keep = X[chosen].std(0) > 0
    Z, Zt = Z[:, keep], Zt[:, keep]
    for alpha in (0.1, 10.0):
        model = Ridge(alpha=alpha).fit(Zt, y[chosen])
        inverse = np.linalg.inv(Zt.T @ Zt + alpha * np.eye(Zt.shape[1]))
        freedom = 1 + np.trace(Zt @ inverse @ Zt.T)
        noise = ((y[chosen] - model.predict(Zt)) ** 2).sum() / (len(chosen) - freedom)
        leverage = np.einsum("ij,jk,ik->i", Z, inverse, Z)
        columns += [model.predict(Z), np.sqrt(noise * (1 + 1 / len(chosen) + leverage))]
        names += [f"ridge_{label}_{alpha}", f"ridge_{label}_{alpha}_std"]
scaler = StandardScaler().fit(X[train])
logistic = LogisticRegression(C=1 / 0.5, tol=1e-12, max_iter=100000, solver="newton-cholesky")
logistic.fit(scaler.transform(X[train]), strong[train])
probability = logistic.predict_proba(scaler.transform(X))[:, 1]
write("predictions.csv", names + ["logistic_0.5"], columns + [probability])

# Rows that count 1 to 4 times, brought to a mean of 1.
weight = (np.arange(len(y))[train] * 7 % 4 + 1).astype(float)
weight /= weight.mean()
scaler = StandardScaler().fit(X[train], sample_weight=weight)
model = Ridge(alpha=10.0).fit(scaler.transform(X[train]), y[train], sample_weight=weight)
write("weighted.csv", ["ridge_10.0"], [model.predict(scaler.transform(X))])

# Errors and scores over the five folds, as the test computes them.
lines = []
settings = dict(num_leaves=7, learning_rate=0.05, min_data_in_leaf=5, lambda_l2=1.0, num_threads=1, verbose=-1)
predicted = np.zeros(len(y))
likely = np.zeros(len(y))
for k in range(5):
    a, b = fold != k, fold == k
    predicted[b] = lightgbm.train({**settings, "objective": "regression"}, lightgbm.Dataset(X[a], y[a]), 200).predict(X[b])
    likely[b] = lightgbm.train({**settings, "objective": "binary"}, lightgbm.Dataset(X[a], strong[a]), 50).predict(X[b])
lines.append(("lightgbm_mae", metrics.mean_absolute_error(y, predicted)))
lines.append(("lightgbm_log_loss", metrics.log_loss(strong, likely)))
guess, score = columns[0], np.round(probability, 2)
lines += [
    ("mae", metrics.mean_absolute_error(y, guess)),
    ("rmse", metrics.root_mean_squared_error(y, guess)),
    ("r2", metrics.r2_score(y, guess)),
    ("balanced_accuracy", metrics.balanced_accuracy_score(strong, score >= 0.5)),
    ("roc_auc", metrics.roc_auc_score(strong, score)),
    ("f1", metrics.f1_score(strong, score >= 0.5)),
]
with open(out / "scores.csv", "w") as f:
    f.writelines(f"{name},{float(value)!r}\n" for name, value in lines)
