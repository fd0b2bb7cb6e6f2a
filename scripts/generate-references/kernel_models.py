"""Reference values for Gaussian processes and kernel ridge regression with fixed parameters.

Writes Datasets/references/kernel_models/ from linear_models/steels.csv. scikit-learn 1.9.1, numpy 2.4.6:
    python scripts/generate-references/kernel_models.py
"""
import csv, pathlib
import numpy as np
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, Matern, WhiteKernel
from sklearn.kernel_ridge import KernelRidge

root = pathlib.Path(__file__).resolve().parents[2]
out = root / "Datasets/references/kernel_models"
out.mkdir(parents=True, exist_ok=True)
rows = list(csv.DictReader(open(root / "Datasets/references/linear_models/steels.csv")))
names = list(rows[0])[:14]
X = np.array([[float(r[n]) for n in names] for r in rows])
y = np.array([float(r["target"]) for r in rows])
train = np.array([float(r["fold"]) != 0 for r in rows])
mean, deviation = X[train].mean(0), X[train].std(0)
assert (deviation > 0).all()
Z = (X - mean) / deviation
t = (y[train] - y[train].mean()) / y[train].std()
weights = 0.25 + (np.arange(train.sum()) % 4) * 0.5
scales = np.array([0.5 + 0.7 * (i % 5) for i in range(14)])

NOISE = 0.04
gp = {
    "rbf": ConstantKernel(1.3) * RBF(2.5),
    "matern12": ConstantKernel(0.8) * Matern(6.0, nu=0.5),
    "matern32": ConstantKernel(1.0) * Matern(4.0, nu=1.5),
    "matern52": ConstantKernel(2.0) * Matern(3.0, nu=2.5),
    "ard": ConstantKernel(1.5) * Matern(scales, nu=1.5),
    "sum": ConstantKernel(0.7) * RBF(4.0) + ConstantKernel(0.6) * Matern(1.5, nu=0.5),
}
columns, scalars = {}, []
for name, kernel in gp.items():
    model = GaussianProcessRegressor(kernel + WhiteKernel(NOISE), alpha=0, optimizer=None).fit(Z[train], t)
    columns[f"{name}_mean"], columns[f"{name}_std"] = model.predict(Z, return_std=True)
    scalars.append((name, model.log_marginal_likelihood_value_, float(np.abs(model.alpha_).sum())))
model = GaussianProcessRegressor(gp["matern32"], alpha=NOISE / weights, optimizer=None).fit(Z[train], t)
columns["weighted_mean"], latent = model.predict(Z, return_std=True)
columns["weighted_std"] = np.sqrt(latent**2 + NOISE)
scalars.append(("weighted", model.log_marginal_likelihood_value_, float(np.abs(model.alpha_).sum())))
for name, gamma in (("laplacian", 1 / 20), ("rbf", 1 / (2 * 3.0**2))):
    columns[f"ridge_{name}"] = KernelRidge(alpha=0.05, kernel=name, gamma=gamma).fit(Z[train], t).predict(Z)
with open(out / "predictions.csv", "w", newline="") as f:
    f.write(",".join(columns) + "\n")
    for row in zip(*columns.values()):
        f.write(",".join(repr(float(v)) for v in row) + "\n")
with open(out / "scalars.csv", "w") as f:
    f.write("name,log_marginal_likelihood,weight_magnitudes\n")
    for name, lml, magnitudes in scalars:
        f.write(f"{name},{float(lml)!r},{magnitudes!r}\n")
