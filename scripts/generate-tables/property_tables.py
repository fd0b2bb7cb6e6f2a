#!/usr/bin/env python3
"""Writes the other element tables of Sources/Descriptors/Tables from the CSVs in Datasets/elements."""

from swift_tables import ELEMENT_COUNT, NAN, by_number, doubles, integer_lists, number, rows, symbols, wrapped, write

SCRIPT = "property_tables.py"
# Higher oxidation states do not occur.
MOST_CHARGE = 8
SYMBOLS = symbols()
NUMBERS = {symbol: index for index, symbol in enumerate(SYMBOLS)}


def integers(text):
    return [int(float(word)) for word in text.split()]


def write_oxidation():
    states = {row["symbol"]: row for row in rows("pymatgen/elements.csv")}
    common = [[]] + [integers(states[symbol]["common_oxidation_states"]) for symbol in SYMBOLS[1:]]
    likely = [[]] + [integers(states[symbol]["icsd_oxidation_states"]) or common[NUMBERS[symbol]] for symbol in SYMBOLS[1:]]
    seen = {(row["symbol"], float(row["oxidation_state"])): int(row["occurrences"]) for row in rows("pymatgen/icsd_oxidation_state_occurrences.csv")}
    counts = [[seen.get((SYMBOLS[z], float(state)), 0) for state in likely[z]] for z in range(ELEMENT_COUNT + 1)]
    summary = [
        "Oxidation states by atomic number (index 0 is unused).",
        "",
        "- Source: S. P. Ong et al., Comput. Mater. Sci. 68, 314 (2013), doi:10.1016/j.commatsci.2012.10.028 (pymatgen 2026.10.24).",
    ]
    members = [
        integer_lists("common", "The common states.", common),
        integer_lists("likely", "The states seen in the ICSD; where none are listed, the common ones. The order decides ties.", likely),
        integer_lists("occurrences", "How often the ICSD has each of `likely`.", counts),
    ]
    write("OxidationStateTable.swift", SCRIPT, ["Datasets/elements/pymatgen"], summary, "OxidationStateTable", members)


def write_pymatgen():
    summary = [
        "Element properties of pymatgen by atomic number (index 0 is unused); `.nan` where there is no value.",
        "",
        "- Source: S. P. Ong et al., Comput. Mater. Sci. 68, 314 (2013), doi:10.1016/j.commatsci.2012.10.028 (pymatgen 2026.10.24).",
    ]
    members = [
        doubles("electronegativity", "Pauling electronegativity.", by_number("elements.csv", "symbol", "electronegativity_pauling")),
        doubles("atomicMass", "Atomic mass, u.", by_number("elements.csv", "symbol", "atomic_mass")),
        doubles("atomicRadius", "Empirical atomic radius after Slater, Å.", by_number("pymatgen/elements.csv", "symbol", "atomic_radius_angstrom")),
    ]
    sources = ["Datasets/elements/elements.csv", "Datasets/elements/pymatgen/elements.csv"]
    write("PymatgenTable.swift", SCRIPT, sources, summary, "PymatgenTable", members)


def write_bond_radii():
    summary = [
        "Radii that decide which atoms are bonded, by atomic number (index 0 is unused); `.nan` where there is no value.",
        "",
        "- Source: covalent: B. Cordero et al., Dalton Trans. 2832 (2008), doi:10.1039/b801115j; the other: Jmol and Open Babel, as in",
        "  S. P. Ong et al., Comput. Mater. Sci. 68, 314 (2013), doi:10.1016/j.commatsci.2012.10.028 (pymatgen 2026.10.24).",
    ]
    members = [
        doubles("covalent", "Covalent radius (carbon sp², mean of low and high spin where there are both), Å.", by_number("pymatgen/bond_radii.csv", "symbol", "covalent_radius_angstrom")),
        doubles("jmol", "Bond radius of Jmol, Å.", by_number("pymatgen/bond_radii.csv", "symbol", "jmol_radius_angstrom")),
    ]
    write("BondRadiusTable.swift", SCRIPT, ["Datasets/elements/pymatgen/bond_radii.csv"], summary, "BondRadiusTable", members)


def write_scattering():
    names = [f"{name}{index}" for index in range(1, 5) for name in "ab"]
    columns = [by_number("pymatgen/scattering_parameters.csv", "symbol", name) for name in names]
    summary = [
        "Parameters of X-ray scattering factors by atomic number (index 0 is unused); `.nan` where there is no value.",
        "",
        "    f(s) = Z − 41.78214 s² Σ aₖ exp(−bₖ s²), s = sin θ / λ in 1/Å",
        "",
        "- Source: M. De Graef, M. E. McHenry, Structure of Materials (Cambridge University Press, 2007), after P. A. Doyle,",
        "  P. S. Turner, Acta Cryst. A 24, 390 (1968), doi:10.1107/S0567739468000756, and G. H. Smith, R. E. Burge, Acta Cryst. 15, 182",
        "  (1962), doi:10.1107/S0365110X62000481, as in pymatgen 2026.10.24.",
    ]
    values = [column[z] for z in range(ELEMENT_COUNT + 1) for column in columns]
    members = [doubles("parameters", "a₁, b₁ … a₄, b₄ of each element: eight numbers a row; a in Å, b in Å².", values)]
    write("ScatteringTable.swift", SCRIPT, ["Datasets/elements/pymatgen/scattering_parameters.csv"], summary, "ScatteringTable", members)


def ionization_energies():
    energies = [[] for _ in range(ELEMENT_COUNT + 1)]
    for row in rows("deml/ionization_energies.csv"):
        energies[NUMBERS[row["symbol"]]].append(float(row["energy_j_per_mol"]))
    return energies


def charged(name, key, comment):
    items = [
        f"({NUMBERS[row['symbol']]}, {row['charge']}, {number(float(row['value']) if row['value'] else NAN)})"
        for row in rows("deml/cation_properties.csv")
        if row["property"] == key
    ]
    body = wrapped(items)
    return f"    /// {comment}\n    static let {name}: [(atomicNumber: Int, charge: Int, value: Double)] = [\n{body}\n    ]\n"


def write_deml():
    energies = ionization_energies()
    lists = wrapped(["[" + ", ".join(number(v) for v in values[:MOST_CHARGE]) + "]" for values in energies])
    first = [values[0] if values else NAN for values in energies]
    summary = [
        "Element and ion properties of Deml et al. by atomic number (index 0 is unused); `.nan` where there is no value.",
        "",
        "- Source: A. M. Deml, R. O'Hayre, C. Wolverton, V. Stevanović, Phys. Rev. B 93, 085142 (2016), doi:10.1103/PhysRevB.93.085142.",
    ]
    members = [
        doubles("firstIonizationEnergy", "First ionisation energy, J/mol.", first),
        doubles("electronAffinity", "Electron affinity, J/mol.", by_number("deml/electron_affinity.csv", "symbol", "electron_affinity_j_per_mol")),
        f"    /// The first eight ionisation energies, J/mol.\n    static let ionizationEnergies: [[Double]] = [\n{lists}\n    ]\n",
        charged("crystalFieldSplitting", "xtal_field_split", "Crystal-field splitting of cations."),
        charged("magneticMoment", "magn_moment", "Magnetic moment of cations."),
        charged("spinOrbitCoupling", "so_coupling", "Spin–orbit coupling of cations."),
        charged("saturationMagnetization", "sat_magn", "Saturation magnetisation of cations."),
    ]
    write("DemlTable.swift", SCRIPT, ["Datasets/elements/deml"], summary, "DemlTable", members)


def write_miedema():
    columns = [
        ("molarVolume", "molar_volume_cm3_per_mol", "Molar volume, cm³/mol."),
        ("electronDensity", "electron_density", "Electron density at the boundary of the Wigner–Seitz cell, density units."),
        ("electronegativity", "electronegativity_volt", "Miedema's electronegativity, V."),
        ("valenceElectrons", "valence_electrons", "Valence electrons."),
        ("volumeConstant", "a", "Constant a of the volume change on alloying."),
        ("hybridization", "r", "Constant R of the hybridisation term."),
        ("transitionEnthalpy", "h_trans_kj_per_mol", "Enthalpy of the transition to a metal, kJ/mol."),
        ("bulkModulus", "bulk_modulus_gpa", "Bulk modulus, GPa."),
        ("shearModulus", "shear_modulus_gpa", "Shear modulus, GPa."),
        ("meltingTemperature", "melting_point_kelvin", "Melting temperature, K."),
        ("structuralStability", "structural_stability_kj_per_mol", "Structural stability, kJ/mol."),
    ]
    summary = [
        "Parameters of Miedema's model by atomic number (index 0 is unused); `.nan` where there is no value.",
        "",
        "- Source: F. R. de Boer, R. Boom, W. C. M. Mattens, A. R. Miedema, A. K. Niessen, Cohesion in Metals (North-Holland, 1988);",
        "  R. F. Zhang, S. H. Zhang, Z. J. He, J. Jing, S. H. Sheng, Comput. Phys. Commun. 209, 58 (2016), doi:10.1016/j.cpc.2016.08.013.",
    ]
    members = [doubles(name, text, by_number("miedema/miedema.csv", "symbol", column)) for name, column, text in columns]
    write("MiedemaTable.swift", SCRIPT, ["Datasets/elements/miedema/miedema.csv"], summary, "MiedemaTable", members)


def write_mixing():
    pairs = {}
    for row in rows("miedema/mixing_enthalpy.csv"):
        a, b = sorted((NUMBERS[row["symbol_a"]], NUMBERS[row["symbol_b"]]))
        pairs[a, b] = float(row["enthalpy_kj_per_mol"])
    elements = sorted({z for pair in pairs for z in pair})
    values = [number(pairs.get((a, b), NAN)) for i, a in enumerate(elements) for b in elements[i + 1 :]]
    summary = [
        "Mixing enthalpy of liquid binary alloys at equal amounts, kJ/mol; `.nan` where there is no value.",
        "",
        "- Source: A. Takeuchi, A. Inoue, Mater. Trans. 46, 2817 (2005), doi:10.2320/matertrans.46.2817.",
    ]
    members = [
        "    /// Atomic numbers of the elements, ascending.\n    static let elements: [Int] = [\n" + wrapped([str(z) for z in elements]) + "\n    ]\n",
        "    /// Pairs of `elements` (1,2), (1,3) … (2,3) … row by row.\n    static let enthalpies: [Double] = [\n" + wrapped(values) + "\n    ]\n",
    ]
    write("MixingEnthalpyTable.swift", SCRIPT, ["Datasets/elements/miedema/mixing_enthalpy.csv"], summary, "MixingEnthalpyTable", members)


def write_single():
    ratios = [float(row["ideal_radius_ratio"]) for row in rows("matminer/cluster_radius_ratios.csv")]
    metals = wrapped([str(NUMBERS[row["symbol"]]) for row in rows("matminer/transition_metals.csv")])
    summary = [
        "Small tables of composition features.",
        "",
        "- Source: cohesive energies: C. Kittel, Introduction to Solid State Physics, 8th ed. (Wiley, 2005); radius ratios: D. B. Miracle,",
        "  E. A. Lord, S. Ranganathan, Mater. Trans. 47, 1737 (2006), doi:10.2320/matertrans.47.1737; transition metals: A. M. Deml et al.,",
        "  Phys. Rev. B 93, 085142 (2016), doi:10.1103/PhysRevB.93.085142.",
    ]
    cohesive = by_number("matminer/cohesive_energy.csv", "symbol", "cohesive_energy_ev_per_atom")
    members = [
        doubles("cohesiveEnergy", "Cohesive energy by atomic number, eV/atom; `.nan` where there is no value.", cohesive),
        doubles("clusterRadiusRatio", "Ideal ratio of the centre's radius to its neighbours' for 3, 4, … 24 neighbours.", ratios),
        f"    /// Atomic numbers of the transition metals that can be magnetic.\n    static let transitionMetals: [Int] = [\n{metals}\n    ]\n",
    ]
    write("AlloyTable.swift", SCRIPT, ["Datasets/elements/matminer"], summary, "AlloyTable", members)


if __name__ == "__main__":
    write_oxidation()
    write_pymatgen()
    write_deml()
    write_miedema()
    write_mixing()
    write_single()
    write_bond_radii()
    write_scattering()
