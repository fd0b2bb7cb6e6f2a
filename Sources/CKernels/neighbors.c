#include "neighbors.h"
#include "dispatch.h"
#include <math.h>
#if defined(__x86_64__) && !defined(MATSIEVE_BASELINE)
#define WIDE
#include <immintrin.h>
#endif
#pragma STDC FP_CONTRACT OFF
#pragma clang diagnostic ignored "-Wpsabi"

// A lane is a candidate: the width of the machine changes no bit.
enum { LANES = 8 };
typedef double lanes __attribute__((vector_size(64), aligned(8)));
typedef int64_t marks __attribute__((vector_size(64), aligned(8)));
typedef int32_t words __attribute__((vector_size(64), aligned(4)));
#define LOAD(ADDRESS) (*(lanes *)(ADDRESS))

#define ALWAYS static inline __attribute__((always_inline))

// |x| < 2⁵¹; `ceil` is a library call at the baseline.
ALWAYS void roundUp(lanes *x) {
    const lanes nearest = (*x + 0x1.8p52) - 0x1.8p52;
    *x = nearest - __builtin_convertvector(nearest < *x, lanes);
}

// `sqrt` looks for negative numbers to report.
ALWAYS double root(double x) {
    typedef double pair __attribute__((vector_size(16)));
    return __builtin_elementwise_sqrt((pair){x, x})[0];
}

// Where the blocks of all atoms begin, seen from atom i.
MATSIEVE_CLONES
static void placeBlocks(const matsieve_images *s, ptrdiff_t i) {
    const ptrdiff_t n = s->stride;
    const double *restrict g = s->places, *restrict cells = s->cells, *restrict t = s->turns;
    double *restrict begins = s->begins;
    int64_t *restrict shapes = s->shapes;
    const double r0 = s->reach[0], r1 = s->reach[1], r2 = s->reach[2];
    const double k0 = s->shorter[0], k1 = s->shorter[1], k2 = s->shorter[2];
    for (ptrdiff_t j = 0; j < n; j += LANES) {
        const lanes d0 = LOAD(g + j) - g[i], d1 = LOAD(g + n + j) - g[n + i], d2 = LOAD(g + 2 * n + j) - g[2 * n + i];
        lanes a = -r0 - d0, b = -r1 - d1, c = -r2 - d2;
        roundUp(&a);
        roundUp(&b);
        roundUp(&c);
        LOAD(begins + j) = ((a * t[0] + b * t[3]) + c * t[6]) + (cells[i] - LOAD(cells + j));
        LOAD(begins + n + j) = ((a * t[1] + b * t[4]) + c * t[7]) + (cells[n + i] - LOAD(cells + n + j));
        LOAD(begins + 2 * n + j) = ((a * t[2] + b * t[5]) + c * t[8]) + (cells[2 * n + i] - LOAD(cells + 2 * n + j));
        *(marks *)(shapes + j) = ((a + k0 <= r0 - d0) & 4) + ((b + k1 <= r1 - d1) & 2) + ((c + k2 <= r2 - d2) & 1);
    }
}

// All candidates of atom i, from place `total` on; returns where they end.
MATSIEVE_CLONES
static ptrdiff_t fillBlocks(const matsieve_images *s, ptrdiff_t i, ptrdiff_t total) {
    const ptrdiff_t n = s->atoms, stride = s->stride, room = s->room;
    const double *restrict f = s->positions, *restrict begins = s->begins;
    const int64_t *restrict shapes = s->shapes;
    double *restrict xs = s->x, *restrict ys = s->y, *restrict zs = s->z, *restrict squares = s->squares;
    int32_t *restrict allWords = s->words;
    const lanes ax = (lanes){} + s->lattice[0], ay = (lanes){} + s->lattice[1], az = (lanes){} + s->lattice[2];
    const lanes bx = (lanes){} + s->lattice[3], by = (lanes){} + s->lattice[4], bz = (lanes){} + s->lattice[5];
    const lanes cx = (lanes){} + s->lattice[6], cy = (lanes){} + s->lattice[7], cz = (lanes){} + s->lattice[8];
    const double fi = f[i], gi = f[stride + i], hi = f[2 * stride + i];
    for (ptrdiff_t j = 0; j < n; j++) {
        const ptrdiff_t shape = shapes[j];
        const ptrdiff_t length = s->lengths[shape];
        const double *steps = s->steps + 3 * room * shape;
        const int32_t *stepWords = s->stepWords + 4 * room * shape;
        const double na = begins[j], nb = begins[stride + j], nc = begins[2 * stride + j];
        const double da = f[j] - fi, db = f[stride + j] - gi, dc = f[2 * stride + j] - hi;
        const int32_t a = (int32_t)(int64_t)na, b = (int32_t)(int64_t)nb, c = (int32_t)(int64_t)nc, k = (int32_t)j;
        const words begin = {a, b, c, k, a, b, c, k, a, b, c, k, a, b, c, k};
        for (ptrdiff_t t = 0; t < length; t += LANES) {
            const lanes fa = da + (LOAD(steps + t) + na), fb = db + (LOAD(steps + room + t) + nb), fc = dc + (LOAD(steps + 2 * room + t) + nc);
            const lanes x = (fa * ax + fb * bx) + fc * cx;
            const lanes y = (fa * ay + fb * by) + fc * cy;
            const lanes z = (fa * az + fb * bz) + fc * cz;
            LOAD(xs + total + t) = x;
            LOAD(ys + total + t) = y;
            LOAD(zs + total + t) = z;
            LOAD(squares + total + t) = (x * x + y * y) + z * z;
            *(words *)(allWords + 4 * (total + t)) = *(const words *)(stepWords + 4 * t) + begin;
            *(words *)(allWords + 4 * (total + t) + 16) = *(const words *)(stepWords + 4 * t + 16) + begin;
        }
        if (j == i) {
            // An atom is no neighbour of itself; one on the same point is.
            for (ptrdiff_t t = total; t < total + length; t++) {
                if (squares[t] == 0 && !(allWords[4 * t] | allWords[4 * t + 1] | allWords[4 * t + 2])) squares[t] = INFINITY;
            }
        }
        total += length;
    }
    return total;
}

// Places from `first` to `end` of squares within the limit; writes up to LANES behind them.
static ptrdiff_t choose(const double *restrict squares, ptrdiff_t first, ptrdiff_t end, double limit, int32_t *restrict hits) {
    ptrdiff_t count = 0;
    for (ptrdiff_t t = first; t < end; t++) {
        hits[count] = (int32_t)t;
        count += squares[t] <= limit;
    }
    return count;
}

#ifdef WIDE
// The same, eight at a time: no compiler makes this of the loop above.
__attribute__((target("avx512f,avx512vl,popcnt"))) static ptrdiff_t
chooseWide(const double *restrict squares, ptrdiff_t first, ptrdiff_t end, double limit, int32_t *restrict hits) {
    const __m512d most = _mm512_set1_pd(limit);
    __m256i places = _mm256_add_epi32(_mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7), _mm256_set1_epi32((int)first));
    ptrdiff_t count = 0;
    for (ptrdiff_t t = first; t < end; t += LANES) {
        __mmask8 mask = _mm512_cmp_pd_mask(_mm512_loadu_pd(squares + t), most, _CMP_LE_OQ);
        if (end - t < LANES) mask &= (__mmask8)((1 << (end - t)) - 1);
        _mm256_storeu_si256((__m256i *)(hits + count), _mm256_maskz_compress_epi32(mask, places));
        count += __builtin_popcount(mask);
        places = _mm256_add_epi32(places, _mm256_set1_epi32(LANES));
    }
    return count;
}
#endif

// The value at place `rank` (from 0) in ascending order, of more than `rank` ones.
//
// Each value that may be it is counted against all; after a few hardly any may. Nothing is moved, so the counting runs in lanes.
MATSIEVE_CLONES
static double ranked(const double *restrict values, ptrdiff_t count, ptrdiff_t rank) {
    double low = -1, high = INFINITY;
    for (ptrdiff_t e = 0; e < count; e++) {
        const double value = values[e];
        if (value <= low || value >= high) continue;
        ptrdiff_t below = 0;
        for (ptrdiff_t k = 0; k < count; k++) below += values[k] < value;
        if (below <= rank) low = value;
        else high = value;
    }
    return low;
}

// Keeps the nearest of the hits of an atom; returns how many.
static ptrdiff_t keepNearest(const matsieve_images *s, ptrdiff_t count, int32_t *hits, int32_t *isComplete) {
    if (count < s->nearest) {
        if (count < s->others) *isComplete = 0;
        return count;
    }
    for (ptrdiff_t h = 0; h < count; h++) s->nearSquares[h] = s->squares[hits[h]];
    const double reach = root(ranked(s->nearSquares, count, s->nearest - 1)) + s->tolerance;
    if (reach > s->cutoff && count < s->others) *isComplete = 0;
    ptrdiff_t kept = 0;
    for (ptrdiff_t h = 0; h < count; h++) {
        hits[kept] = hits[h];
        kept += root(s->nearSquares[h]) <= reach;
    }
    return kept;
}

ptrdiff_t matsieve_find_images(const matsieve_images *s, ptrdiff_t first, ptrdiff_t end, ptrdiff_t *counts, int32_t *isComplete) {
    ptrdiff_t total = 0, found = 0;
#ifdef WIDE
    const int isWide = __builtin_cpu_supports("x86-64-v4");
#endif
    for (ptrdiff_t i = first; i < end; i++) {
        placeBlocks(s, i);
        const ptrdiff_t start = total;
        int32_t *hits = s->hits + found;
        total = fillBlocks(s, i, start);
#ifdef WIDE
        ptrdiff_t count = isWide ? chooseWide(s->squares, start, total, s->limit, hits) : choose(s->squares, start, total, s->limit, hits);
#else
        ptrdiff_t count = choose(s->squares, start, total, s->limit, hits);
#endif
        if (s->nearest > 0) count = keepNearest(s, count, hits, isComplete);
        counts[i - first] = count;
        found += count;
    }
    return found;
}

MATSIEVE_CLONES
void matsieve_write_images(
    const matsieve_images *s, ptrdiff_t count, int32_t *restrict neighbors, int32_t *restrict offsets, double *restrict vectors,
    double *restrict lengths) {
    typedef double four __attribute__((vector_size(32), aligned(8)));
    typedef int32_t quad __attribute__((vector_size(16), aligned(4)));
    const int32_t *restrict hits = s->hits, *restrict all = s->words;
    const double *restrict x = s->x, *restrict y = s->y, *restrict z = s->z, *restrict squares = s->squares;
    for (ptrdiff_t h = 0; h < count; h++) {
        const int32_t t = hits[h];
        const quad word = *(const quad *)(all + 4 * (ptrdiff_t)t);
        neighbors[h] = word[3];
        *(quad *)(offsets + 4 * h) = word & (quad){-1, -1, -1, 0};
        *(four *)(vectors + 4 * h) = (four){x[t], y[t], z[t], 0};
        lengths[h] = squares[t];
    }
    ptrdiff_t h = 0;
    for (; h + LANES <= count; h += LANES) LOAD(lengths + h) = __builtin_elementwise_sqrt(LOAD(lengths + h));
    for (; h < count; h++) lengths[h] = root(lengths[h]);
}
