#include "kernel_rows.h"
#include "dispatch.h"
#include "tiles.h"
#include <stdint.h>
#include <string.h>
#pragma STDC FP_CONTRACT OFF
// Functions with wide arguments are always inlined.
#pragma clang diagnostic ignored "-Wpsabi"

double matsieve_fold_lanes(const double *lanes) {
    double s[16];
    for (int i = 0; i < 16; i++) s[i] = lanes[i] + lanes[i + 16];
    for (int width = 8; width > 0; width /= 2)
        for (int i = 0; i < width; i++) s[i] += s[i + width];
    return s[0];
}

MATSIEVE_CLONES
void matsieve_add_weighted_magnitudes(
    const double *restrict x, const double *restrict rows, const double *restrict weights, ptrdiff_t count, ptrdiff_t columns,
    double *restrict sums) {
    ptrdiff_t j = 0;
    // Four rows at a time, so that the sums are loaded and stored less often.
    for (; j + 4 <= count; j += 4) {
        const double *y = rows + j * columns, *w = weights + j;
        for (ptrdiff_t c = 0; c < columns; c++) {
            double s = sums[c] + w[0] * __builtin_fabs(x[c] - y[c]);
            s += w[1] * __builtin_fabs(x[c] - y[columns + c]);
            s += w[2] * __builtin_fabs(x[c] - y[2 * columns + c]);
            sums[c] = s + w[3] * __builtin_fabs(x[c] - y[3 * columns + c]);
        }
    }
    for (; j < count; j++)
        for (ptrdiff_t c = 0; c < columns; c++) sums[c] += weights[j] * __builtin_fabs(x[c] - rows[j * columns + c]);
}

// exp(x) for x ≤ 0: x = n log 2 + r, Taylor series of r to the last bit but one, then n into the exponent.
#define REAL float
#define WORD int32_t
#define LANES 16
#define NAMED(x) x##_float
#define CHOOSE matsieve_choose_float_tile
#define TILE_KERNEL matsieve_float_tile
#define LEAST -87.0f
#define MAGIC 12582912.0f
#define LOG2E 1.44269504f
#define LOG2_HIGH 0.693145752f
#define LOG2_LOW 1.42860677e-6f
#define MANTISSA 23
#define BIAS 127
#define TERMS 7
#include "kernel_rows_template.h"
#undef REAL
#undef WORD
#undef LANES
#undef NAMED
#undef CHOOSE
#undef TILE_KERNEL
#undef LEAST
#undef MAGIC
#undef LOG2E
#undef LOG2_HIGH
#undef LOG2_LOW
#undef MANTISSA
#undef BIAS
#undef TERMS

#define REAL double
#define WORD int64_t
#define LANES 8
#define NAMED(x) x##_double
#define CHOOSE matsieve_choose_double_tile
#define TILE_KERNEL matsieve_double_tile
#define LEAST -700.0
#define MAGIC 6755399441055744.0
#define LOG2E 1.4426950408889634
#define LOG2_HIGH 0.69314718036912381649
#define LOG2_LOW 1.9082149292705877e-10
#define MANTISSA 52
#define BIAS 1023
#define TERMS 13
#include "kernel_rows_template.h"
