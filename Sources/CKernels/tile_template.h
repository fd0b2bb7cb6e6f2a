// One tile kernel; included with REAL, TILE (name), LEVEL (attributes), BYTES (of a vector), SUBROWS, VECTORS and STEP defined.
// sums (12 × 32) += Σ_k STEP(a[k][row], b[k][column]), k ascending. A part of SUBROWS × VECTORS vectors stays in registers.

LEVEL static void TILE(const REAL *restrict a, const REAL *restrict b, REAL *restrict sums, ptrdiff_t count) {
    typedef REAL lanes __attribute__((vector_size(BYTES), aligned(sizeof(REAL))));
    enum { LANES = BYTES / sizeof(REAL), WIDTH = LANES * VECTORS };
    for (int row = 0; row < MATSIEVE_TILE; row += SUBROWS)
        for (int column = 0; column < MATSIEVE_PANEL; column += WIDTH) {
            lanes s[SUBROWS][VECTORS];
            REAL *corner = sums + row * MATSIEVE_PANEL + column;
            _Pragma("unroll") for (int r = 0; r < SUBROWS; r++)
                _Pragma("unroll") for (int v = 0; v < VECTORS; v++)
                    s[r][v] = *(const lanes *)(corner + r * MATSIEVE_PANEL + v * LANES);
            for (ptrdiff_t k = 0; k < count; k++) {
                const REAL *left = a + k * MATSIEVE_TILE + row;
                lanes right[VECTORS];
                _Pragma("unroll") for (int v = 0; v < VECTORS; v++)
                    right[v] = *(const lanes *)(b + k * MATSIEVE_PANEL + column + v * LANES);
                _Pragma("unroll") for (int r = 0; r < SUBROWS; r++)
                    _Pragma("unroll") for (int v = 0; v < VECTORS; v++) s[r][v] += STEP(right[v], left[r]);
            }
            _Pragma("unroll") for (int r = 0; r < SUBROWS; r++)
                _Pragma("unroll") for (int v = 0; v < VECTORS; v++)
                    *(lanes *)(corner + r * MATSIEVE_PANEL + v * LANES) = s[r][v];
        }
}

#undef TILE
