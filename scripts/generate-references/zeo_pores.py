"""Pores of frameworks by Zeo++ (pyzeo 0.2.0), and those of idealised zeolites as the zeolite association publishes them (zefram 0.1.3).

    python scripts/generate-references/zeo_pores.py [--tiny]

Needs pymatgen 2026.10.24, pyzeo 0.2.0 and zefram 0.1.3 (`pip install --no-deps --ignore-requires-python`: only its table is read).
Frameworks come from `Datasets/structures/frameworks.tar.gz` (ordered ones of at most 330 atoms, and three larger zeolites), idealised ones
from the table (complete ones of at most 150 atoms, and those types that are in `frameworks`). Coordinates are rounded to 10⁻⁶ first, so
that both codes read the same numbers. Output: `Datasets/references/zeo_pores/`. Zeo++ samples at random: its volumes and surfaces
differ by a few percent from run to run; all else is the same each time. `--tiny` writes two frameworks to a temporary folder.
"""

import csv
import gzip
import importlib.util
import io
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import warnings

import numpy as np

warnings.filterwarnings("ignore")
ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "Datasets" / "references" / "zeo_pores"
LARGER = {"DDR", "FAU_SI", "LTA4A"}
IDEAL = {"AEL", "AFI", "AFX", "CFI", "CHA", "DDR", "DON", "ERI", "FAU", "GME", "ISV", "ITW", "LTA", "ITE", "LTL", "MAZ", "MFI", "MFS",
         "MOR", "MTW", "OFF", "TON"}
PROBE = 1.2
# Where vertices of high symmetry lie on the cell's border, Zeo++ may stop ("Unable to add edge"); the origin is moved until it does not.
# The last two times every coordinate is moved at random, too, by up to 10⁻⁵ of the cell.
SHIFTS = (0, 0.0137, 0.0291, 0.0613, 0.1, 0.2)
COLUMNS = ["Di ccdc", "Df ccdc", "Dif ccdc", "channels", "pockets", "accessible volume fraction", "inaccessible volume fraction",
           "accessible surface m2/cm3", "inaccessible surface m2/cm3", "Di zeolite", "Df zeolite", "Dif zeolite"]


def read(text):
    from pymatgen.io.cif import CifParser
    return CifParser(io.StringIO(text), occupancy_tolerance=100).parse_structures(primitive=False)[0]


def row(name, structure):
    """A crystal as numbers: lattice vectors, atomic numbers, fractional coordinates."""
    lattice = " ".join(f"{x:.6f}".rstrip("0").rstrip(".") for x in structure.lattice.matrix.ravel())
    fractions = (f"{x % 1:.6f}".rstrip("0").rstrip(".") for site in structure for x in site.frac_coords)
    return [name, lattice, " ".join(str(site.specie.Z) for site in structure), " ".join(fractions)]


def write(name, header, rows):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    path = FOLDER / name
    if name.endswith(".gz"):
        path.write_bytes(gzip.compress(text.getvalue().encode(), 9, mtime=0))
    else:
        path.write_text(text.getvalue())


def frameworks():
    rows = []
    with tarfile.open(ROOT / "Datasets" / "structures" / "frameworks.tar.gz") as archive:
        for member in sorted(archive.getmembers(), key=lambda m: m.name):
            if not (member.isfile() and member.name.endswith(".cif")):
                continue
            name = pathlib.PurePath(member.name).stem
            try:
                structure = read(archive.extractfile(member).read().decode("latin-1"))
            except Exception:
                continue
            if structure.is_ordered and (len(structure) <= 330 or name in LARGER):
                rows.append(row(name, structure))
    return rows


def idealised():
    """Crystals and published diameters of the association's idealised frameworks."""
    table = pathlib.Path(importlib.util.find_spec("zefram").origin).parent / "frameworks.db"
    query = "select code, cif, maxdsi, maxdsd_a, maxdsd_b, maxdsd_c from frameworks where maxdsi is not null order by code"
    crystals, published = [], []
    for code, cif, *diameters in sqlite3.connect(table).execute(query):
        structure = read(cif)
        if len(structure) <= 150 or code in IDEAL:
            crystals.append(row(code, structure))
            published.append([code, *diameters])
    return crystals, published


def cif_of(row, shift):
    """A plain P1 file of a crystal, with full precision; the origin moved by so much along each axis."""
    from pymatgen.core import Element, Lattice
    name, lattice, numbers, fractions = row
    v = [float(x) for x in lattice.split()]
    cell = Lattice([v[0:3], v[3:6], v[6:9]]).parameters
    keys = ["length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma"]
    lines = [f"data_{name}", "_symmetry_space_group_name_H-M 'P 1'"] + [f"_cell_{k} {x:.10f}" for k, x in zip(keys, cell)]
    lines += ["loop_", "_symmetry_equiv_pos_as_xyz", "'x,y,z'", "loop_", "_atom_site_label", "_atom_site_type_symbol"]
    lines += [f"_atom_site_fract_{axis}" for axis in "xyz"]
    random = np.random.default_rng(1)
    size = 1e-5 if shift >= 0.1 else 0
    f = [f"{(float(x) + size * random.uniform(-1, 1) + shift * (1, 1.7, 2.3)[k % 3]) % 1:.10f}" for k, x in enumerate(fractions.split())]
    for k, z in enumerate(numbers.split()):
        symbol = Element.from_Z(int(z)).symbol
        lines.append(" ".join([symbol, symbol, *f[3 * k:3 * k + 3]]))
    return "\n".join(lines) + "\n"


def evaluate(path):
    """Runs Zeo++ on a CIF; prints the columns. In a process of its own, as Zeo++ writes to the standard output and may end it."""
    from pyzeo import surface_area, volume
    from pyzeo.netstorage import AtomNetwork
    folder = pathlib.Path(path).parent
    symbols = {line.split()[0] for line in open(path) if re.match(r"[A-Z][a-z]? [A-Z]", line)}
    (folder / "radii.rad").write_text("".join(f"{s} 1.35\n" for s in sorted(symbols)))

    def spheres(**radii):
        network = AtomNetwork.read_from_CIF(path, rad_flag=True, **radii)
        network.calculate_free_sphere_parameters(str(folder / "x.res"))
        return network, (folder / "x.res").read_text().split()[1:4]

    def value(text, key):
        return re.search(rf"(?<!\S){re.escape(key)}: (\S+)", text).group(1)

    network, first = spheres()
    voids = volume(network, PROBE, PROBE, 100000).decode()
    surface = surface_area(network, PROBE, PROBE, 2000).decode()
    second = spheres(rad_file=str(folder / "radii.rad"))[1]
    out = first + [value(voids, "Number_of_channels"), value(voids, "Number_of_pockets")]
    out += [value(voids, "AV_Volume_fraction"), value(voids, "NAV_Volume_fraction")]
    out += [value(surface, "ASA_m^2/cm^3"), value(surface, "NASA_m^2/cm^3")] + second
    print("\nRESULT " + ",".join(map(str, out)))


def run(entry, shift):
    """The columns of a crystal; None where Zeo++ gave up."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "x.cif")
        pathlib.Path(path).write_text(cif_of(entry, shift))
        made = subprocess.run([sys.executable, __file__, path], capture_output=True, text=True, cwd=folder)
        found = re.search(r"^RESULT (.*)$", made.stdout, re.M)
        return found.group(1) if found else None


def main(tiny):
    global FOLDER
    if tiny:
        FOLDER = pathlib.Path(tempfile.mkdtemp())
    FOLDER.mkdir(parents=True, exist_ok=True)
    header = ["id", "lattice", "atomic numbers", "fractional coordinates"]
    crystals, published = idealised()
    write("idealised_crystals.csv.gz", header, crystals)
    write("idealised_published.csv", ["id", "Di", "Df a", "Df b", "Df c"], published)
    rows = frameworks()[:2 if tiny else None]
    write("crystals.csv.gz", header, rows)
    results = []
    for entry in rows:
        for shift in SHIFTS:
            found = run(entry, shift)
            if found:
                break
        print(entry[0], shift, found, flush=True)
        if found:
            results.append([entry[0], *found.split(",")])
    write("zeo.csv", ["id", *COLUMNS], results)


if __name__ == "__main__":
    arguments = sys.argv[1:]
    evaluate(arguments[0]) if arguments and arguments != ["--tiny"] else main(tiny=bool(arguments))
