#pragma once
#include <stddef.h>
#include <stdint.h>

/// Regression trees as bit masks, after QuickScorer: every node that sends a row to the right clears the leaves of its left
/// subtree; the lowest bit left is the row's leaf.
/// Columns stand once for nodes that send missing values left and once for those that send them right.
typedef struct {
    ptrdiff_t column_count;
    /// Column of the feature matrix.
    const int32_t *column;
    /// What stands for a value that is missing (not finite as float): -infinity (left) or +infinity (right).
    const float *missing;
    /// Nodes of column i: node_offset[i] ..< node_offset[i + 1], thresholds ascending.
    const int32_t *node_offset;
    const float *threshold;
    /// Tree of a node.
    const uint32_t *tree;
    /// Leaves that stay when the row goes right; 32 or 64 bits a node.
    const void *mask;
    ptrdiff_t tree_count;
    /// tree_count × 32 (or 64) leaf values, left to right.
    const double *leaf;
} matsieve_bitmask_trees;

/// sums[r] = base + leaf values of row r in tree order. Trees have at most 32 leaves.
/// `scratch` holds tree_count × 16 words and is aligned to 64 bytes.
void matsieve_bitmask_sum32(
    const matsieve_bitmask_trees *trees, const double *features, ptrdiff_t rows, ptrdiff_t columns, double base,
    uint32_t *scratch, double *sums);

/// The same for trees of at most 64 leaves.
void matsieve_bitmask_sum64(
    const matsieve_bitmask_trees *trees, const double *features, ptrdiff_t rows, ptrdiff_t columns, double base,
    uint64_t *scratch, double *sums);
