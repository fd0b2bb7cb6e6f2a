#pragma once
#include <stddef.h>

/// c = a·b, all row-major: a is rows × inner, b is inner × columns.
/// Every element is the sum over the inner index in ascending order, starting from 0, without contraction:
/// it has the bits of the naive loop whatever the CPU and however the rows are split.
void matsieve_gemm(const double *a, const double *b, double *c, ptrdiff_t rows, ptrdiff_t inner, ptrdiff_t columns);
