#include "gemm.h"
#include "dispatch.h"
#pragma STDC FP_CONTRACT OFF

// Eight lanes whatever the machine; a lane is an element of c, so the width never changes a sum.
typedef double lanes __attribute__((vector_size(64), aligned(8)));
enum { LANES = 8, TILE_ROWS = 6 };

MATSIEVE_CLONES
static void tile(const double *restrict a, const double *restrict b, double *restrict c, ptrdiff_t inner, ptrdiff_t columns) {
    lanes s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0}, s4 = {0}, s5 = {0};
    for (ptrdiff_t k = 0; k < inner; k++) {
        const lanes v = *(const lanes *)(b + k * columns);
        s0 += v * a[k];
        s1 += v * a[inner + k];
        s2 += v * a[2 * inner + k];
        s3 += v * a[3 * inner + k];
        s4 += v * a[4 * inner + k];
        s5 += v * a[5 * inner + k];
    }
    *(lanes *)c = s0;
    *(lanes *)(c + columns) = s1;
    *(lanes *)(c + 2 * columns) = s2;
    *(lanes *)(c + 3 * columns) = s3;
    *(lanes *)(c + 4 * columns) = s4;
    *(lanes *)(c + 5 * columns) = s5;
}

MATSIEVE_CLONES
static void rowStrip(const double *restrict a, const double *restrict b, double *restrict c, ptrdiff_t inner, ptrdiff_t columns) {
    lanes s = {0};
    for (ptrdiff_t k = 0; k < inner; k++) s += *(const lanes *)(b + k * columns) * a[k];
    *(lanes *)c = s;
}

// One column for eight rows: independent chains hide the latency of the additions.
static void columnStrip(const double *restrict a, const double *restrict b, double *restrict c, ptrdiff_t inner, ptrdiff_t columns) {
    double s[LANES] = {0};
    for (ptrdiff_t k = 0; k < inner; k++) {
        const double v = b[k * columns];
        for (int r = 0; r < LANES; r++) s[r] += a[r * inner + k] * v;
    }
    for (int r = 0; r < LANES; r++) c[r * columns] = s[r];
}

static double element(const double *a, const double *b, ptrdiff_t inner, ptrdiff_t columns) {
    double s = 0;
    for (ptrdiff_t k = 0; k < inner; k++) s += a[k] * b[k * columns];
    return s;
}

void matsieve_gemm(const double *a, const double *b, double *c, ptrdiff_t rows, ptrdiff_t inner, ptrdiff_t columns) {
    const ptrdiff_t wide = columns - columns % LANES;
    ptrdiff_t i = 0;
    for (; i + TILE_ROWS <= rows; i += TILE_ROWS)
        for (ptrdiff_t j = 0; j < wide; j += LANES) tile(a + i * inner, b + j, c + i * columns + j, inner, columns);
    for (; i < rows; i++)
        for (ptrdiff_t j = 0; j < wide; j += LANES) rowStrip(a + i * inner, b + j, c + i * columns + j, inner, columns);
    for (ptrdiff_t j = wide; j < columns; j++) {
        for (i = 0; i + LANES <= rows; i += LANES) columnStrip(a + i * inner, b + j, c + i * columns + j, inner, columns);
        for (; i < rows; i++) c[i * columns + j] = element(a + i * inner, b + j, inner, columns);
    }
}
