#pragma once
#include <stddef.h>

/// Atoms around a centre: `count` values each, filled up to a multiple of 8 with atoms at 0 whose `cutoff` is 0.
typedef struct {
    ptrdiff_t count;
    const double *x, *y, *z;
    /// Squared distance, its inverse root (0 for filler) and the value of the cutoff function.
    const double *square, *inverse, *cutoff;
} matsieve_acsf_atoms;

/// Symmetry functions of three atoms.
typedef struct {
    /// Cutoff, Å.
    double reach;
    /// Distinct angular parts 2 ((1 + λ cos θ) / 2)^ζ. A whole ζ stands in `power`, which is -1 for others.
    ptrdiff_t angular_count;
    const double *lambda, *zeta;
    const ptrdiff_t *power;
    /// Distinct exponents η of the radial parts that know the third side, then of those that do not.
    ptrdiff_t closed_count, open_count;
    const double *eta;
    /// Functions: their angular and their radial part.
    ptrdiff_t count;
    const ptrdiff_t *angular, *radial;
} matsieve_acsf_triples;

/// square, inverse, distance and cutoff function cos²(π r / 2 reach) of the first `count` atoms; filler gets zeros.
/// All arrays are filled up to a multiple of 8.
void matsieve_acsf_distances(
    const double *x, const double *y, const double *z, ptrdiff_t count, double reach, double *square, double *inverse,
    double *distance, double *cutoff);

/// sums[0] += Σ cutoff; sums[1 + g] += Σ exp(-eta_g (distance - shift_g)²) cutoff.
/// Each sum runs in eight lanes, atom i in lane i mod 8, which are added as ((0+1)+(2+3))+((4+5)+(6+7)).
void matsieve_acsf_pairs(
    const double *distance, const double *cutoff, ptrdiff_t count, const double *eta, const double *shift, ptrdiff_t functions,
    double *sums);

/// Adds each function's sum over pairs of an atom j of `first` and an atom k of `second` (with `triangle` one list: k before j).
/// Lanes are those of k. Scratch holds 8 × (angular + closed + open + functions) doubles.
void matsieve_acsf_triples_add(
    const matsieve_acsf_triples *functions, const matsieve_acsf_atoms *first, const matsieve_acsf_atoms *second, int triangle,
    double *scratch, double *sums);
