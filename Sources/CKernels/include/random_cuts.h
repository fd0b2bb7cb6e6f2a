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
