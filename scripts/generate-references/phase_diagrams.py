#!/usr/bin/env python3
"""Entries and reference values of hulls: pymatgen 2026.10.24 (pymatgen-core 2026.10.16), numpy 2.4.6, scipy 1.17.1.

    phase_diagrams.py --raw FOLDER   FOLDER holds Li-Fe-P-O_entries.json, pdentries_test.csv and Mn-O-Y_entries.json.gz as published
    phase_diagrams.py                makes the values from Datasets/hull_entries alone
    phase_diagrams.py --tiny         the same for the smallest system, to a temporary folder

Writes Datasets/hull_entries (only with --raw) and Datasets/references/phase_diagrams.

Energy above the hull is pymatgen's. The decomposition energy leaves out every entry of the same composition: a second phase
diagram is made without them. Stability windows are the smallest and largest chemical potentials among the corners that
`get_chempot_range_map` builds on: those of the facets that hold the phase.
"""

import argparse
import csv
import gzip
import io
import json
import pathlib
import tempfile
import warnings

warnings.simplefilter("ignore")

from pymatgen.analysis.phase_diagram import PDEntry, PhaseDiagram
from pymatgen.core import Composition

ROOT = pathlib.Path(__file__).resolve().parents[2]
ENTRIES = ROOT / "Datasets/hull_entries"
SYSTEMS = {"Li-Fe-P-O": "Li-Fe-P-O_entries.json.gz", "Li-Fe-O": "Li-Fe-O_entries.csv", "Mn-O-Y": "Mn-O-Y_entries.json.gz"}


def pack(text, path):
    with open(path, "wb") as file, gzip.GzipFile(fileobj=file, mode="wb", mtime=0, compresslevel=9, filename="") as out:
        out.write(text.encode())


def take_over(raw):
    """Keeps what decides a hull: composition, energy, correction, run type and functional; of Mn-O-Y the structures too."""
    entries = json.loads((raw / "Li-Fe-P-O_entries.json").read_text())
    keep = ("@module", "@class", "energy", "composition", "correction", "entry_id")
    slim = [{**{k: e[k] for k in keep if k in e},
             "parameters": {k: e["parameters"][k] for k in ("run_type", "is_hubbard", "pseudo_potential", "hubbards") if k in e["parameters"]}}
            for e in entries]
    for e in slim:
        e["parameters"].get("pseudo_potential", {}).pop("labels", None)
    pack(json.dumps(slim, separators=(",", ":")), ENTRIES / SYSTEMS["Li-Fe-P-O"])
    with gzip.open(raw / "Mn-O-Y_entries.json.gz", "rt") as file:
        pack(json.dumps(json.load(file), separators=(",", ":")), ENTRIES / SYSTEMS["Mn-O-Y"])
    rows = list(csv.DictReader(open(raw / "pdentries_test.csv")))
    out = io.StringIO()
    out.write("id,formula,energy_ev_per_atom\n")
    for i, row in enumerate(rows):
        amounts = {symbol: float(row[symbol]) for symbol in ("Li", "Fe", "O") if float(row[symbol]) > 0}
        formula = "".join(f"{s}{n:g}" for s, n in amounts.items())
        out.write(f"{i},{formula},{float(row['Final energy']) / sum(amounts.values())!r}\n")
    (ENTRIES / SYSTEMS["Li-Fe-O"]).write_text(out.getvalue())


def load(system):
    path = ENTRIES / SYSTEMS[system]
    if path.suffix == ".csv":
        return [PDEntry(Composition(r["formula"]), float(r["energy_ev_per_atom"]) * Composition(r["formula"]).num_atoms, attribute=r["id"])
                for r in csv.DictReader(open(path))]
    with gzip.open(path, "rt") as file:
        return [PDEntry(Composition(e["composition"]), e["energy"] + e["correction"], attribute=e["entry_id"]) for e in json.load(file)]


def text(decomposition):
    shares = {}
    for entry, amount in decomposition.items():
        formula = entry.composition.reduced_formula
        shares[formula] = shares.get(formula, 0) + amount
    return " + ".join(f"{a:.8f} {f}" for f, a in sorted(shares.items(), key=lambda s: (-round(s[1], 8), s[0])) if a > 1e-8)


def judge(entries):
    """One row an entry, and the windows of the stable phases."""
    diagram = PhaseDiagram(entries)
    stable = {e.composition.reduced_formula for e in diagram.stable_entries}
    without, rows = {}, []
    for entry in entries:
        formula = entry.composition.reduced_formula
        if len(entry.composition) > 1 and formula in stable and formula not in without:
            without[formula] = PhaseDiagram([e for e in entries if e.composition.reduced_formula != formula], elements=diagram.elements)
        other = without.get(formula, diagram)
        products, energy = other.get_decomp_and_hull_energy_per_atom(entry.composition)
        apart = "" if len(entry.composition) == 1 else repr(float(entry.energy_per_atom - energy))
        rows.append([entry.attribute, entry.composition.formula.replace(" ", ""), repr(float(entry.energy_per_atom)),
                     repr(float(diagram.get_e_above_hull(entry, allow_negative=True))), apart, text(products)])
    windows = []
    for entry in sorted(diagram.stable_entries, key=lambda e: e.composition.reduced_formula):
        corners = [diagram._get_facet_chempots(facet) for facet in diagram.facets
                   if any(diagram.qhull_entries[v] is entry or diagram.qhull_entries[v] == entry for v in facet)]
        if not corners:
            continue
        for element in sorted(diagram.elements, key=lambda e: e.Z):
            shift = diagram.el_refs[element].energy_per_atom
            values = [float(c[element] - shift) for c in corners]
            windows.append([entry.composition.reduced_formula, element.symbol, f"{min(values):.10f}", f"{max(values):.10f}"])
    return rows, windows


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--raw", type=pathlib.Path)
    parser.add_argument("--tiny", action="store_true")
    options = parser.parse_args()
    if options.raw:
        take_over(options.raw)
    output = pathlib.Path(tempfile.mkdtemp()) if options.tiny else ROOT / "Datasets/references/phase_diagrams"
    for system in ["Mn-O-Y"] if options.tiny else SYSTEMS:
        rows, windows = judge(load(system))
        head = "id,formula,energy_ev_per_atom,energy_above_hull_ev_per_atom,decomposition_energy_ev_per_atom,decomposition"
        body = "\n".join(",".join(row) for row in rows)
        (output / f"{system}.csv").write_text(f"{head}\n{body}\n")
        body = "\n".join(",".join(row) for row in windows)
        (output / f"{system}_windows.csv").write_text(f"phase,element,lowest_ev,highest_ev\n{body}\n")
        print(system, len(rows), "entries,", len(windows), "windows in", output)


if __name__ == "__main__":
    main()
