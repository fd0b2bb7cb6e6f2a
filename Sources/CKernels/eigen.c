#include "eigen.h"
#include "dispatch.h"
#include <float.h>
#include <math.h>
#pragma STDC FP_CONTRACT OFF

enum { LANES = 8, ROWS = 4 };

#define ALWAYS static inline __attribute__((always_inline))

// Sum of products in eight interleaved partial sums, added pairwise.
ALWAYS double dot(const double *a, const double *b, ptrdiff_t count) {
    double s[LANES] = {0};
    ptrdiff_t i = 0;
    for (; i + LANES <= count; i += LANES)
        for (int l = 0; l < LANES; l++) s[l] += a[i + l] * b[i + l];
    for (int l = 0; i + l < count; l++) s[l] += a[i + l] * b[i + l];
    return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
}

// p = leading m × m block times u; the block is symmetric, so its rows are added up and no sum runs along a row.
ALWAYS void multiply(const double *a, ptrdiff_t n, ptrdiff_t m, const double *u, double *restrict p) {
    for (ptrdiff_t j = 0; j < m; j++) p[j] = 0;
    ptrdiff_t k = 0;
    for (; k + ROWS <= m; k += ROWS) {
        const double *r0 = a + k * n, *r1 = r0 + n, *r2 = r1 + n, *r3 = r2 + n;
        const double u0 = u[k], u1 = u[k + 1], u2 = u[k + 2], u3 = u[k + 3];
        for (ptrdiff_t j = 0; j < m; j++) p[j] += (u0 * r0[j] + u1 * r1[j]) + (u2 * r2[j] + u3 * r3[j]);
    }
    for (; k < m; k++)
        for (ptrdiff_t j = 0; j < m; j++) p[j] += u[k] * a[k * n + j];
}

// block -= q uᵀ + u qᵀ
ALWAYS void subtract(double *a, ptrdiff_t n, ptrdiff_t m, const double *restrict u, const double *restrict q) {
    for (ptrdiff_t k = 0; k < m; k++) {
        double *restrict row = a + k * n;
        const double uk = u[k], qk = q[k];
        for (ptrdiff_t j = 0; j < m; j++) row[j] -= qk * u[j] + uk * q[j];
    }
}

MATSIEVE_CLONES
void matsieve_tridiagonalize(double *matrix, ptrdiff_t n, double *diagonal, double *off, double *scale, double *work) {
    for (ptrdiff_t i = n - 1; i > 0; i--) {
        double *u = matrix + i * n;
        diagonal[i] = u[i];
        scale[i] = 0;
        const double last = u[i - 1], rest = dot(u, u, i - 1);
        off[i] = last;
        if (rest == 0) continue;
        const double square = rest + last * last, norm = sqrt(square);
        const double g = last < 0 ? norm : -norm;
        const double h = square - last * g;
        off[i] = g;
        scale[i] = h;
        u[i - 1] = last - g;
        multiply(matrix, n, i, u, work);
        for (ptrdiff_t j = 0; j < i; j++) work[j] /= h;
        const double shift = dot(u, work, i) / (2 * h);
        for (ptrdiff_t j = 0; j < i; j++) work[j] -= shift * u[j];
        subtract(matrix, n, i, u, work);
    }
    if (n > 0) {
        diagonal[0] = matrix[0];
        off[0] = scale[0] = 0;
    }
}

MATSIEVE_CLONES
void matsieve_apply_reflections(const double *matrix, ptrdiff_t n, const double *scale, double *vectors) {
    for (ptrdiff_t i = 0; i < n; i++)
        for (ptrdiff_t j = 0; j < n; j++) vectors[i * n + j] = i == j;
    // The reflection of row i leaves coordinates from i on alone.
    for (ptrdiff_t i = 1; i < n; i++) {
        if (scale[i] == 0) continue;
        const double *u = matrix + i * n;
        for (ptrdiff_t r = 0; r < i; r++) {
            double *restrict row = vectors + r * n;
            const double s = dot(row, u, i) / scale[i];
            for (ptrdiff_t j = 0; j < i; j++) row[j] -= s * u[j];
        }
    }
}

ALWAYS void rotate(double *restrict lower, double *restrict upper, ptrdiff_t n, double c, double s) {
    for (ptrdiff_t j = 0; j < n; j++) {
        const double f = upper[j];
        upper[j] = s * lower[j] + c * f;
        lower[j] = c * lower[j] - s * f;
    }
}

// One implicit QL step on rows first ... last of the tridiagonal matrix, which is not split between them.
ALWAYS void step(double *d, double *e, ptrdiff_t first, ptrdiff_t last, double *vectors, ptrdiff_t n) {
    const double half = (d[first + 1] - d[first]) / (2 * e[first]);
    const double root = sqrt(half * half + 1);
    double g = d[last] - d[first] + e[first] / (half + (half < 0 ? -root : root));
    double s = 1, c = 1, p = 0;
    for (ptrdiff_t i = last - 1; i >= first; i--) {
        const double f = s * e[i], b = c * e[i];
        const double r = sqrt(f * f + g * g);
        e[i + 1] = r;
        if (r == 0) {
            d[i + 1] -= p;
            e[last] = 0;
            return;
        }
        s = f / r;
        c = g / r;
        g = d[i + 1] - p;
        const double t = (d[i] - g) * s + 2 * c * b;
        p = s * t;
        d[i + 1] = g + p;
        g = c * t - b;
        if (vectors) rotate(vectors + i * n, vectors + (i + 1) * n, n, c, s);
    }
    d[first] -= p;
    e[first] = g;
    e[last] = 0;
}

MATSIEVE_CLONES
int matsieve_tridiagonal_eigenvalues(double *d, double *e, ptrdiff_t n, double *vectors) {
    // Squares of what is left must not underflow.
    const double negligible = 0x1p-200;
    // e[i] couples i and i + 1 from here on.
    for (ptrdiff_t i = 1; i < n; i++) e[i - 1] = e[i];
    if (n > 0) e[n - 1] = 0;
    for (ptrdiff_t l = 0; l < n; l++)
        for (int steps = 0;; steps++) {
            ptrdiff_t m = l;
            while (m < n - 1 && fabs(e[m]) > negligible + DBL_EPSILON / 2 * (fabs(d[m]) + fabs(d[m + 1]))) m++;
            if (m == l) break;
            if (steps == 60) return 1;
            step(d, e, l, m, vectors, n);
        }
    return 0;
}
