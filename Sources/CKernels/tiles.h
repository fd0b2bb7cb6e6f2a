#pragma once
#include "include/sgemm.h"
#include <stddef.h>

// What a tile adds for a pair of values x, y: x·y, (x - y)², |x - y|.
enum { MATSIEVE_PRODUCT = 0, MATSIEVE_SQUARE = 1, MATSIEVE_MAGNITUDE = 2 };

// sums (12 rows × 32 columns) += Σ_k step(a[k][row], b[k][column]), k ascending: the same bits at every vector width.
typedef void matsieve_float_tile(const float *restrict a, const float *restrict b, float *restrict sums, ptrdiff_t count);
typedef void matsieve_double_tile(const double *restrict a, const double *restrict b, double *restrict sums, ptrdiff_t count);

// The kernel of this CPU.
matsieve_float_tile *matsieve_choose_float_tile(int mode);
matsieve_double_tile *matsieve_choose_double_tile(int mode);
