#include "bin_sums.h"

#include "dispatch.h"

#pragma STDC FP_CONTRACT OFF

enum { MOST = MATSIEVE_BIN_COLUMNS };
typedef double pair __attribute__((ext_vector_type(2), aligned(16)));

static inline __attribute__((always_inline)) void add(
    const int group, const uint16_t *restrict codes, ptrdiff_t row_step, ptrdiff_t column_step, const int32_t *restrict columns,
    const int32_t *restrict first_bin, const int32_t *restrict rows, ptrdiff_t count, const pair *restrict terms,
    pair *restrict sums) {
    pair *own[MOST];
    const uint16_t *code[MOST];
    for (int g = 0; g < group; g++) {
        own[g] = sums + first_bin[columns[g]];
        code[g] = codes + columns[g] * column_step;
    }
    for (ptrdiff_t i = 0; i < count; i++) {
        const ptrdiff_t place = rows[i] * row_step;
        const pair term = terms[i];
#pragma clang loop unroll(full)
        for (int g = 0; g < group; g++) own[g][code[g][place]] += term;
    }
}

void matsieve_bin_sums(
    const uint16_t *codes, ptrdiff_t row_step, ptrdiff_t column_step, const int32_t *columns, ptrdiff_t column_count,
    const int32_t *first_bin, const int32_t *rows, ptrdiff_t count, const double *terms, double *sums) {
#define ADD(group) add(group, codes, row_step, column_step, columns, first_bin, rows, count, (const pair *)terms, (pair *)sums)
    for (; column_count >= MOST; column_count -= MOST, columns += MOST) ADD(MOST);
    if (column_count >= MOST / 2) {
        ADD(MOST / 2);
        columns += MOST / 2;
        column_count -= MOST / 2;
    }
    for (; column_count > 0; column_count--, columns++) ADD(1);
}

enum { WORDS = 64, GROUP = MOST / 2 };

// Keeps the compiler from calling memset for a few words.
#define NO_CALL __asm__ volatile("")

static inline __attribute__((always_inline)) void listOccupied(
    const int group, const uint16_t *restrict codes, const int32_t *restrict columns, const int32_t *restrict bin_counts,
    ptrdiff_t count, const pair *restrict terms, ptrdiff_t room, int32_t *restrict bins, pair *restrict sums,
    ptrdiff_t *restrict occupied) {
    uint64_t word[GROUP][WORDS];
    int32_t before[GROUP][WORDS];
    for (int g = 0; g < group; g++)
        for (int w = 0; w * 64 < bin_counts[columns[g]]; w++) {
            word[g][w] = 0;
            NO_CALL;
        }
    for (ptrdiff_t i = 0; i < count; i++)
#pragma clang loop unroll(full)
        for (int g = 0; g < group; g++) {
            const int code = codes[g * count + i];
            word[g][code >> 6] |= (uint64_t)1 << (code & 63);
        }
    for (int g = 0; g < group; g++) {
        int32_t all = 0;
        for (int w = 0; w * 64 < bin_counts[columns[g]]; w++) {
            before[g][w] = all;
            all += __builtin_popcountll(word[g][w]);
        }
        for (ptrdiff_t k = 0; k < all; k++) {
            sums[g * room + k] = 0;
            NO_CALL;
        }
        occupied[g] = all;
    }
    for (ptrdiff_t i = 0; i < count; i++) {
        const pair term = terms[i];
#pragma clang loop unroll(full)
        for (int g = 0; g < group; g++) {
            const int code = codes[g * count + i];
            const uint64_t smaller = ((uint64_t)1 << (code & 63)) - 1;
            const ptrdiff_t k = g * room + before[g][code >> 6] + __builtin_popcountll(word[g][code >> 6] & smaller);
            sums[k] += term;
            bins[k] = code;
        }
    }
}

MATSIEVE_CLONES
void matsieve_occupied_bins(
    const uint16_t *codes, const int32_t *columns, ptrdiff_t column_count, const int32_t *bin_counts, ptrdiff_t count,
    const double *terms, ptrdiff_t room, int32_t *bins, double *sums, ptrdiff_t *occupied) {
    const pair *term = (const pair *)terms;
    pair *sum = (pair *)sums;
    ptrdiff_t c = 0;
    for (; c + GROUP <= column_count; c += GROUP)
        listOccupied(
            GROUP, codes + c * count, columns + c, bin_counts, count, term, room, bins + c * room, sum + c * room, occupied + c);
    for (; c < column_count; c++)
        listOccupied(1, codes + c * count, columns + c, bin_counts, count, term, room, bins + c * room, sum + c * room, occupied + c);
}

ptrdiff_t matsieve_best_cut(
    const double *sums, ptrdiff_t count, double start, double start_weight, double weight, double least, double *numerator,
    double *denominator) {
    double above = *numerator, below = *denominator;
    ptrdiff_t best = -1;
    pair left = {start, start_weight};
    for (ptrdiff_t k = 0; k < count; k++) {
        left += ((const pair *)sums)[k];
        const double rest = weight - left.y, n = left.x * left.x, d = left.y * rest;
        // Most cuts are not better: a branch keeps the comparison out of the next one's way.
        if (__builtin_expect(n * below > above * d, 0) && d > 0 && left.y >= least && rest >= least) {
            best = k;
            above = n;
            below = d;
        }
    }
    *numerator = above;
    *denominator = below;
    return best;
}
