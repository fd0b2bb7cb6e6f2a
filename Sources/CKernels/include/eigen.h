#pragma once
#include <stddef.h>

/// Brings a symmetric matrix (n × n, row-major, both triangles filled) to tridiagonal form by Householder reflections.
///
/// Its diagonal goes to diagonal[0 ..< n], its off-diagonal to off[1 ..< n] (off[0] = 0). The matrix is overwritten: row i keeps the
/// vector of its reflection in columns 0 ..< i, and scale[i] half its square (0: no reflection).
/// `work` holds n values. The order of every sum is fixed, without contraction.
void matsieve_tridiagonalize(double *matrix, ptrdiff_t n, double *diagonal, double *off, double *scale, double *work);

/// Rows of `vectors` (n × n) from unit vectors to the columns of the product of the reflections that tridiagonalised.
void matsieve_apply_reflections(const double *matrix, ptrdiff_t n, const double *scale, double *vectors);

/// Eigenvalues of a symmetric tridiagonal matrix by the QL algorithm with implicit shifts, unsorted in `diagonal`; `off` is destroyed.
/// The largest element of the matrix should be about 1: what is below 2⁻²⁰⁰ counts as 0.
/// Rows of `vectors` (n × n; NULL for none) are rotated along and become the eigenvectors.
/// Returns 0, or 1 where 60 steps do not find an eigenvalue.
int matsieve_tridiagonal_eigenvalues(double *diagonal, double *off, ptrdiff_t n, double *vectors);
