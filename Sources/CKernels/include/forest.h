#pragma once
#include <stddef.h>
#include <stdint.h>

/// Rows of a group, whose keys lie column by column: the key of row r of a group in column c is number c × rows + r. Leaves that
/// the top of a tree parts at most.
enum { MATSIEVE_FOREST_ROWS = 64, MATSIEVE_FOREST_TOP = 32 };

/// Where a group finds its columns. Column 0 is 0 in every row; the others come in chunks of 8 columns of the features, then as
/// copies with 1 added, modulo 2^32.
typedef struct {
    /// First feature of each chunk; at most features - 8, or 0.
    const int32_t *chunk;
    ptrdiff_t chunk_count;
    /// Columns whose copies follow the chunks.
    const int32_t *copied;
    ptrdiff_t copied_count;
} matsieve_forest_columns;

/// A node at the top: rows whose key is larger lose the leaves of its left side; `kept` has a bit for each other one.
typedef struct {
    uint32_t column, key, kept;
} matsieve_forest_top;

/// The next node is `step` nodes on, and one more where the row's key in `column` is larger; a leaf has column and step 0.
typedef struct {
    uint16_t column, step;
    uint32_t key;
} matsieve_forest_node;

/// One tree: a few nodes that part most rows, and below each of its leaves, the leftmost first, a tree that starts at a node.
typedef struct {
    const matsieve_forest_top *top;
    ptrdiff_t top_count;
    const uint32_t *start;
    const matsieve_forest_node *nodes;
    ptrdiff_t node_count;
} matsieve_forest_tree;

/// Fills the keys of whole groups from row-major features: whole numbers in the order of the values as float32, all ones where
/// they are not finite; returns whether one was not. `keys` is aligned to 64 bytes, its column 0 is left alone. The last group
/// repeats the last row.
int matsieve_forest_keys(
    const matsieve_forest_columns *columns, const double *features, ptrdiff_t rows, ptrdiff_t feature_count, uint32_t *keys);

/// For each of some trees and each row of the groups the leaves of the top that the row may still reach; its own is the lowest bit.
/// `left` holds trees × groups × rows of a group, aligned to 64 bytes.
void matsieve_forest_tops(
    const matsieve_forest_tree *trees, ptrdiff_t count, const uint32_t *keys, ptrdiff_t width, ptrdiff_t groups, uint32_t *left);

/// Takes rows from the leaves of a tree's top to its leaves: node[r] was the bits of the row and becomes the number of its leaf.
/// `list` holds 2 × rows of all groups. `next` is fetched into the cache meanwhile.
/// In C for the prefetch: a tree that waits in a far cache would be fetched line by line otherwise.
void matsieve_forest_leaves(
    const matsieve_forest_tree *tree, const uint32_t *keys, ptrdiff_t width, ptrdiff_t rows, uint32_t *node, uint32_t *list,
    const matsieve_forest_tree *next);

/// Adds the values of the leaves, float32 in their keys, and their squares unless `squares` is null.
void matsieve_forest_sums(
    const matsieve_forest_tree *tree, const uint32_t *node, ptrdiff_t rows, double *sums, double *squares);
