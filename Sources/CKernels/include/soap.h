#pragma once
#include <stddef.h>

/// What the expansion of atoms in Gaussian-type orbitals and spherical harmonics needs, for all degrees 0 ... degree.
typedef struct {
    /// Largest degree l of the spherical harmonics.
    ptrdiff_t degree;
    /// Radial functions of a degree, filled up to a multiple of 4.
    ptrdiff_t width;
    /// (degree + 1) × width, filled up to a multiple of 8.
    ptrdiff_t columns;
    /// Exponent a of each column, at most 0; 0 where the column is filler.
    const double *exponent;
    /// exp(a · row · spacing), rows × columns; 0 where the column is filler. The last row is that of the largest squared distance.
    const double *table;
    /// A power of two, |a| · spacing at most 1/8; and its inverse.
    double spacing, inverse_spacing;
    /// Factors of the harmonics' recurrence, (degree + 1)² each, at l·(degree + 1) + m: z's and r²'s.
    const double *raise, *lower;
    /// Orthonormal functions from primitive ones: (degree + 1) × width × width, at [l][primitive][function]. Filler is 0.
    const double *contraction;
} matsieve_soap_basis;

/// Doubles of scratch that `matsieve_soap_expand` needs.
ptrdiff_t matsieve_soap_scratch(const matsieve_soap_basis *basis);

/// coefficients[lm · width + n] = Σ_k contraction[l][k][n] Σ_i weight_i exp(a_lk r_i²) R_lm(x_i, y_i, z_i), lm = l² + l + m.
///
/// R_lm are real solid harmonics. Positions and weights hold `count` values, filled up with zeros to a multiple of 8.
/// Sums run over i, then over k, ascending.
void matsieve_soap_expand(
    const matsieve_soap_basis *basis, const double *x, const double *y, const double *z, const double *weight, ptrdiff_t count,
    double *scratch, double *coefficients);

/// Adds factor[l] · Σ_m first[lm][n] second[lm][p] to features, in the order l, n, p; with `triangle` only where p ≥ n.
/// first and second hold (degree + 1)² × width coefficients, of which `radial` a row count. Scratch holds width² doubles.
void matsieve_soap_power(
    const double *first, const double *second, ptrdiff_t degree, ptrdiff_t width, ptrdiff_t radial, int triangle,
    const double *factor, double *scratch, double *features);
