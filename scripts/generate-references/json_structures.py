"""Writes Datasets/references/json_structures/: how pymatgen reads structures in JSON, and files that it writes.

Run with Python 3.11, pymatgen 2026.10.24, numpy 2.4.6; --tiny only prints a line.

mp_elastic.tsv.gz: the crystals of mp_elastic_2015.json.gz as Structure.from_dict reads them; distances of every sixth.
maps.tsv.gz: every 200th POSCAR text of the two maps in Datasets/structures as Poscar.from_str reads it.
pymatgen.jsonl, entries.json, optimade.jsonl: what pymatgen writes; written.tsv: the same structures.
"""
import gzip
import json
import sys
import warnings
import zipfile
from pathlib import Path

import numpy as np
from pymatgen.core import Lattice, Molecule, Structure
from pymatgen.entries.computed_entries import ComputedStructureEntry
from pymatgen.io.optimade import OptimadeStructureAdapter
from pymatgen.io.vasp import Poscar
from pymatgen.util.coord import pbc_shortest_vectors

warnings.simplefilter("ignore")
root = Path(__file__).resolve().parents[2]
folder = root / "Datasets/references/json_structures"
header = ["id", "lattice", "species", "distances", "values"]


def numbers(values, digits=7):
    # Shorter than the tolerance of 1e-6 allows.
    return " ".join(f"{v:.{digits}f}".rstrip("0").rstrip(".") for v in np.ravel(values))


def species(structure):
    """`Fe:0.5+Mn:0.25 O:1`: elements of each site in the order of their numbers."""
    sites = []
    for site in structure:
        amounts = {}
        for kind, amount in site.species.items():
            amounts[kind.Z] = amounts.get(kind.Z, 0) + amount
        sites.append("+".join(f"{z}:{amount:g}" for z, amount in sorted(amounts.items())))
    return " ".join(sites)


def distances(structure):
    if isinstance(structure, Molecule):
        x = structure.cart_coords
        return numbers([np.linalg.norm(x - x[i], axis=1) for i in (0, len(x) // 2)], 6)
    f = structure.frac_coords
    vectors = pbc_shortest_vectors(structure.lattice, f[[0, len(f) // 2]], f)
    return numbers(np.sqrt((vectors**2).sum(axis=2)), 6)


def row(label, structure, has_distances=True, values=""):
    lattice = "" if isinstance(structure, Molecule) else numbers(structure.lattice.matrix)
    return [label, lattice, species(structure), distances(structure) if has_distances else "", values]


def elastic_rows():
    table = json.load(gzip.open(root / "Datasets/structures/mp_elastic_2015.json.gz"))
    for k, (index, cells) in enumerate(zip(table["index"], table["data"])):
        named = dict(zip(table["columns"], cells))
        values = ";".join(f"{name}={named[name]!r}" for name in ["K_VRH", "density", "packing fraction"])
        yield row(index, Structure.from_dict(named["structure"]), k % 6 == 0, values)


def map_rows():
    for name in ["carbon24_energy_per_atom", "perov5_heat_ref"]:
        with zipfile.ZipFile(root / f"Datasets/structures/{name}.json.zip") as archive:
            groups = json.loads(archive.read(f"{name}.json"))
        entries = [(group, key, text) for group, texts in groups.items() for key, text in texts.items()]
        for group, key, text in entries[::200]:
            structure = Poscar.from_str(text.replace("\\n", "\n")).structure
            yield row(f"{name}:{key}", structure, True, f"group={group};count={len(entries)}")


def written():
    mixed = [{"Fe3+": 0.5, "Mn2+": 0.25}, {"O2-": 1}, {"F-": 0.4, "Cl-": 0.6}]
    yield "mixed", Structure(Lattice.from_parameters(4.1, 5.2, 6.3, 81, 97, 103), mixed, [[0, 0, 0], [0.5, 0.5, 0.52], [0.3, 0.8, 0.11]])
    yield "spin", Structure(Lattice.hexagonal(3.2, 5.1), ["Fe2+,spin=4", "O2-"], [[1 / 3, 2 / 3, 0.25], [0, 0, -0.4]])
    yield "slab", Structure(Lattice([[3, 0, 0], [0, 3, 0], [0, 0, 20]], pbc=(True, True, False)), ["Cu", "Cu"], [[0, 0, 0], [0.5, 0.5, 0.09]])
    yield "one two", Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.64), ["Na", "Cl"], [[0, 0, 0], [0.5, 0.5, 0.5]])
    yield "deuterium", Structure(Lattice.cubic(4), ["D", "Li"], [[0, 0, 0], [0.5, 0.5, 0.5]])
    yield "water", Molecule(["O", "H", "H"], [[0, 0, 0.1], [0.76, 0, -0.48], [-0.76, 0, -0.48]])


def write_written():
    structures = dict(written())
    with open(folder / "pymatgen.jsonl", "w") as file:
        for name, structure in structures.items():
            file.write(json.dumps({"material_id": name, "structure": structure.as_dict(), "energy": -1.5, "note": "é"}) + "\n")
    crystals = {name: s for name, s in structures.items() if name in ("spin", "slab", "one two", "deuterium")}
    entries = [
        ComputedStructureEntry(s, -3.25 * len(s), correction=0.5, entry_id=name, parameters={"run_type": "GGA"}, data={"volume": s.volume}).as_dict()
        for name, s in crystals.items()
    ]
    (folder / "entries.json").write_text(json.dumps(entries, indent=1) + "\n")
    with open(folder / "optimade.jsonl", "w") as file:
        file.write('{"x-optimade": {"meta": {"api_version": "1.2.0"}}}\n')
        file.write('{"type": "info", "id": "structures", "properties": {}}\n')
        for name, s in structures.items():
            if name in ("mixed", "water", "deuterium"):
                continue
            # Without charges, which OPTIMADE has no place for; the adapter writes ordered crystals only.
            plain = s.copy()
            plain.remove_oxidation_states()
            attributes = json.loads(json.dumps(OptimadeStructureAdapter.get_optimade_structure(plain)["attributes"], default=str))
            attributes["_exmpl_gap"] = 1.25
            file.write(json.dumps({"id": name, "type": "structures", "attributes": attributes}) + "\n")
    lines = ["\t".join(map(str, row(name, s))) for name, s in structures.items()]
    (folder / "written.tsv").write_text("\n".join(["\t".join(header), *lines]) + "\n")


def write(path, rows):
    text = "".join("\t".join(map(str, row)) + "\n" for row in [header, *rows])
    # No time, no name: the same bytes each time.
    with open(path, "wb") as raw, gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0, compresslevel=9) as packed:
        packed.write(text.encode())


if "--tiny" in sys.argv:
    print(row("water", dict(written())["water"]))
else:
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / "mp_elastic.tsv.gz", elastic_rows())
    write(folder / "maps.tsv.gz", map_rows())
    write_written()
