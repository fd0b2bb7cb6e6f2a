// Packing and the product; included with REAL, PACK, PACK_ROWS, GEMM, CHOOSE and TILE_KERNEL defined.

void PACK(const REAL *b, ptrdiff_t rowStride, ptrdiff_t columnStride, REAL *packed, ptrdiff_t inner, ptrdiff_t columns) {
    for (ptrdiff_t first = 0; first < columns; first += MATSIEVE_PANEL) {
        const ptrdiff_t width = columns - first < MATSIEVE_PANEL ? columns - first : MATSIEVE_PANEL;
        for (ptrdiff_t k = 0; k < inner; k++, packed += MATSIEVE_PANEL) {
            const REAL *source = b + k * rowStride + first * columnStride;
            for (ptrdiff_t j = 0; j < width; j++) packed[j] = source[j * columnStride];
            for (ptrdiff_t j = width; j < MATSIEVE_PANEL; j++) packed[j] = 0;
        }
    }
}

// A tile of at most 12 rows, [k][12]; rows that are not there are zeros.
static void PACK_ROWS(const REAL *a, ptrdiff_t stride, ptrdiff_t rows, ptrdiff_t count, REAL *packed) {
    if (rows < MATSIEVE_TILE) memset(packed, 0, sizeof(REAL) * MATSIEVE_TILE * count);
    for (ptrdiff_t r = 0; r < rows; r++)
        for (ptrdiff_t k = 0; k < count; k++) packed[k * MATSIEVE_TILE + r] = a[r * stride + k];
}

void GEMM(
    const REAL *a, ptrdiff_t aStride, const REAL *packed, REAL *c, ptrdiff_t cStride, ptrdiff_t rows, ptrdiff_t inner,
    ptrdiff_t columns) {
    // 96 KiB of the stack.
    enum { BLOCK_ROWS = 4 * MATSIEVE_TILE, DEPTH = 2048 / sizeof(REAL) };
    TILE_KERNEL *const tile = CHOOSE(MATSIEVE_PRODUCT);
    REAL left[BLOCK_ROWS * DEPTH], sums[MATSIEVE_TILE * MATSIEVE_PANEL];
    for (ptrdiff_t i = 0; i < rows; i += BLOCK_ROWS)
        for (ptrdiff_t k = 0; k < inner || k == 0; k += DEPTH) {
            const ptrdiff_t depth = inner - k < DEPTH ? inner - k : DEPTH;
            const ptrdiff_t last = rows - i < BLOCK_ROWS ? rows - i : BLOCK_ROWS;
            for (ptrdiff_t r = 0; r < last; r += MATSIEVE_TILE)
                PACK_ROWS(
                    a + (i + r) * aStride + k, aStride, last - r < MATSIEVE_TILE ? last - r : MATSIEVE_TILE, depth, left + r * depth);
            for (ptrdiff_t j = 0; j < columns; j += MATSIEVE_PANEL)
                for (ptrdiff_t r = 0; r < last; r += MATSIEVE_TILE) {
                    const ptrdiff_t height = last - r < MATSIEVE_TILE ? last - r : MATSIEVE_TILE;
                    const size_t bytes = sizeof(REAL) * (columns - j < MATSIEVE_PANEL ? columns - j : MATSIEVE_PANEL);
                    REAL *corner = c + (i + r) * cStride + j;
                    memset(sums, 0, sizeof sums);
                    if (k > 0)
                        for (ptrdiff_t t = 0; t < height; t++) memcpy(sums + t * MATSIEVE_PANEL, corner + t * cStride, bytes);
                    tile(left + r * depth, packed + j * inner + k * MATSIEVE_PANEL, sums, depth);
                    for (ptrdiff_t t = 0; t < height; t++) memcpy(corner + t * cStride, sums + t * MATSIEVE_PANEL, bytes);
                }
        }
}
