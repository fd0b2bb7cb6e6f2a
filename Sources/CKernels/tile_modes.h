// The six tile kernels of one CPU level: two types by three kinds of step.
#define GLUE(x, y) x##y
#define NAMED(x, y) GLUE(x, y)

#define REAL float
#define TILE NAMED(floatProduct, SUFFIX)
#define STEP PRODUCT
#include "tile_template.h"
#undef STEP
#define TILE NAMED(floatSquare, SUFFIX)
#define STEP SQUARE
#include "tile_template.h"
#undef STEP
#define TILE NAMED(floatMagnitude, SUFFIX)
#define STEP MAGNITUDE
#include "tile_template.h"
#undef STEP
#undef REAL

#define REAL double
#define TILE NAMED(doubleProduct, SUFFIX)
#define STEP PRODUCT
#include "tile_template.h"
#undef STEP
#define TILE NAMED(doubleSquare, SUFFIX)
#define STEP SQUARE
#include "tile_template.h"
#undef STEP
#define TILE NAMED(doubleMagnitude, SUFFIX)
#define STEP MAGNITUDE
#include "tile_template.h"
#undef STEP
#undef REAL

#undef NAMED
#undef GLUE
#undef LEVEL
#undef BYTES
#undef SUBROWS
#undef VECTORS
#undef SUFFIX
