#!/usr/bin/env python3
"""Write DScribe's many-body tensor representations, whole and local, to Datasets/references/dscribe_mbtr/.

    dscribe_mbtr.py [--output DIR] [--tiny]

Made with dscribe 2.1.2, ase 3.29.0, numpy 2.4.6 and scipy 1.17.1.
"""

from dscribe_systems import write
from dscribe.descriptors import LMBTR, MBTR

SPECIES = {
    "NaCl": ["Na", "Cl"],
    "lonsdaleite": ["C"],
    "perovskite": ["O", "Sr", "Ti"],
    "slab": ["O", "Cu"],
    "methanol": ["H", "C", "O"],
}
GRIDS = {
    "atomic_number": {"min": 0, "max": 40, "n": 30, "sigma": 1.3},
    "distance": {"min": 0.5, "max": 5, "n": 25, "sigma": 0.2},
    "inverse_distance": {"min": 0.1, "max": 1, "n": 25, "sigma": 0.04},
    "angle": {"min": 0, "max": 180, "n": 25, "sigma": 6},
    "cosine": {"min": -1, "max": 1, "n": 25, "sigma": 0.06},
}


def case(kind, structure, geometry, weighting, **settings):
    grid = settings.pop("grid", GRIDS[geometry])
    # Structures without periodic axes and all others alike; what is not periodic is left out by ASE's flags.
    settings = {"species": SPECIES[structure], "periodic": True, "normalization": "none", **settings}
    settings.update(geometry={"function": geometry}, grid=grid)
    if weighting:
        settings["weighting"] = weighting

    def compute(atoms):
        if not settings["periodic"]:
            atoms.set_pbc(False)
        return kind(**{**settings, "grid": dict(grid)}).create(atoms)

    name = "mbtr" if kind is MBTR else "local-mbtr"
    return {"descriptor": name, "structure": structure, "settings": settings, "compute": compute}


def cases():
    far = {"function": "exp", "r_cut": 5.3, "threshold": 1e-3}
    near = {"function": "exp", "r_cut": 4.9, "threshold": 1e-2}
    for structure in SPECIES:
        yield case(MBTR, structure, "atomic_number", None)
        for geometry in ("distance", "inverse_distance"):
            yield case(MBTR, structure, geometry, far)
        for geometry in ("angle", "cosine"):
            yield case(MBTR, structure, geometry, near)
        yield case(LMBTR, structure, "inverse_distance", {"function": "exp", "scale": 0.9, "threshold": 1e-2})
        yield case(LMBTR, structure, "cosine", {"function": "exp", "scale": 0.45, "threshold": 1e-2})
    fine = {"min": 0, "max": 6, "n": 60, "sigma": 0.031}
    narrow = {"min": 1, "max": 6, "n": 20, "sigma": 0.02}
    wide = {"min": 2, "max": 4, "n": 40, "sigma": 1.7}
    for grid in (fine, narrow, wide):
        yield case(MBTR, "perovskite", "distance", far, grid=grid)
    yield case(MBTR, "perovskite", "distance", {"function": "inverse_square", "r_cut": 4.7})
    yield case(MBTR, "perovskite", "distance", {"function": "exp", "scale": 1.1, "threshold": 1e-2})
    yield case(MBTR, "lonsdaleite", "angle", {"function": "smooth_cutoff", "r_cut": 2.9})
    yield case(MBTR, "perovskite", "cosine", {"function": "smooth_cutoff", "r_cut": 3.3, "sharpness": 3.5})
    yield case(MBTR, "perovskite", "angle", {"function": "exp", "scale": 0.7, "threshold": 1e-3})
    yield case(MBTR, "methanol", "distance", {"function": "unity"}, periodic=False)
    yield case(MBTR, "methanol", "angle", {"function": "unity"}, periodic=False)
    yield case(LMBTR, "methanol", "distance", {"function": "unity"}, periodic=False)
    yield case(LMBTR, "methanol", "angle", {"function": "unity"}, periodic=False)
    yield case(MBTR, "perovskite", "angle", near, periodic=False)
    for normalization in ("l2", "n_atoms", "valle_oganov"):
        yield case(MBTR, "perovskite", "distance", far, normalization=normalization)
        yield case(MBTR, "perovskite", "angle", near, normalization=normalization)
    yield case(MBTR, "slab", "distance", far, normalize_gaussians=False)
    yield case(MBTR, "slab", "angle", near, species=["H", "O", "Si", "Cu"])
    yield case(LMBTR, "slab", "angle", {"function": "exp", "scale": 0.45, "threshold": 1e-2}, species=["H", "O", "Si", "Cu"])
    yield case(LMBTR, "NaCl", "distance", {"function": "exp", "scale": 0.9, "threshold": 1e-2}, normalization="l2", normalize_gaussians=False)


if __name__ == "__main__":
    # DScribe looks for images as if all atoms were in the cell, and misses some where they are not.
    write("dscribe_mbtr", __doc__.splitlines()[0], cases, wrapped=True)
