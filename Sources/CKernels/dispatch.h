#pragma once
// Compiles a function for three x86-64 levels and picks one when the program starts.
#if defined(__x86_64__)
#define MATSIEVE_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define MATSIEVE_CLONES
#endif
