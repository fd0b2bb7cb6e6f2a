#pragma once
#include <stddef.h>
#include <stdint.h>

/// What a search over images knows of one structure; the memory belongs to the caller.
///
/// Images of atom j that may be near atom i fill a block of cells, as long along each axis as the ball around i, or one longer. So
/// there are eight shapes; shape 4a + 2b + c has the longer side where a, b, c are 1. `steps` lists the cells of each in the order of
/// their offsets from the block's first cell, in units of the lattice vectors.
typedef struct {
    /// Lattice vectors a, b, c, Å.
    double lattice[9];
    /// Offsets along a, b, c of one cell along each search vector.
    double turns[9];
    /// Half the block along each search vector, in cells; the shorter of its two lengths.
    double reach[3], shorter[3];
    /// Largest squared length of a pair, Å².
    double limit;
    /// Atoms, and the next multiple of 8.
    ptrdiff_t atoms, stride;
    /// How many of its nearest neighbours an atom keeps, and those `tolerance` Å farther away than the last; 0 keeps all.
    ptrdiff_t nearest;
    double tolerance, cutoff;
    /// The neighbours that an atom can have at any distance.
    ptrdiff_t others;
    /// Cells of each shape, and the room it has.
    ptrdiff_t lengths[8], room;
    /// 8 shapes × 3 offsets × room.
    const double *steps;
    /// 8 shapes × room × 4: the same, the last of each 0.
    const int32_t *stepWords;
    /// 3 × stride each: positions as given, places in units of the search vectors in one cell, cells taken off in between.
    const double *positions, *places, *cells;
    /// 3 × stride, stride: where the block of each atom j begins, its shape.
    double *begins;
    int64_t *shapes;
    /// Candidates: vectors, squared lengths, offsets and j, places of those within the limit; squares of those of one atom. Room for
    /// 8 more.
    double *x, *y, *z, *squares, *nearSquares;
    int32_t *words, *hits;
} matsieve_images;

/// Finds the neighbours of the atoms from `first` to `end`, sorted by i, j, offset; returns how many, and how many of each in `counts`.
///
/// The vector of a pair is ((f_j − f_i) + n)·L, summed along a, b, c. `isComplete` is set to 0 where the nearest of an atom may not be
/// among those within the limit.
ptrdiff_t matsieve_find_images(const matsieve_images *images, ptrdiff_t first, ptrdiff_t end, ptrdiff_t *counts, int32_t *isComplete);

/// Writes the `count` neighbours found last: j, offsets (4 words each, the last 0), vectors (4 numbers each, the last 0), lengths.
void matsieve_write_images(
    const matsieve_images *images, ptrdiff_t count, int32_t *neighbors, int32_t *offsets, double *vectors, double *lengths);
