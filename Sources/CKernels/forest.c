#include "forest.h"

#include "dispatch.h"
#include "tree_blocks.h"

#pragma STDC FP_CONTRACT OFF

_Static_assert(MATSIEVE_FOREST_ROWS == ROWS, "groups are blocks");

// Rows in flight together, so that their loads overlap; levels that all rows go before those that reached their leaf drop out.
enum { LANES = 16, PARTS = ROWS / LANES, LEVELS = 10, FEW = 8, MORE_LEVELS = 3 };

typedef uint32_t words __attribute__((ext_vector_type(16), aligned(64)));
typedef float sixteen __attribute__((ext_vector_type(16), aligned(64)));
typedef const matsieve_forest_node *restrict nodePointer;

MATSIEVE_CLONES
static uint32_t loadKeys(const matsieve_forest_columns *columns, const double *const *row, uint32_t *restrict keys) {
    const ptrdiff_t end = 1 + columns->chunk_count * CHUNK;
    words isMissing = 0;
    // Eight rows are read from their beginning to their end.
    for (int r = 0; r < ROWS; r += 8)
        for (ptrdiff_t i = 0; i < columns->chunk_count; i++)
            loadChunk((float *)keys + (1 + i * CHUNK) * ROWS + r, row + r, columns->chunk[i]);
    for (words *key = (words *)(keys + ROWS); key < (words *)(keys + end * ROWS); key++) {
        sixteen x;
        memcpy(&x, key, sizeof x);
        // -0 becomes 0.
        x += 0;
        words bits;
        memcpy(&bits, &x, sizeof x);
        *key = (bits ^ (-(bits >> 31) | 0x80000000u)) | (words)(x != x);
        isMissing |= (words)(x != x);
    }
    words *copy = (words *)(keys + end * ROWS);
    for (ptrdiff_t i = 0; i < columns->copied_count; i++)
        for (int p = 0; p < PARTS; p++) *copy++ = ((const words *)(keys + columns->copied[i] * ROWS))[p] + 1;
    uint32_t any = 0;
    for (int i = 0; i < LANES; i++) any |= isMissing[i];
    return any;
}

int matsieve_forest_keys(
    const matsieve_forest_columns *columns, const double *features, ptrdiff_t rows, ptrdiff_t feature_count, uint32_t *keys) {
    const ptrdiff_t width = 1 + columns->chunk_count * CHUNK + columns->copied_count;
    uint32_t isMissing = 0;
    double shortRows[ROWS][CHUNK] = {{0}};
    for (ptrdiff_t first = 0; first < rows; first += ROWS, keys += width * ROWS) {
        const double *row[ROWS];
        for (int r = 0; r < ROWS; r++) {
            row[r] = features + (first + r < rows ? first + r : rows - 1) * feature_count;
            if (feature_count < CHUNK) row[r] = memcpy(shortRows[r], row[r], (size_t)feature_count * sizeof(double));
        }
        isMissing |= loadKeys(columns, row, keys);
    }
    return isMissing != 0;
}

// C. Lucchese et al., SIGIR 2015, doi:10.1145/2766462.2767733: here for the top of a tree only, where it costs least a level.
MATSIEVE_CLONES
void matsieve_forest_tops(
    const matsieve_forest_tree *trees, ptrdiff_t count, const uint32_t *restrict keys, ptrdiff_t width, ptrdiff_t groups,
    uint32_t *restrict left) {
    // Trees inside: a group's keys stay in the first cache.
    for (ptrdiff_t g = 0; g < groups; g++, keys += width * ROWS)
        for (ptrdiff_t t = 0; t < count; t++) {
            words mask[PARTS];
            for (int p = 0; p < PARTS; p++) mask[p] = (words)~0u;
            for (ptrdiff_t n = 0; n < trees[t].top_count; n++) {
                const matsieve_forest_top node = trees[t].top[n];
                const words *x = (const words *)(keys + node.column * ROWS);
                const words key = (words)node.key, kept = (words)node.kept;
                for (int p = 0; p < PARTS; p++) mask[p] &= x[p] > key ? kept : (words)~0u;
            }
            memcpy(left + (t * groups + g) * ROWS, mask, sizeof mask);
        }
}

// The node after n; `place` is the row's in column 0.
#define STEP(n, place) n += (uint64_t)nodes[n].step + ((place)[(size_t)nodes[n].column * ROWS] > nodes[n].key)
#define EACH(x) x(0) x(1) x(2) x(3) x(4) x(5) x(6) x(7) x(8) x(9) x(10) x(11) x(12) x(13) x(14) x(15)

// Takes all rows some levels down and lists those that have not reached a leaf. Rows side by side have their keys at fixed
// distances, so that only their nodes need registers.
static ptrdiff_t descend(
    nodePointer nodes, const uint32_t *start, const uint32_t *restrict keys, ptrdiff_t width, ptrdiff_t parts,
    uint32_t *restrict node, uint32_t *restrict rest, const char *next, ptrdiff_t next_bytes) {
    ptrdiff_t left = 0, fetched = 0;
    const ptrdiff_t share = next_bytes / parts + 64;
    for (ptrdiff_t part = 0; part < parts; part++) {
        const uint32_t *key = keys + part / PARTS * width * ROWS + part % PARTS * LANES;
        uint32_t *own = node + part * LANES;
        uint64_t n[LANES];
        for (int r = 0; r < LANES; r++) n[r] = start[__builtin_ctz(own[r])];
#pragma clang loop unroll(disable)
        for (int level = 0; level < LEVELS; level++) {
#define LANE(r) STEP(n[r], key + r);
            EACH(LANE)
        }
        for (const ptrdiff_t end = fetched + share < next_bytes ? fetched + share : next_bytes; fetched < end; fetched += 64)
            __builtin_prefetch(next + fetched);
        for (int r = 0; r < LANES; r++) {
            own[r] = (uint32_t)n[r];
            rest[left] = (uint32_t)(part * LANES + r);
            left += nodes[n[r]].column != 0;
        }
    }
    return left;
}

// The same for listed rows.
static ptrdiff_t descendFurther(
    nodePointer nodes, const uint32_t *restrict keys, ptrdiff_t width, const uint32_t *restrict list, ptrdiff_t count,
    uint32_t *restrict node, uint32_t *restrict rest) {
    ptrdiff_t left = 0;
    for (ptrdiff_t first = 0; first < count; first += FEW) {
        uint32_t row[FEW];
        uint64_t n[FEW];
        const uint32_t *key[FEW];
        for (int r = 0; r < FEW; r++) {
            row[r] = list[first + r < count ? first + r : count - 1];
            n[r] = node[row[r]];
            key[r] = keys + row[r] / ROWS * width * ROWS + row[r] % ROWS;
        }
#pragma clang loop unroll(disable)
        for (int level = 0; level < MORE_LEVELS; level++)
#pragma clang loop unroll(full)
            for (int r = 0; r < FEW; r++) STEP(n[r], key[r]);
        for (int r = 0; r < FEW; r++) node[row[r]] = (uint32_t)n[r];
        for (int r = 0; r < FEW && first + r < count; r++) {
            rest[left] = row[r];
            left += nodes[n[r]].column != 0;
        }
    }
    return left;
}

// One level of the instruction set: for AVX-512 the compiler would gather the nodes of the lanes, three times slower.
void matsieve_forest_leaves(
    const matsieve_forest_tree *tree, const uint32_t *keys, ptrdiff_t width, ptrdiff_t rows, uint32_t *node, uint32_t *list,
    const matsieve_forest_tree *next) {
    const ptrdiff_t parts = (rows + LANES - 1) / LANES;
    uint32_t *rest = list + parts * LANES;
    ptrdiff_t count = descend(
        tree->nodes, tree->start, keys, width, parts, node, list, (const char *)next->nodes,
        next->node_count * (ptrdiff_t)sizeof(matsieve_forest_node));
    while (count > 0) {
        count = descendFurther(tree->nodes, keys, width, list, count, node, rest);
        uint32_t *other = list;
        list = rest;
        rest = other;
    }
}

void matsieve_forest_sums(
    const matsieve_forest_tree *tree, const uint32_t *restrict node, ptrdiff_t rows, double *restrict sums, double *restrict squares) {
    for (ptrdiff_t r = 0; r < rows; r++) {
        float leaf;
        memcpy(&leaf, &tree->nodes[node[r]].key, sizeof leaf);
        const double value = leaf;
        sums[r] += value;
        if (squares) squares[r] += value * value;
    }
}
