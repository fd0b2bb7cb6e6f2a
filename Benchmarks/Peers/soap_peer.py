#!/usr/bin/env python3
"""SOAP: DScribe (same values) and featomic (same size of problem) against matsieve-bench, one thread, same crystals.

    soap_peer.py [--binary .build/release/matsieve-bench] [--repeats 3] [--json FILE] [--tiny]

Rock salt of 64 atoms, a little distorted; and real crystals of three elements. 8 radial functions, degree 6, 5 Å.
"""

import os
import sys
import warnings

warnings.simplefilter("ignore")
os.environ.setdefault("RAYON_NUM_THREADS", "1")

from descriptor_ratio import compare, finish, options
from harness import median_rate, timed
import mp_elastic
from ase.build import bulk
from dscribe.descriptors import SOAP

ELEMENTS = {"Si", "Al", "Ti"}
# DScribe's orthonormalisation of 8 functions is good to some 1e-9.
TOLERANCE = 1e-8


def rock_salt(count):
    found = []
    for seed in range(count):
        atoms = bulk("NaCl", "rocksalt", a=5.64, cubic=True).repeat(2)
        atoms.rattle(0.05, seed=seed)
        found.append(atoms)
    return found


def spectra(structures):
    species = {symbol for one in structures for symbol in one.get_chemical_symbols()}
    return SOAP(r_cut=5.0, n_max=8, l_max=6, sigma=1.0, average="outer", species=sorted(species), periodic=True)


def featomic_rate(structures, repeats):
    """Structures a second; None where it is not installed. Its density, cutoff and basis differ, the size of the problem does not."""
    try:
        from featomic import SoapPowerSpectrum
    except ImportError:
        return None
    calculator = SoapPowerSpectrum(
        cutoff={"radius": 5.0, "smoothing": {"type": "ShiftedCosine", "width": 0.5}},
        density={"type": "Gaussian", "width": 1.0},
        basis={"type": "TensorProduct", "max_angular": 6, "radial": {"type": "Gto", "max_radial": 7}},
    )
    calculator.compute(structures[:1])
    return median_rate(len(structures), [timed(lambda: calculator.compute(structures))[0] for _ in range(repeats)])


def main():
    settings = options(__doc__.splitlines()[0])
    figures = {}
    real = [one for one in mp_elastic.crystals() if set(one.get_chemical_symbols()) <= ELEMENTS and 2 <= len(one) <= 20]
    for name, chosen in (("rock salt", rock_salt(2 if settings.tiny else 20)), ("Si-Al-Ti", real[:3] if settings.tiny else real)):
        compare(name, chosen, spectra(chosen).create, "soap", TOLERANCE, settings, figures)
        rate = featomic_rate(chosen, settings.repeats)
        if rate is not None:
            figures[f"{name}: featomic crystals/s"] = rate
            if f"{name}: matsieve crystals/s" in figures:
                figures[f"{name}: ratio to featomic"] = figures[f"{name}: matsieve crystals/s"] / rate
    finish(figures, settings)
    return 0


if __name__ == "__main__":
    sys.exit(main())
