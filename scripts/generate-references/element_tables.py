#!/usr/bin/env python3
"""Write the element tables that the composition features read and that no other dataset has, as plain CSV, to Datasets/elements/.

    element_tables.py [--output Datasets/elements]

Facts are taken from the installed matminer and pymatgen (see requirements.txt). Numbers are the shortest text that reads back the same.
"""

import argparse
import csv
import math
import pathlib
import re
import warnings

warnings.simplefilter("ignore")

import numpy as np
from matminer.featurizers.composition import AtomicPackingEfficiency, Miedema, TMetalFraction
from matminer.utils.data import CohesiveEnergyData, DemlData, MagpieData, MixingEnthalpy, PymatgenData
from monty.serialization import loadfn
from pymatgen.analysis.diffraction.xrd import ATOMIC_SCATTERING_PARAMS
from pymatgen.analysis.local_env import JmolNN
from pymatgen.analysis.molecule_structure_comparator import CovalentRadius
from pymatgen.core import Element
from pymatgen.core import composition as pymatgen_composition

ROOT = pathlib.Path(__file__).resolve().parents[2]
ELEMENTS = [Element.from_Z(number) for number in range(1, 119)]
SYMBOLS = [element.symbol for element in ELEMENTS]


def text(value):
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    value = float(value)
    if math.isnan(value):
        return ""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def joined(values):
    return " ".join(text(value) for value in values)


def write(path, header, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        for row in rows:
            writer.writerow([text(value) for value in row])


def by_number(table):
    """The entries of a {symbol: value} table in order of atomic number."""
    return [(symbol, table[symbol]) for symbol in SYMBOLS if symbol in table]


def write_elements(folder):
    write(
        folder / "elements.csv",
        ["Z", "symbol", "name", "atomic_mass", "electronegativity_pauling", "group", "row", "block", "mendeleev"],
        ([e.Z, e.symbol, e.long_name, e.atomic_mass, e.X, e.group, e.row, e.block, e.mendeleev_no] for e in ELEMENTS),
    )


def structure(element):
    try:
        return element.electronic_structure
    except Exception:  # no configuration is tabulated
        return ""


def full_structure(element):
    try:
        return " ".join(f"{n}{orbital}{count}" for n, orbital, count in element.full_electronic_structure)
    except Exception:  # no configuration is tabulated
        return ""


def write_pymatgen(folder):
    write(
        folder / "elements.csv",
        ["symbol", "atomic_radius_angstrom", "atomic_radius_calculated_angstrom", "metallic_radius_angstrom", "van_der_waals_radius_angstrom",
         "iupac_ordering", "common_oxidation_states", "icsd_oxidation_states", "oxidation_states", "electronic_structure",
         "full_electronic_structure"],
        (
            [e.symbol, e.atomic_radius, e.atomic_radius_calculated, e.metallic_radius, e.van_der_waals_radius,
             e._data.get("IUPAC ordering"), joined(e.common_oxidation_states), joined(e.icsd_oxidation_states), joined(e.oxidation_states),
             structure(e), full_structure(e)]
            for e in ELEMENTS
        ),
    )
    write(
        folder / "ionic_radii.csv",
        ["symbol", "charge", "radius_angstrom"],
        ([e.symbol, charge, radius] for e in ELEMENTS for charge, radius in e.ionic_radii.items()),
    )
    rows = []
    for species, count in loadfn(f"{pymatgen_composition.MODULE_DIR}/icsd_bv.yaml")["occurrence"].items():
        symbol, charge, sign = re.fullmatch(r"([A-Z][a-z]?)([0-9.]*)([+-])", species).groups()
        rows.append([symbol, (1 if sign == "+" else -1) * float(charge or 1), count])
    rows.sort(key=lambda row: (SYMBOLS.index(row[0]), row[1]))
    write(folder / "icsd_oxidation_state_occurrences.csv", ["symbol", "oxidation_state", "occurrences"], rows)
    write_bond_radii(folder)
    write_scattering(folder)


def write_bond_radii(folder):
    covalent, jmol = CovalentRadius.radius, JmolNN().el_radius
    rows = ([symbol, covalent.get(symbol), jmol.get(symbol)] for symbol in SYMBOLS)
    write(folder / "bond_radii.csv", ["symbol", "covalent_radius_angstrom", "jmol_radius_angstrom"], rows)


def write_scattering(folder):
    header = ["symbol"] + [f"{name}{index}" for index in range(1, 5) for name in "ab"]
    rows = ([symbol] + [value for pair in pairs for value in pair] for symbol, pairs in by_number(ATOMIC_SCATTERING_PARAMS))
    write(folder / "scattering_parameters.csv", header, rows)


def write_miedema(folder):
    table = Miedema(impute_nan=False).df_dataset
    names = ["molar_volume", "electron_density", "electronegativity", "valence_electrons", "a_const", "R_const", "H_trans", "compressibility",
             "shear_modulus", "melting_point", "structural_stability"]
    header = ["symbol", "molar_volume_cm3_per_mol", "electron_density", "electronegativity_volt", "valence_electrons", "a", "r", "h_trans_kj_per_mol",
              "bulk_modulus_gpa", "shear_modulus_gpa", "melting_point_kelvin", "structural_stability_kj_per_mol"]
    write(folder / "miedema.csv", header, ([symbol] + [table.loc[symbol][name] for name in names] for symbol in SYMBOLS if symbol in table.index))
    mixing = MixingEnthalpy(impute_nan=False).mixing_data
    order = {symbol: index for index, symbol in enumerate(SYMBOLS)}
    rows = sorted((sorted(pair, key=order.get) + [value] for pair, value in mixing.items()), key=lambda row: (order[row[0]], order[row[1]]))
    write(folder / "mixing_enthalpy.csv", ["symbol_a", "symbol_b", "enthalpy_kj_per_mol"], rows)


def write_deml(folder):
    properties = DemlData(impute_nan=False).all_props
    write(folder / "electron_affinity.csv", ["symbol", "electron_affinity_j_per_mol"], by_number(properties["electron_affin"]))
    write(
        folder / "ionization_energies.csv",
        ["symbol", "ionization", "energy_j_per_mol"],
        ([symbol, index, energy] for symbol, energies in by_number(properties["ionization_en"]) for index, energy in enumerate(energies, 1)),
    )
    rows = []
    for name in ("xtal_field_split", "magn_moment", "so_coupling", "sat_magn"):
        for symbol, charges in by_number(properties[name]):
            rows.extend([name, symbol, charge, value] for charge, value in charges.items())
    write(folder / "cation_properties.csv", ["property", "symbol", "charge", "value"], rows)


def write_single_tables(folder):
    write(folder / "cohesive_energy.csv", ["symbol", "cohesive_energy_ev_per_atom"], by_number(CohesiveEnergyData(impute_nan=False).cohesive_energy_data))
    write(folder / "cluster_radius_ratios.csv", ["neighbors", "ideal_radius_ratio"], AtomicPackingEfficiency().ideal_ratio.items())
    write(folder / "transition_metals.csv", ["symbol"], ([symbol] for symbol in TMetalFraction().magn_elem))


def write_imputed(folder):
    """What impute_nan=True puts where a table has no value, for checking: each is a mean over the present values."""
    rows = []
    magpie, missing = MagpieData(impute_nan=True).all_elemental_props, MagpieData(impute_nan=False).all_elemental_props
    for name in sorted(magpie):
        if (ROOT / f"Datasets/elements/magpie/{name}.table").exists() and name != "OxidationStates":
            absent = [symbol for symbol in SYMBOLS if np.isnan(missing[name][symbol])]
            rows.append(["magpie", name, magpie[name][absent[0]] if absent else None, " ".join(absent)])
    table, present = Miedema(impute_nan=True).df_dataset, set(Miedema(impute_nan=False).df_dataset.index)
    absent = [symbol for symbol in SYMBOLS if symbol not in present]
    for name in ("molar_volume", "electron_density", "electronegativity", "valence_electrons", "a_const", "R_const", "H_trans", "compressibility",
                 "shear_modulus", "melting_point", "structural_stability"):
        rows.append(["miedema", name, table.loc[absent[0]][name], " ".join(absent)])
    mixing = MixingEnthalpy(impute_nan=True).mixing_data
    rows.append(["miedema", "mixing_enthalpy", mixing["He", "Xe"], ""])
    deml, raw = DemlData(impute_nan=True).all_props, DemlData(impute_nan=False).all_props
    absent = [symbol for symbol in SYMBOLS if np.isnan(raw["electron_affin"].get(symbol, np.nan))]
    rows.append(["deml", "electron_affin", deml["electron_affin"][absent[0]], " ".join(absent)])
    absent = [symbol for symbol in SYMBOLS if symbol not in raw["ionization_en"]]
    rows.append(["deml", "first_ioniz", deml["ionization_en"][absent[0]][0], " ".join(absent)])
    cohesive, raw_cohesive = CohesiveEnergyData(impute_nan=True).cohesive_energy_data, CohesiveEnergyData(impute_nan=False).cohesive_energy_data
    absent = [symbol for symbol in SYMBOLS if symbol not in raw_cohesive]
    rows.append(["cohesive_energy", "cohesive_energy", cohesive[absent[0]], " ".join(absent)])
    absent = [element for element in ELEMENTS if math.isnan(element.X)]
    rows.append(["pymatgen", "X", PymatgenData(impute_nan=True).get_elemental_property(absent[0], "X"), " ".join(e.symbol for e in absent)])
    write(folder / "imputed_values.csv", ["source", "property", "value", "missing_elements"], rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "Datasets/elements")
    parser.add_argument("--tiny", action="store_true", help="accepted for uniformity; the tables are small anyway")
    folder = parser.parse_args().output
    write_elements(folder)
    write_pymatgen(folder / "pymatgen")
    write_miedema(folder / "miedema")
    write_deml(folder / "deml")
    write_single_tables(folder / "matminer")
    write_imputed(folder / "matminer")


if __name__ == "__main__":
    main()
