#include "statistics.h"
#include "dispatch.h"
#include <string.h>
#pragma STDC FP_CONTRACT OFF
// Vectors are passed between functions that are inlined always, so no calling convention is at stake.
#pragma clang diagnostic ignored "-Wpsabi"

// Eight properties at a time: the 132 scattered writes of a row cost more than its arithmetic, so the six statistics are
// brought into the order of the row in registers.
enum { LANES = 8, GROUPS = 3, STATISTICS = 6 };
typedef double values __attribute__((vector_size(64), aligned(8)));
typedef int64_t masks __attribute__((vector_size(64), aligned(8)));

#define ALWAYS static inline __attribute__((always_inline))

ALWAYS values load(const double *from) { return *(const values *)from; }
ALWAYS values choose(masks mask, values a, values b) { return (values)(((masks)a & mask) | ((masks)b & ~mask)); }
ALWAYS values magnitude(values x) { return (values)((masks)x & INT64_MAX); }

// Writes the statistics of four properties: 24 values.
ALWAYS void store(double *out, values lowHigh, values rangeMean, values deviationMode) {
    const values a = __builtin_shufflevector(lowHigh, rangeMean, 0, 1, 8, 9, 2, 3, -1, -1);
    const values b = __builtin_shufflevector(lowHigh, rangeMean, 10, 11, 4, 5, 12, 13, -1, -1);
    const values c = __builtin_shufflevector(lowHigh, rangeMean, 6, 7, 14, 15, -1, -1, -1, -1);
    *(values *)out = __builtin_shufflevector(a, deviationMode, 0, 1, 2, 3, 8, 9, 4, 5);
    *(values *)(out + 8) = __builtin_shufflevector(b, deviationMode, 0, 1, 10, 11, 2, 3, 4, 5);
    *(values *)(out + 16) = __builtin_shufflevector(c, deviationMode, 12, 13, 0, 1, 2, 3, 14, 15);
}

#define LOWER(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define UPPER(a, b) __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15)

ALWAYS void group(
    const double *table, const uint8_t *z, const double *a, const int64_t *abundant, ptrdiff_t count, double sum, double *out,
    int isLast) {
    values low = load(table + z[0] * LANES * GROUPS), high = low, total = low * a[0];
    for (ptrdiff_t i = 1; i < count; i++) {
        const values v = load(table + z[i] * LANES * GROUPS);
        low = choose(v < low, v, low);
        high = choose(v > high, v, high);
        total += v * a[i];
    }
    const values mean = total / sum;
    values deviation = {0}, mode = (values){0} + __builtin_inf();
    for (ptrdiff_t i = 0; i < count; i++) {
        const values v = load(table + z[i] * LANES * GROUPS);
        deviation += magnitude(v - mean) * a[i];
        mode = choose((v < mode) & abundant[i], v, mode);
    }
    deviation /= sum;
    const values range = high - low;
    store(out, LOWER(low, high), LOWER(range, mean), LOWER(deviation, mode));
    const values lowHigh = UPPER(low, high), rangeMean = UPPER(range, mean), deviationMode = UPPER(deviation, mode);
    if (!isLast) return store(out + 24, lowHigh, rangeMean, deviationMode);
    // Two properties are left for the last four lanes.
    double rest[24];
    store(rest, lowHigh, rangeMean, deviationMode);
    memcpy(out + 24, rest, 12 * sizeof(double));
}

MATSIEVE_CLONES
void matsieve_element_statistics(
    const double *table, const ptrdiff_t *offsets, const uint8_t *atomic_numbers, const double *amounts, ptrdiff_t first_row,
    ptrdiff_t rows, double *out, ptrdiff_t stride) {
    for (ptrdiff_t row = first_row; row < first_row + rows; row++) {
        const uint8_t *z = atomic_numbers + offsets[row];
        const double *a = amounts + offsets[row];
        const ptrdiff_t count = offsets[row + 1] - offsets[row];
        double sum = 0, largest = 0;
        for (ptrdiff_t i = 0; i < count; i++) {
            sum += a[i];
            largest = a[i] > largest ? a[i] : largest;
        }
        int64_t abundant[256];
        const double slack = 1e-8 + 1e-5 * largest;
        for (ptrdiff_t i = 0; i < count; i++) abundant[i] = -(int64_t)(largest - a[i] <= slack);
        double *target = out + row * stride;
        for (int g = 0; g < GROUPS; g++)
            group(table + g * LANES, z, a, abundant, count, sum, target + g * LANES * STATISTICS, g == GROUPS - 1);
    }
}
