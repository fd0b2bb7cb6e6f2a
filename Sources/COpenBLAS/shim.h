#pragma once
// The LAPACKE header uses C complex types that Swift cannot import; the routines used here are real.
#define lapack_complex_float float
#define lapack_complex_double double
#include <cblas.h>
#include <lapacke.h>

// Exported by dynamic-arch builds of OpenBLAS; re-reads OPENBLAS_CORETYPE.
extern void gotoblas_dynamic_init(void) __attribute__((weak));
extern void gotoblas_dynamic_quit(void) __attribute__((weak));
