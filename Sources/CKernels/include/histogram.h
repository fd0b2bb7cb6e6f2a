#pragma once
#include <stddef.h>
#include <stdint.h>

/// Adds each row's word to the bin of each of its 16 codes: histogram[256·j + code j of the row] += word.
///
/// codes holds 16 bytes a row; rows are the chosen ones, words stand beside them. With width 8 only the first 8 codes are used.
/// In C for the prefetch: a scattered leaf waits for memory otherwise.
void matsieve_add_to_histogram(
    int64_t *histogram, const uint8_t *codes, ptrdiff_t width, const int32_t *rows, const int64_t *words, ptrdiff_t count);
