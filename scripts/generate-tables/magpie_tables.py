#!/usr/bin/env python3
"""Writes Sources/Descriptors/Tables/MagpieTable.swift from the Magpie element tables."""

from swift_tables import ELEMENTS, ELEMENT_COUNT, NAN, doubles, write

# Swift name, table, what it is and its unit.
TABLES = [
    ("number", "Number", "Atomic number."),
    ("mendeleevNumber", "MendeleevNumber", "Mendeleev number (position along Pettifor's chemical scale)."),
    ("atomicWeight", "AtomicWeight", "Atomic weight, u."),
    ("meltingTemperature", "MeltingT", "Melting temperature, K."),
    ("column", "Column", "Column of the periodic table."),
    ("row", "Row", "Row of the periodic table."),
    ("covalentRadius", "CovalentRadius", "Covalent radius, pm."),
    ("electronegativity", "Electronegativity", "Pauling electronegativity."),
    ("sValence", "NsValence", "Valence s electrons."),
    ("pValence", "NpValence", "Valence p electrons."),
    ("dValence", "NdValence", "Valence d electrons."),
    ("fValence", "NfValence", "Valence f electrons."),
    ("valence", "NValence", "Valence electrons."),
    ("sUnfilled", "NsUnfilled", "Unfilled s states."),
    ("pUnfilled", "NpUnfilled", "Unfilled p states."),
    ("dUnfilled", "NdUnfilled", "Unfilled d states."),
    ("fUnfilled", "NfUnfilled", "Unfilled f states."),
    ("unfilled", "NUnfilled", "Unfilled valence states."),
    ("groundStateVolume", "GSvolume_pa", "DFT volume of the elemental ground state, Å³ an atom."),
    ("groundStateGap", "GSbandgap", "DFT band gap of the elemental ground state, eV."),
    ("groundStateMagneticMoment", "GSmagmom", "DFT magnetic moment of the elemental ground state, Bohr magnetons an atom."),
    ("spaceGroup", "SpaceGroupNumber", "Space group number of the elemental ground state."),
    ("miracleRadius", "MiracleRadius", "Metallic radius after Miracle, pm."),
    ("atomicRadius", "AtomicRadius", "Atomic radius, Å."),
    ("electronAffinity", "ElectronAffinity", "Electron affinity, kJ/mol."),
]


def table(name):
    """Line n is atomic number n; what is not a number, or is not there, is missing."""
    values = [NAN] * (ELEMENT_COUNT + 1)
    for index, line in enumerate((ELEMENTS / f"magpie/{name}.table").read_text().splitlines()[:ELEMENT_COUNT]):
        try:
            values[index + 1] = float(line)
        except ValueError:
            pass
    return values


def main():
    summary = [
        "Magpie's element properties by atomic number (index 0 is unused); `.nan` where there is no value.",
        "",
        "- Source: L. Ward, A. Agrawal, A. Choudhary, C. Wolverton, npj Comput. Mater. 2, 16028 (2016), doi:10.1038/npjcompumats.2016.28;",
        "  radii: D. B. Miracle, D. V. Louzguine-Luzgin, L. V. Louzguina-Luzgina, A. Inoue, Int. Mater. Rev. 55, 218 (2010),",
        "  doi:10.1179/095066010X12646898728200.",
    ]
    members = [doubles(name, text, table(file)) for name, file, text in TABLES]
    write("MagpieTable.swift", "magpie_tables.py", ["Datasets/elements/magpie"], summary, "MagpieTable", members)


if __name__ == "__main__":
    main()
