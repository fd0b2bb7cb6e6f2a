"""Reference values for metrics, calibration and folds, and real rows to judge them on.

Writes Datasets/references/validation/. Run with the versions of requirements.txt:
    python scripts/generate-references/validation.py
"""
import csv, gzip, pathlib, re, warnings
import numpy as np
from scipy import optimize, stats
from sklearn import metrics

warnings.filterwarnings("ignore")
root = pathlib.Path(__file__).resolve().parents[2]
out = root / "Datasets/references/validation"
out.mkdir(parents=True, exist_ok=True)
rng = np.random.default_rng(20260101)
values = {}

# Rows of a regression with errors that a model half knows, rounded so that there are ties.
n = 400
observed = np.round(rng.normal(0, 3, n), 1)
true_std = np.exp(rng.normal(-0.3, 0.6, n))
predicted = np.round(observed + true_std * rng.standard_t(6, n), 1)
std = np.round(0.4 * true_std * np.exp(rng.normal(0, 0.2, n)) + 0.01, 4)
weight = np.round(np.exp(rng.normal(0, 0.5, n)), 3)
# Three classes from probabilities that are too sure of themselves.
scores = rng.normal(0, 1, (n, 3))
label = (scores * 1.5 + rng.gumbel(size=(n, 3))).argmax(1)
sure = np.exp(3 * scores)
p3 = np.round(sure / sure.sum(1, keepdims=True), 6)
p3[:, 2] = np.round(1 - p3[:, 0] - p3[:, 1], 6)
p3 = np.clip(p3, 0, 1)
binary = (label == 1).astype(int)
p1 = np.round(1 / (1 + np.exp(-2.5 * (scores[:, 1] - scores[:, [0, 2]].max(1)))), 2)

header = "predicted,observed,std,weight,class,p0,p1,p2,binary,probability"
columns = [predicted, observed, std, weight, label, *p3.T, binary, p1]
with open(out / "rows.csv", "w") as f:
    f.write(header + "\n" + "\n".join(",".join(repr(float(v)) for v in row) for row in zip(*columns)) + "\n")

values["spearman"] = stats.spearmanr(predicted, observed)[0]
for tag, w in (("", None), ("_weighted", weight)):
    values["mae" + tag] = metrics.mean_absolute_error(observed, predicted, sample_weight=w)
    values["rmse" + tag] = metrics.mean_squared_error(observed, predicted, sample_weight=w) ** 0.5
    values["r2" + tag] = metrics.r2_score(observed, predicted, sample_weight=w)
    values["binary_balanced_accuracy" + tag] = metrics.balanced_accuracy_score(binary, p1 >= 0.5, sample_weight=w)
    values["binary_roc_auc" + tag] = metrics.roc_auc_score(binary, p1, sample_weight=w)
    values["binary_f1" + tag] = metrics.f1_score(binary, p1 >= 0.5, sample_weight=w)
    values["binary_log_loss" + tag] = metrics.log_loss(binary, np.clip(p1, 1e-15, 1 - 1e-15), sample_weight=w)
    guess = p3.argmax(1)
    values["balanced_accuracy" + tag] = metrics.balanced_accuracy_score(label, guess, sample_weight=w)
    values["f1" + tag] = metrics.f1_score(label, guess, average="macro", sample_weight=w)
    values["roc_auc" + tag] = np.mean([metrics.roc_auc_score(label == c, p3[:, c], sample_weight=w) for c in range(3)])
    own = np.clip(p3[np.arange(n), label], 1e-15, 1 - 1e-15)
    values["log_loss" + tag] = np.average(-np.log(own), weights=w)

import uncertainty_toolbox as uct

values["miscalibration_area"] = uct.metrics_calibration.miscalibration_area(predicted, std, observed, vectorized=True)
values["miscalibration_area_wide"] = uct.metrics_calibration.miscalibration_area(predicted, 6 * std, observed, vectorized=True)
values["miscalibration_area_near"] = uct.metrics_calibration.miscalibration_area(predicted, 2.4 * std, observed, vectorized=True)
values["sharpness"] = uct.metrics_calibration.sharpness(std)

errors = np.abs(predicted - observed)


def loss(line):
    s = line[0] * std + line[1]
    return np.mean(np.log(s) + errors**2 / (2 * s**2))


best = min(
    (optimize.minimize(loss, start, bounds=[(0, None), (0, None)], method="L-BFGS-B", options=dict(ftol=1e-15, gtol=1e-12)) for start in ([1, 0.1], [3, 0.01], [0.5, 1.0])),
    key=lambda r: r.fun)
values["line_loss"], values["line_scale"], values["line_offset"] = best.fun, best.x[0], best.x[1]
ratios = np.sort(errors / (values["line_scale"] * std + values["line_offset"]))
for level in (0.5, 0.8, 0.9, 0.95):
    values[f"factor_{level}"] = ratios[int(np.ceil(round((n + 1) * level, 9))) - 1]


def heat(t):
    q = np.clip(p3, 1e-15, 1) ** (1 / t)
    return -np.log((q / q.sum(1, keepdims=True))[np.arange(n), label]).mean()


found = optimize.minimize_scalar(heat, bounds=(0.2, 16), method="bounded", options=dict(xatol=1e-10))
values["temperature"], values["temperature_log_loss"] = found.x, found.fun
with open(out / "values.csv", "w") as f:
    for name, value in values.items():
        f.write(f"{name},{float(value)!r}\n")

# Real rows: means of Magpie's element properties of Matbench's phonons.
from matminer.featurizers.composition import ElementProperty
from pymatgen.core import Composition, Element

table = list(csv.DictReader(gzip.open(root / "Datasets/matbench/phonons.csv.gz", "rt")))
magpie = ElementProperty.from_preset("magpie", impute_nan=True)
labels = magpie.feature_labels()
means = [i for i, label in enumerate(labels) if " mean " in label]
features = np.array([[magpie.featurize(Composition(r["formula"]))[i] for i in means] for r in table], dtype="<f4")
np.column_stack([features, [float(r["target"]) for r in table]]).astype("<f4").tofile(out / "phonons.f32")
with open(out / "phonons_elements.csv", "w") as f:
    for r in table:
        f.write(" ".join(str(z) for z in sorted({Element(e).Z for e in re.findall("[A-Z][a-z]?", r["formula"])})) + "\n")
