#!/usr/bin/env python3
"""Atom-centred symmetry functions: DScribe against matsieve-bench, one thread, same crystals, the functions that are MatSieve's defaults.

    acsf_peer.py [--binary .build/release/matsieve-bench] [--repeats 3] [--json FILE] [--tiny]
"""

import sys
import warnings

warnings.simplefilter("ignore")

from descriptor_ratio import compare, finish, options
import mp_elastic
from soap_peer import ELEMENTS, rock_salt
from dscribe.descriptors import ACSF


def mean(functions):
    """The mean over the atoms, which DScribe leaves to its user."""
    return lambda structures: [functions.create(one).mean(axis=0) for one in structures]


def functions(structures):
    species = {symbol for one in structures for symbol in one.get_chemical_symbols()}
    return ACSF(
        r_cut=6.0,
        g2_params=[[2, shift] for shift in range(1, 6)],
        g4_params=[[0.01, zeta, sign] for zeta in (1, 4) for sign in (-1, 1)],
        species=sorted(species),
        periodic=True,
    )


def main():
    settings = options(__doc__.splitlines()[0])
    figures = {}
    real = [one for one in mp_elastic.crystals() if set(one.get_chemical_symbols()) <= ELEMENTS and 2 <= len(one) <= 20]
    for name, chosen in (("rock salt", rock_salt(2 if settings.tiny else 20)), ("Si-Al-Ti", real[:3] if settings.tiny else real)):
        compare(name, chosen, mean(functions(chosen)), "acsf", 1e-12, settings, figures)
    finish(figures, settings)
    return 0


if __name__ == "__main__":
    sys.exit(main())
