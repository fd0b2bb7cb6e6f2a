#include "fourier.h"
#include "dispatch.h"
#pragma STDC FP_CONTRACT OFF
#pragma clang diagnostic ignored "-Wpsabi"

typedef float lanes __attribute__((vector_size(64)));
typedef float unaligned_lanes __attribute__((vector_size(64), aligned(4)));
enum { BLOCK = MATSIEVE_FOURIER_BLOCK };

#define INLINE static inline __attribute__((always_inline))
#define LOAD(p) (*(const unaligned_lanes *)(p))

INLINE void turns(const float *row, ptrdiff_t columns, const float *frequencies, lanes *result) {
    lanes p = {0};
    for (ptrdiff_t c = 0; c < columns; c++) p += row[c] * LOAD(frequencies + c * BLOCK);
    *result = p;
}

// Half angles of a turn in [-1/2, 1/2]: Taylor series of sin and cos on [-π/2, π/2], then the formulas of the double angle.
INLINE void cosAndSin(const lanes *angle, lanes *cosine, lanes *sine) {
    const float whole = 12582912.0f;
    lanes p = *angle, t = p - ((p + whole) - whole);
    lanes x = t * 3.14159265f, y = x * x;
    lanes s = y * -2.50521084e-8f + 2.75573192e-6f;
    s = s * y - 1.98412698e-4f;
    s = s * y + 8.33333333e-3f;
    s = s * y - 1.66666667e-1f;
    s = s * y * x + x;
    lanes c = y * 2.08767570e-9f - 2.75573192e-7f;
    c = c * y + 2.48015873e-5f;
    c = c * y - 1.38888889e-3f;
    c = c * y + 4.16666667e-2f;
    c = c * y - 0.5f;
    c = c * y + 1.0f;
    *sine = 2.0f * s * c;
    *cosine = 1.0f - 2.0f * s * s;
}

MATSIEVE_CLONES
void matsieve_fourier_features(
    const float *restrict rows, ptrdiff_t count, ptrdiff_t columns, const float *restrict frequencies, ptrdiff_t blocks,
    float *restrict values) {
    for (ptrdiff_t r = 0; r < count; r++)
        for (ptrdiff_t b = 0; b < blocks; b++) {
            lanes p, c, s;
            turns(rows + r * columns, columns, frequencies + b * columns * BLOCK, &p);
            cosAndSin(&p, &c, &s);
            float *target = values + (r * blocks + b) * 2 * BLOCK;
            *(unaligned_lanes *)target = c;
            *(unaligned_lanes *)(target + BLOCK) = s;
        }
}

INLINE double folded(const lanes *v) {
    double s[BLOCK];
    for (int i = 0; i < BLOCK; i++) s[i] = (*v)[i];
    for (int width = BLOCK / 2; width > 0; width /= 2)
        for (int i = 0; i < width; i++) s[i] += s[i + width];
    return s[0];
}

// One number of outputs, known to the compiler.
INLINE void sums(
    const float *restrict rows, ptrdiff_t count, ptrdiff_t columns, const float *restrict frequencies, ptrdiff_t blocks,
    const float *restrict weights, const int outputs, double *restrict result) {
    ptrdiff_t width = blocks * 2 * BLOCK;
    for (ptrdiff_t r = 0; r < count; r++) {
        lanes sum[8] = {{0}};
        for (ptrdiff_t b = 0; b < blocks; b++) {
            lanes p, c, s;
            turns(rows + r * columns, columns, frequencies + b * columns * BLOCK, &p);
            cosAndSin(&p, &c, &s);
            for (int o = 0; o < outputs; o++) {
                const float *w = weights + o * width + b * 2 * BLOCK;
                sum[o] += LOAD(w) * c;
                sum[o] += LOAD(w + BLOCK) * s;
            }
        }
        for (int o = 0; o < outputs; o++) result[r * outputs + o] = folded(&sum[o]);
    }
}

MATSIEVE_CLONES
void matsieve_fourier_sums(
    const float *restrict rows, ptrdiff_t count, ptrdiff_t columns, const float *restrict frequencies, ptrdiff_t blocks,
    const float *restrict weights, ptrdiff_t outputs, double *restrict result) {
    switch (outputs) {
        case 1: sums(rows, count, columns, frequencies, blocks, weights, 1, result); break;
        case 2: sums(rows, count, columns, frequencies, blocks, weights, 2, result); break;
        case 3: sums(rows, count, columns, frequencies, blocks, weights, 3, result); break;
        case 4: sums(rows, count, columns, frequencies, blocks, weights, 4, result); break;
        case 5: sums(rows, count, columns, frequencies, blocks, weights, 5, result); break;
        case 6: sums(rows, count, columns, frequencies, blocks, weights, 6, result); break;
        case 7: sums(rows, count, columns, frequencies, blocks, weights, 7, result); break;
        case 8: sums(rows, count, columns, frequencies, blocks, weights, 8, result); break;
        default: break;
    }
}
