"""Reference values for elastic-net, nearest-neighbours and mlp.

Writes Datasets/references/networks/; reads Datasets/references/linear_models/steels.csv. Run with the versions of requirements.txt:
    python scripts/generate-references/networks.py
"""
import pathlib, warnings
import numpy as np
from sklearn.linear_model import ElasticNet, LogisticRegression
from sklearn.neighbors import KNeighborsRegressor
from sklearn.neural_network import MLPRegressor
from sklearn.preprocessing import StandardScaler

warnings.filterwarnings("ignore")
root = pathlib.Path(__file__).resolve().parents[2]
out = root / "Datasets/references/networks"
out.mkdir(parents=True, exist_ok=True)


def write(name, header, columns):
    with open(out / name, "w", newline="") as f:
        f.write(",".join(header) + "\n")
        for row in zip(*columns):
            f.write(",".join(repr(float(v)) for v in row) + "\n")


lines = (root / "Datasets/references/linear_models/steels.csv").read_text().splitlines()
table = np.array([[float(v) for v in line.split(",")] for line in lines[1:]])
X, y, strong, fold = table[:, :14], table[:, 14], table[:, 15], table[:, 16]
train = fold != 0
order = np.sort(y)
quarter = np.searchsorted(order[[78, 156, 234]], y, side="left").astype(float)
Z = StandardScaler().fit(X[train]).transform(X)
weight = (np.arange(len(y)) * 7 % 4 + 1).astype(float)[train]
weight /= weight.mean()
W = StandardScaler().fit(X[train], sample_weight=weight).transform(X)

# Linear models, all rows.
columns, names = [], []
for alpha, ratio in ((1.0, 0.5), (20.0, 0.9)):
    model = ElasticNet(alpha=alpha, l1_ratio=ratio, tol=1e-14, max_iter=10**6)
    columns += [model.fit(Z[train], y[train]).predict(Z), model.fit(W[train], y[train], sample_weight=weight).predict(W)]
    names += [f"elastic_{alpha}_{ratio}", f"elastic_weighted_{alpha}_{ratio}"]
for alpha, ratio in ((0.01, 0.5),):
    # scikit-learn sums the loss, the model here takes its mean.
    settings = dict(solver="saga", C=1 / (alpha * train.sum()), l1_ratio=ratio, tol=1e-12, max_iter=10**6, random_state=0)
    two = LogisticRegression(**settings).fit(Z[train], strong[train])
    four = LogisticRegression(**settings).fit(Z[train], quarter[train])
    columns += [two.predict_proba(Z)[:, 1]] + list(four.predict_proba(Z).T)
    names += ["logistic"] + [f"multinomial_{k}" for k in range(4)]
columns += [quarter]
names += ["quarter"]
write("linear.csv", names, columns)

# Neighbours, all rows (training rows find themselves).
columns, names = [], []
for k in (1, 5):
    for weights in ("uniform", "distance"):
        columns.append(KNeighborsRegressor(k, weights=weights, algorithm="kd_tree").fit(Z[train], y[train]).predict(Z))
        names.append(f"neighbours_{k}_{weights}")
write("neighbours.csv", names, columns)

# A few full-batch steps of a small network in double: inputs 3, hidden 4 (SiLU) and 3 (SiLU), weights in layer order, then biases.
random = np.random.default_rng(5)
x, t = random.normal(size=(6, 3)), random.normal(size=6)
v = np.array([1.0, 2.0, 0.5, 1.0, 1.0, 0.5])
shapes = [(3, 4), (4, 3), (3, 2)]
flat = random.normal(size=sum((i + 1) * o for i, o in shapes)) * 0.5


def unpack(p):
    layers, at = [], 0
    for i, o in shapes:
        layers.append((p[at:at + i * o].reshape(i, o), p[at + i * o:at + (i + 1) * o]))
        at += (i + 1) * o
    return layers


def forward(p, x):
    h, kept = x, []
    for n, (w, b) in enumerate(unpack(p)):
        z = h @ w + b
        kept.append((h, z))
        h = z / (1 + np.exp(-z)) if n < 2 else z
    return h, kept


def loss_and_gradient(p, kind):
    f, kept = forward(p, x)
    d = f[:, 0] - t
    g = np.zeros_like(f)
    if kind == "squared":
        value, g[:, 0] = (v * d * d / 2).mean(), v * d / len(t)
    elif kind == "absolute":
        value, g[:, 0] = (v * abs(d)).mean(), v * np.sign(d) / len(t)
    elif kind == "huber":
        value = (v * np.where(abs(d) < 0.5, d * d, abs(d) - 0.25)).mean()
        g[:, 0] = v * np.clip(d / 0.5, -1, 1) / len(t)
    else:
        s = f[:, 1]
        value = (v * (s + d * d * np.exp(-s)) / 2).mean()
        g[:, 0], g[:, 1] = v * d * np.exp(-s) / len(t), v * (1 - d * d * np.exp(-s)) / 2 / len(t)
    parts = []
    layers = unpack(p)
    for n in (2, 1, 0):
        h, z = kept[n]
        parts.append(np.concatenate([(h.T @ g).ravel(), g.sum(0)]))
        if n:
            e = kept[n - 1][1]
            s = 1 / (1 + np.exp(-e))
            g = (g @ layers[n][0].T) * s * (1 + e * (1 - s))
    return value, np.concatenate(parts[::-1])


def steps(kind, count=20, rate=0.01, decay=0.1):
    p, m, q, losses = flat.copy(), 0, 0, []
    for k in range(1, count + 1):
        value, g = loss_and_gradient(p, kind)
        losses.append(value)
        m, q = 0.9 * m + 0.1 * g, 0.999 * q + 0.001 * g * g
        p = p * (1 - rate * decay) - rate * (m / (1 - 0.9**k)) / (np.sqrt(q / (1 - 0.999**k)) + 1e-8)
    return losses, p


write("batch.csv", ["x0", "x1", "x2", "target", "weight"], list(x.T) + [t, v])
kinds = ("squared", "absolute", "huber", "gaussian")
write("parameters.csv", ["start"] + [f"{k}_gradient" for k in kinds] + [f"{k}_end" for k in kinds],
      [flat] + [loss_and_gradient(flat, k)[1] for k in kinds] + [steps(k)[1] for k in kinds])
write("losses.csv", list(kinds), [steps(k)[0] for k in kinds])

# Out-of-fold error of five networks of the same architecture, epochs and steps.
predicted = np.zeros(len(y))
for k in range(5):
    a, b = fold != k, fold == k
    scaler = StandardScaler().fit(X[a])
    mean, deviation = y[a].mean(), y[a].std()
    for seed in range(5):
        model = MLPRegressor(hidden_layer_sizes=(64, 32), batch_size=16, learning_rate_init=0.002, max_iter=60, n_iter_no_change=10**6, tol=0, alpha=0, random_state=seed)
        model.fit(scaler.transform(X[a]), (y[a] - mean) / deviation)
        predicted[b] += (model.predict(scaler.transform(X[b])) * deviation + mean) / 5
(out / "scores.csv").write_text(f"mlp_mae,{np.abs(predicted - y).mean()!r}\n".replace("np.float64(", "").replace(")", ""))
