#include "tiles.h"
#pragma STDC FP_CONTRACT OFF

#define PRODUCT(x, y) ((x) * (y))
#define SQUARE(x, y) (((x) - (y)) * ((x) - (y)))
#define MAGNITUDE(x, y) __builtin_elementwise_abs((x) - (y))

#if defined(__x86_64__) && !defined(MATSIEVE_BASELINE)
#define LEVELS 3
#else
#define LEVELS 1
#endif

// The compiler's own target: SSE2, or what -march says.
#define LEVEL
#if defined(__AVX512F__)
#define BYTES 64
#define SUBROWS 12
#elif defined(__AVX__)
#define BYTES 32
#define SUBROWS 6
#else
#define BYTES 16
#define SUBROWS 6
#endif
#define VECTORS 2
#define SUFFIX 1
#include "tile_modes.h"

#if LEVELS == 3
#define LEVEL __attribute__((target("arch=x86-64-v3"), min_vector_width(256)))
#define BYTES 32
#define SUBROWS 6
#define VECTORS 2
#define SUFFIX 2
#include "tile_modes.h"

#define LEVEL __attribute__((target("arch=x86-64-v4"), min_vector_width(512)))
#define BYTES 64
#define SUBROWS 12
#define VECTORS 2
#define SUFFIX 3
#include "tile_modes.h"

static int level(void) {
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512cd"))
        return 2;
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2") ? 1 : 0;
}
#else
static int level(void) { return 0; }
#endif

#if LEVELS == 3
#define ALL(NAME) {NAME##1, NAME##2, NAME##3}
#else
#define ALL(NAME) {NAME##1}
#endif

matsieve_float_tile *matsieve_choose_float_tile(int mode) {
    static matsieve_float_tile *const tiles[3][LEVELS] = {ALL(floatProduct), ALL(floatSquare), ALL(floatMagnitude)};
    return tiles[mode][level()];
}

matsieve_double_tile *matsieve_choose_double_tile(int mode) {
    static matsieve_double_tile *const tiles[3][LEVELS] = {ALL(doubleProduct), ALL(doubleSquare), ALL(doubleMagnitude)};
    return tiles[mode][level()];
}
