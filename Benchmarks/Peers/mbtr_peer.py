#!/usr/bin/env python3
"""Many-body tensors: DScribe against matsieve-bench, one thread, same crystals of eight elements.

    mbtr_peer.py [--binary .build/release/matsieve-bench] [--repeats 3] [--json FILE] [--tiny]
"""

import sys
import warnings

warnings.simplefilter("ignore")

from descriptor_ratio import compare, finish, options
import dscribe_ase  # noqa: F401
import mp_elastic
from dscribe.descriptors import MBTR

ELEMENTS = {"Si", "Al", "Sn", "Y", "Pt", "Ti", "Sb", "Co"}
# The defaults of matsieve.
GRIDS = {"inverse_distance": {"min": 0, "max": 1, "n": 101, "sigma": 0.02}, "angle": {"min": 0, "max": 180, "n": 91, "sigma": 4}}
REACH = 6


def tensor(geometry, species):
    return MBTR(
        geometry={"function": geometry},
        grid=dict(GRIDS[geometry]),
        weighting={"function": "exp", "r_cut": REACH, "threshold": 1e-3},
        normalization="n_atoms",
        species=sorted(species),
        periodic=True,
    )


def on_the_cutoff(atoms, tolerance=1e-6):
    """Atoms exactly on the cutoff count or not by their rounding errors."""
    from ase.neighborlist import neighbor_list

    distances = neighbor_list("d", atoms, REACH + 0.01)
    return bool((abs(distances - REACH) < tolerance).any())


def main():
    settings = options(__doc__.splitlines()[0])
    figures = {}
    found = [one for one in mp_elastic.crystals() if set(one.get_chemical_symbols()) <= ELEMENTS and 2 <= len(one) <= 20]
    found = [one for one in found if not on_the_cutoff(one)]
    for geometry in GRIDS:
        chosen = found[: 3 if settings.tiny else 60 if geometry == "inverse_distance" else 20]
        species = {symbol for one in chosen for symbol in one.get_chemical_symbols()}
        create = tensor(geometry, species).create
        tolerance = 1e-6 if geometry == "angle" else 1e-8
        compare(geometry, chosen, create, "mbtr", tolerance, settings, figures, geometry=geometry)
    finish(figures, settings)
    return 0


if __name__ == "__main__":
    sys.exit(main())
