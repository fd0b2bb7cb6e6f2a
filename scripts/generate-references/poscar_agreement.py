"""Writes Datasets/references/plain_structures/: how pymatgen reads POSCAR files and ASE extended XYZ files.

Run with Python 3.11, pymatgen 2026.10.24, ase 3.29.0, numpy 2.4.6; --tiny only prints a few lines.

poscar.tsv.gz: every POSCAR of the packed sets as pymatgen's Poscar.from_str reads or refuses it.
frames.extxyz, plain.xyz: files that ASE writes (crystals, a slab, a wire, molecules, several frames, values of all kinds).
extxyz.tsv.gz: the same frames as ASE reads them.
"""
import gzip
import sys
import tarfile
import warnings
from pathlib import Path

import ase.io
import numpy as np
from ase.build import bulk, fcc111, molecule, nanotube
from pymatgen.io.vasp import Poscar
from pymatgen.util.coord import pbc_shortest_vectors

root = Path(__file__).resolve().parents[2]
folder = root / "Datasets/references/plain_structures"
sets = ["alignn_samples", "cif_poscar_variety", "jarvis_tests", "spglib_poscars"]
header = ["file", "frame", "error", "lattice", "periodic", "species", "distances", "values"]


def numbers(values, digits=7):
    # Shorter than the tolerance of 1e-6 allows.
    return " ".join(f"{v:.{digits}f}".rstrip("0").rstrip(".") for v in np.ravel(values))


def is_poscar(path):
    name = path.rsplit("/", 1)[-1]
    return name.upper().startswith(("POSCAR", "CONTCAR")) or name.lower().endswith((".vasp", ".poscar", ".contcar"))


def poscar_rows():
    for archive in sets:
        with tarfile.open(root / f"Datasets/structures/{archive}.tar.gz") as tar:
            for member in tar:
                if member.isfile() and is_poscar(member.name):
                    yield poscar_row(member.name, tar.extractfile(member).read())


def poscar_row(path, data):
    try:
        if path.endswith(".gz"):
            data = gzip.decompress(data)
        with warnings.catch_warnings(record=True) as found:
            warnings.simplefilter("always")
            structure = Poscar.from_str(data.decode("utf-8"), read_velocities=False).structure
    except Exception as error:
        return [path, "", " ".join(f"{type(error).__name__}: {error}".split())[:80], "", "", "", "", ""]
    note = "false names" if any("Defaulting to false names" in str(warning.message) for warning in found) else ""
    f = structure.frac_coords
    # From the first and the middle site to all, across the boundaries.
    vectors = pbc_shortest_vectors(structure.lattice, f[[0, len(f) // 2]], f)
    distances = np.sqrt((vectors**2).sum(axis=2))
    species = " ".join(site.specie.symbol for site in structure)
    return [path, "", "", numbers(structure.lattice.matrix), "TTT", species, numbers(distances, 6), note]


def frames():
    random = np.random.default_rng(20261121)
    for k, name in enumerate(["Cu", "Si", "NaCl"]):
        kinds = {"Cu": ("fcc", 3.6), "Si": ("diamond", 5.43), "NaCl": ("rocksalt", 5.64)}
        atoms = bulk(name, kinds[name][0], a=kinds[name][1], cubic=k > 0) * (2, 1 + k, 1)
        atoms.rattle(0.05, seed=k)
        atoms.info.update(energy=-3.5 * len(atoms), config_type=f"bulk {name}", relaxed=k == 0, step=k)
        atoms.info["dipole_guess"] = random.normal(size=3)
        atoms.info["stress"] = random.normal(size=(3, 3))
        atoms.arrays["forces"] = random.normal(size=(len(atoms), 3))
        yield atoms
    slab = fcc111("Pt", size=(2, 2, 3), vacuum=8.0)
    slab.info.update(note='a "quoted" [word]', energy=-1.25)
    yield slab
    tube = nanotube(4, 0, length=1)
    tube.info["temperature"] = 300
    yield tube
    for name in ["H2O", "C6H6", "CH3CH2OH"]:
        atoms = molecule(name)
        atoms.info["energy"] = -0.1 * len(atoms)
        yield atoms
    atoms = bulk("Fe", cubic=True)
    atoms.arrays["magmoms"] = np.array([2.2, -2.2])
    atoms.arrays["tags"] = np.array([1, 2])
    yield atoms


def extxyz_rows(path):
    for k, atoms in enumerate(ase.io.read(path, index=":", format="extxyz" if path.suffix == ".extxyz" else "xyz")):
        results = dict(atoms.info) | (atoms.calc.results if atoms.calc else {})
        scalars = {key: value for key, value in results.items() if np.ndim(value) == 0}
        values = ";".join(f"{key}={value}" for key, value in sorted(scalars.items()))
        middle = len(atoms) // 2
        distances = [atoms.get_distances(i, range(len(atoms)), mic=True) for i in (0, middle)]
        periodic = "".join("T" if p else "F" for p in atoms.pbc)
        yield [path.name, k + 1, "", numbers(atoms.cell.array), periodic, " ".join(atoms.symbols), numbers(distances, 6), values]


def write(path, rows):
    text = "".join("\t".join(map(str, row)) + "\n" for row in [header, *rows])
    # No time, no name: the same bytes each time.
    with open(path, "wb") as raw, gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0, compresslevel=9) as packed:
        packed.write(text.encode())


if "--tiny" in sys.argv:
    print(poscar_row("POSCAR", b"Si\n1.0\n3 0 0\n0 3 0\n0 0 3\nSi\n1\nDirect\n0 0 0\n"))
else:
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / "poscar.tsv.gz", poscar_rows())
    ase.io.write(folder / "frames.extxyz", list(frames()), format="extxyz")
    ase.io.write(folder / "plain.xyz", [molecule(name) for name in ["CH4", "CO2", "NaCl"]], format="xyz", comment="a molecule = free text")
    write(folder / "extxyz.tsv.gz", [*extxyz_rows(folder / "frames.extxyz"), *extxyz_rows(folder / "plain.xyz")])
