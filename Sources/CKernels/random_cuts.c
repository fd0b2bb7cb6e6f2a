#include "random_cuts.h"

#include "dispatch.h"

#pragma STDC FP_CONTRACT OFF

enum { BLOCK = MATSIEVE_CUT_BLOCK };

MATSIEVE_CLONES
void matsieve_column_ranges(
    const float *restrict values, ptrdiff_t width, const int32_t *restrict rows, ptrdiff_t count, float *restrict low,
    float *restrict high) {
    for (ptrdiff_t first = 0; first < width; first += BLOCK) {
        float least[BLOCK], most[BLOCK];
        const float *start = values + first;
        for (int c = 0; c < BLOCK; c++) least[c] = most[c] = start[rows[0] * width + c];
        for (ptrdiff_t i = 1; i < count; i++) {
            const float *row = start + rows[i] * width;
            for (int c = 0; c < BLOCK; c++) {
                least[c] = row[c] < least[c] ? row[c] : least[c];
                most[c] = row[c] > most[c] ? row[c] : most[c];
            }
        }
        for (int c = 0; c < BLOCK; c++) low[first + c] = least[c], high[first + c] = most[c];
    }
}

MATSIEVE_CLONES
void matsieve_cut_sums(
    const float *restrict values, ptrdiff_t width, const int32_t *restrict rows, ptrdiff_t count, const double *restrict terms,
    const float *restrict cuts, double *restrict sums, double *restrict weights) {
    for (ptrdiff_t first = 0; first < width; first += BLOCK) {
        double sum[BLOCK] = {0}, weight[BLOCK] = {0};
        const float *start = values + first;
        for (ptrdiff_t i = 0; i < count; i++) {
            const float *row = start + rows[i] * width;
            const double term = terms[2 * i], own = terms[2 * i + 1];
            for (int c = 0; c < BLOCK; c++) {
                const int left = row[c] <= cuts[first + c];
                sum[c] += left ? term : 0;
                weight[c] += left ? own : 0;
            }
        }
        for (int c = 0; c < BLOCK; c++) sums[first + c] = sum[c], weights[first + c] = weight[c];
    }
}

MATSIEVE_CLONES
int32_t matsieve_best_random_cut(
    const int32_t *restrict columns, ptrdiff_t count, ptrdiff_t width, const double *restrict sums, const double *restrict weights,
    const float *restrict low, const float *restrict high, double weight, double least, double *restrict gains, double *numerator,
    double *denominator) {
    // Whether a column has a cut is hard to foresee: no branch; one without gains nothing.
    for (ptrdiff_t c = 0; c < width; c++) {
        const double left = weights[c], rest = weight - left, d = left * rest;
        const int isCut = (d > 0) & (left >= least) & (rest >= least) & (low[c] < high[c]);
        gains[c] = isCut ? sums[c] * sums[c] : -__builtin_inf();
        gains[width + c] = isCut ? d : 1;
    }
    double above = *numerator, below = *denominator;
    int32_t best = -1;
    for (ptrdiff_t k = 0; k < count; k++) {
        const int32_t c = columns[k];
        const double n = gains[c], d = gains[width + c];
        if (__builtin_expect(n * below > above * d, 0)) {
            best = c;
            above = n;
            below = d;
        }
    }
    *numerator = above;
    *denominator = below;
    return best;
}
