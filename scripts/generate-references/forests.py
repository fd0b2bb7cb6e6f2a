"""Reference trees of scikit-learn, errors of its forests, and SHAP values of LightGBM.

Writes Datasets/references/forests/. Run with the versions of requirements.txt (scikit-learn 1.9.1, lightgbm 4.7.0, numpy 2.4.6):
    python scripts/generate-references/forests.py
"""
import csv, pathlib
import lightgbm
import numpy as np
from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor, RandomForestClassifier, RandomForestRegressor
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

root = pathlib.Path(__file__).resolve().parents[2] / "Datasets/references"
out = root / "forests"
out.mkdir(parents=True, exist_ok=True)

# One tree on continuous features: no two splits gain the same, so the tree is determined. The first 200 rows train.
random = np.random.default_rng(11)
X = np.round(random.normal(size=(260, 4)), 3).astype(np.float32)
y = np.round(2 * X[:, 0] + np.where(X[:, 1] > 0.3, 3.0, 0.0) + X[:, 2] ** 2 + random.normal(0, 0.3, 260), 4).astype(float)
group = np.digitize(y, [0.0, 2.0, 4.0])
weight = np.round(random.uniform(0.5, 2.0, 260), 6)
holes = X.copy()
holes[random.random(X.shape) < 0.1] = np.nan
train = slice(0, 200)
names, columns = [f"x{j}" for j in range(4)] + [f"h{j}" for j in range(4)] + ["y", "class", "weight"], list(X.T) + list(holes.T) + [y, group, weight]


def settled(model, features, target, weights=None):
    """Predictions of all rows; NaN where equal gains leave the choice to the seed."""
    answers = []
    for seed in range(8):
        fitted = model(seed).fit(features[train], target[train], sample_weight=None if weights is None else weights[train])
        answers.append(fitted.predict_proba(features) if hasattr(fitted, "predict_proba") else fitted.predict(features))
    return np.where(np.ptp(answers, axis=0) < 1e-9, answers[0], np.nan)


def number(seed):
    return DecisionTreeRegressor(max_depth=4, random_state=seed)


# Weights of classes are unequal, since counts make equal gains.
shares = settled(lambda seed: DecisionTreeClassifier(max_depth=3, random_state=seed), X, group, weight)
columns += [settled(number, X, y), settled(number, X, y, weight), settled(number, holes, y), *shares.T]
names += ["tree", "tree_weighted", "tree_missing"] + [f"share_{k}" for k in range(shares.shape[1])]
with open(out / "trees.csv", "w") as f:
    f.write(",".join(names) + "\n")
    for row in zip(*columns):
        f.write(",".join(repr(float(v)) for v in row) + "\n")

# Errors over the official folds of the steels, means over three seeds.
table = list(csv.DictReader(open(root / "linear_models/steels.csv")))
elements = list(table[0])[:14]
S = np.array([[float(r[e]) for e in elements] for r in table], dtype=np.float32)
target, strong, fold = (np.array([float(r[c]) for r in table]) for c in ("target", "strong", "fold"))
lines = []
for name, kind, part in (("random_forest", RandomForestRegressor, 1 / 3), ("extra_trees", ExtraTreesRegressor, 1.0)):
    error = []
    for seed in range(3):
        for k in range(5):
            model = kind(200, max_features=part, random_state=seed).fit(S[fold != k], target[fold != k])
            error += list(abs(model.predict(S[fold == k]) - target[fold == k]))
    lines.append((name + "_mae", float(np.mean(error))))
for name, kind in (("random_forest", RandomForestClassifier), ("extra_trees", ExtraTreesClassifier)):
    wrong = []
    for seed in range(3):
        for k in range(5):
            model = kind(200, random_state=seed).fit(S[fold != k], strong[fold != k])
            wrong += list((model.predict_proba(S[fold == k])[:, 1] - strong[fold == k]) ** 2)
    lines.append((name + "_brier", float(np.mean(wrong))))
(out / "errors.csv").write_text("".join(f"{name},{value!r}\n" for name, value in lines))

# LightGBM's SHAP values of the model and the first rows of lightgbm_trees.
features = np.fromfile(root / "lightgbm_trees/features.f32", dtype="<f4").reshape(500, -1)[:20]
booster = lightgbm.Booster(model_file=str(root / "lightgbm_trees/model.txt"))
booster.predict(features, pred_contrib=True).astype("<f8").tofile(out / "lightgbm_contributions.f64")
