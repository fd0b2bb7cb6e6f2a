#!/usr/bin/env python3
"""Writes Sources/MaterialsCore/Numerics/ErrorFunctionCoefficients.swift. Needs mpmath 1.3.

erf(x) / x on |x| ≤ 0.51 as a polynomial in x², and exp(x²) erfc(x) on ½ ≤ x < 32 piece by piece: eight equal pieces between
powers of two, a polynomial in the distance to the middle of each. All interpolated at Chebyshev points in 50 digits; errors are below
2·10⁻¹⁷ relative.
"""

import pathlib

from mpmath import chebyfit, erf, erfc, exp, mp, mpf, pi, sqrt

mp.dps = 50
TERMS = 12
PIECES = [(mpf(2) ** e, part) for e in range(-1, 5) for part in range(8)]
TARGET = pathlib.Path(__file__).resolve().parents[2] / "Sources/MaterialsCore/Numerics/ErrorFunctionCoefficients.swift"


def central(y):
    return erf(sqrt(y)) / sqrt(y)


def scaled_complement(x):
    return exp(x * x) * erfc(x)


def ascending(function, low, high):
    coefficients, error = chebyfit(function, [low, high], TERMS, error=True)
    assert error < mpf("2e-17") * abs(function(high)), error
    return ", ".join(float(c).hex().replace("0000000000000p", "p") for c in reversed(coefficients))


def main():
    rows = []
    for start, part in PIECES:
        middle = start * (1 + (mpf(part) + mpf(1) / 2) / 8)
        rows.append(ascending(lambda u, m=middle: scaled_complement(m + u), -start / 16, start / 16))
    lines = [
        "// Written by scripts/generate-tables/error_function.py.",
        "",
        "/// Polynomials of the error function, coefficients ascending.",
        "enum ErrorFunctionCoefficients {",
        "    /// Coefficients of a polynomial.",
        f"    static let terms = {TERMS}",
        "    /// erf(x) / x in x², |x| ≤ 0.51.",
        "    static let central: [Double] = [",
        f"        {ascending(central, mpf(10) ** -30, mpf('0.2601'))},",
        "    ]",
        "    /// exp(x²) erfc(x) in x less the middle of its piece, eight pieces between powers of two from ½ to 32, one row each.",
        "    static let scaledComplement: [Double] = [",
        *[f"        {row}," for row in rows],
        "    ]",
        "}",
    ]
    TARGET.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
