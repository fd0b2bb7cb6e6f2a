#include "trees.h"
#include "dispatch.h"
#include <math.h>
#pragma STDC FP_CONTRACT OFF

// C. Lucchese et al., SIGIR 2015, doi:10.1145/2766462.2767733; vectorised over rows: SIGIR 2016, doi:10.1145/2911451.2914758.
enum { BLOCK = 16 };
typedef float floats __attribute__((vector_size(64), aligned(4)));
typedef int32_t words __attribute__((vector_size(64), aligned(4)));
typedef int64_t longs __attribute__((vector_size(128), aligned(8)));

// One column of 16 rows as floats, missing values replaced.
static inline __attribute__((always_inline)) void loadColumn(float *restrict lane, const double *const *row, ptrdiff_t column, float missing) {
    for (int r = 0; r < BLOCK; r++) {
        const float value = (float)row[r][column];
        lane[r] = value - value == 0 ? value : missing;
    }
}

// The largest lane bounds the nodes that can send a row right. Halves, so that no comparison waits for all others.
static inline __attribute__((always_inline)) float largestLane(const float *lane) {
    float half[BLOCK / 2];
    for (int r = 0; r < 8; r++) half[r] = lane[r] > lane[r + 8] ? lane[r] : lane[r + 8];
    for (int r = 0; r < 4; r++) half[r] = half[r] > half[r + 4] ? half[r] : half[r + 4];
    for (int r = 0; r < 2; r++) half[r] = half[r] > half[r + 2] ? half[r] : half[r + 2];
    return half[0] > half[1] ? half[0] : half[1];
}

// Body of a kernel for masks of one width: `word` is a mask, `lanes` are 16 of them, LEAVES its bits.
#define SUM_BLOCK(word, lanes, widen, LEAVES, countTrailingZeros)                                              \
    const float *restrict threshold = trees->threshold;                                                       \
    const uint32_t *restrict tree = trees->tree;                                                              \
    const word *restrict mask = trees->mask;                                                                  \
    const double *restrict leaf = trees->leaf;                                                                \
    lanes *restrict bits = (lanes *)scratch;                                                                  \
    const ptrdiff_t tree_count = trees->tree_count, column_count = trees->column_count;                       \
    for (ptrdiff_t t = 0; t < tree_count; t++) bits[t] = (lanes){0} - 1;                                      \
    for (ptrdiff_t i = 0; i < column_count; i++) {                                                            \
        float lane[BLOCK];                                                                                    \
        loadColumn(lane, row, trees->column[i], trees->missing[i]);                                           \
        const float largest = largestLane(lane);                                                              \
        const floats x = *(const floats *)lane;                                                               \
        const ptrdiff_t end = trees->node_offset[i + 1];                                                      \
        for (ptrdiff_t n = trees->node_offset[i]; n < end && threshold[n] < largest; n++)                     \
            bits[tree[n]] &= ~widen(x > threshold[n]) | (lanes)((lanes){0} + mask[n]);                        \
    }                                                                                                         \
    double sum[BLOCK];                                                                                        \
    for (int r = 0; r < BLOCK; r++) sum[r] = base;                                                            \
    for (ptrdiff_t t = 0; t < tree_count; t++, leaf += LEAVES)                                                \
        for (int r = 0; r < BLOCK; r++) sum[r] += leaf[countTrailingZeros(scratch[t * BLOCK + r])];           \
    for (int r = 0; r < BLOCK; r++) sums[r] = sum[r];

#define SAME(x) (x)
#define TWICE(x) __builtin_convertvector(x, longs)

MATSIEVE_CLONES
static void block32(
    const matsieve_bitmask_trees *restrict trees, const double *const *row, uint32_t *restrict scratch, double base, double *restrict sums) {
    SUM_BLOCK(int32_t, words, SAME, 32, __builtin_ctz)
}

MATSIEVE_CLONES
static void block64(
    const matsieve_bitmask_trees *restrict trees, const double *const *row, uint64_t *restrict scratch, double base, double *restrict sums) {
    SUM_BLOCK(int64_t, longs, TWICE, 64, __builtin_ctzll)
}

// A last block short of rows repeats its last row.
#define OVER_BLOCKS(block)                                                                                  \
    for (ptrdiff_t first = 0; first < rows; first += BLOCK) {                                               \
        const ptrdiff_t count = rows - first < BLOCK ? rows - first : BLOCK;                                \
        const double *row[BLOCK];                                                                           \
        for (int r = 0; r < BLOCK; r++) row[r] = features + (first + (r < count ? r : count - 1)) * columns; \
        double block_sums[BLOCK];                                                                           \
        block(trees, row, scratch, base, block_sums);                                                       \
        for (int r = 0; r < count; r++) sums[first + r] = block_sums[r];                                    \
    }

void matsieve_bitmask_sum32(
    const matsieve_bitmask_trees *trees, const double *features, ptrdiff_t rows, ptrdiff_t columns, double base,
    uint32_t *scratch, double *sums) {
    OVER_BLOCKS(block32)
}

void matsieve_bitmask_sum64(
    const matsieve_bitmask_trees *trees, const double *features, ptrdiff_t rows, ptrdiff_t columns, double base,
    uint64_t *scratch, double *sums) {
    OVER_BLOCKS(block64)
}
