#include "acsf.h"
#include "dispatch.h"
#include <stdint.h>
#include <string.h>
#pragma STDC FP_CONTRACT OFF
// Vectors are passed between functions that are inlined always, so no calling convention is at stake.
#pragma clang diagnostic ignored "-Wpsabi"

// Sums run in eight lanes whatever the machine, so that its width changes no bit.
enum { LANES = 8 };
typedef double lanes __attribute__((vector_size(64), aligned(8)));
typedef int64_t bits __attribute__((vector_size(64), aligned(8)));

#define ALWAYS static inline __attribute__((always_inline))

ALWAYS double total(const double *s) { return ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7])); }

// Passed by pointer: a vector argument would be a matter of the calling convention between differently compiled functions.
// exp of values up to 0: 2^k times a polynomial through the Chebyshev points of ±½ ln 2; 0 below -708.
ALWAYS void exponential(lanes *x) {
    const lanes shifted = *x * 0x1.71547652b82fep+0 + 0x1.8p52;
    const lanes k = shifted - 0x1.8p52;
    const lanes r = (*x - k * 0x1.62e42fee00000p-1) - k * 0x1.a39ef35793c76p-33;
    lanes q = r * 0x1.af4de97ca4194p-26 + 0x1.28a2ca617b969p-22;
    q = q * r + 0x1.71de0231960ebp-19;
    q = q * r + 0x1.a019a6611cad5p-16;
    q = q * r + 0x1.a01a01abe7fe1p-13;
    q = q * r + 0x1.6c16c17f46982p-10;
    q = q * r + 0x1.11111111100dcp-7;
    q = q * r + 0x1.55555555520a4p-5;
    q = q * r + 0x1.5555555555557p-3;
    q = q * r + 0x1.0000000000005p-1;
    q = q * r + 1.0;
    q = q * r + 1.0;
    // The low bits of the shifted number are k; only its last 12 matter.
    const lanes scaled = (lanes)((bits)q + ((bits)shifted << 52));
    *x = (lanes)((bits)scaled & (*x >= -708.0));
}

// Natural logarithm of values between 0 and 1; about -710 where there is none.
ALWAYS void logarithm(lanes *x) {
    const bits shifted = (bits)*x - 0x3fe6a09e667f3bcd;
    const bits k = shifted >> 52;
    const lanes m = (lanes)((bits)*x - (k << 52));
    const lanes exponent = (lanes)(k + 0x4338000000000000) - 0x1.8p52;
    const lanes f = m - 1.0, s = f / (2.0 + f), z = s * s;
    lanes q = z * (2.0 / 23) + 2.0 / 21;
    q = q * z + 2.0 / 19;
    q = q * z + 2.0 / 17;
    q = q * z + 2.0 / 15;
    q = q * z + 2.0 / 13;
    q = q * z + 2.0 / 11;
    q = q * z + 2.0 / 9;
    q = q * z + 2.0 / 7;
    q = q * z + 2.0 / 5;
    q = q * z + 2.0 / 3;
    const lanes half = 0.5 * f * f;
    *x = exponent * 0x1.62e42fee00000p-1 - ((half - (s * (half + q * z) + exponent * 0x1.a39ef35793c76p-33)) - f);
}

// cos²(√v) for v up to (π/2)²; 0 beyond.
ALWAYS void squaredCosine(lanes *v) {
    lanes q = *v * -0x1.5dc6f502ce37ep-53 + 0x1.ae4f74e861e2cp-45;
    q = q * *v - 0x1.9396d39886b4ep-37;
    q = q * *v + 0x1.1eed8e52d29a7p-29;
    q = q * *v - 0x1.27e4fb7663246p-22;
    q = q * *v + 0x1.a01a01a017cc2p-16;
    q = q * *v - 0x1.6c16c16c16bf5p-10;
    q = q * *v + 0x1.5555555555555p-5;
    q = q * *v - 0.5;
    q = q * *v + 1.0;
    *v = (lanes)((bits)(q * q) & (*v <= 0x1.3bd3cc9be45dep+1));
}

// (π / 2 reach)²: what makes a squared distance the argument of the cutoff function.
ALWAYS double cutoffScale(double reach) {
    const double s = 0x1.921fb54442d18p+0 / reach;
    return s * s;
}

MATSIEVE_CLONES
void matsieve_acsf_distances(
    const double *x, const double *y, const double *z, ptrdiff_t count, double reach, double *square, double *inverse,
    double *distance, double *cutoff) {
    const double scale = cutoffScale(reach);
    const bits lane = {0, 1, 2, 3, 4, 5, 6, 7};
    for (ptrdiff_t i = 0; i < count; i += LANES) {
        const lanes vx = *(const lanes *)(x + i), vy = *(const lanes *)(y + i), vz = *(const lanes *)(z + i);
        const lanes s = (vx * vx + vy * vy) + vz * vz;
        const bits isAtom = lane + i < count;
        const lanes r = __builtin_elementwise_sqrt(s);
        lanes c = s * scale;
        squaredCosine(&c);
        *(lanes *)(square + i) = s;
        *(lanes *)(distance + i) = r;
        *(lanes *)(inverse + i) = (lanes)((bits)(1.0 / r) & isAtom);
        *(lanes *)(cutoff + i) = (lanes)((bits)c & isAtom);
    }
}

MATSIEVE_CLONES
void matsieve_acsf_pairs(
    const double *distance, const double *cutoff, ptrdiff_t count, const double *eta, const double *shift, ptrdiff_t functions,
    double *sums) {
    for (ptrdiff_t g = -1; g < functions; g++) {
        lanes sum = {0};
        for (ptrdiff_t i = 0; i < count; i += LANES) {
            lanes value = *(const lanes *)(cutoff + i);
            if (g >= 0) {
                const lanes d = *(const lanes *)(distance + i) - shift[g];
                lanes e = -eta[g] * (d * d);
                exponential(&e);
                value = e * value;
            }
            sum += value;
        }
        double parts[LANES];
        memcpy(parts, &sum, sizeof parts);
        sums[g + 1] += total(parts);
    }
}

// 2 base^ζ; the base is not negative.
ALWAYS void angularPart(const lanes *base, double zeta, ptrdiff_t power, double *out) {
    lanes value = {0}, b = *base;
    if (power < 0) {
        lanes t = b;
        logarithm(&t);
        t = zeta * t;
        exponential(&t);
        value = (lanes)((bits)(2.0 * t) & (b > 0x1p-1000));
    } else {
        value = value + 2.0;
        for (ptrdiff_t n = power; n > 0; n >>= 1) {
            if (n & 1) value *= b;
            b *= b;
        }
    }
    *(lanes *)out = value;
}

// Angular and radial parts of one j and eight k's.
ALWAYS void parts(
    const matsieve_acsf_triples *f, const matsieve_acsf_atoms *first, ptrdiff_t j, const matsieve_acsf_atoms *second, ptrdiff_t k,
    double scale, const double *kCutoff, double *angular, double *radial) {
    const lanes x = *(const lanes *)(second->x + k), y = *(const lanes *)(second->y + k), z = *(const lanes *)(second->z + k);
    const lanes dx = x - first->x[j], dy = y - first->y[j], dz = z - first->z[j];
    const lanes side = (dx * dx + dy * dy) + dz * dz;
    const lanes dot = (x * first->x[j] + y * first->y[j]) + z * first->z[j];
    const lanes cosine = dot * *(const lanes *)(second->inverse + k) * first->inverse[j];
    for (ptrdiff_t a = 0; a < f->angular_count; a++) {
        lanes base = 0.5 + (0.5 * f->lambda[a]) * cosine;
        base = (lanes)((bits)base & (base > 0.0));
        angularPart(&base, f->zeta[a], f->power[a], angular + a * LANES);
    }
    const lanes open = *(const lanes *)kCutoff * first->cutoff[j];
    const lanes squares = *(const lanes *)(second->square + k) + first->square[j];
    lanes closed = side * scale;
    squaredCosine(&closed);
    closed = closed * open;
    for (ptrdiff_t e = 0; e < f->closed_count + f->open_count; e++) {
        const int isClosed = e < f->closed_count;
        lanes t = -f->eta[e] * (isClosed ? squares + side : squares);
        exponential(&t);
        *(lanes *)(radial + e * LANES) = t * (isClosed ? closed : open);
    }
}

MATSIEVE_CLONES
void matsieve_acsf_triples_add(
    const matsieve_acsf_triples *functions, const matsieve_acsf_atoms *first, const matsieve_acsf_atoms *second, int triangle,
    double *scratch, double *sums) {
    const double scale = cutoffScale(functions->reach);
    double *angular = scratch, *radial = angular + functions->angular_count * LANES;
    double *lane = radial + (functions->closed_count + functions->open_count) * LANES;
    memset(lane, 0, (size_t)(functions->count * LANES) * sizeof(double));
    for (ptrdiff_t j = 0; j < first->count; j++) {
        const ptrdiff_t end = triangle ? j : second->count;
        for (ptrdiff_t k = 0; k < end; k += LANES) {
            double cutoff[LANES];
            for (ptrdiff_t i = 0; i < LANES; i++) cutoff[i] = k + i < end ? second->cutoff[k + i] : 0;
            parts(functions, first, j, second, k, scale, cutoff, angular, radial);
            for (ptrdiff_t p = 0; p < functions->count; p++)
                *(lanes *)(lane + p * LANES) +=
                    *(const lanes *)(angular + functions->angular[p] * LANES) * *(const lanes *)(radial + functions->radial[p] * LANES);
        }
    }
    for (ptrdiff_t p = 0; p < functions->count; p++) sums[p] += total(lane + p * LANES);
}
