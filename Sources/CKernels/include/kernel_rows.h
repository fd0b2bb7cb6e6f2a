#pragma once
#include "sgemm.h"
#include <stddef.h>

/// Covariance functions of the scaled distance s of two rows; s² = Σ (x - y)², for the Laplacian s = Σ |x - y|.
/// Slopes are -(dk/ds) / s, for the Laplacian -(dk/ds): what multiplies (x - y)² (or |x - y|) in the derivative by the logarithm of a
/// length scale.
enum {
    MATSIEVE_RBF = 0,          // exp(-s²/2)
    MATSIEVE_MATERN12 = 1,     // exp(-s)
    MATSIEVE_MATERN32 = 2,     // (1 + s) exp(-s)
    MATSIEVE_MATERN52 = 3,     // (1 + s + s²/3) exp(-s)
    MATSIEVE_LAPLACIAN = 4,    // exp(-s)
    MATSIEVE_MATERN12_SLOPE = 5,    // exp(-s) / s, 0 up to s = 1e-5
    MATSIEVE_MATERN32_SLOPE = 6,    // exp(-s)
    MATSIEVE_MATERN52_SLOPE = 7,    // (1 + s) exp(-s) / 3
};

/// Rows that are worked on at a time.
enum { MATSIEVE_KERNEL_BLOCK = 4 * MATSIEVE_TILE };

/// Packs at most 48 rows (each divided by the length scales) into tiles of 12, [tile][column][12], zeros behind the last row;
/// halfSquares gets half of each row's Σ x², summed over ascending columns.
void matsieve_kernel_pack_rows_float(const float *rows, ptrdiff_t count, ptrdiff_t columns, float *tiles, float *halfSquares);
void matsieve_kernel_pack_rows_double(const double *rows, ptrdiff_t count, ptrdiff_t columns, double *tiles, double *halfSquares);

/// values[r · stride + j] (+)= variance · k(row r, column j) for packed rows and packed columns j from a multiple of 32 on.
/// `panels` begins at that column, `halfSquares` of the columns as well; `count` is a multiple of 32, and so wide is what is written.
/// Sums over features ascend, without contraction; exp is a polynomial: the same bits on every CPU.
/// With RBF and Matérn 3/2 and 5/2, s² comes from the product: its error is that of Σ x² + Σ y² rounded.
void matsieve_kernel_values_float(
    int form, float variance, int adds, const float *tiles, const float *rowHalfSquares, ptrdiff_t rows, const float *panels,
    const float *halfSquares, ptrdiff_t count, ptrdiff_t columns, float *values, ptrdiff_t stride);
void matsieve_kernel_values_double(
    int form, double variance, int adds, const double *tiles, const double *rowHalfSquares, ptrdiff_t rows, const double *panels,
    const double *halfSquares, ptrdiff_t count, ptrdiff_t columns, double *values, ptrdiff_t stride);

/// lanes[32 · r + j mod 32] += weights[j] · values[r][j] in double; `count` is a multiple of 32.
void matsieve_weighted_lanes_float(
    const float *values, ptrdiff_t stride, ptrdiff_t rows, ptrdiff_t count, const double *weights, double *lanes);
void matsieve_weighted_lanes_double(
    const double *values, ptrdiff_t stride, ptrdiff_t rows, ptrdiff_t count, const double *weights, double *lanes);

/// The sum of 32 lanes, halves first: lane i + lane i + 16, …
double matsieve_fold_lanes(const double *lanes);

/// sums[r] = Σ_i (Σ_j factor[i][j] values[r][j])² of at most 48 rows.
/// The factor is packed: panel p holds 32 of its rows as columns, `depth` deep, or where it is lower triangular min(depth, 32 (p + 1)).
/// `tiles` holds 48 × depth, `lanes` 48 × 32 values of scratch. Inner sums ascend; squares are added in double in 32 lanes.
void matsieve_row_squares_float(
    const float *values, ptrdiff_t stride, ptrdiff_t rows, const float *factor, ptrdiff_t outputs, ptrdiff_t depth, int triangular,
    float *tiles, double *lanes, double *sums);
void matsieve_row_squares_double(
    const double *values, ptrdiff_t stride, ptrdiff_t rows, const double *factor, ptrdiff_t outputs, ptrdiff_t depth, int triangular,
    double *tiles, double *lanes, double *sums);

/// sums[c] += weights[j] · |x[c] - rows[j][c]| for j ascending: what the slope of a Laplacian by its length scales is summed from.
void matsieve_add_weighted_magnitudes(
    const double *x, const double *rows, const double *weights, ptrdiff_t count, ptrdiff_t columns, double *sums);
