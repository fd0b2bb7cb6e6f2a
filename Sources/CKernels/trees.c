#include "tree_blocks.h"
#include "dispatch.h"
#pragma STDC FP_CONTRACT OFF

// C. Lucchese et al., SIGIR 2015, doi:10.1145/2766462.2767733; vectorised over rows: SIGIR 2016, doi:10.1145/2911451.2914758.
// Here tree by tree: a tree's masks stay in registers, which saves more than sorted thresholds and an early end do.
enum { LANES = 8, GROUPS = ROWS / LANES, TILE = 64 };
typedef float floats __attribute__((ext_vector_type(8), aligned(32)));
typedef int32_t words __attribute__((ext_vector_type(8), aligned(32)));
typedef int64_t longs __attribute__((ext_vector_type(8), aligned(64)));

#define SAME(x) (x)
#define TWICE(x) __builtin_convertvector(x, longs)

// Gathers are slower than eight loads.
#define NO_VECTORS _Pragma("clang loop vectorize(disable) unroll(full)")

// Clears leaves for the rows that go right at each node of a range.
#define APPLY_NODES(end, lanes, word, widen, goesRight)                                         \
    for (; n < (end); n++) {                                                                    \
        const floats *x = (const floats *)(values + node[n].slot);                              \
        const floats t0 = (floats)node[n].threshold;                                            \
        const lanes cleared = (lanes)(word)~node[n].mask;                                       \
        for (int g = 0; g < GROUPS; g++) left[g] &= ~(widen(goesRight) & cleared);              \
    }

// Trees in tiles, so that their masks stay in the first cache; then 8 rows at a time take their leaves in tree order.
#define SUM_BLOCK(nodes, lanes, word, widen, LEAVES, leadingZeros)                              \
    loadBlock(trees, row, values);                                                              \
    const nodes *restrict node = trees->node;                                                   \
    for (int r = 0; r < ROWS; r++) sums[r] = base;                                              \
    for (ptrdiff_t first = 0; first < trees->tree_count; first += TILE) {                       \
        const ptrdiff_t count = trees->tree_count - first < TILE ? trees->tree_count - first : TILE; \
        u##word masks[TILE][ROWS] __attribute__((aligned(64)));                                 \
        for (ptrdiff_t t = 0; t < count; t++) {                                                 \
            lanes left[GROUPS];                                                                 \
            for (int g = 0; g < GROUPS; g++) left[g] = (lanes)(word)-1;                         \
            ptrdiff_t n = trees->node_offset[first + t];                                        \
            APPLY_NODES(trees->missing_right[first + t], lanes, word, widen, x[g] > t0)         \
            APPLY_NODES(trees->node_offset[first + t + 1], lanes, word, widen, ~(x[g] <= t0))   \
            memcpy(masks[t], left, sizeof left);                                                \
        }                                                                                       \
        for (int r = 0; r < ROWS; r += 8) {                                                     \
            double sum[8];                                                                      \
            memcpy(sum, sums + r, sizeof sum);                                                  \
            const double *leaf = trees->leaf + first * LEAVES;                                  \
            for (ptrdiff_t t = 0; t < count; t++, leaf += LEAVES)                               \
                NO_VECTORS for (int i = 0; i < 8; i++) sum[i] += leaf[leadingZeros(masks[t][r + i])]; \
            memcpy(sums + r, sum, sizeof sum);                                                  \
        }                                                                                       \
    }

MATSIEVE_CLONES
static void block32(const matsieve_bitmask_trees *trees, const double *const *row, double base, float *restrict values, double *restrict sums) {
    SUM_BLOCK(matsieve_bitmask_node32, words, int32_t, SAME, 32, __builtin_clz)
}

MATSIEVE_CLONES
static void block64(const matsieve_bitmask_trees *trees, const double *const *row, double base, float *restrict values, double *restrict sums) {
    SUM_BLOCK(matsieve_bitmask_node64, longs, int64_t, TWICE, 64, __builtin_clzll)
}

void matsieve_bitmask_sum32_portable(
    const matsieve_bitmask_trees *trees, const double *features, ptrdiff_t rows, ptrdiff_t columns, double base, float *scratch,
    double *sums) {
    overBlocks(block32, trees, features, rows, columns, base, scratch, sums);
}

void matsieve_bitmask_sum64(
    const matsieve_bitmask_trees *trees, const double *features, ptrdiff_t rows, ptrdiff_t columns, double base, float *scratch,
    double *sums) {
    overBlocks(block64, trees, features, rows, columns, base, scratch, sums);
}
