#include "soap.h"
#include "dispatch.h"
#include <string.h>
#pragma STDC FP_CONTRACT OFF
// Vectors are passed between functions that are inlined always, so no calling convention is at stake.
#pragma clang diagnostic ignored "-Wpsabi"

// A lane is a radial function or a neighbour, never a part of a sum: the width of the machine changes no bit.
enum { LANES = 8, CHUNK = 32 };
typedef double lanes8 __attribute__((vector_size(64), aligned(8)));
typedef double lanes4 __attribute__((vector_size(32), aligned(8)));

#define ALWAYS static inline __attribute__((always_inline))

// c[row][lanes] += Σ_i a[row][i] b[i][lanes], i ascending.
#define STRIP(NAME, TYPE)                                                                                                        \
    ALWAYS void NAME(                                                                                                            \
        const int rows, const double *a, ptrdiff_t aRow, ptrdiff_t aInner, const double *b, ptrdiff_t bInner, ptrdiff_t inner,    \
        double *c, ptrdiff_t cRow) {                                                                                             \
        TYPE sum[6];                                                                                                             \
        _Pragma("clang loop unroll(full)") for (int r = 0; r < rows; r++) sum[r] = *(const TYPE *)(c + r * cRow);                \
        for (ptrdiff_t i = 0; i < inner; i++) {                                                                                  \
            const TYPE v = *(const TYPE *)(b + i * bInner);                                                                      \
            _Pragma("clang loop unroll(full)") for (int r = 0; r < rows; r++) sum[r] += v * a[r * aRow + i * aInner];            \
        }                                                                                                                        \
        _Pragma("clang loop unroll(full)") for (int r = 0; r < rows; r++) *(TYPE *)(c + r * cRow) = sum[r];                      \
    }
STRIP(strip8, lanes8)
STRIP(strip4, lanes4)

#define ROWS(COUNT)                                                                                                              \
    case COUNT:                                                                                                                  \
        for (ptrdiff_t j = 0; j + LANES <= width; j += LANES)                                                                    \
            strip8(COUNT, a, aRow, aInner, b + j, bInner, inner, c + j, cRow);                                                   \
        if (width % LANES)                                                                                                       \
            strip4(COUNT, a, aRow, aInner, b + width - 4, bInner, inner, c + width - 4, cRow);                                   \
        break;

// c += a · b; the width is a multiple of 4.
ALWAYS void addProduct(
    ptrdiff_t rows, const double *a, ptrdiff_t aRow, ptrdiff_t aInner, const double *b, ptrdiff_t bInner, ptrdiff_t inner, double *c,
    ptrdiff_t cRow, ptrdiff_t width) {
    // Strips of about the same height, at most six rows, so that none is left with a single row.
    ptrdiff_t strips = (rows + 5) / 6;
    while (rows > 0) {
        const ptrdiff_t taken = (rows + strips - 1) / strips;
        switch (taken) {
            ROWS(1)
            ROWS(2)
            ROWS(3)
            ROWS(4)
            ROWS(5)
            ROWS(6)
        }
        a += taken * aRow;
        c += taken * cRow;
        rows -= taken;
        strips--;
    }
}

// exp(t) for |t| ≤ 1/16 to 10^-16, a polynomial through the Chebyshev points of that interval.
ALWAYS lanes8 smallExponential(lanes8 t) {
    lanes8 q = t * 0x1.a0241ed11e68ap-13 + 0x1.6c22224a96c6dp-10;
    q = q * t + 0x1.111110fcd69d6p-7;
    q = q * t + 0x1.55555527d1aadp-5;
    q = q * t + 0x1.55555555557ddp-3;
    q = q * t + 0x1.00000000005b0p-1;
    q = q * t + 1.0;
    return q * t + 1.0;
}

// radial[i][column] = exp(a r²): the table's value at the nearest grid point times what is left.
ALWAYS void radialFunctions(const matsieve_soap_basis *basis, const double *squares, ptrdiff_t count, double *radial) {
    const ptrdiff_t columns = basis->columns;
    for (ptrdiff_t i = 0; i < count; i++) {
        const ptrdiff_t row = (ptrdiff_t)(squares[i] * basis->inverse_spacing + 0.5);
        const double rest = squares[i] - (double)row * basis->spacing;
        const double *at = basis->table + row * columns;
        for (ptrdiff_t j = 0; j < columns; j += LANES)
            *(lanes8 *)(radial + i * columns + j) =
                *(const lanes8 *)(at + j) * smallExponential(*(const lanes8 *)(basis->exponent + j) * rest);
    }
}

// Squared distances and weighted real solid harmonics of eight atoms: out[lm][CHUNK].
ALWAYS void harmonics(
    const matsieve_soap_basis *basis, const double *xs, const double *ys, const double *zs, const double *weight, double *squares,
    double *out) {
    const ptrdiff_t degree = basis->degree, stride = degree + 1;
    const lanes8 x = *(const lanes8 *)xs, y = *(const lanes8 *)ys, z = *(const lanes8 *)zs;
    const lanes8 square = (x * x + y * y) + z * z;
    *(lanes8 *)squares = square;
    lanes8 cosine = *(const lanes8 *)weight, sine = {0};
    for (ptrdiff_t m = 0; m <= degree; m++) {
        if (m > 0) {
            const lanes8 next = x * cosine - y * sine;
            sine = x * sine + y * cosine;
            cosine = next;
        }
        lanes8 before = {0}, p = (lanes8){0} + basis->raise[m * stride + m];
        for (ptrdiff_t l = m;; l++) {
            double *centre = out + (l * l + l) * CHUNK;
            *(lanes8 *)(centre + m * CHUNK) = p * cosine;
            if (m > 0) *(lanes8 *)(centre - m * CHUNK) = p * sine;
            if (l == degree) break;
            const ptrdiff_t at = (l + 1) * stride + m;
            const lanes8 next = basis->raise[at] * z * p - basis->lower[at] * square * before;
            before = p;
            p = next;
        }
    }
}

ptrdiff_t matsieve_soap_scratch(const matsieve_soap_basis *basis) {
    const ptrdiff_t harmonic = (basis->degree + 1) * (basis->degree + 1);
    return CHUNK * (1 + basis->columns + harmonic) + harmonic * basis->width;
}

MATSIEVE_CLONES
void matsieve_soap_expand(
    const matsieve_soap_basis *basis, const double *x, const double *y, const double *z, const double *weight, ptrdiff_t count,
    double *scratch, double *coefficients) {
    const ptrdiff_t degree = basis->degree, width = basis->width, harmonic = (degree + 1) * (degree + 1);
    double *squares = scratch, *radial = squares + CHUNK, *angular = radial + CHUNK * basis->columns;
    double *sums = angular + CHUNK * harmonic;
    memset(sums, 0, (size_t)(harmonic * width) * sizeof(double));
    for (ptrdiff_t first = 0; first < count; first += CHUNK) {
        const ptrdiff_t here = count - first < CHUNK ? count - first : CHUNK;
        for (ptrdiff_t i = 0; i < here; i += LANES) {
            const ptrdiff_t at = first + i;
            harmonics(basis, x + at, y + at, z + at, weight + at, squares + i, angular + i);
        }
        radialFunctions(basis, squares, here, radial);
        for (ptrdiff_t l = 0; l <= degree; l++)
            addProduct(
                2 * l + 1, angular + l * l * CHUNK, CHUNK, 1, radial + l * width, basis->columns, here, sums + l * l * width, width,
                width);
    }
    memset(coefficients, 0, (size_t)(harmonic * width) * sizeof(double));
    for (ptrdiff_t l = 0; l <= degree; l++)
        addProduct(
            2 * l + 1, sums + l * l * width, width, 1, basis->contraction + l * width * width, width, width,
            coefficients + l * l * width, width, width);
}

MATSIEVE_CLONES
void matsieve_soap_power(
    const double *first, const double *second, ptrdiff_t degree, ptrdiff_t width, ptrdiff_t radial, int triangle,
    const double *factor, double *scratch, double *features) {
    for (ptrdiff_t l = 0; l <= degree; l++) {
        memset(scratch, 0, (size_t)(radial * width) * sizeof(double));
        addProduct(
            radial, first + l * l * width, 1, width, second + l * l * width, width, 2 * l + 1, scratch, width, width);
        for (ptrdiff_t n = 0; n < radial; n++)
            for (ptrdiff_t p = triangle ? n : 0; p < radial; p++) *features++ += factor[l] * scratch[n * width + p];
    }
}
