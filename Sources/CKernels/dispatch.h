#pragma once
// Compiles a function for three x86-64 levels and picks one when the program starts.
// -DMATSIEVE_BASELINE leaves the compiler's own target alone, to test another level (-march=x86-64-v3) on this machine.
#if defined(__x86_64__) && !defined(MATSIEVE_BASELINE)
#define MATSIEVE_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define MATSIEVE_CLONES
#endif
