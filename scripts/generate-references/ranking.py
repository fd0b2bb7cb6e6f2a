"""Reference values for rankings: fronts, crowding, hypervolume contributions, TOPSIS, expected desirabilities.

Writes Datasets/references/ranking/. Run with pymoo 0.6.2 (moocore 0.3.2), pymcdm 1.4.0, scipy 1.17.1, numpy 2.4.6:
    python scripts/generate-references/ranking.py
"""
import pathlib
import numpy as np
from pymcdm.methods import TOPSIS
from pymcdm.normalizations import vector_normalization
from pymoo.indicators.hv import HV
from pymoo.operators.survival.rank_and_crowding.metrics import calc_crowding_distance
from pymoo.util.nds.non_dominated_sorting import NonDominatedSorting
from scipy import integrate, stats

out = pathlib.Path(__file__).resolve().parents[2] / "Datasets/references/ranking"
out.mkdir(parents=True, exist_ok=True)
rng = np.random.default_rng(20261121)


def number(value):
    return repr(float(value))


lines = ["set," + ",".join(f"x{k}" for k in range(1, 7)) + ",front,crowding,contribution,closeness"]
# Objective 2 is to be maximised, the others minimised; weights 1, 2, 3, … for TOPSIS.
for m, n in ((2, 120), (3, 120), (4, 70), (5, 50), (6, 40)):
    x = np.round(rng.random((n, m)) ** 2 * 3 + 0.1, 6)
    signs = np.ones(m)
    signs[1] = -1
    losses = x * signs
    fronts = NonDominatedSorting().do(losses)
    crowding, contribution, rank = np.zeros(n), np.zeros(n), np.zeros(n, int)
    worst = losses.max(0) + 0.25
    for number_of_front, members in enumerate(fronts, 1):
        rank[members] = number_of_front
        # pymoo divides by the number of objectives.
        crowding[members] = calc_crowding_distance(losses[members]) * m if len(members) > 2 else np.inf
        volume = HV(ref_point=worst)
        whole = volume(losses[members])
        for i in members:
            others = losses[[j for j in members if j != i]]
            contribution[i] = whole - (volume(others) if len(others) else 0)
    weights = np.arange(1.0, m + 1)
    # Costs are scaled by the same norm as benefits and become negative, as in the original method.
    plain = TOPSIS(normalization_function=lambda column, cost=False: vector_normalization(column) * (-1 if cost else 1))
    closeness = plain(x, weights / weights.sum(), -signs)
    for i in range(n):
        cells = [str(m)] + [number(v) for v in x[i]] + [""] * (6 - m)
        lines.append(",".join(cells + [str(rank[i]), number(crowding[i]), number(contribution[i]), number(closeness[i])]))
(out / "points.csv").write_text("\n".join(lines) + "\n")

# Expected desirabilities: kind (-1 smaller, 1 larger is better, 0 target), range, target, exponents, mean, standard deviation.
lines = ["kind,low,high,target,rise,fall,mean,spread,expected"]
for _ in range(120):
    kind = int(rng.integers(-1, 2))
    low = round(rng.normal(), 3)
    high = round(low + rng.gamma(2) + 0.05, 3)
    target = round(low + (0.2 + 0.6 * rng.random()) * (high - low), 3)
    rise, fall = (round(float(v), 2) for v in np.exp(rng.normal(0, 0.7, 2)))
    mean, spread = round(low + (high - low) * rng.normal(0.5, 0.8), 3), round(float(np.exp(rng.normal(-1, 1.2))), 4)

    def d(y):
        if y <= low or y >= high:
            return float(kind == 1 and y >= high or kind == -1 and y <= low)
        if kind == 1:
            return ((y - low) / (high - low)) ** rise
        if kind == -1:
            return ((high - y) / (high - low)) ** fall
        return ((y - low) / (target - low)) ** rise if y < target else ((high - y) / (high - target)) ** fall

    density = stats.norm(mean, spread)
    edges = sorted({low, high, target, *(mean + spread * np.arange(-9, 10))})
    edges = [e for e in edges if mean - 9 * spread <= e <= mean + 9 * spread]
    expected = sum(integrate.quad(lambda y: d(y) * density.pdf(y), a, b, epsabs=1e-13, limit=200)[0] for a, b in zip(edges, edges[1:]))
    cells = (kind, low, high, target, rise, fall, mean, spread, expected)
    lines.append(",".join(number(c) for c in cells))
(out / "desirabilities.csv").write_text("\n".join(lines) + "\n")
