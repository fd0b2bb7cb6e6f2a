"""Models of LightGBM, XGBoost and scikit-learn (through ONNX) with what they answer.

Writes Datasets/references/interchange/ (200 rows, small models), or with --output DIR --rows N --full the models of scripts/model-interchange.
Run with Python 3.11 and lightgbm 4.7.0, xgboost-cpu 3.2.0, scikit-learn 1.9.1, skl2onnx 1.20.0, onnx 1.23.2, onnxruntime 1.31.1, numpy 2.4.6:
    PYTHONHASHSEED=0 python scripts/generate-references/interchange.py [--tiny]
"""
import argparse
import csv
import pathlib
import tempfile
import warnings

import lightgbm as lgb
import numpy as np
import onnx.helper
import onnxruntime
import xgboost as xgb
from skl2onnx import to_onnx
from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import (
    ExtraTreesClassifier, ExtraTreesRegressor, GradientBoostingClassifier, GradientBoostingRegressor, HistGradientBoostingClassifier,
    HistGradientBoostingRegressor, RandomForestClassifier, RandomForestRegressor)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Lasso, LogisticRegression, Ridge
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, PolynomialFeatures, RobustScaler, StandardScaler
from sklearn.svm import SVC, SVR

warnings.filterwarnings("ignore")
root = pathlib.Path(__file__).resolve().parents[2]
COLUMNS = 8


def tables(rows, train):
    """Inputs by name: (training rows, rows to predict). Both hold doubles that are no float32."""
    r = np.random.default_rng(11)
    scale = np.exp(r.normal(size=COLUMNS))
    X, Q = r.normal(size=(train, COLUMNS)) * scale, np.random.default_rng(12).normal(size=(rows, COLUMNS)) * scale
    Q[: rows // 10] = X[np.arange(rows // 10) % train]  # ties with thresholds and training rows

    def holes(x, seed):
        u, x = np.random.default_rng(seed).random(x.shape), x.copy()
        x[u < 0.06], x[(u >= 0.06) & (u < 0.12)], x[(u >= 0.12) & (u < 0.13)], x[(u >= 0.13) & (u < 0.14)] = np.nan, 0, 1e-36, -3e-36
        return x

    def categories(x, seed, unseen):
        x, r = holes(x, seed), np.random.default_rng(seed)
        x[:, 3], x[:, 4] = r.integers(0, 80 + 20 * unseen, len(x)), r.integers(0, 6 + unseen, len(x))
        if unseen:
            x[::17, 3], x[::19, 4] = np.nan, 2.7
        return x

    result = {"plain": (X, Q), "missing": (holes(X, 4), holes(Q, 5)), "categories": (categories(X, 6, 0), categories(Q, 7, 1))}
    whole = X.copy(), Q.copy()
    for part in whole:
        part[:, 2] = np.arange(len(part)) * 7 % 5
    return result | {"whole": whole}


class Writer:
    def __init__(self, out, rows, full):
        self.out, self.full, self.lines = out, full, []
        train = 2000 if full else 300
        self.tables = tables(rows, train)
        X = self.tables["plain"][0]
        noise = np.random.default_rng(2).normal(size=train)
        self.y = X[:, 0] + np.sin(X[:, 1]) * 2 + X[:, 2] * X[:, 3] * 0.3 + noise * 0.1
        c = self.tables["categories"][0]
        self.y_categories = self.y + np.sin(c[:, 3] * 1.7) * 2 + (c[:, 4] == 2) * 2
        self.two = (self.y > np.median(self.y)).astype(int)
        self.three = np.digitize(self.y, np.quantile(self.y, [0.3, 0.6]))
        self.phases = np.array(["amorphous", "bcc", "fcc"])[self.three]
        for name, (_, q) in self.tables.items():
            self.matrix(f"{name}.f64", q)

    def matrix(self, name, values):
        np.ascontiguousarray(values, dtype="<f8").tofile(self.out / name)

    def add(self, file, table, kind, outputs, scores=None, labels=None, exact=None):
        stem = file.replace(".", "_")
        self.matrix(f"{stem}.outputs.f64", outputs)
        if scores is not None:
            self.matrix(f"{stem}.scores.f64", scores)
        if labels is not None:
            self.matrix(f"{stem}.labels.f64", labels)
        if exact is not None:
            self.matrix(f"{stem}.exact.f64", exact)
        columns = 1 if np.ndim(outputs) == 1 else np.shape(outputs)[1]
        self.lines.append([file, table, kind, columns, int(scores is not None), int(labels is not None), int(exact is not None)])

    def lightgbm(self, name, table, target, rounds=None, average=False, categorical="auto", **parameters):
        x, q = self.tables[table]
        p = dict(verbosity=-1, num_threads=1, seed=1, deterministic=True, min_data_in_leaf=5, num_leaves=31 if self.full else 8) | parameters
        data = lgb.Dataset(x, target, categorical_feature=categorical, params=dict(verbosity=-1))
        booster = lgb.train(p, data, rounds or (100 if self.full else 12))
        text = booster.model_to_string().split("\nfeature_importances:")[0] + "\n"
        (self.out / f"lightgbm_{name}.txt").write_text(text)
        booster = lgb.Booster(model_file=str(self.out / f"lightgbm_{name}.txt"))
        # The raw score of an averaged forest is a sum that no prediction uses.
        raw = None if average else booster.predict(q, raw_score=True, num_threads=1)
        out = booster.predict(q, num_threads=1)
        kind = parameters["objective"] if parameters["objective"] in ("binary", "multiclass", "multiclassova") else "regression"
        self.add(f"lightgbm_{name}.txt", table, "regression" if kind == "regression" else "classification", out, raw)

    def xgboost(self, name, table, target, formats=("json",), rounds=None, types=None, train_rows=None, **parameters):
        x, q = self.tables[table]
        if train_rows:
            x, target = x[:train_rows], target[:train_rows]
        early = parameters.pop("early", None)
        p = dict(nthread=1, seed=1, max_depth=6 if self.full else 3) | parameters
        options = dict(feature_types=types, enable_categorical=True) if types else {}
        more = dict(evals=[(xgb.DMatrix(x[::3], np.roll(target[::3], 1)), "v")], early_stopping_rounds=early, verbose_eval=False) if early else {}
        booster = xgb.train(p, xgb.DMatrix(x, target, **options), rounds or (100 if self.full else 12), **more)
        for suffix in formats:
            path = self.out / f"xgboost_{name}.{suffix}"
            booster.save_model(path)
            read = xgb.Booster(model_file=path)
            read.set_param({"nthread": 1})
            span = (0, booster.best_iteration + 1) if early else (0, 0)
            data = xgb.DMatrix(q, **options)
            kind = "regression" if p["objective"].split(":")[0] in ("reg", "count") else "classification"
            scores = read.predict(data, output_margin=True, iteration_range=span)
            self.add(path.name, table, kind, read.predict(data, iteration_range=span), scores)

    def sklearn(self, name, table, target, model, double=(False,)):
        x, q = self.tables[table]
        if hasattr(getattr(model, "steps", [[0, model]])[-1][1], "n_neighbors") or "sv" in name:
            x, target = (x, target) if self.full else (x[:60], target[:60])
        model.fit(x, target)
        for wide in double:
            tensor = DoubleTensorType if wide else FloatTensorType
            options = {id(model): {"zipmap": False}} if hasattr(model, "classes_") else None
            graph = to_onnx(
                model, initial_types=[("X", tensor([None, COLUMNS]))], options=options, target_opset={"": 17, "ai.onnx.ml": 3}).SerializeToString()
            file = f"onnx_{name}{'_double' if wide else ''}.onnx"
            settings = onnxruntime.SessionOptions()
            settings.intra_op_num_threads = settings.inter_op_num_threads = 1
            settings.log_severity_level = 3
            session = onnxruntime.InferenceSession(graph, settings, providers=["CPUExecutionProvider"])
            answer = session.run(None, {"X": q.astype(np.float64 if wide else np.float32)})
            (self.out / file).write_bytes(graph)
            exact = None
            if "sv" in name:  # float32 sums of large coefficients: what they mean is scikit-learn's own answer
                single = q.astype(np.float32).astype(np.float64)
                exact = model.predict_proba(single) if options else model.predict(single)
            if options:
                labels = np.searchsorted(model.classes_, answer[0])
                self.add(file, table, "classification", answer[1], labels=labels, exact=exact)
            else:
                self.add(file, table, "regression", answer[0].reshape(-1), exact=exact)

    def index(self):
        with open(self.out / "index.csv", "w", newline="") as f:
            writer = csv.writer(f, lineterminator="\n")
            writer.writerow(["file", "table", "task", "outputs", "scores", "labels", "exact"])
            writer.writerows(self.lines)


def plain_lists_for_onnx():
    """skl2onnx 1.20 hands booleans of HistGradientBoosting to onnx 1.23, which wants integers."""
    make = onnx.helper.make_attribute

    def make_plain(key, value, *rest, **more):
        if isinstance(value, np.ndarray):
            value = value.ravel().tolist()
        elif isinstance(value, list):
            value = [v.item() if isinstance(v, np.generic) else v for v in value]
        if isinstance(value, list):
            value = [int(v) if isinstance(v, bool) else v for v in value]
        return make(key, value, *rest, **more)

    onnx.helper.make_attribute = make_plain


def lightgbm_models(w):
    y, positive = w.y, np.abs(w.y) + 0.1
    w.lightgbm("regression", "plain", y, objective="regression")
    w.lightgbm("missing", "missing", y, objective="regression")
    w.lightgbm("zero", "missing", y, objective="regression", zero_as_missing=True)
    w.lightgbm("none", "missing", y, objective="regression", use_missing=False)
    w.lightgbm("categories", "categories", w.y_categories, objective="regression", cat_smooth=1, min_data_per_group=5, categorical=[3, 4])
    w.lightgbm("quantile", "plain", y, objective="quantile", alpha=0.9)
    w.lightgbm("poisson", "plain", positive, objective="poisson")
    w.lightgbm("sqrt", "plain", y, objective="regression", reg_sqrt=True)
    w.lightgbm("binary", "plain", w.two, objective="binary", sigmoid=0.7)
    w.lightgbm("multiclass", "plain", w.three, objective="multiclass", num_class=3, rounds=None if w.full else 5)
    w.lightgbm("ova", "plain", w.three, objective="multiclassova", num_class=3, rounds=None if w.full else 5)
    forest = dict(boosting="rf", bagging_freq=1, bagging_fraction=0.6, feature_fraction=0.7, average=True)
    w.lightgbm("forest", "plain", y, objective="regression", **forest)
    w.lightgbm("constant", "plain", y, objective="regression", min_gain_to_split=1e9, rounds=2)
    if w.full:
        for objective in ("l1", "huber", "fair", "mape"):
            w.lightgbm(objective, "plain", y, objective=objective)
        for objective in ("gamma", "tweedie"):
            w.lightgbm(objective, "plain", positive, objective=objective)
        w.lightgbm("cross_entropy", "plain", w.two * 0.5 + 0.2, objective="cross_entropy")
        w.lightgbm("dart", "plain", y, objective="regression", boosting="dart")
        w.lightgbm("large", "plain", y, objective="regression", num_leaves=400)
        w.lightgbm("forest_multiclass", "plain", w.three, objective="multiclass", num_class=3, **forest)


def xgboost_models(w):
    y, both = w.y, ("json", "ubj")
    w.xgboost("regression", "plain", y, both, objective="reg:squarederror")
    w.xgboost("missing", "missing", y, objective="reg:squarederror", base_score=0.5)
    types = ["c" if c in (3, 4) else "q" for c in range(COLUMNS)]
    w.xgboost("categories", "categories", w.y_categories, both, types=types, objective="reg:squarederror", max_cat_to_onehot=4)
    w.xgboost("binary", "plain", w.two, objective="binary:logistic", base_score=0.37)
    w.xgboost("multiclass", "plain", w.three, ("ubj",), rounds=None if w.full else 5, objective="multi:softprob", num_class=3)
    w.xgboost("dart", "plain", y, ("ubj",), objective="reg:squarederror", booster="dart", rate_drop=0.3)
    w.xgboost("forest", "plain", y, ("ubj",), rounds=3, objective="reg:squarederror", num_parallel_tree=4, subsample=0.6)
    w.xgboost("early", "plain", y, ("ubj",), rounds=40, early=3, objective="reg:squarederror", eta=0.9, max_depth=2)
    w.xgboost("poisson", "plain", np.round(np.abs(y)), ("ubj",), objective="count:poisson")
    if w.full:
        for objective in ("reg:absoluteerror", "reg:pseudohubererror"):
            w.xgboost(objective.split(":")[1], "plain", y, objective=objective)
        for objective in ("reg:gamma", "reg:tweedie"):
            w.xgboost(objective.split(":")[1], "plain", np.abs(y) + 0.1, objective=objective)
        w.xgboost("quantileerror", "plain", y, objective="reg:quantileerror", quantile_alpha=0.8)
        w.xgboost("logistic", "plain", w.two * 0.6 + 0.2, objective="reg:logistic")
        w.xgboost("hinge", "plain", w.two, objective="binary:hinge")
        w.xgboost("one_hot", "categories", w.y_categories, types=types, objective="reg:squarederror", max_cat_to_onehot=200)
        w.xgboost("leafwise", "plain", y, objective="reg:squarederror", grow_policy="lossguide", max_leaves=200, max_depth=0)
        w.xgboost("pruned", "plain", y, objective="reg:squarederror", tree_method="exact", gamma=3, max_depth=8)
        w.xgboost("forest_multiclass", "plain", w.three, objective="multi:softprob", num_class=3, num_parallel_tree=3, subsample=0.6)


def sklearn_models(w):
    y, two, phases = w.y, w.two, w.phases
    n, deep = (100, None) if w.full else (6, 4)
    trees = dict(n_estimators=n, max_depth=deep, random_state=0)
    boosted = dict(n_estimators=n, random_state=0)
    scaled = lambda model: make_pipeline(StandardScaler(), model)  # noqa: E731
    both = (False, True)
    w.sklearn("random_forest", "plain", y, RandomForestRegressor(**trees))
    w.sklearn("random_forest_two", "plain", two, RandomForestClassifier(**trees))
    w.sklearn("extra_trees", "plain", y, ExtraTreesRegressor(**trees))
    w.sklearn("extra_trees_three", "plain", phases, ExtraTreesClassifier(**trees))
    w.sklearn("gradient_boosting", "plain", y, GradientBoostingRegressor(**boosted))
    w.sklearn("gradient_boosting_two", "plain", two, GradientBoostingClassifier(**boosted))
    w.sklearn("gradient_boosting_three", "plain", phases, GradientBoostingClassifier(**boosted))
    histogram = dict(max_iter=n, random_state=0, max_leaf_nodes=31 if w.full else 6)
    w.sklearn("hist_boosting", "missing", y, HistGradientBoostingRegressor(**histogram))
    w.sklearn("hist_boosting_two", "missing", two, HistGradientBoostingClassifier(**histogram))
    w.sklearn("hist_boosting_three", "missing", phases, HistGradientBoostingClassifier(**histogram))
    w.sklearn("ridge", "plain", y, scaled(Ridge()), both)
    w.sklearn("lasso", "plain", y, Lasso(0.1), both)
    w.sklearn("logistic_two", "plain", two, LogisticRegression(), both)
    w.sklearn("logistic_three", "plain", phases, scaled(LogisticRegression()), both)
    w.sklearn("svr", "plain", y, scaled(SVR()))
    w.sklearn("svc_two", "plain", two, scaled(SVC(probability=True, random_state=0)))
    w.sklearn("svc_three", "plain", phases, scaled(SVC(probability=True, random_state=0)))
    w.sklearn("mlp", "plain", y, scaled(MLPRegressor(hidden_layer_sizes=(16, 8), max_iter=200, random_state=0)), both)
    w.sklearn("mlp_two", "plain", two, scaled(MLPClassifier(hidden_layer_sizes=(12,), max_iter=100, random_state=0)))
    network = MLPClassifier(hidden_layer_sizes=(12,), activation="logistic", max_iter=100, random_state=0)
    w.sklearn("mlp_three", "plain", phases, scaled(network), (True,))
    w.sklearn("neighbours", "plain", y, scaled(KNeighborsRegressor()), (True,))
    w.sklearn("neighbours_three", "plain", phases, scaled(KNeighborsClassifier()), (True,))
    w.sklearn("imputer", "missing", y, make_pipeline(SimpleImputer(), StandardScaler(), Ridge()))
    columns = [("c", OneHotEncoder(handle_unknown="ignore"), [2]), ("n", StandardScaler(), [0, 1, 3, 4, 5, 6, 7])]
    w.sklearn("one_hot", "whole", y, make_pipeline(ColumnTransformer(columns), Ridge()))
    w.sklearn("naive_bayes", "plain", phases, GaussianNB(), (True,))
    if w.full:
        w.sklearn("min_max", "plain", y, make_pipeline(MinMaxScaler(), Ridge()), both)
        w.sklearn("robust", "plain", y, make_pipeline(RobustScaler(), Ridge()), both)
        w.sklearn("components", "plain", y, make_pipeline(StandardScaler(), PCA(4), Ridge()), both)
        w.sklearn("polynomial", "plain", y, make_pipeline(StandardScaler(), PolynomialFeatures(2), Ridge()))
        w.sklearn("discriminant", "plain", phases, LinearDiscriminantAnalysis(), both)
        w.sklearn("svr_linear", "plain", y, scaled(SVR(kernel="linear")))
        w.sklearn("svr_polynomial", "plain", y, scaled(SVR(kernel="poly")))
        w.sklearn("svc_linear", "plain", phases, scaled(SVC(kernel="linear", probability=True, random_state=0)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=pathlib.Path)
    parser.add_argument("--rows", type=int, default=200)
    parser.add_argument("--full", action="store_true", help="larger models, more kinds")
    parser.add_argument("--tiny", action="store_true", help="20 rows into a temporary folder")
    arguments = parser.parse_args()
    if arguments.tiny:
        arguments.output, arguments.rows = pathlib.Path(tempfile.mkdtemp()), 20
    out = arguments.output or root / "Datasets/references/interchange"
    out.mkdir(parents=True, exist_ok=True)
    plain_lists_for_onnx()
    w = Writer(out, arguments.rows, arguments.full)
    lightgbm_models(w)
    xgboost_models(w)
    sklearn_models(w)
    w.index()
    print(f"{len(w.lines)} models in {out}")


if __name__ == "__main__":
    main()
