#include "histogram.h"
#include <string.h>

enum { BLOCK = 16, BINS = 256, AHEAD = 24 };

// Eight different features in turn: no addition waits for the one before.
static inline __attribute__((always_inline)) void add8(int64_t *h, uint64_t codes, int64_t word) {
    h[codes & 255] += word;
    h[BINS + (codes >> 8 & 255)] += word;
    h[2 * BINS + (codes >> 16 & 255)] += word;
    h[3 * BINS + (codes >> 24 & 255)] += word;
    h[4 * BINS + (codes >> 32 & 255)] += word;
    h[5 * BINS + (codes >> 40 & 255)] += word;
    h[6 * BINS + (codes >> 48 & 255)] += word;
    h[7 * BINS + (codes >> 56)] += word;
}

static inline __attribute__((always_inline)) void addRow(int64_t *h, const uint8_t *row, ptrdiff_t width, int64_t word) {
    uint64_t codes;
    memcpy(&codes, row, 8);
    add8(h, codes, word);
    if (width > 8) {
        memcpy(&codes, row + 8, 8);
        add8(h + 8 * BINS, codes, word);
    }
}

void matsieve_add_to_histogram(
    int64_t *histogram, const uint8_t *codes, ptrdiff_t width, const int32_t *rows, const int64_t *words, ptrdiff_t count) {
    ptrdiff_t i = 0;
    for (; i + AHEAD < count; i++) {
        __builtin_prefetch(codes + (ptrdiff_t)rows[i + AHEAD] * BLOCK);
        addRow(histogram, codes + (ptrdiff_t)rows[i] * BLOCK, width, words[i]);
    }
    for (; i < count; i++) addRow(histogram, codes + (ptrdiff_t)rows[i] * BLOCK, width, words[i]);
}
