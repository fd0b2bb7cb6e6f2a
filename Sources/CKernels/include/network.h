#pragma once
#include <stddef.h>
#include <stdint.h>

// The loops of a multilayer perceptron beside its matrix products: one operation an element, in one order, without contraction.

/// 0: max(z, 0); 1: z / (1 + exp(-z)), the exponential by a polynomial of its own (relative error 1e-7).
enum { MATSIEVE_RELU = 0, MATSIEVE_SILU = 1 };

/// z += bias of its column; y = activation(z). z and y are rows × columns.
void matsieve_activate(float *z, const float *bias, float *y, ptrdiff_t rows, ptrdiff_t columns, int activation);

/// gradient *= activation'(z).
void matsieve_activation_gradient(const float *z, float *gradient, ptrdiff_t count, int activation);

/// Element i becomes 0 where a 32-bit hash of (key, i) is below threshold, else it is multiplied by scale.
void matsieve_dropout(float *values, ptrdiff_t count, uint32_t key, uint32_t threshold, float scale);

/// sums[j] = Σ_i values[i·columns + j], rows in ascending order.
void matsieve_column_sums(const float *values, float *sums, ptrdiff_t rows, ptrdiff_t columns);

/// A step of Adam with decoupled decay:
/// p -= decay·p; m += (1 - b1)·(g - m); v += (1 - b2)·(g² - v); p -= rate·m / (sqrt(v)·correction + epsilon).
void matsieve_adam(
    float *p, float *m, float *v, const float *g, ptrdiff_t count, float decay, float b1, float b2, float rate, float correction,
    float epsilon);
