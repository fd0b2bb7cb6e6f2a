#include "tree_blocks.h"
#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__) && !defined(MATSIEVE_BASELINE)
#include <immintrin.h>

// Masks of 16 rows a register, changed only in the lanes that compare; leaf values by permutation of four registers.
enum { GROUPS = ROWS / 16 };

#define APPLY_NODES(end, comparison)                                                                                  \
    for (; n < (end); n++) {                                                                                          \
        const float *x = values + node[n].slot;                                                                       \
        const __m512 threshold = _mm512_set1_ps(node[n].threshold);                                                   \
        const __m512i stay = _mm512_set1_epi32((int32_t)node[n].mask);                                                \
        for (int g = 0; g < GROUPS; g++) {                                                                            \
            const __mmask16 goesRight = _mm512_cmp_ps_mask(_mm512_load_ps(x + 16 * g), threshold, comparison);        \
            left[g] = _mm512_mask_and_epi32(left[g], goesRight, left[g], stay);                                       \
        }                                                                                                             \
    }

#define AVX512 __attribute__((target("avx512f,avx512cd,avx512dq,avx512bw,avx512vl")))

AVX512 static void block(const matsieve_bitmask_trees *trees, const double *const *row, double base, float *restrict values, double *restrict sums) {
    loadBlock(trees, row, values);
    const matsieve_bitmask_node32 *restrict node = trees->node;
    __m512d sum[2 * GROUPS];
    for (int i = 0; i < 2 * GROUPS; i++) sum[i] = _mm512_set1_pd(base);
    for (ptrdiff_t t = 0; t < trees->tree_count; t++) {
        __m512i left[GROUPS];
        for (int g = 0; g < GROUPS; g++) left[g] = _mm512_set1_epi32(-1);
        ptrdiff_t n = trees->node_offset[t];
        APPLY_NODES(trees->missing_right[t], _CMP_GT_OQ)
        APPLY_NODES(trees->node_offset[t + 1], _CMP_NLE_UQ)
        const double *leaf = trees->leaf + t * 32;
        const __m512d a = _mm512_loadu_pd(leaf), b = _mm512_loadu_pd(leaf + 8);
        const __m512d c = _mm512_loadu_pd(leaf + 16), d = _mm512_loadu_pd(leaf + 24);
        for (int g = 0; g < GROUPS; g++) {
            const __m512i position = _mm512_lzcnt_epi32(left[g]);
            for (int half = 0; half < 2; half++) {
                const __m256i eight = half ? _mm512_extracti64x4_epi64(position, 1) : _mm512_castsi512_si256(position);
                const __m512i i = _mm512_cvtepu32_epi64(eight);
                const __m512d low = _mm512_permutex2var_pd(a, i, b), high = _mm512_permutex2var_pd(c, i, d);
                const __mmask8 isHigh = _mm512_test_epi64_mask(i, _mm512_set1_epi64(16));
                sum[2 * g + half] = _mm512_add_pd(sum[2 * g + half], _mm512_mask_blend_pd(isHigh, low, high));
            }
        }
    }
    for (int i = 0; i < 2 * GROUPS; i++) _mm512_storeu_pd(sums + 8 * i, sum[i]);
}

static int hasAVX512(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
}
#endif

void matsieve_bitmask_sum32(
    const matsieve_bitmask_trees *trees, const double *features, ptrdiff_t rows, ptrdiff_t columns, double base, float *scratch,
    double *sums) {
#if defined(__x86_64__) && !defined(MATSIEVE_BASELINE)
    if (hasAVX512()) {
        overBlocks(block, trees, features, rows, columns, base, scratch, sums);
        return;
    }
#endif
    matsieve_bitmask_sum32_portable(trees, features, rows, columns, base, scratch, sums);
}
