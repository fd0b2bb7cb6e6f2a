#pragma once
#include <stddef.h>
#include <stdint.h>

/// One tree in nodes of eight bytes:
/// threshold key << 32 | child << (bits + 1) | feature << 1 | m; the next node is child + (key + m > threshold key), modulo 2^32.
/// Feature 0 has key 0 in every row: a leaf is a node of this feature and m = 0 that is its own child, whatever its upper half.
typedef struct {
    const uint64_t *nodes;
    ptrdiff_t count;
} matsieve_compact_tree;

/// Takes rows to their leaves: node[r] becomes the number of row r's leaf. keys holds rows × width keys, `list` 2 × rows numbers.
/// `next` is fetched into the cache meanwhile.
/// In C for the prefetch: a tree that waits in a far cache would be fetched line by line otherwise.
void matsieve_walk_tree(
    matsieve_compact_tree tree, int bits, const uint32_t *keys, ptrdiff_t width, ptrdiff_t rows, uint32_t *node, uint32_t *list,
    matsieve_compact_tree next);
