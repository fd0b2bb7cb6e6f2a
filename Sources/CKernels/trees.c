#include "trees.h"
#include "dispatch.h"
#include <math.h>
#pragma STDC FP_CONTRACT OFF

// C. Lucchese et al., SIGIR 2015, doi:10.1145/2766462.2767733; vectorised over rows: SIGIR 2016, doi:10.1145/2911451.2914758.
enum { BLOCK = 16 };
typedef float floats __attribute__((vector_size(64), aligned(4)));
typedef int32_t words __attribute__((vector_size(64), aligned(4)));
typedef int64_t longs __attribute__((vector_size(128), aligned(8)));

// One column of 16 rows as floats, missing values replaced; `largest` bounds the nodes that can send a row right.
#define LOAD_COLUMN(x, largest, i)                                                       \
    const ptrdiff_t column = trees->column[i];                                           \
    const float missing = trees->missing[i];                                             \
    float lane[BLOCK], largest = -INFINITY;                                              \
    for (int r = 0; r < BLOCK; r++) {                                                    \
        const float value = (float)row[r][column];                                       \
        lane[r] = value - value == 0 ? value : missing;                                  \
    }                                                                                    \
    for (int r = 0; r < BLOCK; r++) largest = lane[r] > largest ? lane[r] : largest;     \
    const floats x = *(const floats *)lane;

MATSIEVE_CLONES
static void block32(const matsieve_bitmask_trees *trees, const double *const *row, uint32_t *scratch, double base, double *sums) {
    const uint32_t *mask = trees->mask;
    words *bits = (words *)scratch;
    for (ptrdiff_t t = 0; t < trees->tree_count; t++) bits[t] = (words){0} - 1;
    for (ptrdiff_t i = 0; i < trees->column_count; i++) {
        LOAD_COLUMN(x, largest, i)
        const ptrdiff_t end = trees->node_offset[i + 1];
        for (ptrdiff_t n = trees->node_offset[i]; n < end && trees->threshold[n] < largest; n++) {
            const words right = x > trees->threshold[n];
            bits[trees->tree[n]] &= ~right | (words)((words){0} + (int32_t)mask[n]);
        }
    }
    double sum[BLOCK];
    for (int r = 0; r < BLOCK; r++) sum[r] = base;
    const double *leaf = trees->leaf;
    for (ptrdiff_t t = 0; t < trees->tree_count; t++, leaf += 32)
        for (int r = 0; r < BLOCK; r++) sum[r] += leaf[__builtin_ctz(scratch[t * BLOCK + r])];
    for (int r = 0; r < BLOCK; r++) sums[r] = sum[r];
}

MATSIEVE_CLONES
static void block64(const matsieve_bitmask_trees *trees, const double *const *row, uint64_t *scratch, double base, double *sums) {
    const uint64_t *mask = trees->mask;
    longs *bits = (longs *)scratch;
    for (ptrdiff_t t = 0; t < trees->tree_count; t++) bits[t] = (longs){0} - 1;
    for (ptrdiff_t i = 0; i < trees->column_count; i++) {
        LOAD_COLUMN(x, largest, i)
        const ptrdiff_t end = trees->node_offset[i + 1];
        for (ptrdiff_t n = trees->node_offset[i]; n < end && trees->threshold[n] < largest; n++) {
            const longs right = __builtin_convertvector(x > trees->threshold[n], longs);
            bits[trees->tree[n]] &= ~right | ((longs){0} + (int64_t)mask[n]);
        }
    }
    double sum[BLOCK];
    for (int r = 0; r < BLOCK; r++) sum[r] = base;
    const double *leaf = trees->leaf;
    for (ptrdiff_t t = 0; t < trees->tree_count; t++, leaf += 64)
        for (int r = 0; r < BLOCK; r++) sum[r] += leaf[__builtin_ctzll(scratch[t * BLOCK + r])];
    for (int r = 0; r < BLOCK; r++) sums[r] = sum[r];
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
