"""Which crystals pymatgen's StructureMatcher calls equal, for Datasets/references/structure_matches.

Needs pymatgen 2026.10.24 and numpy 2.4.6. Usage: structure_matches.py (from the root of the clone)

structures.txt  one a line: id, atoms, nine numbers of the lattice (Å), then atomic number and fractional position of each atom:
                70 of the carbon allotropes as they are; 40 of the perovskites, each with three copies (another cell of the same
                lattice turned and shifted; volume changed by 9 % with noise of 0.02 Å; a 2x1x1 supercell) and one with two elements swapped
equal.csv       the pairs of one composition that StructureMatcher() calls equal
"""
import itertools, json, random, warnings, zipfile
from collections import defaultdict
from pathlib import Path
import numpy as np
from pymatgen.analysis.structure_matcher import StructureMatcher
from pymatgen.core import Lattice, Structure
from pymatgen.core.operations import SymmOp
from pymatgen.io.vasp import Poscar

warnings.filterwarnings("ignore")
root = Path(__file__).resolve().parents[2]


def structures(name):
    archive = zipfile.ZipFile(root / "Datasets/structures" / name)
    found = {}

    def walk(node):
        for key, value in node.items():
            if isinstance(value, dict):
                walk(value)
            elif isinstance(value, str):
                found[key] = value.replace("\\n", "\n")

    walk(json.loads(archive.read(archive.namelist()[0])))
    return found


def sample(name, count, seed):
    texts = structures(name)
    chosen = random.Random(seed).sample(sorted(texts), count)
    return [(key, Poscar.from_str(texts[key]).structure) for key in chosen]


def variants(key, s, rng):
    cell = s.copy()
    cell.make_supercell([[1, 1, 0], [0, 1, 0], [0, -1, 1]], to_unit_cell=False)
    cell.apply_operation(SymmOp.from_axis_angle_and_translation([1, 2, 3], 40 + 100 * rng.random()))
    cell.translate_sites(range(len(cell)), rng.random(3))
    yield f"{key}-turned", cell
    noisy = s.copy()
    noisy.scale_lattice(s.volume * 1.09)
    noisy = Structure(noisy.lattice, noisy.species, noisy.cart_coords + rng.uniform(-0.02, 0.02, (len(noisy), 3)), coords_are_cartesian=True)
    yield f"{key}-noisy", noisy
    double = s.copy()
    double.make_supercell([2, 1, 1])
    yield f"{key}-double", double
    symbols = [site.specie.symbol for site in s]
    a, b = [e for e in dict.fromkeys(symbols) if symbols.count(e) == 1][:2]
    yield f"{key}-swapped", Structure(s.lattice, [b if e == a else a if e == b else e for e in symbols], s.frac_coords)


entries = sample("carbon24_energy_per_atom.json.zip", 70, 3)
rng = np.random.default_rng(5)
perovskites = [(k, s) for k, s in sample("perov5_heat_ref.json.zip", 80, 7) if sum([x.specie for x in s].count(e) == 1 for e in set(s.species)) >= 2][:40]
for key, s in perovskites:
    entries += [(key, s), *variants(key, s, rng)]

out = root / "Datasets/references/structure_matches"
out.mkdir(parents=True, exist_ok=True)
lines = []
for key, s in entries:
    numbers = [f"{x:.10g}" for x in s.lattice.matrix.flatten()]
    for site in s:
        numbers += [str(site.specie.Z)] + [f"{x:.10g}" for x in site.frac_coords]
    lines.append(" ".join([key, str(len(s)), *numbers]))
(out / "structures.txt").write_text("\n".join(lines) + "\n")

groups = defaultdict(list)
for i, (_, s) in enumerate(entries):
    groups[s.composition.reduced_formula].append(i)
matcher = StructureMatcher()
rows = ["first,second"]
for members in groups.values():
    for i, j in itertools.combinations(members, 2):
        if matcher.fit(entries[i][1], entries[j][1]):
            rows.append(f"{entries[i][0]},{entries[j][0]}")
(out / "equal.csv").write_text("\n".join(rows) + "\n")
print(len(entries), "structures,", len(rows) - 1, "equal pairs")
