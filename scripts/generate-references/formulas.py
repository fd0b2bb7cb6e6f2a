"""Writes Datasets/references/formulas/formulas.csv: how pymatgen reads and writes formulas.

Run with the Python of requirements.txt; --tiny only prints a few lines.
"""
import csv
import gzip
import random
import sys
import warnings
from pathlib import Path

from pymatgen.core import Composition

root = Path(__file__).resolve().parents[2]
folder = root / "Datasets/references/formulas"
tables = [
    ("mp_stability/formation_energy.csv.gz", "formula", 500),
    ("matbench/expt_gap.csv", "formula", 400),
    ("matbench/glass.csv.gz", "formula", 300),
    ("matbench/steels.csv.gz", "formula", 100),
    ("mpea_alloys/MPEA_dataset.csv", "FORMULA", 200),
]
by_hand = [
    "Fe2O3", "Li4Fe4P4O16", "Ca3(PO4)2", "Ca3P2O8", "K4[Fe(CN)6]", "Ba0.5Sr0.5TiO3", "[Cu(NH3)4]SO4", "((CH3)2NH2)PbI3", "{Mg(OH)2}3",
    "Al2(Si2O5(OH)4)", "CH3COOH", "CH3CH2OH", "C6H12O6", "LiO", "NaO", "H2O2", "HO", "O2", "N2", "O", "N", "Cl2", "He", "HeNe", "NaCl",
    "Na2O2", "K2O2", "CsO", "Og2", "XeF6", "UO2", "(NH4)2SO4", "Fe(NO3)3", "Mg0.9Fe0.1SiO3", "Li1.2Mn0.6Ni0.2O2", "Y1Ba2Cu3O6.93", "Fe.5O",
    "Co", "CO", "No", "NO", "Hf", "HF", "Sc", "SC", "Cs2AgBiBr6", "MgAl2O4", "P4O10", "S8", "Si1000O2000", "Al0.333Ni0.667", "H3PO4", "BaSO4",
]


def row(formula):
    composition = Composition(formula)
    amounts = composition.get_el_amt_dict()
    return [
        formula, " ".join(f"{symbol}:{amounts[symbol]!r}" for symbol in sorted(amounts)), composition.reduced_formula,
        composition.hill_formula.replace(" ", ""), composition.chemical_system,
    ]


def formulas():
    yield from by_hand
    chosen = random.Random(20261121)
    for name, column, count in tables:
        path = root / "Datasets" / name
        with (gzip.open if name.endswith(".gz") else open)(path, "rt", encoding="utf-8-sig", newline="") as file:
            yield from chosen.sample(sorted({r[column] for r in csv.DictReader(file)}), count)


warnings.simplefilter("ignore")
if "--tiny" in sys.argv:
    for formula in by_hand[:5]:
        print(row(formula))
else:
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "formulas.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["formula", "amounts", "reduced_formula", "hill_formula", "chemical_system"])
        writer.writerows(row(f) for f in dict.fromkeys(formulas()))
