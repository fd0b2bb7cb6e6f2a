#pragma once
#include <stddef.h>

/// Columns of a panel of a packed right-hand side, and rows of a tile of a packed left-hand side.
enum { MATSIEVE_PANEL = 32, MATSIEVE_TILE = 12 };

/// Values of `columns` packed columns of length `inner`: whole panels.
static inline ptrdiff_t matsieve_packed_count(ptrdiff_t inner, ptrdiff_t columns) {
    return (columns + MATSIEVE_PANEL - 1) / MATSIEVE_PANEL * MATSIEVE_PANEL * inner;
}

/// Packs b into panels of 32 columns, each inner × 32, with zeros behind the last column.
/// Element (k, j) of b stands at b[k * rowStride + j * columnStride].
void matsieve_sgemm_pack(
    const float *b, ptrdiff_t rowStride, ptrdiff_t columnStride, float *packed, ptrdiff_t inner, ptrdiff_t columns);
void matsieve_dgemm_pack(
    const double *b, ptrdiff_t rowStride, ptrdiff_t columnStride, double *packed, ptrdiff_t inner, ptrdiff_t columns);

/// c = a·b for a packed b; a is rows × inner, c is rows × columns, row-major with the given distances between rows.
/// Every element is the sum over the inner index in ascending order, starting from 0, without contraction:
/// it has the bits of the naive loop whatever the CPU and however the rows are split.
void matsieve_sgemm(
    const float *a, ptrdiff_t aStride, const float *packed, float *c, ptrdiff_t cStride, ptrdiff_t rows, ptrdiff_t inner,
    ptrdiff_t columns);
void matsieve_dgemm(
    const double *a, ptrdiff_t aStride, const double *packed, double *c, ptrdiff_t cStride, ptrdiff_t rows, ptrdiff_t inner,
    ptrdiff_t columns);
