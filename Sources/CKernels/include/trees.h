#pragma once
#include <stddef.h>
#include <stdint.h>

/// Rows that a kernel takes through one tree at a time.
enum { MATSIEVE_TREE_ROWS = 64 };

/// A node that clears the leaves of its left subtree for rows that go right; `mask` are the leaves that stay, the leftmost
/// leaf in the highest bit. The column's 64 values start at float `slot` of a block of chunks.
typedef struct { uint32_t slot; float threshold; uint32_t mask; } matsieve_bitmask_node32;
typedef struct { uint32_t slot; float threshold; uint64_t mask; } matsieve_bitmask_node64;

/// Regression trees as bit masks, after QuickScorer, tree by tree: the highest bit left is the row's leaf.
typedef struct {
    /// First columns of the chunks of 8 columns that some node asks for; at most columns - 8, or 0.
    const int32_t *chunk;
    ptrdiff_t chunk_count;
    ptrdiff_t tree_count;
    /// Nodes of tree t: node_offset[t] ..< node_offset[t + 1]; those from missing_right[t] on send missing values right.
    const int32_t *node_offset;
    const int32_t *missing_right;
    /// matsieve_bitmask_node32 or -node64.
    const void *node;
    /// tree_count × 32 (or 64) leaf values, left to right.
    const double *leaf;
} matsieve_bitmask_trees;

/// sums[r] = base + leaf values of row r in tree order. Trees have at most 32 leaves.
/// Features are compared as float; values that are not finite then are missing. `scratch` holds chunk_count × 8 × 64 floats,
/// aligned to 64 bytes.
void matsieve_bitmask_sum32(
    const matsieve_bitmask_trees *trees, const double *features, ptrdiff_t rows, ptrdiff_t columns, double base, float *scratch,
    double *sums);

/// The same without AVX-512.
void matsieve_bitmask_sum32_portable(
    const matsieve_bitmask_trees *trees, const double *features, ptrdiff_t rows, ptrdiff_t columns, double base, float *scratch,
    double *sums);

/// The same for trees of at most 64 leaves.
void matsieve_bitmask_sum64(
    const matsieve_bitmask_trees *trees, const double *features, ptrdiff_t rows, ptrdiff_t columns, double base, float *scratch,
    double *sums);
