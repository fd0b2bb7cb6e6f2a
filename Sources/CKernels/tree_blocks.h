#pragma once
// Blocks of rows for the kernels of trees.c and trees_avx512.c.
#include "trees.h"
#include <string.h>

enum { ROWS = MATSIEVE_TREE_ROWS, CHUNK = 8 };
typedef double chunkOfDoubles __attribute__((ext_vector_type(8), aligned(8)));
typedef float chunkOfFloats __attribute__((ext_vector_type(8), aligned(4)));
#define SHUFFLE __builtin_shufflevector
#define ALWAYS_INLINE static inline __attribute__((always_inline))

// 8 columns of 8 rows as floats, column by column; what is not finite becomes NaN.
ALWAYS_INLINE void loadChunk(float *restrict target, const double *const *row, ptrdiff_t column) {
    chunkOfFloats a[8], b[8], c[8];
    for (int r = 0; r < 8; r++) {
        const chunkOfFloats v = __builtin_convertvector(*(const chunkOfDoubles *)(row[r] + column), chunkOfFloats);
        a[r] = v + (v - v);
    }
    for (int i = 0; i < 8; i += 2) {
        b[i] = SHUFFLE(a[i], a[i + 1], 0, 8, 2, 10, 4, 12, 6, 14);
        b[i + 1] = SHUFFLE(a[i], a[i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
    }
    for (int h = 0; h < 8; h += 4) {
        for (int j = 0; j < 2; j++) {
            c[h + j] = SHUFFLE(b[h + j], b[h + 2 + j], 0, 1, 8, 9, 4, 5, 12, 13);
            c[h + 2 + j] = SHUFFLE(b[h + j], b[h + 2 + j], 2, 3, 10, 11, 6, 7, 14, 15);
        }
    }
    for (int j = 0; j < 4; j++) {
        *(chunkOfFloats *)(target + j * ROWS) = SHUFFLE(c[j], c[4 + j], 0, 1, 2, 3, 8, 9, 10, 11);
        *(chunkOfFloats *)(target + (4 + j) * ROWS) = SHUFFLE(c[j], c[4 + j], 4, 5, 6, 7, 12, 13, 14, 15);
    }
}

// All chunks of 64 rows.
ALWAYS_INLINE void loadBlock(const matsieve_bitmask_trees *trees, const double *const *row, float *restrict values) {
    for (ptrdiff_t i = 0; i < trees->chunk_count; i++)
        for (int r = 0; r < ROWS; r += 8) loadChunk(values + i * CHUNK * ROWS + r, row + r, trees->chunk[i]);
}

typedef void (*blockKernel)(const matsieve_bitmask_trees *trees, const double *const *row, double base, float *values, double *sums);

// A last block short of rows repeats its last row; rows shorter than a chunk are copied to one.
ALWAYS_INLINE void overBlocks(
    blockKernel kernel, const matsieve_bitmask_trees *trees, const double *features, ptrdiff_t rows, ptrdiff_t columns, double base,
    float *scratch, double *sums) {
    double shortRows[ROWS][CHUNK] = {{0}};
    for (ptrdiff_t first = 0; first < rows; first += ROWS) {
        const ptrdiff_t count = rows - first < ROWS ? rows - first : ROWS;
        const double *row[ROWS];
        for (int r = 0; r < ROWS; r++) {
            row[r] = features + (first + (r < count ? r : count - 1)) * columns;
            if (columns < CHUNK) row[r] = memcpy(shortRows[r], row[r], (size_t)columns * sizeof(double));
        }
        double block[ROWS];
        kernel(trees, row, base, scratch, block);
        memcpy(sums + first, block, (size_t)count * sizeof(double));
    }
}
