"""Writes Sources/MaterialsCore/Elements/Element+Data.swift from Datasets/elements/elements.csv. Needs only Python 3."""
import csv
from pathlib import Path

root = Path(__file__).resolve().parents[2]
with open(root / "Datasets/elements/elements.csv", newline="") as file:
    rows = list(csv.DictReader(file))
assert [int(r["Z"]) for r in rows] == list(range(1, 119))


def table(values, per_line=14):
    lines = [values[i : i + per_line] for i in range(0, len(values), per_line)]
    return ",\n".join("        " + ", ".join(line) for line in lines) + ","


masses = table(["0"] + [r["atomic_mass"] for r in rows])
electronegativities = table([".nan"] + [r["electronegativity_pauling"] or ".nan" for r in rows])
groups = table(["0"] + [r["group"] for r in rows], 30)
periods = table(["0"] + [r["row"] for r in rows], 30)

text = f"""/// Properties of the elements, from pymatgen 2026.10.24 (MIT licence).
///
/// Written by `scripts/generate-tables/element_data.py` from `Datasets/elements/elements.csv`.
extension Element {{
    /// Standard atomic mass in u; the mass of the longest-lived isotope where there is no standard.
    public var atomicMass: Double {{ Self.atomicMasses[Int(atomicNumber)] }}

    /// Pauling electronegativity; NaN where none is known (He, Ne, Ar, and beyond Lr).
    public var electronegativity: Double {{ Self.electronegativities[Int(atomicNumber)] }}

    /// Group of the periodic table, 1 to 18; lanthanides and actinides are all in group 3.
    public var group: Int {{ Int(Self.groups[Int(atomicNumber)]) }}

    /// Row of the periodic table, 1 to 7.
    public var row: Int {{ Int(Self.rows[Int(atomicNumber)]) }}

    /// Atomic masses in u by atomic number; the first is 0.
    public static let atomicMasses: [Double] = [
{masses}
    ]

    /// Pauling electronegativities by atomic number; NaN where there is none.
    public static let electronegativities: [Double] = [
{electronegativities}
    ]

    /// Groups by atomic number; the first is 0.
    public static let groups: [UInt8] = [
{groups}
    ]

    /// Rows by atomic number; the first is 0.
    public static let rows: [UInt8] = [
{periods}
    ]
}}
"""
(root / "Sources/MaterialsCore/Elements/Element+Data.swift").write_text(text)
