#pragma once
#include <stddef.h>
#include <stdint.h>

/// Columns of a table that the kernels below read come in blocks of so many.
enum { MATSIEVE_CUT_BLOCK = 32 };

/// Smallest and largest value of each column over the listed rows (one at least); `values` is rows × width, width a multiple of the block.
void matsieve_column_ranges(
    const float *values, ptrdiff_t width, const int32_t *rows, ptrdiff_t count, float *low, float *high);

/// For each column the sums of the terms of the rows whose value is at most the column's cut, in the order of the list.
/// `terms` holds two numbers a listed row: target × weight, and weight.
void matsieve_cut_sums(
    const float *values, ptrdiff_t width, const int32_t *rows, ptrdiff_t count, const double *terms, const float *cuts, double *sums,
    double *weights);

/// The listed column whose cut gains most: the first whose gain, S² / (w · (weight - w)) with S and w the sums of its left side, is
/// larger than numerator / denominator and all before it, neither side lighter than `least`; -1 for none. Columns whose `low` is not
/// below `high` have no cut. Numerator and denominator become those of the cut. `gains` holds 2 × width numbers.
int32_t matsieve_best_random_cut(
    const int32_t *columns, ptrdiff_t count, ptrdiff_t width, const double *sums, const double *weights, const float *low,
    const float *high, double weight, double least, double *gains, double *numerator, double *denominator);
