"""Writes Datasets/references/supply/supply.csv: supply numbers of 400 formulas by pymatgen.

Run with pymatgen==2026.10.24 (requirements.txt). Herfindahl-Hirschman indices are those of pymatgen's own HHIModel; the other columns
are weight and atomic fractions of pymatgen's Composition, combined here with the columns of Datasets/supply.
"""
import csv
import gzip
import random
from pathlib import Path

from pymatgen.analysis.hhi import HHIModel
from pymatgen.core import Composition

root = Path(__file__).resolve().parents[2]
folder = root / "Datasets/references/supply"
by_hand = ["PbTiO3", "CdTe", "HgSe", "K2CrO4", "Cr2O3", "SiC", "Fe3C", "CaF2", "BaSO4", "NdFe14B", "LiFePO4", "CuInSe2", "ZnS", "H2O", "KCl", "UO2", "Bi2Te3"]


def rows(name):
    return list(csv.DictReader((root / "Datasets/supply" / name).read_text().splitlines()))


def elements(name, effect):
    return {symbol for row in rows(name) if row["effect"] == effect for symbol in row["elements"].split()}


def formulas():
    text = gzip.open(root / "Datasets/mp_stability/formation_energy.csv.gz", "rt").read()
    names = [row["formula"] for row in csv.DictReader(text.splitlines())]
    return by_hand + random.Random(5).sample(names, 400 - len(by_hand))


def share(composition, wanted):
    return sum(composition.get_wt_fraction(e) for e in composition if e.symbol in wanted)


def largest(composition, wanted, limits=None):
    return max((composition.get_wt_fraction(e) / (limits or {}).get(e.symbol, 1) for e in composition if e.symbol in wanted), default=0)


def main():
    hhi = HHIModel()
    abundance = {row["symbol"]: float(row["mg_per_kg"]) for row in rows("crustal_abundance.csv")}
    strategic = elements("eu_strategic_2024.csv", "listed")
    limits = {row["elements"]: float(row["limit_weight_percent"]) / 100 for row in rows("rohs_2015.csv") if row["effect"] == "listed"}
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "supply.csv", "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["formula", "hhi_production", "hhi_reserves", "mole_mean_abundance", "rarest", "strategic", "largest_strategic", "rohs_ratio"])
        for formula in formulas():
            c = Composition(formula)
            found = [(c.get_atomic_fraction(e), abundance.get(e.symbol)) for e in c]
            known = all(v is not None for _, v in found)
            numbers = [
                *hhi.get_hhi(formula), sum(x * v for x, v in found) if known else None, min(v for _, v in found) if known else None,
                share(c, strategic), largest(c, strategic), largest(c, limits, limits),
            ]
            out.writerow([formula] + ["" if n is None else repr(float(n)) for n in numbers])


if __name__ == "__main__":
    main()
