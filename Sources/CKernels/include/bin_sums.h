#pragma once
#include <stddef.h>
#include <stdint.h>

/// Columns that are summed side by side.
enum { MATSIEVE_BIN_COLUMNS = 8 };

/// Adds the two terms of each listed row to its bin of each column: sums[2·(first_bin[c] + code)] and the next, in the order of
/// the list. The code of a row in column c is codes[row · row_step + c · column_step].
/// Columns side by side, so that an addition to a bin does not wait for the one before.
void matsieve_bin_sums(
    const uint16_t *codes, ptrdiff_t row_step, ptrdiff_t column_step, const int32_t *columns, ptrdiff_t column_count,
    const int32_t *first_bin, const int32_t *rows, ptrdiff_t count, const double *terms, double *sums);

/// For each of some columns: lists the bins that some code names in ascending order, sums the two terms of their rows in the order
/// of the rows, and counts these bins. A column has `count` codes below its number of bins, one after the other, and `room` bins and
/// sums. There are 4,096 bins a column at most.
/// A bin's place is the number of occupied ones before it: no branch that depends on the codes.
void matsieve_occupied_bins(
    const uint16_t *codes, const int32_t *columns, ptrdiff_t column_count, const int32_t *bin_counts, ptrdiff_t count,
    const double *terms, ptrdiff_t room, int32_t *bins, double *sums, ptrdiff_t *occupied);

/// The best of the cuts behind some bins: the first whose gain, S² / (w · (weight - w)) with S and w the two sums of the left side, is
/// larger than numerator / denominator and all before it, neither side lighter than `least`; -1 for none. The left side starts with
/// the two given sums; numerator and denominator become those of the cut.
ptrdiff_t matsieve_best_cut(
    const double *sums, ptrdiff_t count, double start, double start_weight, double weight, double least, double *numerator,
    double *denominator);
