#!/usr/bin/env python3
"""Write DScribe's Coulomb, sine and Ewald matrices and pymatgen's Ewald energies to Datasets/references/dscribe_matrices/.

    dscribe_matrices.py [--output DIR] [--tiny]

Made with dscribe 2.1.2, pymatgen 2026.10.24, ase 3.29.0, numpy 2.4.6 and scipy 1.17.1.
"""

from dscribe_systems import write
from dscribe.descriptors import CoulombMatrix, EwaldSumMatrix, SineMatrix
from pymatgen.core import Structure
from pymatgen.core.ewald import EwaldSummation

ROOM = 12


def matrix(structure, kind, permutation, **extra):
    name = {CoulombMatrix: "coulomb-matrix", SineMatrix: "sine-matrix", EwaldSumMatrix: "ewald-matrix"}[kind]

    def compute(atoms):
        if kind is CoulombMatrix:
            atoms.set_pbc(False)
        return kind(n_atoms_max=ROOM, permutation=permutation).create(atoms, **extra)

    settings = {"n_atoms_max": ROOM, "permutation": permutation, **extra}
    return {"descriptor": name, "structure": structure, "settings": settings, "compute": compute}


def energy(structure, charges):
    def compute(atoms):
        symbols = atoms.get_chemical_symbols()
        sites = Structure(atoms.cell[:], symbols, atoms.get_scaled_positions(wrap=False))
        sites.add_oxidation_state_by_element(charges)
        return [EwaldSummation(sites, acc_factor=15).total_energy]

    return {"descriptor": "ewald-energy", "structure": structure, "settings": {"charges": charges, "per_atom": False}, "compute": compute}


def cases():
    for structure in ("NaCl", "lonsdaleite", "perovskite", "methanol", "slab"):
        for permutation in ("eigenspectrum", "none", "sorted_l2"):
            # Rows of equal norm stand in the order of their rounding errors.
            if permutation == "sorted_l2" and structure == "NaCl":
                continue
            yield matrix(structure, CoulombMatrix, permutation)
            if structure in ("methanol", "slab"):
                continue
            yield matrix(structure, SineMatrix, permutation)
            yield matrix(structure, EwaldSumMatrix, permutation)
    for extra in ({"accuracy": 1e-9}, {"w": 0.3}, {"r_cut": 5.1, "g_cut": 3.3}, {"r_cut": 6.0, "g_cut": 6.1, "a": 0.7}, {"a": 0.9}):
        yield matrix("perovskite", EwaldSumMatrix, "none", **extra)
    yield energy("NaCl", {"Na": 1, "Cl": -1})
    yield energy("NaCl", {"Na": 1.5, "Cl": -0.25})
    yield energy("perovskite", {"Sr": 2, "Ti": 4, "O": -2})
    yield energy("lonsdaleite", {"C": 0.5})


if __name__ == "__main__":
    write("dscribe_matrices", __doc__.splitlines()[0], cases, wrapped=False)
