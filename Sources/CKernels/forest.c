#include "forest.h"

// Rows in flight together, so that their loads overlap.
enum { LANES = 8, LINE = 8 };

// Takes the listed rows some levels down and lists those that have not reached a leaf.
static inline __attribute__((always_inline)) ptrdiff_t descend(
    const uint64_t *restrict nodes, int bits, const uint32_t *restrict keys, ptrdiff_t width, int levels, const uint32_t *restrict list,
    ptrdiff_t count, uint32_t *restrict node, uint32_t *restrict rest, const char *next, ptrdiff_t next_bytes) {
    const uint32_t mask = ((uint32_t)1 << bits) - 1;
    ptrdiff_t left = 0, fetched = 0;
    const ptrdiff_t share = next_bytes / ((count + LANES - 1) / LANES) + 64;
    for (ptrdiff_t first = 0; first < count; first += LANES) {
        uint32_t row[LANES], n[LANES];
        const uint32_t *key[LANES];
        for (int r = 0; r < LANES; r++) {
            row[r] = list[first + r < count ? first + r : count - 1];
            n[r] = node[row[r]];
            key[r] = keys + row[r] * width;
        }
        for (int level = 0; level < levels; level++)
#pragma clang loop unroll(full)
            for (int r = 0; r < LANES; r++) {
                const uint64_t word = nodes[n[r]];
                const uint32_t low = (uint32_t)word;
                n[r] = (low >> (bits + 1)) + (key[r][low >> 1 & mask] + (low & 1) > (uint32_t)(word >> 32));
            }
        for (const ptrdiff_t end = fetched + share < next_bytes ? fetched + share : next_bytes; fetched < end; fetched += 64)
            __builtin_prefetch(next + fetched);
        for (int r = 0; r < LANES; r++) node[row[r]] = n[r];
        const ptrdiff_t here = count - first < LANES ? count - first : LANES;
        for (int r = 0; r < here; r++) {
            rest[left] = row[r];
            left += ((uint32_t)nodes[n[r]] >> 1 & mask) != 0;
        }
    }
    return left;
}

// One level of the instruction set: for AVX-512 the compiler would gather the nodes of the lanes, three times slower.
void matsieve_walk_tree(
    matsieve_compact_tree tree, int bits, const uint32_t *keys, ptrdiff_t width, ptrdiff_t rows, uint32_t *node, uint32_t *list,
    matsieve_compact_tree next) {
    for (ptrdiff_t r = 0; r < rows; r++) node[r] = 0, list[r] = (uint32_t)r;
    uint32_t *rest = list + rows;
    ptrdiff_t count = descend(
        tree.nodes, bits, keys, width, 10, list, rows, node, rest, (const char *)next.nodes, next.count * (ptrdiff_t)sizeof(uint64_t));
    while (count > 0) {
        uint32_t *other = list;
        list = rest;
        rest = other;
        count = descend(tree.nodes, bits, keys, width, 4, list, count, node, rest, 0, 0);
    }
}
