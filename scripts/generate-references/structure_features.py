#!/usr/bin/env python3
"""Write structure features that matminer and pymatgen compute to Datasets/references/structure_features/.

    structure_features.py [--output DIR] [--tiny]

Needs the versions of requirements.txt (matminer 0.10.1, pymatgen 2026.10.24, spglib 2.8.0). What each file holds is described in
PROVENANCE.md there. Crystals are rounded first (lattice and fractional coordinates to 7 decimals), written, and described as written.
"""

import argparse
import contextlib
import csv
import gzip
import io
import json
import pathlib
import tarfile
import tempfile
import warnings

warnings.simplefilter("ignore")

import numpy as np
import spglib
from matminer.featurizers.structure import (
    DensityFeatures,
    GlobalSymmetryFeatures,
    PartialRadialDistributionFunction,
    RadialDistributionFunction,
    StructuralComplexity,
    XRDPowderPattern,
)
from pymatgen.analysis.diffraction.xrd import XRDCalculator
from pymatgen.analysis.dimensionality import get_dimensionality_larsen, get_structure_components
from pymatgen.analysis.local_env import JmolNN
from pymatgen.analysis.molecule_structure_comparator import CovalentRadius
from pymatgen.core import Lattice, Structure
from pymatgen.io.cif import CifParser
from pymatgen.io.vasp import Poscar
from pymatgen.symmetry.groups import SpaceGroup

ROOT = pathlib.Path(__file__).resolve().parents[2]
DECIMALS = 7
# Nearer to the edge of a bin than this, rounding decides which side a distance falls on.
EDGE = 1e-7


def number(value):
    if value != value:
        return ""
    text = repr(float(value))
    return text[:-2] if text.endswith(".0") else text


def write(path, header, rows):
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    with open(path, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as file:
        file.write(buffer.getvalue().encode())


def rounded(structure, decimals=DECIMALS):
    lattice = Lattice(np.round(structure.lattice.matrix, decimals))
    return Structure(lattice, [site.specie.symbol for site in structure], np.round(structure.frac_coords, decimals))


def crystal_row(name, structure):
    return [
        name,
        " ".join(number(x) for x in structure.lattice.matrix.flatten()),
        " ".join(str(site.specie.Z) for site in structure),
        " ".join(number(x) for x in structure.frac_coords.flatten()),
    ]


def write_crystals(path, crystals):
    write(path, ["id", "lattice", "atomic_numbers", "fractional"], [crystal_row(*item) for item in crystals])


def elastic(step):
    """Every so many of the crystals of mp_elastic_2015."""
    with gzip.open(ROOT / "Datasets/structures/mp_elastic_2015.json.gz") as file:
        table = json.load(file)
    columns = {name: index for index, name in enumerate(table["columns"])}
    for index, row in enumerate(table["data"][::step]):
        structure = row[columns["structure"]]
        structure = Structure.from_dict(structure if isinstance(structure, dict) else json.loads(structure))
        yield f"{step * index}-{row[columns['formula']]}", rounded(structure)


def members(archive):
    with tarfile.open(ROOT / f"Datasets/structures/{archive}.tar.gz") as tar:
        for member in sorted(tar.getmembers(), key=lambda m: m.name):
            if member.isfile():
                yield member.name, tar.extractfile(member).read().decode("utf-8", "replace")


def poscars():
    """The crystals of all 230 space groups, with the digits of their files; kinds of atoms are numbered as elements from 1."""
    for name, text in members("spglib_poscars"):
        if "POSCAR" not in name:
            continue
        lines = text.splitlines()
        lattice = float(lines[1]) * np.array([[float(word) for word in line.split()[:3]] for line in lines[2:5]])
        start = 5 if lines[5].split()[0].isdigit() else 6
        counts = [int(word) for word in lines[start].split()]
        start += lines[start + 1].strip().lower().startswith("s")
        if len(counts) <= 118 and lines[start + 1].strip().lower().startswith("d"):
            positions = [[float(word) for word in line.split()[:3]] for line in lines[start + 2 : start + 2 + sum(counts)]]
            numbers = [kind + 1 for kind, count in enumerate(counts) for _ in range(count)]
            yield name.split("data/")[-1], Structure(lattice, numbers, positions)


CELLS = [
    (2, (5.1, 6.2, 7.4, 77, 83, 98)), (15, (5.1, 6.2, 7.4, 90, 103, 90)), (74, (5.1, 6.2, 7.4, 90, 90, 90)), (142, (5.3, 5.3, 7.9, 90, 90, 90)),
    (194, (5.7, 5.7, 8.3, 90, 90, 120)), (230, (6.9, 6.9, 6.9, 90, 90, 90)),
]


def constructed():
    """A crystal of each space group: general positions of one kind, or of two where one alone has more symmetry."""
    for number_wanted in range(1, 231):
        group = SpaceGroup.from_int_number(number_wanted)
        scale = len(group.symmetry_ops) ** (1 / 3)
        parameters = np.array(next(cell for last, cell in CELLS if number_wanted <= last), dtype=float)
        parameters[:3] = np.round(parameters[:3] * scale, 3)
        lattice, points = Lattice.from_parameters(*parameters), [(0.113, 0.221, 0.057), (0.294, 0.176, 0.389), (0.441, 0.063, 0.138)]
        for kinds in range(1, 4):
            orbits = [(kind + 1, p) for kind in range(kinds) for p in group.get_orbit(points[kind])]
            structure = Structure(np.round(lattice.matrix, 9), [z for z, _ in orbits], np.round([p for _, p in orbits], 9))
            found = [spglib.get_symmetry_dataset((structure.lattice.matrix, structure.frac_coords, [z for z, _ in orbits]), p) for p in (1e-2, 1e-5)]
            if all(f is not None and f.number == number_wanted for f in found):
                yield f"{number_wanted}", structure
                break
        else:
            raise ValueError(f"no crystal of space group {number_wanted}")


def low_dimensional(count):
    """Sheets, chains, molecules and porous networks: carbon at low density, organic frameworks, perovskites, minerals."""
    with gzip.open(ROOT / "Datasets/structures/carbon24.csv.gz", "rt") as file:
        for index, row in enumerate(csv.DictReader(file)):
            if index % (2032 // (3 * count)) == 0:
                yield f"carbon24-{row['material_id']}", CifParser.from_str(row["cif"]).parse_structures(primitive=False)[0]
    for archive in ("alignn_samples", "cofs", "frameworks", "cod_sample"):
        kept = 0
        for name, text in members(archive):
            with contextlib.suppress(Exception):
                if name.endswith(".cif"):
                    structure = CifParser.from_str(text).parse_structures(primitive=False)[0]
                elif name.endswith(".vasp"):
                    structure = Poscar.from_str(text).structure
                else:
                    continue
                if structure.is_ordered and len(structure) <= 150 and min_distance(structure) > 0.5 and kept < count:
                    kept += 1
                    yield name.rsplit("/", 1)[-1], structure


def min_distance(structure):
    distances = structure.distance_matrix
    np.fill_diagonal(distances, np.inf)
    return distances.min() if len(structure) > 1 else np.inf


def values(featurizer, structure):
    return [number(float(value)) for value in featurizer.featurize(structure)]


def on_an_edge(structure, cutoff, bin_size):
    distances = structure.get_neighbor_list(cutoff + EDGE)[3] / bin_size
    return bool(np.any(np.abs(distances - np.round(distances)) < EDGE / bin_size))


def write_density(folder, crystals):
    featurizer = DensityFeatures()
    rows = []
    for name, structure in crystals:
        try:
            rows.append([name] + values(featurizer, structure))
        except TypeError:  # an element without an atomic radius
            rows.append([name] + values(DensityFeatures(["density", "vpa"]), structure) + [""])
    write(folder / "density.csv.gz", ["id"] + featurizer.feature_labels(), rows)


def write_radial(folder, crystals):
    featurizer = RadialDistributionFunction(cutoff=10.0, bin_size=0.25)
    kept = [(name, s) for name, s in crystals if not on_an_edge(s, 10.0, 0.25)]
    print(f"radial distribution: {len(kept)} of {len(crystals)} crystals have no distance on the edge of a bin")
    write(folder / "radial.csv.gz", ["id"] + featurizer.feature_labels(), [[n] + values(featurizer, s) for n, s in kept])
    rows, labels = [], None
    for name, structure in kept[::3]:
        partial = PartialRadialDistributionFunction(cutoff=8.0, bin_size=0.5).fit([structure])
        rows.append([name, " ".join(partial.elements_), " ".join(values(partial, structure))])
    write(folder / "partial_radial.csv.gz", ["id", "elements", "values"], rows)


def peaks_row(name, settings, structure, calculator, limits):
    pattern = calculator.get_pattern(structure, two_theta_range=limits)
    planes = [";".join(f"{p['hkl'][0]} {p['hkl'][1]} {p['hkl'][-1]} {p['multiplicity']}" for p in sorted(hkls, key=str)) for hkls in pattern.hkls]
    columns = [" ".join(number(round(float(v), 9)) for v in column) for column in (pattern.x, pattern.y, pattern.d_hkls)]
    return [name, settings] + columns + ["|".join(planes)]


def write_xray(folder, crystals):
    featurizer = XRDPowderPattern()
    rows, rounding = [], 0
    for name, structure in crystals[::2]:
        # The highest peak is scaled to 100 or, by rounding, to just below, which matminer then cuts down to 99.
        with contextlib.suppress(Exception):  # an element without scattering parameters, or a single peak
            intensities = XRDCalculator().get_pattern(structure, two_theta_range=(0, 127)).y
            if np.any(intensities + 1e-9 >= np.floor(intensities) + 1):
                rounding += 1
            else:
                rows.append([name] + [f"{value:.12g}" for value in featurizer.featurize(structure)])
    print(f"powder patterns: {rounding} left out, where rounding changes a whole number")
    write(folder / "xray_powder.csv.gz", ["id"] + featurizer.feature_labels(), rows)
    rows = [peaks_row(n, "CuKa", s, XRDCalculator(), (0, 90)) for n, s in crystals[::9]]
    for name, structure in crystals[4::40]:
        factors = {element.symbol: 0.3 + 0.1 * index for index, element in enumerate(sorted(structure.elements, key=lambda e: e.Z))}
        calculator = XRDCalculator(wavelength="MoKa", debye_waller_factors=factors)
        rows.append(peaks_row(name, "MoKa", structure, calculator, (5, 60)))
    write(folder / "xray_peaks.csv.gz", ["id", "settings", "two_theta", "intensity", "spacing", "planes"], rows)


def write_complexity(folder, crystals):
    featurizer = StructuralComplexity()
    write(folder / "complexity.csv.gz", ["id"] + featurizer.feature_labels(), [[n] + values(featurizer, s) for n, s in crystals])


def symmetry_row(name, structure, precision):
    cell = (structure.lattice.matrix, structure.frac_coords, [site.specie.Z for site in structure])
    found = spglib.get_symmetry_dataset(cell, symprec=precision, angle_tolerance=5)
    if found is None:
        return [name, precision] + [""] * 9
    letters = [f"{count}{letter}" for letter, count in zip(*np.unique(list(found.wyckoffs), return_counts=True))]
    primitive = int(max(found.mapping_to_primitive)) + 1
    return [
        name, precision, found.number, found.hall_number, found.pointgroup, len(found.rotations), " ".join(letters),
        len(set(found.equivalent_atoms)), len(set(found.crystallographic_orbits)), primitive, len(found.std_types),
    ]


def write_symmetry(folder, crystals, poscar_crystals):
    header = ["id", "symprec", "number", "hall_number", "point_group", "operations", "wyckoff", "equivalent", "orbits", "primitive", "standard"]
    rows = [symmetry_row(n, s, 1e-2) for n, s in crystals]
    rows += [symmetry_row(n, s, precision) for precision in (1e-2, 1e-5) for n, s in poscar_crystals]
    write(folder / "symmetry.csv.gz", header, rows)
    featurizer = GlobalSymmetryFeatures(["spacegroup_num", "crystal_system_int", "is_centrosymmetric", "n_symmetry_ops"])
    write(folder / "global_symmetry.csv.gz", ["id"] + featurizer.feature_labels(), [[n] + values(featurizer, s) for n, s in crystals])


class CovalentNN(JmolNN):
    """The rule of JmolNN with covalent radii."""

    def __init__(self):
        super().__init__(min_bond_distance=0.0)
        self.el_radius = CovalentRadius.radius


def component_counts(structure, neighbors):
    bonded = neighbors.get_bonded_structure(structure)
    found = [component["dimensionality"] for component in get_structure_components(bonded)]
    assert max(found) == get_dimensionality_larsen(bonded)
    return [max(found)] + [found.count(dimension) for dimension in range(4)]


def write_dimensionality(folder, crystals):
    rows = []
    for name, structure in crystals:
        for rule, neighbors in (("covalent", CovalentNN()), ("jmol", JmolNN())):
            rows.append([name, rule] + component_counts(structure, neighbors))
    write(folder / "dimensionality.csv.gz", ["id", "radii", "dimensionality", "components_0d", "components_1d", "components_2d", "components_3d"], rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=pathlib.Path)
    parser.add_argument("--tiny", action="store_true", help="a quick run on few crystals")
    options = parser.parse_args()
    folder = options.output or pathlib.Path(tempfile.mkdtemp() if options.tiny else ROOT / "Datasets/references/structure_features")
    folder.mkdir(parents=True, exist_ok=True)
    crystals = list(elastic(300 if options.tiny else 6))
    low = [(name, rounded(structure)) for name, structure in low_dimensional(2 if options.tiny else 20)]
    symmetric = list(poscars())[:: 100 if options.tiny else 1]
    write_crystals(folder / "crystals.csv.gz", crystals)
    write_crystals(folder / "low_dimensional.csv.gz", low)
    write_crystals(folder / "space_groups.csv.gz", list(constructed())[:: 20 if options.tiny else 1])
    write_density(folder, crystals)
    write_symmetry(folder, crystals, symmetric)
    write_complexity(folder, crystals)
    write_dimensionality(folder, crystals[::3] + low)
    write_radial(folder, crystals)
    write_xray(folder, crystals)
    print(f"{len(crystals)} + {len(low)} + {len(symmetric)} crystals in {folder}")


if __name__ == "__main__":
    main()
