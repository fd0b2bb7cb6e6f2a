#include "sgemm.h"
#include "tiles.h"
#include <string.h>
#pragma STDC FP_CONTRACT OFF

#define REAL float
#define PACK matsieve_sgemm_pack
#define PACK_ROWS packFloatRows
#define GEMM matsieve_sgemm
#define CHOOSE matsieve_choose_float_tile
#define TILE_KERNEL matsieve_float_tile
#include "gemm_template.h"
#undef REAL
#undef PACK
#undef PACK_ROWS
#undef GEMM
#undef CHOOSE
#undef TILE_KERNEL

#define REAL double
#define PACK matsieve_dgemm_pack
#define PACK_ROWS packDoubleRows
#define GEMM matsieve_dgemm
#define CHOOSE matsieve_choose_double_tile
#define TILE_KERNEL matsieve_double_tile
#include "gemm_template.h"
