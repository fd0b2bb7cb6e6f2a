#pragma once
#include <stddef.h>

/// Frequencies that are worked on at a time.
enum { MATSIEVE_FOURIER_BLOCK = 16 };

/// Random Fourier features of rows: for block b of 16 frequencies, values[r · 32 blocks + 32 b + i] = cos(2πp) and, 16 further on, sin(2πp),
/// p = Σ_c rows[r][c] · frequencies[b][c][i] in turns, summed over ascending columns without contraction.
/// sin and cos are polynomials, good to 2e-7: the same bits on every CPU.
void matsieve_fourier_features(
    const float *rows, ptrdiff_t count, ptrdiff_t columns, const float *frequencies, ptrdiff_t blocks, float *values);

/// sums[r · outputs + o] = Σ_j weights[o][j] · feature j of row r, without keeping the features.
/// Sums run in 16 lanes of float over ascending blocks, then over halves of the lanes in double; at most 8 outputs.
void matsieve_fourier_sums(
    const float *rows, ptrdiff_t count, ptrdiff_t columns, const float *frequencies, ptrdiff_t blocks, const float *weights,
    ptrdiff_t outputs, double *sums);
