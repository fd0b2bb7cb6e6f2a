#include "network.h"
#include "dispatch.h"
#include <string.h>
#pragma STDC FP_CONTRACT OFF

#define ALWAYS static inline __attribute__((always_inline))

// exp for |x| up to 87: 2^k by its bits, the rest by a Taylor polynomial on ±ln(2)/2.
ALWAYS float exponential(float x) {
    x = x < -87.0f ? -87.0f : x;
    x = x > 87.0f ? 87.0f : x;
    // Adding 1.5·2^23 rounds to the nearest integer.
    const float k = (x * 1.44269504f + 12582912.0f) - 12582912.0f;
    const float r = (x - k * 0.693145752f) - k * 1.42860677e-6f;
    float p = 1.0f / 5040 * r + 1.0f / 720;
    p = p * r + 1.0f / 120;
    p = p * r + 1.0f / 24;
    p = p * r + 1.0f / 6;
    p = p * r + 0.5f;
    p = p * r + 1.0f;
    p = p * r + 1.0f;
    const int32_t bits = ((int32_t)k + 127) << 23;
    float power;
    memcpy(&power, &bits, sizeof power);
    return p * power;
}

ALWAYS float sigmoid(float x) { return 1.0f / (1.0f + exponential(-x)); }

MATSIEVE_CLONES
void matsieve_activate(float *restrict z, const float *restrict bias, float *restrict y, ptrdiff_t rows, ptrdiff_t columns, int activation) {
    for (ptrdiff_t i = 0; i < rows; i++, z += columns, y += columns) {
        if (activation == MATSIEVE_SILU)
            for (ptrdiff_t j = 0; j < columns; j++) {
                z[j] += bias[j];
                y[j] = z[j] * sigmoid(z[j]);
            }
        else
            for (ptrdiff_t j = 0; j < columns; j++) {
                z[j] += bias[j];
                y[j] = z[j] > 0 ? z[j] : 0;
            }
    }
}

MATSIEVE_CLONES
void matsieve_activation_gradient(const float *restrict z, float *restrict gradient, ptrdiff_t count, int activation) {
    if (activation == MATSIEVE_SILU)
        for (ptrdiff_t i = 0; i < count; i++) {
            const float s = sigmoid(z[i]);
            gradient[i] *= s * (1.0f + z[i] * (1.0f - s));
        }
    else
        for (ptrdiff_t i = 0; i < count; i++) gradient[i] = z[i] > 0 ? gradient[i] : 0;
}

// The last mixing steps of MurmurHash3, after a Weyl sequence.
MATSIEVE_CLONES
void matsieve_dropout(float *restrict values, ptrdiff_t count, uint32_t key, uint32_t threshold, float scale) {
    for (ptrdiff_t i = 0; i < count; i++) {
        uint32_t h = (uint32_t)i * 0x9e3779b9u + key;
        h = (h ^ h >> 16) * 0x85ebca6bu;
        h = (h ^ h >> 13) * 0xc2b2ae35u;
        h ^= h >> 16;
        values[i] = h < threshold ? 0 : values[i] * scale;
    }
}

MATSIEVE_CLONES
void matsieve_column_sums(const float *restrict values, float *restrict sums, ptrdiff_t rows, ptrdiff_t columns) {
    for (ptrdiff_t j = 0; j < columns; j++) sums[j] = 0;
    for (ptrdiff_t i = 0; i < rows; i++, values += columns)
        for (ptrdiff_t j = 0; j < columns; j++) sums[j] += values[j];
}

MATSIEVE_CLONES
void matsieve_adam(
    float *restrict p, float *restrict m, float *restrict v, const float *restrict g, ptrdiff_t count, float decay, float b1, float b2,
    float rate, float correction, float epsilon) {
    for (ptrdiff_t i = 0; i < count; i++) {
        const float kept = p[i] - decay * p[i];
        m[i] += (1.0f - b1) * (g[i] - m[i]);
        v[i] += (1.0f - b2) * (g[i] * g[i] - v[i]);
        p[i] = kept - rate * m[i] / (__builtin_elementwise_sqrt(v[i]) * correction + epsilon);
    }
}
