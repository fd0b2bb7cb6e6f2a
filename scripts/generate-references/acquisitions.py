"""Reference values for posteriors and acquisitions, by scikit-learn, scipy's quadrature and pymoo.

Writes Datasets/references/acquisitions/. Run with the versions of requirements.txt and pymoo 0.6.2:
    python scripts/generate-references/acquisitions.py
"""
import csv
import pathlib

import numpy as np
from pymoo.indicators.hv import HV
from scipy import integrate, stats
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, Matern

out = pathlib.Path(__file__).resolve().parents[2] / "Datasets/references/acquisitions"
out.mkdir(parents=True, exist_ok=True)
rng = np.random.default_rng(20260102)


def write(name, header, rows):
    with open(out / name, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([[repr(float(v)) for v in row] for row in rows])


# One posterior: 25 measured rows of 3 descriptors, length scale 1.3, noise 0.04 of the targets' variance.
X = np.round(rng.normal(size=(25, 3)), 3)
y = np.round(np.sin(2 * X[:, 0]) + X[:, 1] ** 2 + 3 + 0.1 * rng.normal(size=25), 3)
Q = np.round(rng.normal(size=(12, 3)) * 1.2, 3)
write("measured.csv", ["x1", "x2", "x3", "y"], np.column_stack([X, y]))
columns = [Q]
header = ["x1", "x2", "x3"]
for name, kernel in (("rbf", RBF(1.3)), ("matern32", Matern(1.3, nu=1.5)), ("matern52", Matern(1.3, nu=2.5))):
    t = (y - y.mean()) / y.std()
    model = GaussianProcessRegressor(ConstantKernel(1.0) * kernel, alpha=0.04, optimizer=None).fit(X, t)
    mean, covariance = model.predict(Q, return_cov=True)
    columns += [(y.mean() + y.std() * mean)[:, None], (np.diag(covariance) * y.var())[:, None], (covariance[:, :1] * y.var())]
    header += [f"{name}_mean", f"{name}_variance", f"{name}_covariance_with_first"]
write("posterior.csv", header, np.hstack(columns))

# Improvements over 0.7 by quadrature of their definitions.
rows = []
for mean, deviation in [(0, 1), (0.7, 0.3), (2, 0.5), (-1, 0.4), (0.5, 0.01), (-3, 0.5), (10, 3)]:
    y_axis = stats.norm(mean, deviation)
    ei = integrate.quad(lambda v: (v - 0.7) * y_axis.pdf(v), 0.7, max(mean, 0.7) + 40 * deviation, points=[max(mean, 0.7)], epsabs=0, epsrel=1e-11, limit=500)[0]
    rows.append([mean, deviation, ei, y_axis.sf(0.7)])
write("improvement.csv", ["mean", "deviation", "expected_improvement", "probability_of_improvement"], rows)

# Expected growth of the hypervolume: 2 objectives by quadrature of pymoo's hypervolume, 3 by Gauss-Hermite sums of it.
def volume(front, reference):
    return HV(ref_point=-np.array(reference))(-np.array(front))


def growth(front, reference, means, deviations, points):
    nodes, weights = np.polynomial.hermite_e.hermegauss(points)
    grids = np.meshgrid(*[m + d * nodes for m, d in zip(means, deviations)], indexing="ij")
    factors = np.meshgrid(*[weights / weights.sum()] * len(means), indexing="ij")
    base = volume(front, reference)
    total = 0.0
    for value, factor in zip(zip(*[g.ravel() for g in grids]), np.prod([f.ravel() for f in factors], axis=0)):
        total += factor * (volume(front + [list(value)], reference) - base)
    return total


def growth_2d(front, reference, means, deviations):
    """The integral over both objectives, strip by strip, where the integrand is smooth."""
    ordered = sorted(front)
    cuts = [reference[0]] + [p[0] for p in ordered] + [np.inf]
    heights = [p[1] for p in ordered] + [reference[1]]
    def excess(k, level):
        d = stats.norm(means[k], deviations[k])
        return integrate.quad(lambda v: d.sf(v), level, means[k] + 40 * deviations[k], epsabs=0, epsrel=1e-11, limit=500)[0] if level < means[k] + 40 * deviations[k] else 0.0
    total = 0.0
    for i, height in enumerate(heights):
        total += (excess(0, cuts[i]) - (excess(0, cuts[i + 1]) if np.isfinite(cuts[i + 1]) else 0.0)) * excess(1, height)
    return total


fronts = {2: ([[0.2, 0.9], [0.5, 0.7], [0.8, 0.1]], [0, 0]), 3: ([[0.2, 0.9, 0.4], [0.5, 0.7, 0.2], [0.8, 0.1, 0.6], [0.3, 0.3, 0.9]], [0, 0, 0])}
rows = []
for means, deviations in [((0.6, 0.6), (0.2, 0.3)), ((1.2, 0.9), (0.1, 0.1)), ((0.1, 0.1), (0.2, 0.2)), ((0.4, 1.1), (0.5, 0.05))]:
    rows.append([*means, *deviations, growth_2d(*fronts[2], means, deviations), growth(*fronts[2], means, deviations, 120)])
write("hypervolume2.csv", ["mean1", "mean2", "deviation1", "deviation2", "expected", "expected_by_pymoo"], rows)
rows = []
for means, deviations in [((0.6, 0.6, 0.6), (0.2, 0.3, 0.1)), ((1.0, 0.9, 0.8), (0.1, 0.1, 0.2)), ((0.2, 0.3, 0.4), (0.3, 0.3, 0.3))]:
    rows.append([*means, *deviations, growth(*fronts[3], means, deviations, 28)])
write("hypervolume3.csv", ["mean1", "mean2", "mean3", "deviation1", "deviation2", "deviation3", "expected_by_pymoo"], rows)

# Knowledge gradient: E max (a + b Z) - max a by quadrature.
rows = []
for case in range(6):
    n = 2 + 3 * case
    a, b = np.round(rng.normal(size=n), 2), np.round(rng.normal(size=n), 2)
    edges = np.linspace(-12, 12, 4801)
    value = sum(integrate.fixed_quad(lambda z: np.max(a[:, None] + b[:, None] * z[None], axis=0) * stats.norm.pdf(z), lo, hi, n=5)[0] for lo, hi in zip(edges, edges[1:]))
    rows += [[case, ai, bi, value - a.max()] for ai, bi in zip(a, b)]
write("knowledge_gradient.csv", ["case", "height", "slope", "expected_rise"], rows)
