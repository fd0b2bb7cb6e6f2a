#!/usr/bin/env python3
"""Smeared X-ray powder patterns: pymatgen and SciPy (as matminer joins them) against matsieve-bench, one thread, same crystals.

    xray_powder_peer.py [--binary .build/release/matsieve-bench] [--repeats 3] [--json FILE] [--tiny]
"""

import sys
import warnings

warnings.simplefilter("ignore")

from descriptor_ratio import compare, finish, options
import mp_elastic
import numpy as np
from pymatgen.analysis.diffraction.xrd import XRDCalculator
from pymatgen.core import Structure
from scipy.stats import gaussian_kde

CALCULATOR = XRDCalculator()
ANGLES = np.linspace(0, 127, 128)


def pattern(atoms):
    crystal = Structure(atoms.cell.array, atoms.numbers, atoms.get_scaled_positions(wrap=False))
    return CALCULATOR.get_pattern(crystal, two_theta_range=(0, 127))


def smeared(structures):
    """matminer's XRDPowderPattern; whole numbers that rounding leaves just below themselves count as such."""
    rows = []
    for atoms in structures:
        peaks = pattern(atoms)
        positions = np.repeat(peaks.x, (peaks.y + 1e-9).astype(int))
        rows.append(gaussian_kde(positions, bw_method=0.05)(ANGLES))
    return np.array(rows)


def main():
    settings = options(__doc__.splitlines()[0])
    figures = {}
    rows = 5 if settings.tiny else 200
    compare("2–20 atoms", mp_elastic.sample(rows, range(2, 21)), smeared, "xray-powder", 1e-8, settings, figures)
    rows = 1 if settings.tiny else 10
    compare("64–100 atoms", mp_elastic.large(rows, range(64, 101)), smeared, "xray-powder", 1e-8, settings, figures)
    finish(figures, settings)
    return 0


if __name__ == "__main__":
    sys.exit(main())
