#pragma once
#include <stddef.h>
#include <stdint.h>

/// Minimum, maximum, range, mean, mean absolute deviation and mode of 22 element properties over compositions.
///
/// table holds 24 values an atomic number (the last two unused), none of those used missing. The elements of row r are
/// offsets[r] ..< offsets[r + 1], at least one. Row r goes to out + r * stride: 132 values, property by property.
/// Elements within 1e-8 + 1e-5 of the largest amount count as most abundant; the mode is the smallest of their values.
/// Sums run in the order of the elements.
void matsieve_element_statistics(
    const double *table, const ptrdiff_t *offsets, const uint8_t *atomic_numbers, const double *amounts, ptrdiff_t first_row,
    ptrdiff_t rows, double *out, ptrdiff_t stride);
