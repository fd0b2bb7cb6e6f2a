// Kernels between rows, weighted sums and quadratic forms of them, for one type; see kernel_rows.c for what must be defined.

typedef REAL NAMED(lanes) __attribute__((vector_size(64), aligned(sizeof(REAL))));
typedef WORD NAMED(words) __attribute__((vector_size(64), aligned(sizeof(REAL))));
typedef double NAMED(wide) __attribute__((vector_size(8 * LANES), aligned(8)));
#define lanes NAMED(lanes)
#define words NAMED(words)
#define wide NAMED(wide)
#define INLINE static inline __attribute__((always_inline))

// x where it is above the least value, else that.
INLINE lanes NAMED(atLeast)(REAL least, lanes x) {
    const words isAbove = x > least;
    return (lanes)(((words)x & isAbove) | ((words)((lanes){0} + least) & ~isAbove));
}

INLINE lanes NAMED(exponential)(lanes x) {
    static const REAL factor[] = {1.0, 1.0, 1.0 / 2, 1.0 / 6, 1.0 / 24, 1.0 / 120, 1.0 / 720, 1.0 / 5040, 1.0 / 40320, 1.0 / 362880,
                                  1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800};
    x = NAMED(atLeast)(LEAST, x);
    const lanes shifted = x * (REAL)LOG2E + (REAL)MAGIC;
    const lanes n = shifted - (REAL)MAGIC;
    const lanes r = (x - n * (REAL)LOG2_HIGH) - n * (REAL)LOG2_LOW;
    lanes sum = (lanes){0} + factor[TERMS];
    _Pragma("unroll") for (int i = TERMS - 1; i >= 0; i--) sum = sum * r + factor[i];
    // The low bits of the shifted number are n.
    const words power = ((words)shifted << MANTISSA) + ((WORD)BIAS << MANTISSA);
    return sum * (lanes)power;
}

// From what the tile summed: the product, Σ (x - y)² or Σ |x - y|.
INLINE lanes NAMED(covariance)(int form, lanes sum, REAL rowHalf, lanes columnHalf) {
    if (form == MATSIEVE_LAPLACIAN) return NAMED(exponential)(-sum);
    if (form == MATSIEVE_MATERN12) return NAMED(exponential)(-__builtin_elementwise_sqrt(sum));
    if (form == MATSIEVE_MATERN12_SLOPE) {
        const lanes s = __builtin_elementwise_sqrt(sum);
        return (lanes)((words)(NAMED(exponential)(-s) / s) & (s > (REAL)1e-5));
    }
    lanes half = (rowHalf + columnHalf) - sum;
    half = (lanes)((words)half & (half > 0));
    if (form == MATSIEVE_RBF) return NAMED(exponential)(-half);
    const lanes square = half + half;
    const lanes s = __builtin_elementwise_sqrt(square);
    const lanes e = NAMED(exponential)(-s);
    if (form == MATSIEVE_MATERN32) return (s + 1) * e;
    if (form == MATSIEVE_MATERN32_SLOPE) return e;
    if (form == MATSIEVE_MATERN52) return ((square * (REAL)(1.0 / 3) + s) + 1) * e;
    return (s + 1) * e * (REAL)(1.0 / 3);
}

INLINE void NAMED(finish)(
    int form, REAL variance, int adds, const REAL *sums, const REAL *rowHalf, ptrdiff_t rows, const REAL *half, REAL *values,
    ptrdiff_t stride) {
    for (ptrdiff_t r = 0; r < rows; r++)
        for (int j = 0; j < MATSIEVE_PANEL; j += LANES) {
            lanes *target = (lanes *)(values + r * stride + j);
            const lanes sum = *(const lanes *)(sums + r * MATSIEVE_PANEL + j);
            const lanes k = NAMED(covariance)(form, sum, rowHalf[r], *(const lanes *)(half + j)) * variance;
            *target = adds ? *target + k : k;
        }
}

MATSIEVE_CLONES
static void NAMED(finishTile)(
    int form, REAL variance, int adds, const REAL *sums, const REAL *rowHalf, ptrdiff_t rows, const REAL *half, REAL *values,
    ptrdiff_t stride) {
#define FORM(f) case f: NAMED(finish)(f, variance, adds, sums, rowHalf, rows, half, values, stride); break;
    switch (form) {
        FORM(MATSIEVE_RBF)
        FORM(MATSIEVE_MATERN12)
        FORM(MATSIEVE_MATERN32)
        FORM(MATSIEVE_MATERN52)
        FORM(MATSIEVE_LAPLACIAN)
        FORM(MATSIEVE_MATERN12_SLOPE)
        FORM(MATSIEVE_MATERN32_SLOPE)
        FORM(MATSIEVE_MATERN52_SLOPE)
    }
#undef FORM
}

void NAMED(matsieve_kernel_pack_rows)(const REAL *rows, ptrdiff_t count, ptrdiff_t columns, REAL *tiles, REAL *halfSquares) {
    memset(tiles, 0, sizeof(REAL) * MATSIEVE_KERNEL_BLOCK * columns);
    for (ptrdiff_t r = 0; r < count; r++) {
        REAL *tile = tiles + r / MATSIEVE_TILE * MATSIEVE_TILE * columns + r % MATSIEVE_TILE;
        REAL sum = 0;
        for (ptrdiff_t k = 0; k < columns; k++) {
            const REAL x = rows[r * columns + k];
            tile[k * MATSIEVE_TILE] = x;
            sum += x * x;
        }
        halfSquares[r] = sum / 2;
    }
}

void NAMED(matsieve_kernel_values)(
    int form, REAL variance, int adds, const REAL *tiles, const REAL *rowHalfSquares, ptrdiff_t rows, const REAL *panels,
    const REAL *halfSquares, ptrdiff_t count, ptrdiff_t columns, REAL *values, ptrdiff_t stride) {
    const int isSquare = form == MATSIEVE_MATERN12 || form == MATSIEVE_MATERN12_SLOPE;
    TILE_KERNEL *const tile = CHOOSE(form == MATSIEVE_LAPLACIAN ? MATSIEVE_MAGNITUDE : isSquare ? MATSIEVE_SQUARE : MATSIEVE_PRODUCT);
    REAL sums[MATSIEVE_TILE * MATSIEVE_PANEL];
    for (ptrdiff_t j = 0; j < count; j += MATSIEVE_PANEL)
        for (ptrdiff_t r = 0; r < rows; r += MATSIEVE_TILE) {
            memset(sums, 0, sizeof sums);
            tile(tiles + r * columns, panels + j * columns, sums, columns);
            NAMED(finishTile)(
                form, variance, adds, sums, rowHalfSquares + r, rows - r < MATSIEVE_TILE ? rows - r : MATSIEVE_TILE, halfSquares + j,
                values + r * stride + j, stride);
        }
}

MATSIEVE_CLONES
void NAMED(matsieve_weighted_lanes)(
    const REAL *values, ptrdiff_t stride, ptrdiff_t rows, ptrdiff_t count, const double *weights, double *sums) {
    enum { PARTS = MATSIEVE_PANEL / LANES };
    for (ptrdiff_t r = 0; r < rows; r++) {
        wide s[PARTS];
        _Pragma("unroll") for (int v = 0; v < PARTS; v++) s[v] = *(const wide *)(sums + r * MATSIEVE_PANEL + v * LANES);
        for (ptrdiff_t j = 0; j < count; j += MATSIEVE_PANEL)
            _Pragma("unroll") for (int v = 0; v < PARTS; v++) {
                const lanes k = *(const lanes *)(values + r * stride + j + v * LANES);
                s[v] += __builtin_convertvector(k, wide) * *(const wide *)(weights + j + v * LANES);
            }
        _Pragma("unroll") for (int v = 0; v < PARTS; v++) *(wide *)(sums + r * MATSIEVE_PANEL + v * LANES) = s[v];
    }
}

MATSIEVE_CLONES
static void NAMED(addSquares)(const REAL *sums, double *total) {
    for (int i = 0; i < MATSIEVE_TILE * MATSIEVE_PANEL; i += LANES) {
        const wide v = __builtin_convertvector(*(const lanes *)(sums + i), wide);
        *(wide *)(total + i) += v * v;
    }
}

void NAMED(matsieve_row_squares)(
    const REAL *values, ptrdiff_t stride, ptrdiff_t rows, const REAL *factor, ptrdiff_t outputs, ptrdiff_t depth, int triangular,
    REAL *tiles, double *total, double *squares) {
    enum { PART = 2048 / sizeof(REAL) };
    TILE_KERNEL *const tile = CHOOSE(MATSIEVE_PRODUCT);
    REAL sums[MATSIEVE_KERNEL_BLOCK * MATSIEVE_PANEL];
    memset(tiles, 0, sizeof(REAL) * MATSIEVE_KERNEL_BLOCK * depth);
    memset(total, 0, sizeof(double) * MATSIEVE_KERNEL_BLOCK * MATSIEVE_PANEL);
    for (ptrdiff_t r = 0; r < rows; r++)
        for (ptrdiff_t k = 0; k < depth; k++)
            tiles[r / MATSIEVE_TILE * MATSIEVE_TILE * depth + k * MATSIEVE_TILE + r % MATSIEVE_TILE] = values[r * stride + k];
    for (ptrdiff_t i = 0; i < outputs; i += MATSIEVE_PANEL) {
        const ptrdiff_t reach = triangular && i + MATSIEVE_PANEL < depth ? i + MATSIEVE_PANEL : depth;
        memset(sums, 0, sizeof sums);
        for (ptrdiff_t k = 0; k < reach; k += PART)
            for (ptrdiff_t r = 0; r < rows; r += MATSIEVE_TILE)
                tile(tiles + r * depth + k * MATSIEVE_TILE, factor + k * MATSIEVE_PANEL, sums + r * MATSIEVE_PANEL,
                     reach - k < PART ? reach - k : PART);
        for (ptrdiff_t r = 0; r < rows; r += MATSIEVE_TILE) NAMED(addSquares)(sums + r * MATSIEVE_PANEL, total + r * MATSIEVE_PANEL);
        factor += reach * MATSIEVE_PANEL;
    }
    for (ptrdiff_t r = 0; r < rows; r++) squares[r] = matsieve_fold_lanes(total + r * MATSIEVE_PANEL);
}

#undef lanes
#undef words
#undef wide
#undef INLINE
