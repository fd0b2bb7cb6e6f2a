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
