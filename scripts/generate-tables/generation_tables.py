#!/usr/bin/env python3
"""Writes the element tables of Sources/Generation/Tables from Datasets/elements: oxidation states, electronegativities, ionic radii."""

import swift_tables
from swift_tables import ELEMENT_COUNT, ELEMENTS, NAN, ROOT, doubles, integer_lists, number, rows, symbols, wrapped, write

SCRIPT = "generation_tables.py"
NUMBERS = {symbol: index for index, symbol in enumerate(symbols())}
SMACT = "Datasets/elements/smact"
CITATION = "D. W. Davies et al., J. Open Source Softw. 4, 1361 (2019), doi:10.21105/joss.01361 (SMACT 4.0, MIT licence)."
LISTS = [
    ("icsd16", "oxidation_states_icsd.txt", "Seen in the ICSD of 2016."),
    ("icsd24", "oxidation_states_icsd24_filtered.txt", "Seen in the ICSD of 2024 more than five times."),
    ("pymatgenSP", "oxidation_states_SP.txt", "Known to pymatgen's structure predictor."),
    ("smact14", "oxidation_states.txt", "SMACT's first list, of 2014."),
    ("wiki", "oxidation_states_wiki.txt", "Listed by Wikipedia in 2022."),
]


def data_rows(file):
    for line in (ELEMENTS / "smact" / file).read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.split()


def states(file):
    result = [[] for _ in range(ELEMENT_COUNT + 1)]
    for symbol, *values in data_rows(file):
        result[NUMBERS[symbol]] = [int(value) for value in values]
    return result


def write_states():
    summary = ["Oxidation states of the elements by atomic number (index 0 is unused), as SMACT lists them.", "", f"- Source: {CITATION}"]
    members = [integer_lists(name, comment, states(file)) for name, file, comment in LISTS]
    write("OxidationStateTables.swift", SCRIPT, [SMACT], summary, "OxidationStateTables", members)


def write_state_counts():
    counts = [
        f"({NUMBERS[row['element']]}, {row['oxidation_state']}, {row['results_count']})"
        for row in rows("smact/oxidation_states_icsd24_counts.csv")
        if row["oxidation_state"] != "0"
    ]
    summary = ["How often the ICSD of 2024 has an element in a charge, as SMACT counts.", "", f"- Source: {CITATION}"]
    member = (
        "    /// By atomic number, then charge.\n    static let counts: [(atomicNumber: Int, charge: Int, count: Int)] = [\n"
        + wrapped(counts) + "\n    ]\n"
    )
    sources = [f"{SMACT}/oxidation_states_icsd24_counts.csv"]
    write("OxidationCountTable.swift", SCRIPT, sources, summary, "OxidationCountTable", [member])


def write_electronegativity():
    values = [NAN] * (ELEMENT_COUNT + 1)
    for row in data_rows("element_data.txt"):
        if row[0] in NUMBERS and row[9] != "None":
            values[NUMBERS[row[0]]] = float(row[9])
    counts = [
        f"({NUMBERS[row['symbol']]}, {int(float(row['oxidation_state']))}, {row['occurrences']})"
        for row in rows("pymatgen/icsd_oxidation_state_occurrences.csv")
        if float(row["oxidation_state"]) == int(float(row["oxidation_state"])) != 0
    ]
    summary = [
        "Electronegativities and how common oxidation states are.",
        "",
        f"- Source: electronegativities: {CITATION}",
        "  Occurrences: S. P. Ong et al., Comput. Mater. Sci. 68, 314 (2013), doi:10.1016/j.commatsci.2012.10.028 (pymatgen 2026.10.24).",
    ]
    members = [
        doubles("electronegativity", "Pauling electronegativity by atomic number; `.nan` where there is no value.", values),
        "    /// How often the ICSD has an element in a charge.\n"
        "    static let occurrences: [(atomicNumber: Int, charge: Int, count: Int)] = [\n" + wrapped(counts) + "\n    ]\n",
    ]
    sources = [f"{SMACT}/element_data.txt", "Datasets/elements/pymatgen/icsd_oxidation_state_occurrences.csv"]
    write("IonTable.swift", SCRIPT, sources, summary, "IonTable", members)


def radii(file, is_wanted=lambda row: True):
    """The mean over spin states and shapes of a coordination, which the file lists apart."""
    found = {}
    for row in rows(file):
        if row["ion"] in NUMBERS and is_wanted(row):
            key = (NUMBERS[row["ion"]], int(row["charge"]), int(row["coordination"].split("_")[0]))
            found.setdefault(key, []).append(float(row["crystal_radius"]))
    return {key: sum(values) / len(values) for key, values in found.items()}


def write_radii():
    measured = radii("smact/shannon_radii.csv")
    fitted = radii("smact/shannon_radii_ML_extended.csv", lambda row: row["reference"] != "Shannon")
    known = {key[:2] for key in measured}

    def table(name, comment, values):
        items = [f"({z}, {charge}, {n}, {number(round(r, 6))})" for (z, charge, n), r in sorted(values.items())]
        head = f"    static let {name}: [(atomicNumber: Int, charge: Int, coordination: Int, radius: Double)] = ["
        return f"    /// {comment}\n{head}\n" + wrapped(items) + "\n    ]\n"

    summary = [
        "Crystal radii of ions by charge and coordination, Å; where the source has several (spin states, shapes), their mean.",
        "",
        "- Source: R. D. Shannon, Acta Cryst. A 32, 751 (1976), doi:10.1107/S0567739476001551; fitted: A. A. B. Baloch et al.,",
        "  Phys. Rev. Mater. 5, 043804 (2021), doi:10.1103/PhysRevMaterials.5.043804; both as in SMACT 4.0 (MIT licence).",
    ]
    members = [
        table("shannon", "Shannon's; ascending in atomic number, charge, coordination.", measured),
        table("fitted", "Of ions that Shannon does not have; same order.", {k: v for k, v in fitted.items() if k[:2] not in known}),
    ]
    sources = [f"{SMACT}/shannon_radii.csv", f"{SMACT}/shannon_radii_ML_extended.csv"]
    write("IonicRadiusTable.swift", SCRIPT, sources, summary, "IonicRadiusTable", members)


if __name__ == "__main__":
    swift_tables.OUTPUT = ROOT / "Sources/Generation/Tables"
    write_states()
    write_state_counts()
    write_electronegativity()
    write_radii()
