#pragma once
// The LAPACKE header uses C complex types that Swift cannot import; the routines used here are real.
#define lapack_complex_float float
#define lapack_complex_double double
#include <cblas.h>
#include <lapacke.h>

// Exported by dynamic-arch builds of OpenBLAS only; quit and init re-read OPENBLAS_CORETYPE.
extern void gotoblas_dynamic_init(void) __attribute__((weak));
extern void gotoblas_dynamic_quit(void) __attribute__((weak));

/// Chooses the kernels anew; 0 where this OpenBLAS can't.
static inline int matsieve_blas_choose_kernels(void) {
    if (!gotoblas_dynamic_init || !gotoblas_dynamic_quit) return 0;
    gotoblas_dynamic_quit();
    gotoblas_dynamic_init();
    return 1;
}

/// 2: AVX-512 of x86-64-v4; 1: AVX2 and FMA; 0: neither.
static inline int matsieve_cpu_vector_level(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512cd"))
        return 2;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return 1;
#endif
    return 0;
}
