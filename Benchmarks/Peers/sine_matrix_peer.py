#!/usr/bin/env python3
"""Sine-matrix eigenvalues: DScribe against matsieve-bench, one thread, same crystals.

    sine_matrix_peer.py [--binary .build/release/matsieve-bench] [--repeats 3] [--json FILE] [--tiny]
"""

import sys
import warnings

warnings.simplefilter("ignore")

from descriptor_ratio import compare, finish, options
import dscribe_ase  # noqa: F401
import mp_elastic
from dscribe.descriptors import SineMatrix


def main():
    settings = options(__doc__.splitlines()[0])
    sine = SineMatrix(n_atoms_max=200, permutation="eigenspectrum")
    figures = {}
    rows = 5 if settings.tiny else 400
    compare("2–20 atoms", mp_elastic.sample(rows, range(2, 21)), sine.create, "sine-matrix", 1e-10, settings, figures)
    rows = 2 if settings.tiny else 60
    compare("64–100 atoms", mp_elastic.large(rows, range(64, 101)), sine.create, "sine-matrix", 1e-10, settings, figures)
    finish(figures, settings)
    return 0


if __name__ == "__main__":
    sys.exit(main())
