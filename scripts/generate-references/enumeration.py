"""What SMACT makes of some chemical systems: writes Datasets/references/enumeration/.

    pip install smact==4.0.2
    python3 scripts/generate-references/enumeration.py

counts.csv: how many (states, amounts) and how many different amounts `smact_filter` keeps, for a list of states and a largest amount.
tests.csv: the same with a tolerance of the electronegativity test, and with one element in two states, from SMACT's `neutral_ratios` and
`pauling_test`; an element in two states is given to them as two sites with different states, its amount is the sum.
kept.csv: all that is kept of a few systems.
"""

import csv
import itertools
import math
import pathlib
import warnings

import smact
from smact.screening import pauling_test, smact_filter

warnings.simplefilter("ignore")
FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Datasets/references/enumeration"
LISTS = {
    "icsd16": "oxidation_states_icsd16",
    "icsd24": "oxidation_states_icsd24",
    "pymatgen_sp": "oxidation_states_sp",
    "smact14": "oxidation_states_smact14",
    "wiki": "oxidation_states_wiki",
}
SYSTEMS = [
    ("Cu Zn Sn S", 8, "icsd24 pymatgen_sp wiki smact14 icsd16"),
    ("Cs Pb I", 5, "icsd24 pymatgen_sp wiki smact14 icsd16"),
    ("Na Cl", 8, "icsd24 pymatgen_sp wiki"),
    ("Li Fe P O", 8, "icsd24 pymatgen_sp smact14"),
    ("Ba Ti O", 12, "icsd24 wiki icsd16"),
    ("Fe O", 20, "icsd24 wiki"),
    ("Li Mn Ni O", 6, "icsd24 pymatgen_sp"),
    ("Cs Ag Bi Br", 6, "icsd24 smact14"),
    ("Al Ga N", 10, "icsd24 wiki"),
    ("Cu In Ga Se", 5, "icsd24 wiki"),
    ("La Sr Mn O", 6, "icsd24 smact14"),
    ("C H N O", 5, "icsd24 icsd16"),
    ("Au Cs", 8, "icsd24 wiki smact14"),
    ("Y Ba Cu O F", 4, "icsd24 pymatgen_sp"),
    ("K Na Nb O", 7, "icsd24"),
    ("U Th O", 16, "icsd24 wiki"),
    ("S O", 8, "icsd24 wiki smact14"),
    ("Zn", 3, "wiki"),
]
KEPT = [("Cs Pb I", 5, "icsd24"), ("Cu Zn Sn S", 6, "pymatgen_sp"), ("S O", 8, "wiki")]
TOLERANCES = [("Cu Zn Sn S", 6, "icsd24", 0.3), ("S O", 8, "wiki", 1.0), ("Au Cs", 8, "wiki", 0.5), ("Al Ga N", 8, "icsd24", 2.0)]
# Repeats allowed: anions, cations.
MIXED = [("Fe O", 8, "icsd24", 1, 1), ("Fe O", 8, "icsd24", 1, 0), ("Li Mn O", 6, "icsd24", 1, 1), ("S O", 6, "wiki", 0, 1),
         ("S O", 6, "wiki", 1, 0), ("Eu Fe O", 5, "smact14", 1, 1), ("Fe O", 8, "icsd24", 0, 0)]  # fmt: skip


def elements(text):
    return [smact.Element(symbol) for symbol in text.split()]


def states(system, name):
    return [getattr(element, LISTS[name]) for element in elements(system)]


def write(name, header, lines):
    FOLDER.mkdir(parents=True, exist_ok=True)
    with open(FOLDER / name, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(lines)


def tolerant(system, largest, name, tolerance):
    enegs = [element.pauling_eneg for element in elements(system)]
    kept = []
    for choice in itertools.product(*states(system, name)):
        if pauling_test(choice, enegs, threshold=tolerance):
            kept += [(choice, ratio) for ratio in smact.neutral_ratios(choice, threshold=largest)]
    return len(kept), len({ratio for _, ratio in kept})


def reduced(ratio):
    divisor = math.gcd(*ratio)
    return tuple(n // divisor for n in ratio)


def with_mixed(system, largest, name, anions, cations):
    species, formulas = 0, set()
    plain = elements(system)
    for split in [None, *range(len(plain))]:
        sites = list(range(len(plain))) + ([] if split is None else [split])
        symbols = [plain[i].symbol for i in sites]
        enegs = [plain[i].pauling_eneg for i in sites]
        lists = [states(system, name)[i] for i in sites]
        for choice in itertools.product(*lists):
            if split is not None and choice[split] >= choice[-1]:
                continue
            if not pauling_test(choice, enegs, symbols, repeat_anions=bool(anions), repeat_cations=bool(cations)):
                continue
            for ratio in smact.neutral_ratios(choice, threshold=largest):
                amounts = list(ratio[: len(plain)])
                if split is not None:
                    amounts[split] += ratio[-1]
                if max(amounts) <= largest:
                    species += 1
                    formulas.add(reduced(amounts))
    return species, len(formulas)


if __name__ == "__main__":
    lines = []
    for system, largest, names in SYSTEMS:
        for name in names.split():
            counts = [
                len(smact_filter(elements(system), threshold=largest, species_unique=unique, oxidation_states_set=name))
                for unique in (True, False)
            ]
            lines.append([system, largest, name, *counts])
    write("counts.csv", ["elements", "max_coefficient", "oxidation_states", "species", "formulas"], lines)
    lines = [[*case, 0, 1, 1, *tolerant(*case)] for case in TOLERANCES]
    lines += [[*case[:3], 0, 1, *case[3:], *with_mixed(*case)] for case in MIXED]
    header = ["elements", "max_coefficient", "oxidation_states", "tolerance", "mixed_valence", "repeat_anions", "repeat_cations"]
    write("tests.csv", [*header, "species", "formulas"], lines)
    lines = [
        [" ".join(symbols), " ".join(map(str, charges)), " ".join(map(str, amounts))]
        for system, largest, name in KEPT
        for symbols, charges, amounts in smact_filter(elements(system), threshold=largest, oxidation_states_set=name)
    ]
    write("kept.csv", ["elements", "charges", "amounts"], lines)
