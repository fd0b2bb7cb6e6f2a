#!/usr/bin/env python3
"""Compare `matsieve describe --descriptor magpie` with matminer on every distinct formula of the given tables.

    compare_magpie.py --cache CACHE.npy --values-only [TABLE...]     matminer half: fills the cache, needs matminer
    compare_magpie.py --cache CACHE.npy --binary matsieve [TABLE...] both halves; exit 1 if any value differs

The cache is three files: CACHE.npy (rows x 132, float64), CACHE.formulas.txt (one formula a line) and CACHE.columns.txt. Rows that
matminer cannot describe are NaN. An interrupted run continues where it stopped. Only missing formulas are computed.
"""

import argparse
import csv
import gzip
import multiprocessing
import pathlib
import subprocess
import sys
import tempfile
import time
import warnings

import numpy as np
import pandas as pd

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOLERANCE = 1e-10
CHUNK = 2_000

featurizer = None


def open_text(path):
    path = pathlib.Path(path)
    return gzip.open(path, "rt", newline="") if path.suffix == ".gz" else open(path, newline="")


def distinct_formulas(tables):
    seen = {}
    for table in tables:
        with open_text(table) as file:
            for row in csv.DictReader(file):
                formula = (row.get("formula") or row.get("composition") or row.get("FORMULA") or "").strip()
                if formula:
                    seen.setdefault(formula, None)
    return list(seen)


def start_worker():
    global featurizer
    warnings.simplefilter("ignore")
    from matminer.featurizers.composition import ElementProperty

    featurizer = ElementProperty.from_preset("magpie", impute_nan=True)


def matminer_rows(formulas):
    from pymatgen.core import Composition

    rows = np.full((len(formulas), 132), np.nan)
    for index, formula in enumerate(formulas):
        try:
            rows[index] = featurizer.featurize(Composition(formula))
        except Exception:  # the row stays NaN: matminer cannot describe it
            pass
    return rows


def companion(cache, kind):
    return cache.with_suffix(f".{kind}.txt")


def load_cache(cache):
    if not cache.exists():
        return [], np.empty((0, 132))
    return companion(cache, "formulas").read_text().splitlines(), np.load(cache)


def save_cache(cache, formulas, rows):
    temporary = cache.with_suffix(".part.npy")
    np.save(temporary, rows)
    companion(cache, "formulas").write_text("".join(f"{formula}\n" for formula in formulas))
    temporary.replace(cache)


def fill_cache(cache, wanted, jobs):
    formulas, rows = load_cache(cache)
    formulas = formulas[: len(rows)]
    rows = rows[: len(formulas)]
    known = set(formulas)
    missing = [formula for formula in wanted if formula not in known]
    if missing:
        cache.parent.mkdir(parents=True, exist_ok=True)
        start_worker()
        companion(cache, "columns").write_text("".join(f"{label}\n" for label in featurizer.feature_labels()))
        chunks = [missing[start : start + CHUNK] for start in range(0, len(missing), CHUNK)]
        pieces, began, done = [rows], time.monotonic(), 0
        with multiprocessing.Pool(jobs, initializer=start_worker) as pool:
            for number, (chunk, piece) in enumerate(zip(chunks, pool.imap(matminer_rows, chunks)), 1):
                formulas.extend(chunk)
                pieces.append(piece)
                done += len(chunk)
                if number % 10 == 0 or done == len(missing):
                    save_cache(cache, formulas, np.concatenate(pieces))
                    rate = done / (time.monotonic() - began)
                    print(f"matminer: {done}/{len(missing)} compositions, {rate:.0f}/s", file=sys.stderr, flush=True)
        rows = np.concatenate(pieces)
    row_of = {formula: index for index, formula in enumerate(formulas)}
    return rows[[row_of[formula] for formula in wanted]]


def describe(binary, formulas, folder):
    source, result = folder / "formulas.csv", folder / "features.csv"
    with open(source, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "formula"])
        writer.writerows((index, formula) for index, formula in enumerate(formulas))
    began = time.monotonic()
    command = [binary, "describe", str(source), "--descriptor", "magpie", "-o", str(result)]
    outcome = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if outcome.returncode not in (0, 4):
        sys.exit(f"describe failed with {outcome.returncode}: {outcome.stderr.strip()[-2000:]}")
    print(f"describe: {len(formulas)} rows in {time.monotonic() - began:.1f} s", file=sys.stderr)
    return result


def scale_of(expected, got, columns):
    """What a difference is measured against: the value itself; for differences of values (range, avg_dev), which may be pure
    rounding, the largest magnitude of that property in the row."""
    scale = np.maximum(np.abs(expected), np.abs(got))
    position = {label: index for index, label in enumerate(columns)}
    for label, index in position.items():
        source, statistic, element_property = label.split(" ", 2)
        if statistic in ("range", "avg_dev"):
            low = np.abs(expected[:, position[f"{source} minimum {element_property}"]])
            high = np.abs(expected[:, position[f"{source} maximum {element_property}"]])
            scale[:, index] = np.maximum(scale[:, index], np.maximum(low, high))
    return scale


def compare(formulas, expected, columns, result):
    described = np.zeros(len(formulas), dtype=bool)
    worst, differing, values = [], 0, 0
    for frame in pd.read_csv(result, chunksize=20_000, keep_default_na=False, na_values=[""], dtype={"formula": str}, float_precision="round_trip"):
        if list(frame.columns[2:]) != columns:
            sys.exit(f"columns differ: expected {columns[:3]}..., got {list(frame.columns[2:5])}...")
        rows = frame["id"].to_numpy(dtype=int)
        described[rows] = True
        got, want = frame[columns].to_numpy(dtype=float), expected[rows]
        known = ~np.isnan(want).all(axis=1)
        got, want, rows = got[known], want[known], rows[known]
        scale = scale_of(want, got, columns)
        with np.errstate(invalid="ignore", divide="ignore"):
            relative = np.where(scale > 0, np.abs(got - want) / scale, 0.0)
        relative[np.isnan(got) & np.isnan(want)] = 0
        relative[np.isnan(got) != np.isnan(want)] = np.inf
        values += relative.size
        differing += int((relative > TOLERANCE).sum())
        for flat in np.argsort(relative, axis=None)[-5:]:
            row, column = np.unravel_index(flat, relative.shape)
            worst.append((float(relative[row, column]), formulas[rows[row]], columns[column], float(want[row, column]), float(got[row, column])))
        worst = sorted(worst, reverse=True)[:10]
    impossible = np.isnan(expected).all(axis=1)
    missing = [formulas[index] for index in np.flatnonzero(~described & ~impossible)]
    extra = [formulas[index] for index in np.flatnonzero(described & impossible)]
    print(f"{len(formulas)} distinct formulas, {values} values compared")
    print(f"largest relative difference {worst[0][0] if worst else 0:.3g}; {differing} above {TOLERANCE:g}")
    print(f"{len(missing)} described by matminer only {missing[:5]}; {len(extra)} by matsieve only {extra[:5]}")
    for relative, formula, label, want, got in worst:
        if relative > 0:
            print(f"  {relative:.3g}  {formula}  {label}: matminer {want!r}, matsieve {got!r}")
    return differing == 0 and not missing


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tables", nargs="*", help="CSV tables with a formula column; default: Datasets/matbench and Datasets/mp_stability")
    parser.add_argument("--cache", type=pathlib.Path, required=True, help="CACHE.npy, outside the repository")
    parser.add_argument("--binary", help="the matsieve executable")
    parser.add_argument("--values-only", action="store_true", help="only fill the cache")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--tiny", action="store_true", help="only 200 formulas")
    options = parser.parse_args()
    if not options.values_only and not options.binary:
        parser.error("give --binary PATH or --values-only")
    if options.cache.suffix != ".npy":
        parser.error("--cache must end in .npy")
    tables = options.tables or sorted((ROOT / "Datasets/matbench").glob("*.csv*")) + [ROOT / "Datasets/mp_stability/formation_energy.csv.gz"]
    formulas = distinct_formulas(tables)
    if options.tiny:
        formulas = formulas[:: max(1, len(formulas) // 200)][:200]
    expected = fill_cache(options.cache, formulas, options.jobs)
    if options.values_only:
        print(f"{len(formulas)} formulas, {int(np.isnan(expected).all(axis=1).sum())} that matminer cannot describe")
        return 0
    columns = companion(options.cache, "columns").read_text().splitlines()
    with tempfile.TemporaryDirectory() as folder:
        result = describe(options.binary, formulas, pathlib.Path(folder))
        return 0 if compare(formulas, expected, columns, result) else 1


if __name__ == "__main__":
    sys.exit(main())
